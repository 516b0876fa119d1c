"""Whether a document is genuine, on a page anybody may open: by the code of its pages or by the file. And minutes as pages of members."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy import select
from tests.conversations.house import dump
from tests.conversations.test_documents import MB, altered
from tests.screens.personas import ANNA, CELINA, Stage, stage
from tests.web.browsing import Browser, Page

from konwent_bot.office.door import Door
from konwent_bot.office.minutes import versions
from konwent_bot.screens import archive_intents as j
from konwent_bot.screens.minutes import verifying
from konwent_bot.store.tables import MINUTES_PLACE
from konwent_bot.web.paths import path_of

Browse = Callable[[str], Browser]


async def document(door: Door, minutes: int, version: int) -> bytes:
    """Give a document as it was sent."""
    return await door.look(lambda uow: versions.pdf(uow, versions.get(uow, minutes, version)).content)


async def upload(browser: Browser, content: bytes, *, name: str = "protokol.pdf", code: str = "") -> Page:
    """Send a file by the form of the public page."""
    page = await browser.get("/sprawdz")
    fields = dict(page.press("Sprawdź").fields) | {"code": code}
    head = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
        if key != "file"
    )
    file = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + file.encode() + content + b"\r\n--x--\r\n"
    return await browser.ask(
        "POST", page.press("Sprawdź").action, data=io.BytesIO(body), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )


async def test_the_code_of_a_page_is_checked_by_its_link(door: Door, browse: Browse) -> None:
    """The link that a document carries opens for a stranger: what it is, whether it is final, its hash; no cookie, no sign-in, no member."""
    made = await stage(door)
    m = made.archived
    stranger = browse("")
    page = await stranger.get(f"/sprawdz/{m.final_code}")
    assert page.status == 200
    assert page.title == "Ten kod jest prawdziwy"
    for said in (
        "Lokalna Sieć lsr-janow",
        "Protokół nr 1/2026, wersja ostateczna",
        "To jest ostateczna wersja protokołu.",
        m.final_code,
    ):
        assert said in page.text
    assert not stranger.cookies
    for secret in {*made.janow.memberships, "lsr-ilawa"}:
        assert secret not in page.text
    older = await stranger.get(f"/sprawdz/{(await code_of(door, m.final, 1)).lower()}?lang=uk")
    assert "Це не остаточна версія." in older.text


async def code_of(door: Door, minutes: int, version: int) -> str:
    """Give the code of a version."""
    return await door.look(lambda uow: versions.get(uow, minutes, version).code)


@pytest.mark.parametrize("code", ["7PS-2-0123456789AB", "x", "%2e%2e", "a" * 200, "1-2-F5", "%00"])
async def test_a_code_of_no_document_says_so(door: Door, browse: Browse, code: str) -> None:
    """Whatever stands in the address, the page says that there is no such document and asks for the code again."""
    await stage(door)
    page = await browse("").get(f"/sprawdz/{code}")
    assert page.status == 200
    assert "Nie ma dokumentu z tym kodem." in page.text
    assert page.press("Sprawdź").enctype == "multipart/form-data"


async def test_a_file_is_told_apart_from_an_altered_and_an_unknown_one(door: Door, browse: Browse) -> None:
    """A stranger uploads the document, the same with one byte changed, and another file; of none of them anything is kept."""
    made = await stage(door)
    m = made.archived
    content = await document(door, m.final, m.final_version)
    before = await dump(door.store, but=frozenset({"throttle"}))
    stranger = browse("")
    page = await upload(stranger, content)
    assert (page.status, page.title) == (200, "Ten dokument jest prawdziwy")
    assert "co do jednego znaku" in page.text
    page = await upload(stranger, altered(content))
    assert page.title == "Ten plik został zmieniony"
    assert m.final_code in page.text
    page = await upload(stranger, b"%PDF-1.7 cos innego")
    assert page.title == "Ten plik jest nieznany"
    assert "lsr-janow" not in page.text
    annex = await upload(stranger, await document(door, m.final, m.annex))
    assert "Protokół nr 1/2026, aneks nr 1" in annex.text
    assert await dump(door.store, but=frozenset({"throttle"})) == before


async def test_the_form_takes_a_code_and_says_what_is_missing(door: Door, browse: Browse) -> None:
    """A typed code leads to its address, in capitals; neither code nor file is asked for again."""
    made = await stage(door)
    stranger = browse("")
    page = await upload(stranger, b"", code=f" {made.archived.code.lower()} ")
    assert (page.status, page.location) == (303, f"/sprawdz/{made.archived.code}")
    assert "Ten kod jest prawdziwy" in (await stranger.follow(page)).text
    page = await upload(stranger, b"")
    assert "Proszę wpisać kod albo wybrać plik." in page.text


async def test_a_file_of_30_megabytes_is_not_read(door: Door, browse: Browse) -> None:
    """What is far larger than any document of ours is refused while it arrives."""
    await stage(door, meets=False)
    page = await upload(browse(""), b"\0" * (30 * MB))
    assert page.status == 413
    assert "To jest za duże" in page.text


async def test_an_address_checks_only_so_many_files(door: Door, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files from one address are counted: the one too many is told when to come again, and others are not held up by it."""
    made = await stage(door)
    monkeypatch.setattr(verifying, "MOST_IN_AN_HOUR", 1)
    content = await document(door, made.archived.final, 1)
    assert (await upload(browse(""), content)).status == 200
    page = await upload(browse(""), content)
    assert page.status == 429
    assert int(page.headers["Retry-After"]) > 0
    assert (await browse("").get(f"/sprawdz/{made.archived.code}")).status == 200


async def opened(door: Door, made: Stage) -> bool:
    """Tell whether OPS has opened the minutes that wait."""
    query = select(MINUTES_PLACE.c.opened_at).where(
        MINUTES_PLACE.c.minutes_id == made.archived.open, MINUTES_PLACE.c.membership_id == made.archived.ops
    )
    return await door.look(lambda uow: uow.execute(query).scalar_one()) is not None


async def test_reading_a_page_notes_that_the_minutes_were_opened(door: Door, browse: Browse) -> None:
    """Celina reads in a browser: the ledger knows that OPS has opened the minutes; a program that only asks for the heading opens nothing."""
    made = await stage(door)
    celina = browse(made.cookies[CELINA])
    await celina.ask("HEAD", path_of(j.SeeMinutes(made.archived.open)))
    assert not await opened(door, made)
    page = await celina.get(path_of(j.ReadMinutes(made.archived.open, 1)))
    assert '<section lang="pl">' not in page.text, "she reads Polish herself"
    assert await opened(door, made)


async def test_the_document_and_the_year_are_saved_as_files(door: Door, browse: Browse) -> None:
    """A member takes the document, byte for byte, and a whole year as one ZIP; a stranger is led to where one signs in."""
    made = await stage(door)
    m = made.archived
    anna = browse(made.cookies[ANNA])
    file = await anna.get(path_of(j.TakeMinutes(m.open, 1)))
    assert file.body == await document(door, m.open, 1)
    assert file.headers["Content-Type"] == "application/pdf"
    year = await anna.get(path_of(j.TakeYear(m.body, m.year)))
    assert year.headers["Content-Type"] == "application/zip"
    assert year.body.startswith(b"PK")
    for intent in (j.TakeMinutes(m.open, 1), j.TakeYear(m.body, m.year), j.SeeArchive(m.body)):
        assert (await browse("").get(path_of(intent))).location == "/s/e"
