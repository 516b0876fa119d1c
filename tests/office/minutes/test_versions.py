"""What went out: typeset once, the same bytes for everybody, never changed, and known again years later."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from tests.office.decisions.network import NAMES
from tests.office.meetings.calling import IGOR, Calling, elsewhere
from tests.office.minutes.network import TEXT, Minuting, gather, said

from konwent_bot.clock import FixedClock
from konwent_bot.documents.minutes import content as contents
from konwent_bot.documents.minutes import sheet
from konwent_bot.errors import Invalid, KonwentError, NotFound, Refused
from konwent_bot.office import audit_chain
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import attendance, convening
from konwent_bot.office.minutes import annexes, circulating, facts, files, news, notes, settings, telling, versions
from konwent_bot.office.occasion import Due
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.store.tables import ATTENDANCE, MINUTES_PLACE, MINUTES_VERSION, NOTICE

PICTURE = b"\x89PNG\r\n\x1a\n" + b"tablica" * 20


@pytest.fixture
async def net(door: Door, clock: FixedClock) -> Minuting:
    """The network at its meeting."""
    return await gather(door, clock)


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The codes of the documents that are typeset."""
    made: list[str] = []
    make = sheet.make

    def counted(*given: object, code: str = "", link: str = "") -> sheet.Sheet:
        made.append(code)
        return make(*given, code=code, link=link)  # type: ignore[arg-type]  # whatever was given

    monkeypatch.setattr(sheet, "make", counted)
    versions.typeset.cache_clear()
    yield made
    versions.typeset.cache_clear()


async def dues(net: Minuting, occasion: str) -> list[Due]:
    """Give the notices of an occasion, as the courier asks about them."""
    rows = await net.look(lambda uow: uow.execute(select(NOTICE).where(NOTICE.c.occasion == occasion)).all())
    return [
        Due(row.id, row.recipient, row.occasion, row.subject, row.revision, row.body_id, row.address, row.created_at, row.due_at)
        for row in rows
    ]


# --- going out --------------------------------------------------------------------------------------------------------


async def test_minutes_go_to_every_institution_of_the_body(net: Minuting, typeset: list[str]) -> None:
    """To those that were not at the meeting too; each is asked until the end of the seventh day, and one document is made for all."""
    minutes = await net.closed()
    await net.write(minutes)
    version = await net.circulate(minutes)
    assert (version.version, version.kind, version.person) == (1, "circulated", net.ewa.person)
    assert version.answer_until is not None
    assert version.answer_until.astimezone(net.door.house.zone).isoformat() == "2026-12-23T00:00:00+01:00"
    assert (version.content.circulated_on, version.content.answer_until) == (date(2026, 12, 15), date(2026, 12, 22))
    roll = await net.look(lambda uow: [row.membership_id for row in uow.execute(select(MINUTES_PLACE)).all()])
    assert sorted(roll) == sorted(net.memberships.values())
    assert typeset == [version.code]
    assert TEXT in said(version.content.draft)
    found = await net.minutes(minutes.id)
    assert (found.state, found.version, found.answer_until) == ("circulated", 1, version.answer_until)


async def test_everybody_is_handed_the_bytes_that_were_hashed(net: Minuting, typeset: list[str]) -> None:
    """What the courier takes along for each of them is byte for byte what is stored, and so are the files."""
    minutes = await net.closed()
    await net.act(lambda uow: files.attach(uow, net.maria, minutes.id, "tablica.png", PICTURE) and None)
    version = await net.circulate(minutes)
    [stored] = await net.look(lambda uow: uow.execute(select(MINUTES_VERSION)).all())
    assert hashlib.sha256(stored.pdf).hexdigest() == stored.pdf_sha256 == version.pdf_sha256
    assert hashlib.sha256(stored.content.encode()).hexdigest() == stored.content_sha256
    assert contents.code(minutes.id, 1, stored.content_sha256) == version.code
    occasion = next(one for one in news.OCCASIONS if one.name == telling.CIRCULATED)
    notices = await dues(net, telling.CIRCULATED)
    assert len(notices) >= len(NAMES)
    for due in notices:
        document, picture = await net.look(lambda uow, due=due: occasion.files(uow, due))  # type: ignore[misc]  # mypy sees no default
        assert (bytes(document.content), document.sha256, document.media_type) == (
            stored.pdf,
            stored.pdf_sha256,
            "application/pdf",
        )
        assert (bytes(picture.content), picture.sha256) == (PICTURE, hashlib.sha256(PICTURE).hexdigest())
    assert len(typeset) == 1


async def test_only_the_edition_that_was_looked_over_goes_out(net: Minuting) -> None:
    """The minute-taker writes while the coordinator looks the minutes over: nothing goes out before they are looked at again."""
    minutes = await net.closed()
    ready = await net.look(lambda uow: circulating.look_over(uow, net.ewa, minutes.id))
    assert (ready.version, ready.institutions, ready.unreached, ready.hindrance, ready.changes) == (1, 10, (), None, ())
    await net.write(minutes)
    with pytest.raises(Refused):
        await net.circulate(minutes, edition=ready.current.minutes.edition)
    assert await net.count(MINUTES_VERSION) == 0
    assert (await net.circulate(minutes)).version == 1


async def test_what_was_corrected_since_the_look_does_not_go_out_unseen(net: Minuting) -> None:
    """Nobody writes, but the library's attendance is put right between the look and the press: another look is asked for."""
    minutes = await net.closed()
    ready = await net.look(lambda uow: circulating.look_over(uow, net.ewa, minutes.id))
    presence = select(ATTENDANCE.c.id).where(ATTENDANCE.c.membership_id == net.memberships["Biblioteka"])
    number = await net.look(lambda uow: uow.execute(presence).scalar_one())
    await net.act(lambda uow: attendance.correct(uow, net.ewa, number, "10:00", "10:30"))
    with pytest.raises(Refused):
        await net.act(lambda uow: circulating.circulate(uow, net.ewa, minutes.id, minutes.edition, ready.current.mark))
    again = await net.look(lambda uow: circulating.look_over(uow, net.ewa, minutes.id))
    sent = await net.act(lambda uow: circulating.circulate(uow, net.ewa, minutes.id, minutes.edition, again.current.mark))
    assert sent.content.draft == again.current.draft


async def test_two_texts_of_one_paragraph_do_not_go_out(net: Minuting) -> None:
    """While somebody still has to choose, the minutes stay; then they go."""
    minutes = await net.closed()
    note = await net.write(minutes)
    await net.change(note, "Inaczej")
    await net.change(note, "Jeszcze inaczej", by=net.ewa)
    with pytest.raises(Refused):
        await net.circulate(minutes)
    [rival] = await net.look(lambda uow: notes.rivals(uow, minutes.id))
    await net.act(lambda uow: notes.choose(uow, net.ewa, rival.id, "both", note.revision + 1))
    text = said((await net.circulate(minutes)).content.draft)
    assert "Inaczej" in text
    assert "Jeszcze inaczej" in text


async def test_nothing_goes_out_before_the_meeting_is_closed(net: Minuting) -> None:
    """There are no minutes of a meeting under way, and those of one that was not held after all are not there."""
    with pytest.raises(NotFound):
        await net.act(lambda uow: circulating.circulate(uow, net.ewa, 1, 1))
    minutes = await net.closed()
    await net.write(minutes)
    await net.act(lambda uow: convening.close(uow, net.ewa, net.meeting or 0, held=False))
    with pytest.raises(NotFound):
        await net.circulate(minutes, edition=2)


async def test_a_second_press_sends_nothing_again(net: Minuting, typeset: list[str]) -> None:
    """The coordinator presses twice: one version, one document, and each institution is told once."""
    minutes = await net.closed()
    await net.circulate(minutes)
    told = await net.count(NOTICE)
    with pytest.raises(Refused):
        await net.circulate(minutes)
    assert (await net.count(MINUTES_VERSION), await net.count(NOTICE), len(typeset)) == (1, told, 1)


async def test_a_body_chooses_how_long_its_institutions_have(net: Minuting) -> None:
    """Ten days instead of seven; never none, and never more than thirty."""
    for wrong in ("0", "31", "dziesięć", "-1", "7.5"):
        with pytest.raises(Invalid):
            await net.act(lambda uow, wrong=wrong: settings.change(uow, net.ewa, net.body, {"days": wrong}))  # type: ignore[misc]  # mypy sees no default
    with pytest.raises(Invalid):
        await net.act(lambda uow: settings.change(uow, net.ewa, net.body, {"hours": "1"}))
    with pytest.raises(NotFound):
        await net.act(lambda uow: settings.change(uow, net.maria, net.body, {"days": "10"}))
    chosen = await net.act(lambda uow: settings.change(uow, net.ewa, net.body, {"days": "10"}))
    assert settings.written(chosen) == {"days": "10"}
    version = await net.circulate(await net.closed())
    assert version.content.answer_until == date(2026, 12, 25)
    assert (await net.act(lambda uow: settings.change(uow, net.ewa, net.body, {"days": ""}))).days == 7


# --- it stands --------------------------------------------------------------------------------------------------------


_AGAIN = "select minutes_id, version, kind, 'x', content_sha256, code, pdf, pdf_sha256, answer_until, person_id, created_at from minutes_version"


@pytest.mark.parametrize(
    "statement",
    [
        "update minutes_version set content = 'x'",
        "update minutes_version set pdf_sha256 = pdf_sha256 where version = 1",
        "delete from minutes_version",
        "delete from minutes_version where version = 1",
        f"insert or replace into minutes_version {_AGAIN}",
        f"insert into minutes_version {_AGAIN} on conflict (minutes_id, version) do update set content = excluded.content",
        f"insert into minutes_version {_AGAIN} where true on conflict (minutes_id, version) do update set content = excluded.content",
        "truncate minutes_version cascade",
    ],
)
async def test_the_database_itself_changes_nothing_that_went_out(net: Minuting, statement: str) -> None:
    """Somebody at the database's own prompt is refused, on either engine (some words only one of them knows), and all is as it was."""
    minutes = await net.closed()
    version = await net.circulate(minutes)
    with pytest.raises((DBAPIError, KonwentError)):
        await net.act(lambda uow: uow.connection.execute(text(statement)) and None)
    [found] = await net.look(lambda uow: versions.of(uow, minutes.id))
    assert found == version
    assert hashlib.sha256(await net.pdf(version)).hexdigest() == version.pdf_sha256


async def test_a_fact_corrected_later_changes_the_draft_and_no_version(net: Minuting) -> None:
    """The library's attendance is put right after the minutes went out: the draft follows, the document does not."""
    minutes = await net.closed()
    version = await net.circulate(minutes)
    document = await net.pdf(version)
    before = await net.draft(minutes)
    presence = select(ATTENDANCE.c.id).where(ATTENDANCE.c.membership_id == net.memberships["Biblioteka"])
    number = await net.look(lambda uow: uow.execute(presence).scalar_one())
    await net.act(lambda uow: attendance.correct(uow, net.ewa, number, "10:00", "10:30"))
    assert await net.draft(minutes) != before
    [found] = await net.look(lambda uow: versions.of(uow, minutes.id))
    assert found.content.draft == before
    assert await net.pdf(found) == document


async def test_what_was_attached_stays_with_what_went_out(net: Minuting) -> None:
    """The coordinator takes a file away after the minutes went out: who got it can open it, and the next version has none."""
    minutes = await net.closed()
    file = await net.act(lambda uow: files.attach(uow, net.maria, minutes.id, "tablica.png", PICTURE))
    anna = net.heads["GOPS"]
    with pytest.raises(NotFound):
        await net.look(lambda uow: files.take(uow, anna, file))
    version = await net.circulate(minutes)
    await net.act(lambda uow: files.remove(uow, net.ewa, file))
    assert await net.look(lambda uow: files.of(uow, minutes.id)) == ()
    assert (await net.look(lambda uow: files.take(uow, anna, file)))[1].content == PICTURE
    [kept] = await net.look(lambda uow: files.of_version(uow, version))
    assert (kept.name, kept.content) == ("tablica.png", PICTURE)
    again = await net.act(lambda uow: files.attach(uow, net.ewa, minutes.id, "inna-nazwa.png", PICTURE))
    assert (again, [one.name for one in await net.look(lambda uow: files.of(uow, minutes.id))]) == (file, ["tablica.png"])


# --- final, annex -----------------------------------------------------------------------------------------------------


async def test_the_final_version_says_who_accepted_it(net: Minuting) -> None:
    """All accept before the deadline: the final version has the same words, and the names; it is told to everybody."""
    minutes = await net.closed()
    first = await net.circulate(minutes)
    await net.accepted(minutes)
    found = await net.minutes(minutes.id)
    assert (found.state, found.version, found.next_step_at) == ("final", 2, None)
    final = await net.look(lambda uow: versions.get(uow, minutes.id, 2))
    assert (final.kind, final.answer_until, final.content.draft) == ("final", None, first.content.draft)
    accepted = "\n".join(line for point in final.content.after for one in point.paragraphs for line in one.lines)
    assert all(name in accepted for name in NAMES)
    assert len(await dues(net, telling.FINAL)) >= len(NAMES)
    assert await net.act(lambda uow: circulating.finalise(uow, OPERATOR, facts.get(uow, minutes.id, lock=True))) == final
    with pytest.raises(Refused):
        await net.circulate(minutes)


async def test_a_later_correction_is_an_annex(net: Minuting) -> None:
    """After the final version the coordinator makes an annex: a document of its own, told to all; the minutes stay as they are."""
    minutes = await net.closed()
    subject = Subject("minutes.annex", net.body, minutes=minutes.id)

    async def annex(by: Actor, words: str = "W punkcie 4 ma być: sala nr 17.") -> int:
        given = annexes.Annexed(text=words)
        return (await net.act(lambda uow: annexes.annex(uow, by, subject, given))).made or 0

    with pytest.raises(Refused):
        await annex(net.ewa)
    await net.circulate(minutes)
    await net.accepted(minutes)
    final = await net.minutes(minutes.id)
    with pytest.raises(NotFound):
        await annex(net.maria)
    number = await annex(net.ewa)
    await annex(net.ewa, "Drugi")
    assert await net.minutes(minutes.id) == final
    first, second = await net.look(lambda uow: versions.annexes(uow, minutes.id))
    assert (first.version, first.kind, number) == (3, "annex", 3)
    assert "sala nr 17" in said(first.content.draft)
    assert versions.file_name(first) != versions.file_name(second)
    assert len([due for due in await dues(net, telling.ANNEX) if due.revision == 3]) >= len(NAMES)
    newest = await net.look(lambda uow: versions.of_body(uow, net.body, 2026))
    assert [(one.name, version.version) for one, version in newest] == [("1/2026", 2), ("1/2026", 3), ("1/2026", 4)]
    assert await net.look(lambda uow: versions.of_body(uow, net.body, 2025)) == ()


# --- what is this file? -----------------------------------------------------------------------------------------------


async def test_a_document_is_known_again(net: Minuting) -> None:
    """Years later a stranger has the file: it is known with its body and number, an altered one is altered, another one unknown."""
    minutes = await net.closed()
    first = await net.circulate(minutes)
    document = await net.pdf(first)
    await net.accepted(minutes)
    final = await net.look(lambda uow: versions.get(uow, minutes.id, 2))
    net.wait(days=5 * 365)

    async def verdict(data: bytes) -> tuple[str, int | None, bool]:
        found = await net.look(lambda uow: versions.verify(uow, data))
        return found.state, None if found.version is None else found.version.version, found.newest

    assert await verdict(document) == ("known", 1, False)
    assert await verdict(await net.pdf(final)) == ("known", 2, True)
    assert await verdict(document + b"\n") == ("altered", 1, False)
    for data in (b"", b"%PDF-1.7\n", document[: len(document) // 2].replace(first.code.encode(), b"X"), PICTURE):
        assert (await verdict(data))[0] == "unknown"
    known = await net.look(lambda uow: versions.verify(uow, document))
    assert known.minutes is not None
    assert (known.minutes.body_name, known.minutes.name) == (minutes.body_name, "1/2026")


async def test_the_code_of_the_footer_leads_to_the_version(net: Minuting) -> None:
    """However somebody types it; a code with another hash is not known; the footer's link has it."""
    minutes = await net.closed()
    version = await net.circulate(minutes)
    for typed in (version.code, f" {version.code.lower()} ", version.code.replace("-", " - ")):
        found = await net.look(lambda uow, typed=typed: versions.by_code(uow, typed))  # type: ignore[misc]  # mypy sees no default
        assert found is not None
        assert found[1] == version
    for typed in ("", "1-1", version.code[:-1] + ("0" if version.code[-1] != "0" else "1"), "'; drop table minutes"):
        assert await net.look(lambda uow, typed=typed: versions.by_code(uow, typed)) is None  # type: ignore[misc]  # mypy sees no default
    assert await net.look(lambda uow: versions.address(uow, version.code)) == f"https://konwent.example/sprawdz/{version.code}"


async def test_the_last_page_has_the_end_of_the_chain(net: Minuting) -> None:
    """The head of the body's chain as it was sealed when the minutes went out."""
    minutes = await net.closed()
    await net.tick()
    head = await net.look(lambda uow: audit_chain.head(uow, net.body))
    version = await net.circulate(minutes)
    assert version.content.chain is not None
    assert (version.content.chain.entries, version.content.chain.head) == (head.number, head.seal)
    assert head.number > 0


# --- whose ------------------------------------------------------------------------------------------------------------


async def test_a_valid_number_of_another_body_opens_nothing(net: Minuting) -> None:
    """The coordinator of another network, with real numbers: nothing is seen, written, sent out or taken."""
    minutes = await net.closed()
    note = await net.write(minutes)
    file = await net.act(lambda uow: files.attach(uow, net.maria, minutes.id, "tablica.png", PICTURE))
    version = await net.circulate(minutes)
    igor = (await elsewhere(Calling(net.door, net.clock, net.body, net.ewa))).by(IGOR)
    about = Subject("minutes.write", net.body, minutes=minutes.id, item=0)
    for act in (
        lambda uow: facts.see(uow, igor, minutes.id),
        lambda uow: versions.see(uow, igor, minutes.id, version.version),
        lambda uow: circulating.look_over(uow, igor, minutes.id),
        lambda uow: circulating.circulate(uow, igor, minutes.id, minutes.edition),
        lambda uow: notes.remove(uow, igor, note.id, 1),
        lambda uow: notes.write(uow, igor, about, notes.Written(text=TEXT)),
        lambda uow: files.attach(uow, igor, minutes.id, "x.png", PICTURE),
        lambda uow: files.take(uow, igor, file),
        lambda uow: files.remove(uow, igor, file),
        lambda uow: annexes.annex(uow, igor, Subject("minutes.annex", net.body, minutes=minutes.id), annexes.Annexed(text="x")),
    ):
        with pytest.raises(NotFound):
            await net.act(act)


async def test_members_see_what_went_out(net: Minuting) -> None:
    """A designated person of the school sees the minutes and the version; the draft they do not."""
    minutes = await net.closed()
    kasia = net.delegates["Szkoła"]
    with pytest.raises(NotFound):
        await net.look(lambda uow: facts.see(uow, kasia, minutes.id))
    version = await net.circulate(minutes)
    assert (await net.look(lambda uow: versions.see(uow, kasia, minutes.id, 1)))[1] == version
    with pytest.raises(NotFound):
        await net.look(lambda uow: versions.see(uow, kasia, minutes.id, 2))
