"""A meeting's pages over real HTTP: files go up and come down as they are, "Jestem" by a scanned code, lists to print."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy import select
from tests.conversations.house import dump
from tests.screens.gathered import CODE, PDF
from tests.screens.personas import ANNA, CELINA, IDA, IGOR, KINGA, Stage, stage
from tests.web.browsing import Browser, Page

from konwent_bot.office.door import Door
from konwent_bot.screens.agenda_intents import (
    AttachMaterial,
    PrintAttendance,
    PrintCode,
    SeeHere,
    SeeMaterials,
    TakeMaterial,
)
from konwent_bot.screens.intents import Intent, encode
from konwent_bot.store.tables import ATTENDANCE, MATERIAL

Browse = Callable[[str], Browser]


def path(intent: Intent) -> str:
    return f"/s/{encode(intent)}"


async def upload(browser: Browser, page: Page, made: Stage, name: bytes, content: bytes, **more: str) -> Page:
    """Send the file form of a page as a browser does."""
    fields = dict(page.press("Dołącz plik").fields) | more
    parts = "".join(
        f'--grenze\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    )
    head = b'--grenze\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\nContent-Type: text/html\r\n\r\n'
    body = parts.encode() + head + content + b"\r\n--grenze--\r\n"
    to = path(AttachMaterial(made.gathering.meeting))
    return await browser.ask("POST", to, data=io.BytesIO(body), headers={"Content-Type": "multipart/form-data; boundary=grenze"})


async def files(door: Door) -> dict[str, bytes]:
    rows = await door.look(lambda uow: uow.execute(select(MATERIAL.c.name, MATERIAL.c.content)).all())
    return {row.name: row.content for row in rows}


async def test_a_file_goes_up_and_comes_down_as_it_is(door: Door, browse: Browse) -> None:
    """The coordinator attaches nine megabytes; a member saves them under the same name, and no browser may show them as a page."""
    made = await stage(door)
    kinga, anna = browse(made.cookies[KINGA]), browse(made.cookies[ANNA])
    page = await kinga.get(path(SeeMaterials(made.gathering.meeting)))
    content = PDF + b"\r\n--x\r\nz" * 1_000_000
    sent = await upload(kinga, page, made, "Porządek %22obrad%22 żółty.PDF".encode(), content)
    assert (sent.status, sent.location) == (303, path(SeeMaterials(made.gathering.meeting)))
    (name,) = (await files(door)).keys() - {"Plan kursów.pdf"}
    assert name.startswith("Porządek")
    shown = await anna.get(path(SeeMaterials(made.gathering.meeting)))
    assert name in shown.text
    assert "Dołącz plik" not in shown.text
    link = next(
        href
        for text, href in shown.read.links
        if href.startswith("/s/jf:") and href != path(TakeMaterial(made.gathering.material))
    )
    taken = await anna.get(link)
    assert taken.body == content
    assert taken.headers["Content-Type"] == "application/pdf"
    assert taken.headers["Content-Disposition"].startswith("attachment;")
    assert taken.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("content", [b"", b"<html>", b"%PDF-1.7" + b"x" * 10_600_000])
async def test_what_cannot_be_attached_changes_nothing(door: Door, browse: Browse, content: bytes) -> None:
    """No file, a page, and more than ten megabytes: said in words beside the field or on a page of its own."""
    made = await stage(door)
    kinga = browse(made.cookies[KINGA])
    page = await kinga.get(path(SeeMaterials(made.gathering.meeting)))
    before = await files(door)
    refused = await upload(kinga, page, made, b"plan.pdf", content)
    assert refused.status in (413, 422)
    assert await files(door) == before
    if refused.status == 413:
        assert "10 MB" in refused.text


async def test_files_and_forms_are_nobody_elses(door: Door, browse: Browse) -> None:
    """A valid number of a file, a list or a form, asked for by others: not found, with the same bytes as what never was."""
    made = await stage(door)
    g = made.gathering
    for who in (IDA, IGOR):
        browser = browse(made.cookies[who])
        for intent in (TakeMaterial(g.material), SeeMaterials(g.meeting), PrintAttendance(g.meeting), PrintCode(g.meeting)):
            shown, never = await browser.get(path(intent)), await browser.get(path(TakeMaterial(999)))
            assert (shown.status, shown.text) == (404, never.text), intent
    anna = browse(made.cookies[ANNA])
    for intent in (PrintAttendance(g.meeting), PrintCode(g.meeting)):
        assert (await anna.get(path(intent))).status == 404
    page = await browse(made.cookies[KINGA]).get(path(SeeMaterials(g.meeting)))
    before = await dump(door.store)
    assert (await upload(anna, page, made, b"plan.pdf", PDF + b"2")).status == 403
    assert await dump(door.store) == before


async def test_jestem_on_the_page(door: Door, browse: Browse) -> None:
    """Looking at the scanned address says nothing yet; the press does. Wrong digits are told at the field."""
    made = await stage(door)
    g = made.gathering
    celina = browse(made.cookies[CELINA])
    asked = await celina.get(path(SeeHere(g.meeting)))
    wrong = await celina.send(asked.press("Jestem"), code="111111")
    assert wrong.status == 422
    assert "To nie jest kod tego spotkania" in wrong.text
    scanned = await celina.get(path(SeeHere(g.meeting, CODE)))
    rows = select(ATTENDANCE.c.membership_id).where(ATTENDANCE.c.meeting_id == g.meeting)
    assert await door.look(lambda uow: uow.execute(rows).scalars().all()) == [g.gops]
    said = await celina.follow(await celina.send(scanned.press("Jestem")))
    assert "Zapisano obecność: OPS Janów Lubelski." in said.text
    assert sorted(await door.look(lambda uow: uow.execute(rows).scalars().all())) == sorted([g.gops, g.ops])


async def test_whoever_scans_the_code_unknown_is_shown_the_ways_in(door: Door, browse: Browse) -> None:
    """A phone nobody is signed in on is led to the chat or to signing in, and learns nothing of any meeting, real or not."""
    made = await stage(door)
    stranger = browse("")
    shown = await stranger.get(path(SeeHere(made.gathering.meeting, CODE)))
    assert shown.status == 200
    links = {href for _, href in shown.read.links}
    assert f"https://t.me/konwent_test_bot?start=j_{made.gathering.meeting}_{CODE}" in links
    assert "/s/e" in links
    for secret in made.secrets():
        assert secret not in shown.text
    other = await stranger.get(path(SeeHere(98765, CODE)))
    real, never = (
        one.text.replace(encode(SeeHere(number, CODE)), "").replace(f"j_{number}_", "")
        for one, number in ((shown, made.gathering.meeting), (other, 98765))
    )
    assert real == never


async def test_the_list_to_sign_and_the_code_are_files(door: Door, browse: Browse) -> None:
    """The coordinator's page gives the attendance list and the sheet with the code as PDF, and nothing changes."""
    made = await stage(door)
    kinga = browse(made.cookies[KINGA])
    before = await dump(door.store)
    for intent, name in (
        (PrintAttendance(made.gathering.meeting), "lista-obecnosci.pdf"),
        (PrintCode(made.gathering.meeting), "kod.pdf"),
    ):
        taken = await kinga.get(path(intent))
        assert taken.body.startswith(b"%PDF-")
        assert name in taken.headers["Content-Disposition"]
    assert await dump(door.store) == before
