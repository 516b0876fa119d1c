"""The archive: everything of a body that can be found by words, and a year of it as one file."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.office.minutes.answering import Answering, gather
from tests.office.rosters import enter

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.domain.decisions.recount import recount
from konwent_bot.errors import NotFound
from konwent_bot.office import archive, archive_year
from konwent_bot.office.archive import Hit
from konwent_bot.office.door import Door
from konwent_bot.office.meetings.materials import File
from konwent_bot.office.minutes import annexes, files, versions
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.store.tables import MEETING

PICTURE = b"\x89PNG\r\n\x1a\n" + b"tablica" * 20
POLISH = i18n.translator("pl")


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Answering:
    """The network at its meeting."""
    return await gather(door, clock)


async def decided(net: Answering, title: str, text: str) -> None:
    """Let nobody object to a proposal of GOPS, so that it is adopted."""
    number = await net.discussed(title=title, text=text)
    await net.ended(await net.open(number))


async def annexed(net: Answering, minutes: int) -> None:
    """Let an annex to minutes go out."""
    about = Subject("minutes.annex", net.body, minutes=minutes)
    await net.act(lambda uow: annexes.annex(uow, net.ewa, about, annexes.Annexed(text="Sala miała numer siódmy.")) and None)


async def found(net: Answering, words: str = "", **given: Any) -> list[Hit]:
    """Look through the archive as a member."""
    page = await net.look(lambda uow: archive.search(uow, net.heads["Szkoła"], net.body, words=words, **given))
    return list(page.hits)


async def kinds(net: Answering, words: str, **given: Any) -> list[str]:
    """Give what kinds of things are found, the newest first."""
    return [one.kind for one in await found(net, words, **given)]


async def year(net: Answering, *, by: Actor | None = None, of: int = 2026) -> File:
    """Take a year along."""
    return await net.look(lambda uow: archive_year.make(uow, by or net.heads["Szkoła"], net.body, of, POLISH))


def unpacked(file: File) -> dict[str, bytes]:
    """Give what is in a ZIP, by path."""
    with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


# --- finding ----------------------------------------------------------------------------------------------------------


async def test_everything_is_found_by_its_words(net: Answering) -> None:
    """A meeting by what it was about, minutes by all they say, a decision by its text; in capitals or not, with Polish letters."""
    await net.act(lambda uow: uow.execute(update(MEETING).values(topic="Świąteczny KIERMASZ")))
    await decided(net, "Wspólny kalendarz", "Uchwala się żółty kalendarz.")
    minutes = await net.closed()
    await net.write(minutes, "Źródło ciepła naprawi gmina.")
    assert await kinds(net, "kiermasz") == ["meeting"], "a draft is not in the archive"
    await net.circulate(minutes)
    assert await kinds(net, "ŚWIĄTECZNY kiermasz") == ["minutes", "meeting"]
    assert await kinds(net, "ŹRÓDŁO gmina") == ["minutes"]
    assert await kinds(net, "żółty") == ["decision", "minutes"]
    assert await kinds(net, "ŻÓŁTY", kind="decision") == ["decision"]
    assert await kinds(net, "zolty") == [], "Polish letters are letters of their own"
    assert await kinds(net, "kiermasz żółty źródło") == ["minutes"], "every word somewhere"
    assert await kinds(net, "nic takiego") == []
    assert await kinds(net, "") == ["decision", "minutes", "meeting"]


async def test_a_hit_says_what_it_is(net: Answering) -> None:
    """Its number and name, the day, how it ended, and the words around what was looked for."""
    await decided(net, "Wspólny kalendarz", "Uchwala się żółty kalendarz.")
    minutes = await net.closed()
    await net.write(minutes, "Źródło ciepła naprawi gmina.")
    await net.circulate(minutes)
    decision, paper = await found(net, "żółty")
    assert (decision.name, decision.title, decision.state, decision.meeting) == ("1/2026", "Wspólny kalendarz", "passed", None)
    assert "Uchwala się żółty kalendarz." in decision.excerpt
    assert (paper.kind, paper.number, paper.name, paper.state) == ("minutes", minutes.id, "1/2026", "circulated")
    assert paper.meeting is not None
    assert (paper.meeting.id, paper.day) == (minutes.meeting, paper.meeting.day)
    (paper,) = await found(net, "źródło")
    assert "Źródło ciepła naprawi gmina." in paper.excerpt
    assert len(paper.excerpt) < 200
    assert [one.excerpt for one in await found(net)] == ["", "", ""]


async def test_minutes_are_found_by_what_stands(net: Answering) -> None:
    """By the final version and by annexes, not by what an earlier version said and a remark put right."""
    minutes = await net.closed()
    note = await net.write(minutes, "Obecny był wójt Iksiński.")
    await net.circulate(minutes)
    await net.take_up(await net.remark(minutes, "GOPS"))
    await net.over(await net.minutes(minutes.id))
    await net.change(note, "Obecny był zastępca.")
    await net.circulate(minutes)
    assert await kinds(net, "zastępca") == ["minutes"]
    await net.accepted(minutes)
    assert (await kinds(net, "iksiński"), await kinds(net, "zastępca")) == ([], ["minutes"])
    await annexed(net, minutes.id)
    assert await kinds(net, "numer siódmy ZASTĘPCA") == ["minutes"]
    assert [one.state for one in await found(net, kind="minutes")] == ["final"]


async def test_no_words_are_too_odd_to_look_for(net: Answering) -> None:
    """What is a sign of the database or of JSON is a sign people may look for; it is found where it stands, and nowhere else."""
    minutes = await net.closed()
    await net.write(minutes, 'Mówiono o „sali”. Koszt: 100% i "reszta"; ścieżka C:\\plany.')
    await net.circulate(minutes)
    for there in ("%", "100%", "\\plany", '"reszta"', "„sali”.", "koszt:"):
        assert await kinds(net, there, kind="minutes") == ["minutes"], there
    for not_there in ("_", "200%", "'; drop table minutes", "\x00", "a" * 5000, "🙂", "paragraphs", "%koszt%"):
        assert await kinds(net, not_there, kind="minutes") == [], not_there


async def test_an_archive_comes_in_pages(net: Answering) -> None:
    """The newest first; how many there are is said on each page, and a page behind the last is empty."""
    for title in ("Pierwsza", "Druga", "Trzecia"):
        await decided(net, title, "Kalendarz.")
        net.wait(minutes=1)
    pages = [
        await net.look(lambda uow, at=at: archive.search(uow, net.ewa, net.body, kind="decision", limit=2, offset=at))  # type: ignore[misc]  # mypy sees no default
        for at in (0, 2, 4)
    ]
    assert [[one.title for one in page.hits] for page in pages] == [["Trzecia", "Druga"], ["Pierwsza"], []]
    assert {page.total for page in pages} == {3}


async def test_an_archive_has_years(net: Answering) -> None:
    """Of a meeting by its local day, of the others by the year in their name; years without anything are not offered."""
    await net.sent()
    await net.meet(datetime(2027, 1, 1, 0, 30, tzinfo=net.door.house.zone))
    assert await net.look(lambda uow: archive.years(uow, net.heads["GOPS"], net.body)) == (2027, 2026)
    assert await kinds(net, "", year=2026) == ["minutes", "meeting"]
    assert await kinds(net, "", year=2027) == ["meeting"]
    assert await kinds(net, "strategiczne", year=2027) == ["meeting"]
    for empty in (2025, 0, 10**10):
        assert await kinds(net, "", year=empty) == []


async def test_an_archive_is_its_body_s(net: Answering, door: Door) -> None:
    """Whoever does not belong finds nothing, gets no year, and cannot tell that there is anything."""
    await net.sent()
    other, said = await enter(door, "lsr-ilawa"), set()
    for who, body in ((Actor(10**6), net.body), (net.heads["GOPS"], other), (net.heads["GOPS"], 10**6)):
        for look in (
            lambda uow, w=who, b=body: archive.search(uow, w, b, words="a"),
            lambda uow, w=who, b=body: archive.years(uow, w, b),
            lambda uow, w=who, b=body: archive_year.make(uow, w, b, 2026, POLISH),
        ):
            with pytest.raises(NotFound) as refused:
                await net.look(look)
            said.add(str(refused.value))
    assert len(said) == 1


# --- taking along -----------------------------------------------------------------------------------------------------


async def full_year(net: Answering) -> Minutes:
    """Let a year have a decision, minutes with two files that went out, and a file that did not; give the minutes."""
    await decided(net, "Wspólny kalendarz", "Uchwala się żółty kalendarz.")
    minutes = await net.closed()
    for name, content in (("Plan.png", PICTURE), ("plan.png", PICTURE + b"2"), ("kosz.png", PICTURE + b"3")):
        file = await net.act(lambda uow, n=name, c=content: files.attach(uow, net.ewa, minutes.id, n, c))  # type: ignore[misc]  # mypy sees no default
    await net.act(lambda uow: files.remove(uow, net.ewa, file) and None)
    await net.circulate(minutes)
    await net.accepted(minutes)
    return minutes


async def test_a_year_is_one_file_that_tells_whether_it_is_whole(net: Answering) -> None:
    """Documents as they went out, the files that went along, register and calendar, each with its hash in the manifest."""
    minutes = await full_year(net)
    packed = unpacked(await year(net))
    manifest = json.loads(packed.pop("manifest.json"))
    sums = packed.pop("SHA256SUMS").decode()
    sent = await net.look(lambda uow: [(one, versions.pdf(uow, one)) for one in versions.of(uow, minutes.id)])
    for version, document in sent:
        path = f"protokoly/1-2026/{document.name}"
        assert packed[path] == document.content
        assert hashlib.sha256(packed[path.replace(".pdf", ".json")]).hexdigest() == version.content_sha256
    assert {path for path in packed if "protokol-" not in path} == {
        "decyzje/decyzja-1-2026.json", "protokoly/1-2026/Plan.png", "protokoly/1-2026/plan (2).png",
        "rejestr-decyzji.json", "rejestr-decyzji.xlsx", "spotkania-2026.ics",
    }  # fmt: skip
    assert (len(sent), sum("protokol-" in path for path in packed)) == (2, 4)
    assert (manifest["year"], manifest["left_out"]) == (2026, [])
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == {
        path: hashlib.sha256(content).hexdigest() for path, content in packed.items()
    }
    assert all(hashlib.sha256(content).hexdigest() in sums for content in packed.values())
    assert recount(packed["decyzje/decyzja-1-2026.json"]).follows
    uid = await net.look(lambda uow: uow.execute(select(MEETING.c.uid)).scalar_one())
    assert uid.encode() in packed["spotkania-2026.ics"]
    assert b"ATTENDEE" not in packed["spotkania-2026.ics"]


async def test_the_same_year_gives_the_same_bytes(net: Answering) -> None:
    """Whoever takes it, and whenever, until something is added to it."""
    minutes = await full_year(net)
    first = await year(net)
    net.wait(days=20)
    assert (await year(net, by=net.ewa)).content == first.content
    assert first.name == "archiwum-lsr-lublin-2026.zip"
    await annexed(net, minutes.id)
    assert (await year(net)).content != first.content


async def test_files_that_find_no_room_are_named(net: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are always in it; of files that went along as many as fit, and the manifest names the others."""
    await full_year(net)
    monkeypatch.setattr(archive_year, "MOST_BYTES", len(PICTURE))
    packed = unpacked(await year(net))
    assert json.loads(packed["manifest.json"])["left_out"] == ["protokoly/1-2026/plan (2).png"]
    assert "protokoly/1-2026/Plan.png" in packed
    assert sum(path.endswith(".pdf") for path in packed) == 2


async def test_a_draft_is_in_no_year(net: Answering) -> None:
    """What did not go out stays with those who write it; a year in which nothing was is not there."""
    minutes = await net.closed()
    await net.write(minutes)
    assert sorted(unpacked(await year(net))) == ["SHA256SUMS", "manifest.json", "spotkania-2026.ics"]
    for empty in (2025, 2027, 0, 10**10):
        with pytest.raises(NotFound):
            await year(net, of=empty)
