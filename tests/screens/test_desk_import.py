"""A roster on the desk: looked over row by row, confirmed once, and exactly what was looked over."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from tests.conversations.house import dump
from tests.documents.spreadsheets import ods, xlsx
from tests.office.rosters import GOPS, HEADINGS, SCHOOL, bring_in, csv
from tests.office.test_uploads import coordinator
from tests.screens.desks import EWA, IGOR, ROWS, Desk, facts, let_anna_in, network, page, spoken

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import desk, uploads
from konwent_bot.office.door import Door
from konwent_bot.office.people import Caller, Reader
from konwent_bot.office.rights import Actor
from konwent_bot.office.throttle import TooOften
from konwent_bot.screens import desk_import
from konwent_bot.screens.intents import ConfirmRoster, Intent, PreviewRoster, SeeImport, SeeMembers
from konwent_bot.screens.screen import Screen
from konwent_bot.screens.visiting import Given, Reply, Visitor
from konwent_bot.store.tables import AUDIT_ENTRY, PERSON, UPLOAD

T = i18n.translator("pl")
LIBRARY = "Biblioteka Publiczna;Biblioteka;C;kultura;Janów;zwierzchnik;dyrektor;Olga Kot;olga@biblioteka.example"
#: Adds a library, and says an address of the school's head.
FILE = csv(*ROWS[:2], f"{SCHOOL};zwierzchnik;dyrektor;Maria Wilk;maria@szkola.example", ROWS[3], LIBRARY)


async def look_over(door: Door, made: Desk, file: bytes | None = FILE) -> Reply:
    """Send a file."""
    return await page(door, made.ewa, PreviewRoster(made.body), file=file)


def confirmation(screen: Screen) -> tuple[ConfirmRoster, dict[str, str]]:
    """Give the button of a preview and what travels with it."""
    assert screen.form is not None
    assert isinstance(screen.form.intent, ConfirmRoster)
    assert {one.kind for one in screen.form.fields} == {"hidden"}
    return screen.form.intent, {one.name: one.value for one in screen.form.fields}


def offers_nothing(screen: Screen) -> bool:
    """Tell that a screen has no button that imports, but takes another file."""
    return screen.form is not None and isinstance(screen.form.intent, PreviewRoster)


async def imports(door: Door, body: int) -> int:
    """Count the imports of a body."""
    found = (
        select(func.count()).select_from(AUDIT_ENTRY).where(AUDIT_ENTRY.c.act == "roster.import", AUDIT_ENTRY.c.body_id == body)
    )
    return int(await door.look(lambda uow: uow.execute(found).scalar_one()))


async def members(door: Door, made: Desk) -> set[str]:
    """Give the short names of the institutions."""
    return {one.short_name for one in await door.look(lambda uow: desk.members(uow, Actor(made.ewa), made.body))}


async def test_a_file_is_looked_over_and_changes_nothing(door: Door) -> None:
    """Counts of new, changed and unchanged rows, what changes row by row, and a button; the network stands as it was."""
    made = await network(door)
    form = (await page(door, made.ewa, SeeImport(made.body))).screen.form
    assert form is not None
    assert (form.intent, [one.kind for one in form.fields]) == (PreviewRoster(made.body), ["file"])
    before = await dump(door.store, but=frozenset({"upload", "throttle"}))
    reply = await look_over(door, made)
    assert await dump(door.store, but=frozenset({"upload", "throttle"})) == before
    shown = reply.screen
    assert facts(shown) == {T("Rows with a warning"): "3", T("Changed"): "1", T("New"): "1", T("Unchanged"): "3"}
    assert len(shown.items) == 3, "rows that change nothing are counted; told only if there is a doubt about them"
    school, _, library = shown.items
    assert school.startswith(T("Change. {said}", said=""))
    assert "maria@szkola.example" in school
    assert T("Warning. {said}", said="") in school, "the school names no delegate"
    assert "Biblioteka" in library
    assert "Olga Kot" in library
    intent, fields = confirmation(shown)
    assert intent.body == made.body
    assert set(fields) == {"sha256", "seen"}
    assert reply.at is None


async def test_confirmed_once_however_often_it_is_pressed(door: Door) -> None:
    """The import is done, told in figures; the second press says that it has been done, and nothing is done again."""
    made = await network(door)
    done = await imports(door, made.body)
    intent, fields = confirmation((await look_over(door, made)).screen)
    first = await page(door, made.ewa, intent, file=None, **fields)
    assert first.at == SeeMembers(made.body)
    assert first.screen.notice == T("The roster has been imported. New: {new}, changed: {changed}.", new=1, changed=1)
    assert await members(door, made) == {"GOPS Modliborzyce", "Zespół szkół", "KIS Janów", "Biblioteka"}
    before = await dump(door.store)
    second = await page(door, made.ewa, intent, file=None, **fields)
    assert second.refusal is None
    assert second.screen.notice == T("This roster has been imported already.")
    assert await dump(door.store) == before
    assert await imports(door, made.body) == done + 1


async def test_two_presses_at_once_import_once(door: Door) -> None:
    """A double click: one of the two imports, the other is told so or shown that nothing is left."""
    made = await network(door)
    done = await imports(door, made.body)
    intent, fields = confirmation((await look_over(door, made)).screen)
    await asyncio.gather(*(page(door, made.ewa, intent, file=None, **fields) for _ in range(4)))
    assert await imports(door, made.body) == done + 1
    assert "Biblioteka" in await members(door, made)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
async def test_a_file_of_each_kind(door: Door, kind: str) -> None:
    """Text, Excel and LibreOffice files say the same and can be confirmed."""
    made = await network(door)
    table = [HEADINGS.split(";"), LIBRARY.split(";")]
    file = {"csv": csv(LIBRARY), "xlsx": xlsx(table), "ods": ods(table)}[kind]
    intent, fields = confirmation((await look_over(door, made, file)).screen)
    await page(door, made.ewa, intent, file=None, **fields)
    assert "Biblioteka" in await members(door, made)


@pytest.mark.parametrize(
    "file",
    [
        None, b"", b"\x89PNG\r\n\x1a\n" + b"x" * 100, b"%PDF-1.7", b"PK\x03\x04nonsense", b"\x00" * 64, "just a letter".encode("utf-16"),
        b"x;" * 1_500_000, "żółć\n".encode() * 10, csv(), "Rola;Typ\r\nzwierzchnik;A\r\n".encode("cp1250"),
    ],
    ids=["none", "empty", "png", "pdf", "broken-zip", "zeros", "utf-16", "3-mb", "words", "headings-only", "no-institution"],
)  # fmt: skip
async def test_what_is_no_roster_is_refused_with_a_reason(door: Door, file: bytes | None) -> None:
    """A picture, a broken file, three megabytes, no rows: a sentence at the field, the form again, and nothing is kept."""
    made = await network(door)
    before = await dump(door.store, but=frozenset({"throttle"}))
    reply = await look_over(door, made, file)
    assert isinstance(reply.refusal, Invalid)
    assert reply.screen.problem
    assert offers_nothing(reply.screen)
    assert reply.screen.form is not None
    assert reply.screen.form.fields[0].problem == reply.screen.problem
    assert await dump(door.store, but=frozenset({"throttle"})) == before


async def test_rows_with_errors_are_all_told_and_nothing_can_be_confirmed(door: Door) -> None:
    """Errors first, with the number of their rows, in the reader's language; no button that imports; the file is not kept."""
    made = await network(door)
    await let_anna_in(door, made)
    wrong = csv(
        f"{GOPS};zwierzchnik;kierownik;Zupełnie Inna;inna@gops.example",  # Anna has accepted this seat
        LIBRARY,
        "Fundacja;F;D;;;prezesura;;;zły adres",
    )
    reply = await look_over(door, made, wrong)
    shown = reply.screen
    assert offers_nothing(shown)
    assert shown.problem
    assert facts(shown)[T("Rows with an error")] == "2"
    errors = [item for item in shown.items if item.startswith(T("Error. {said}", said=""))]
    assert len(errors) == 2
    assert shown.items[:2] == tuple(errors)
    assert "Anna Nowak" in errors[0]
    assert await door.look(lambda uow: uow.execute(select(func.count()).select_from(UPLOAD)).scalar_one()) == 0
    await door.act(lambda uow: uow.execute(update(PERSON).where(PERSON.c.id == made.ewa).values(language="uk")))
    said, uk = await spoken(door, made.ewa, PreviewRoster(made.body), file=wrong)
    assert uk.language == "uk"
    assert said.screen.items != shown.items


async def test_a_file_that_says_what_stands_offers_nothing(door: Door) -> None:
    """Importing the same roster again: it is said that there is nothing to do."""
    made = await network(door)
    reply = await look_over(door, made, csv(*ROWS))
    assert offers_nothing(reply.screen)
    assert reply.screen.notice == T("Everything in this file is stored already; there is nothing to import.")


async def test_a_long_roster_tells_the_first_rows_and_counts_the_rest(door: Door) -> None:
    """Of 150 new people a hundred are told, the rest counted; all are imported."""
    made = await network(door)
    file = csv(*(f"Szkoła nr {n};SP {n};C;edukacja;Janów;zwierzchnik;dyrektor;Osoba {n};o{n}@sp.example" for n in range(150)))
    reply = await look_over(door, made, file)
    assert len(reply.screen.items) == desk_import.TOLD + 1
    assert reply.screen.items[-1] == T.plural("… and {n} more row", "… and {n} more rows", 50)
    intent, fields = confirmation(reply.screen)
    await page(door, made.ewa, intent, file=None, **fields)
    assert len(await members(door, made)) == 153


async def test_a_roster_changed_in_between_is_looked_over_again(door: Door) -> None:
    """Somebody accepts or another file comes in while one reads: nothing is imported, the new preview is shown and can be confirmed."""
    made = await network(door)
    done = await imports(door, made.body)
    intent, fields = confirmation((await look_over(door, made)).screen)
    await bring_in(door, made.body, LIBRARY.replace("Olga Kot", "Irena Sowa").replace("olga@", "irena@"))
    again = await page(door, made.ewa, intent, file=None, **fields)
    assert again.screen.notice == T(
        "The roster has changed since you looked it over, so nothing was imported. This is what the file would change now."
    )
    assert await imports(door, made.body) == done + 1, "the other one's alone"
    fresh, now = confirmation(again.screen)
    assert now["seen"] != fields["seen"]
    assert any("Irena Sowa" in item for item in again.screen.items), "what would happen now"
    await page(door, made.ewa, fresh, file=None, **now)
    assert await imports(door, made.body) == done + 2


async def test_only_what_was_looked_over_is_imported(door: Door, clock: FixedClock) -> None:
    """Another hash, another fingerprint, no fields at all, a file an hour old, another coordinator's or network's: nothing is imported."""
    made = await network(door)
    other = await network(door, "lsr-ilawa", IGOR)
    ola = (await coordinator(door, made.body, 77, number=2)).person
    done = await imports(door, made.body), await imports(door, other.body)
    intent, fields = confirmation((await look_over(door, made)).screen)
    before = await dump(door.store)

    async def refused(person: int | None, asked: ConfirmRoster, given: dict[str, str]) -> Reply:
        reply = await page(door, person, asked, file=None, **given)
        assert await dump(door.store) == before
        return reply

    for given in ({}, {**fields, "sha256": "0" * 64}, {**fields, "sha256": "ł"}, {"seen": fields["seen"]}):
        reply = await refused(made.ewa, intent, given)
        assert isinstance(reply.refusal, Refused)
        assert offers_nothing(reply.screen)
    for seen in ("", "0" * 64, "ł", "\ud800"):
        reply = await refused(made.ewa, intent, {**fields, "seen": seen})
        confirmation(reply.screen)  # what would happen is shown again
    for person, asked in (
        (ola, intent),
        (other.ewa, ConfirmRoster(other.body, intent.upload)),
        (made.ewa, ConfirmRoster(made.body, 10**6)),
    ):
        reply = await refused(person, asked, fields)
        assert isinstance(reply.refusal, Refused)
        assert not isinstance(reply.refusal, NotFound)
    for person, asked in ((other.ewa, intent), (made.ewa, ConfirmRoster(other.body, intent.upload))):
        reply = await refused(person, asked, fields)
        assert isinstance(reply.refusal, NotFound)
    clock.move(timedelta(hours=1))
    late = await refused(made.ewa, intent, fields)
    assert isinstance(late.refusal, Refused)
    assert "\n" not in late.screen.problem
    assert (await imports(door, made.body), await imports(door, other.body)) == done


async def test_too_many_files(door: Door) -> None:
    """Whoever sends files without end is told when the next one may come."""
    made = await network(door)
    for _ in range(uploads.MOST_IN_AN_HOUR):
        assert (await look_over(door, made, b"")).refusal is not None
    assert isinstance((await look_over(door, made)).refusal, TooOften)


async def test_a_file_is_read_before_the_unit_of_work(door: Door) -> None:
    """A spreadsheet is read in a process of its own and once: ahead of the preview, or of the confirmation after a restart."""
    made = await network(door)
    file = xlsx([HEADINGS.split(";"), LIBRARY.replace("Olga", "Anastazja").split(";")])

    async def read_ahead(intent: Intent, given: Given) -> int:
        """Do what the web room does; give how many files have been read so far."""
        visitor = Visitor(Reader(made.ewa), "pl", given)
        slow = await door.look(lambda uow: desk_import.ahead(uow, visitor, intent))
        assert slow is not None
        await asyncio.to_thread(slow)
        return desk_import.read.cache_info().misses

    read = await read_ahead(PreviewRoster(made.body), Given(file=file))
    intent, fields = confirmation((await look_over(door, made, file)).screen)
    assert desk_import.read.cache_info().misses == read
    desk_import.read.cache_clear()  # the program was started again
    read = await read_ahead(intent, Given(fields=fields))
    assert read == 1
    await page(door, made.ewa, intent, file=None, **fields)
    assert desk_import.read.cache_info().misses == read
    assert "Biblioteka" in await members(door, made)


async def test_no_file_is_read_for_whoever_may_not_import(door: Door) -> None:
    """A head, another network's coordinator, a stranger, a chat: nothing is read before they are refused; nor another one's file."""
    made = await network(door)
    other = await network(door, "lsr-ilawa", IGOR)
    anna = await let_anna_in(door, made)
    intent, fields = confirmation((await look_over(door, made)).screen)
    given = Given(fields=fields, file=FILE)
    asked: tuple[tuple[Caller | None, Intent], ...] = (
        (Reader(anna), PreviewRoster(made.body)), (Reader(other.ewa), PreviewRoster(made.body)), (None, PreviewRoster(made.body)),
        (Reader(10**6), PreviewRoster(made.body)), (EWA, PreviewRoster(made.body)), (Reader(made.ewa), SeeImport(made.body)),
        (Reader(made.ewa), PreviewRoster(10**6)), (Reader(other.ewa), ConfirmRoster(other.body, intent.upload)),
    )  # fmt: skip
    for caller, one in asked:
        assert await door.look(lambda uow, c=caller, i=one: desk_import.ahead(uow, Visitor(c, "pl", given), i)) is None  # type: ignore[misc]
    mine = Visitor(Reader(made.ewa), "pl", given)
    assert await door.look(lambda uow: desk_import.ahead(uow, mine, intent)) is not None
