"""A roster from a file becomes institutions, seats, posts and people: whole or not at all, and once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, func, select
from tests.office.rosters import GOPS, KIS, SCHOOL, accept, bring_in, dump, enter, holder, roster, sample, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.domain.roster_preview import Preview
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import invitations, rosters, seats
from konwent_bot.office.door import Door
from konwent_bot.office.rights import OPERATOR, Actor, offices
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import AUDIT_ENTRY, INSTITUTION, INVITATION, MEMBERSHIP, PERSON, POST, SEAT

HEAD = f"{GOPS};zwierzchnik;kierownik;Anna Nowak;anna@gops.example"
DELEGATE = f"{GOPS};osoba wskazana;asystent rodziny;Jan Kos;jan@gops.example"


async def people(door: Door) -> list[tuple[str, str]]:
    """Give names and addresses of all people, in alphabetical order."""
    return sorted(tuple(row) for row in await door.look(lambda uow: uow.execute(select(PERSON.c.name, PERSON.c.email)).all()))


def changes(found: Preview) -> list[str | None]:
    """Give what becomes of each row that names a place."""
    return [row.change for row in found.rows if row.entry is not None]


async def audited(door: Door, act: str) -> list[str]:
    found = select(AUDIT_ENTRY.c.subject).where(AUDIT_ENTRY.c.act == act).order_by(AUDIT_ENTRY.c.id)
    return list(await door.look(lambda uow: uow.execute(found).scalars().all()))


# --- what an import makes ---------------------------------------------------------------------------------------------


async def test_the_network_of_janow_is_imported(door: Door) -> None:
    """The coordinator's own file, as Excel wrote it, becomes 16 institutions with 28 seats and a coordinator."""
    body = await enter(door)
    done = await door.act(lambda uow: rosters.import_roster(uow, OPERATOR, body, sample()))
    assert done.importable
    stored = await dump(door)
    assert len(stored["institution"]) == len(stored["membership"]) == 16
    assert len(stored["seat"]) == 28
    [post] = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    assert (post.kind, post.email, post.accepted) == ("coordinator", "koordynator@kis-janow.example", False)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    assert head.institution == "Gminny Ośrodek Pomocy Społecznej w Modliborzycach"
    assert head.email == "kierownik@gops-modliborzyce.example"
    # The delegate of GOPS Godziszów has no address: a seat that waits, without a person.
    nobody = await seat_of(door, body, "GOPS Godziszów", "delegate")
    assert await holder(door, nobody.id) is None
    assert len(stored["person"]) == 28
    assert await audited(door, "roster.import") == ["new:29 changed:0"]


async def test_the_same_file_again_changes_nothing(door: Door, clock: FixedClock) -> None:
    """Whoever imports a file twice, even a month later, finds every row as it was."""
    body = await enter(door)
    await door.act(lambda uow: rosters.import_roster(uow, OPERATOR, body, sample()))
    before = await dump(door)
    clock.move(timedelta(days=30))
    again = await door.act(lambda uow: rosters.import_roster(uow, OPERATOR, body, sample()))
    assert again.changes_nothing
    assert {row.change for row in again.rows} <= {"unchanged", None}
    assert await dump(door) == before


async def test_what_is_stored_is_what_was_read(door: Door) -> None:
    """The store gives back exactly what a preview is made of, so a preview and an import cannot differ."""
    body = await enter(door)
    await bring_in(door, body, HEAD, DELEGATE, f"{GOPS};zastępca;;Ewa Lis;", f"{GOPS};zastępca;;Adam Lis;adam@gops.example")
    found = await door.look(lambda uow: rosters.current(uow, body))
    [(key, entry)] = found.institutions.items()
    assert tuple(entry) == (*GOPS.split(";")[:2], "B", "pomoc społeczna", "Modliborzyce")
    assert {(k.role, k.index): tuple(h) for k, h in found.seats.items() if k.institution == key} == {
        ("head", 0): ("kierownik", "Anna Nowak", "anna@gops.example"),
        ("delegate", 0): ("asystent rodziny", "Jan Kos", "jan@gops.example"),
        ("substitute", 0): ("", "Ewa Lis", ""),
        ("substitute", 1): ("", "Adam Lis", "adam@gops.example"),
    }


async def test_a_preview_changes_nothing(door: Door) -> None:
    """Looking before importing leaves no trace, and says what the import then does."""
    body = await enter(door)
    before = await dump(door)
    seen = await door.look(lambda uow: rosters.preview(uow, OPERATOR, body, sample()))
    assert await dump(door) == before
    done = await door.act(lambda uow: rosters.import_roster(uow, OPERATOR, body, sample(), expected_digest=rosters.digest(seen)))
    assert done == seen


async def test_a_file_that_leaves_institutions_out_removes_nobody(door: Door) -> None:
    """A file with two of the institutions adds and corrects; the others stay as they are."""
    body = await enter(door)
    await bring_in(door, body, HEAD, DELEGATE)
    await bring_in(door, body, f"{SCHOOL};zwierzchnik;dyrektor;;szkola@szkola.example")
    assert len(await door.look(lambda uow: seats.seats_of(uow, OPERATOR, body))) == 3


async def test_changed_rows_are_corrected_in_place(door: Door) -> None:
    """A corrected file changes what it corrects: sector, title, spelling; ids stay, so links and cards stay too."""
    body = await enter(door)
    await bring_in(door, body, HEAD, DELEGATE)
    before = await dump(door)
    renamed = GOPS.replace("Gminny Ośrodek", "GMINNY OŚRODEK").replace("pomoc społeczna", "opieka")
    done = await bring_in(
        door, body, f"{renamed};zwierzchnik;dyrektor;Anna Nowak;ANNA@gops.example", DELEGATE.replace(GOPS, renamed)
    )
    assert changes(done) == ["changed", "unchanged"]
    after = await dump(door)
    assert after["person"] == before["person"]
    assert [row[0] for row in after["seat"]] == [row[0] for row in before["seat"]]
    facts = await seat_of(door, body, "GOPS Modliborzyce", "head")
    assert facts.institution == "GMINNY OŚRODEK Pomocy Społecznej w Modliborzycach"
    [found] = (await door.look(lambda uow: rosters.current(uow, body))).institutions.values()
    assert found.sector == "opieka"
    assert await audited(door, "roster.import") == ["new:2 changed:0", "new:0 changed:1"]


async def test_an_empty_cell_erases_nothing(door: Door) -> None:
    """A file without titles and short names leaves those that stand."""
    body = await enter(door)
    await bring_in(door, body, HEAD)
    before = await dump(door)
    bare = GOPS.replace("GOPS Modliborzyce", "").replace("pomoc społeczna", "").rsplit(";", 1)[0] + ";"
    done = await bring_in(door, body, f"{bare};zwierzchnik;;;anna@gops.example")
    assert done.changes_nothing
    assert await dump(door) == before


async def test_the_full_name_stands_for_a_missing_short_one(door: Door) -> None:
    """Where the roster gives no short name, the full one stands on buttons, and follows a corrected spelling."""
    body = await enter(door)
    row = "Koło gospodyń w Godziszowie;;C;;Godziszów;zwierzchnik;;;kgw@godziszow.example"
    await bring_in(door, body, row)
    assert (await seat_of(door, body, "Koło gospodyń w Godziszowie", "head")).role == "head"
    await bring_in(door, body, row.replace("Koło gospodyń", "Koło Gospodyń"))
    assert (await seat_of(door, body, "Koło Gospodyń w Godziszowie", "head")).role == "head"


# --- people -----------------------------------------------------------------------------------------------------------


async def test_one_person_may_hold_several_places_of_a_body(door: Door) -> None:
    """Head of the KIS, coordinator of the network and delegate of the GOPS under one name and address are one person."""
    body = await enter(door)
    who = "Anna Nowak;Anna@kis.example"
    await bring_in(
        door, body, f"{KIS};zwierzchnik;kierownik;{who}", f"{KIS};koordynator;;{who}", f"{GOPS};osoba wskazana;;{who.swapcase()}"
    )
    assert await people(door) == [("Anna Nowak", "anna@kis.example")]
    person = await accept(door, 501, seat=(await seat_of(door, body, "KIS Janów", "head")).id)
    gops = await seat_of(door, body, "GOPS Modliborzyce", "delegate")
    assert await holder(door, gops.id) == person
    assert await door.look(lambda uow: offices(uow, Actor(person), body)) == {"coordinator"}


async def test_people_of_two_bodies_are_never_one(door: Door) -> None:
    """A coordinator who writes somebody's address into their own roster gets no hold on that person elsewhere."""
    janow, ilawa = await enter(door), await enter(door, "lsr-ilawa")
    await bring_in(door, janow, HEAD)
    person = await accept(door, 501, seat=(await seat_of(door, janow, "GOPS Modliborzyce", "head")).id)
    before = await dump(door)
    await bring_in(door, ilawa, HEAD, HEAD.replace("zwierzchnik", "koordynator"))
    assert len(await people(door)) == 2
    other = await seat_of(door, ilawa, "GOPS Modliborzyce", "head")
    assert await holder(door, other.id) != person
    assert await door.look(lambda uow: offices(uow, Actor(person), ilawa)) == frozenset()
    after = await dump(door)
    assert after["person"][0] == before["person"][0]
    assert after["institution"][: len(before["institution"])] == before["institution"]


async def test_an_address_shared_across_bodies_is_corrected_in_one_only(door: Door) -> None:
    """Somebody who serves two networks keeps their address when one coordinator writes another into a roster."""
    janow, ilawa = await enter(door), await enter(door, "lsr-ilawa")
    for body in (janow, ilawa):
        await bring_in(door, body, HEAD)
    person = await accept(door, 501, seat=(await seat_of(door, janow, "GOPS Modliborzyce", "head")).id)
    assert await accept(door, 501, seat=(await seat_of(door, ilawa, "GOPS Modliborzyce", "head")).id) == person
    await bring_in(door, ilawa, HEAD.replace("anna@gops", "ktos@inny"))
    assert (await seat_of(door, ilawa, "GOPS Modliborzyce", "head")).email == "ktos@inny.example"
    assert await people(door) == [("Anna Nowak", "anna@gops.example")]


async def test_namesakes_without_an_address_are_two_people(door: Door) -> None:
    """Jan Kos of the school and Jan Kos of the GOPS, both without an address, are not taken for one man."""
    body = await enter(door)
    rows = [f"{place};{role};;Jan Kos;" for place in (GOPS, SCHOOL) for role in ("zwierzchnik", "zastępca")]
    await bring_in(door, body, *rows)
    assert await people(door) == [("Jan Kos", ""), ("Jan Kos", "")]
    again = await bring_in(door, body, *rows)
    assert again.changes_nothing


async def test_whoever_has_accepted_keeps_the_seat_under_a_new_address(door: Door) -> None:
    """A new address for the same head is a correction: the seat, the person and their access stay."""
    body = await enter(door)
    await bring_in(door, body, HEAD)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    person = await accept(door, 501, seat=head.id)
    await bring_in(door, body, HEAD.replace("anna@", "a.nowak@").replace("Anna Nowak", "Anna NOWAK"))
    assert await holder(door, head.id) == person
    assert await people(door) == [("Anna NOWAK", "a.nowak@gops.example")]


async def test_two_people_with_one_mailbox_stay_two(door: Door) -> None:
    """Two heads who have accepted, and now share an office's address, each keep their own institution and no other."""
    body = await enter(door)
    rows = (f"{GOPS};zwierzchnik;;;anna@gops.example", f"{SCHOOL};zwierzchnik;;;maria@szkola.example")
    await bring_in(door, body, *rows)
    places = [await seat_of(door, body, name, "head") for name in ("GOPS Modliborzyce", "Zespół szkół")]
    held = [await accept(door, 501 + n, seat=place.id) for n, place in enumerate(places)]
    await bring_in(door, body, *(f"{place};zwierzchnik;;;biuro@gmina.example" for place in (GOPS, SCHOOL)))
    assert [await holder(door, place.id) for place in places] == held
    assert held[0] != held[1]


async def test_another_name_on_an_accepted_seat_is_an_error_of_the_row(door: Door) -> None:
    """A file cannot quietly put somebody else in the place of a person who has accepted it."""
    body = await enter(door)
    await bring_in(door, body, HEAD, DELEGATE, f"{KIS};koordynator;;Ewa Lis;ewa@kis.example")
    await accept(door, 501, seat=(await seat_of(door, body, "GOPS Modliborzyce", "head")).id)
    [post] = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    await accept(door, 502, post=post.id)
    before = await dump(door)
    rows = (
        DELEGATE.replace("asystent", "asystentka"),
        HEAD.replace("Anna Nowak", "Maria Wilk"),
        f"{KIS};koordynator;;Piotr Sowa;piotr@kis.example",
    )
    with pytest.raises(Invalid, match=r"Rows with errors: 2.*Row 3: Anna Nowak has accepted .* konwent-bot seat hand-over"):
        await bring_in(door, body, *rows)
    assert await dump(door) == before
    seen = await door.look(lambda uow: rosters.preview(uow, OPERATOR, body, roster(*rows)))
    assert changes(seen) == ["changed", None, None]
    assert [row.row for row in seen.rows if row.status == "error"] == [3, 4]
    assert "konwent-bot post give" in str(next(row for row in seen.rows if row.row == 4).messages[0])


async def test_a_seat_nobody_accepted_goes_to_whom_the_file_names(door: Door) -> None:
    """Before anybody accepts, a corrected file simply names the right person; links to the wrong one stop working."""
    body = await enter(door)
    await bring_in(door, body, HEAD)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    old = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=head.id))
    await bring_in(door, body, HEAD.replace("Anna Nowak;anna", "Maria Wilk;maria"))
    assert await people(door) == [("Maria Wilk", "maria@gops.example")]
    with pytest.raises(Refused, match="no longer valid"):
        await door.act(lambda uow: invitations.accept(uow, old.token, caller=501, language="pl"))
    assert (await seat_of(door, body, "GOPS Modliborzyce", "head")).id == head.id


async def test_a_printed_link_outlives_the_first_naming_of_a_seat(door: Door) -> None:
    """A link given out for a seat without a name still works when the roster learns who sits there."""
    body = await enter(door)
    await bring_in(door, body, f"{GOPS};osoba wskazana;;;")
    seat = await seat_of(door, body, "GOPS Modliborzyce", "delegate")
    issued = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=seat.id))
    await bring_in(door, body, DELEGATE)
    await door.act(lambda uow: invitations.accept(uow, issued.token, caller=501, language="pl"))
    assert await people(door) == [("Jan Kos", "jan@gops.example")]


async def test_a_corrected_title_leaves_links_alone(door: Door) -> None:
    """Only a change of person ends a link, not a change of title or of the spelling of a name."""
    body = await enter(door)
    await bring_in(door, body, HEAD)
    head = await seat_of(door, body, "GOPS Modliborzyce", "head")
    issued = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=head.id))
    await bring_in(door, body, HEAD.replace("kierownik", "dyrektor").replace("Nowak", "NOWAK"))
    await door.act(lambda uow: invitations.accept(uow, issued.token, caller=501, language="pl"))
    assert await people(door) == [("Anna NOWAK", "anna@gops.example")]


async def test_two_people_who_change_places_change_places(door: Door) -> None:
    """Head and delegate swapped in the file are swapped, and nobody is doubled or lost."""
    body = await enter(door)
    await bring_in(door, body, HEAD, DELEGATE)
    ids = sorted(str(row[0]) for row in (await dump(door))["person"])
    await bring_in(
        door, body, f"{GOPS};zwierzchnik;;Jan Kos;jan@gops.example", f"{GOPS};osoba wskazana;;Anna Nowak;anna@gops.example"
    )
    assert sorted(str(row[0]) for row in (await dump(door))["person"]) == ids
    assert (await seat_of(door, body, "GOPS Modliborzyce", "head")).name == "Jan Kos"


async def test_a_mailbox_passed_on_is_not_the_person_who_left_it(door: Door) -> None:
    """When the head's old address goes to the delegate, the delegate's seat does not fall to the head who accepted."""
    body = await enter(door)
    await bring_in(door, body, f"{GOPS};zwierzchnik;;;biuro@gops.example")
    person = await accept(door, 501, seat=(await seat_of(door, body, "GOPS Modliborzyce", "head")).id)
    await bring_in(door, body, f"{GOPS};zwierzchnik;;;szefowa@gops.example", f"{GOPS};osoba wskazana;;;biuro@gops.example")
    assert await holder(door, (await seat_of(door, body, "GOPS Modliborzyce", "head")).id) == person
    delegate = await holder(door, (await seat_of(door, body, "GOPS Modliborzyce", "delegate")).id)
    assert delegate not in (None, person)


async def test_a_new_seat_of_somebody_known_here_is_theirs(door: Door) -> None:
    """Somebody who has accepted in this body gets a further seat under the same name and address at once."""
    body = await enter(door)
    await bring_in(door, body, HEAD)
    person = await accept(door, 501, seat=(await seat_of(door, body, "GOPS Modliborzyce", "head")).id)
    await bring_in(door, body, HEAD, f"{SCHOOL};zastępca;;ANNA NOWAK;Anna@gops.example")
    assert await holder(door, (await seat_of(door, body, "Zespół szkół", "substitute")).id) == person
    assert len(await people(door)) == 1


async def test_the_coordinator_from_the_command_line_is_the_coordinator_of_the_file(door: Door) -> None:
    """A post given before the first import is not doubled by a roster that names the same coordinator."""
    body = await enter(door)
    given = await door.act(
        lambda uow: seats.give_post(uow, OPERATOR, body, "coordinator", name="Ewa Lis", email="ewa@kis.example")
    )
    person = await accept(door, 501, post=given.place)
    await bring_in(
        door, body, f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example", f"{KIS};zwierzchnik;;Ewa Lis;ewa@kis.example"
    )
    [post] = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))
    assert post.id == given.place
    assert await holder(door, (await seat_of(door, body, "KIS Janów", "head")).id) == person
    again = await bring_in(
        door, body, f"{KIS};koordynator;case manager;Ewa Lis;ewa@kis.example", f"{KIS};koordynator;;Adam Bąk;adam@kis.example"
    )
    assert changes(again) == ["unchanged", "new"]
    assert [p.number for p in await door.look(lambda uow: seats.posts_of(uow, OPERATOR, body))] == [1, 2]


async def test_substitutes_are_counted_on(door: Door) -> None:
    """A further substitute gets the next number, whoever is in the file."""
    body = await enter(door)
    await bring_in(door, body, f"{GOPS};zastępca;;Ewa Lis;ewa@gops.example", f"{GOPS};zastępca;;Adam Bąk;adam@gops.example")
    await bring_in(
        door, body,
        f"{GOPS};zastępca;;Ewa Lis;ewa@gops.example", f"{GOPS};zastępca;;Adam Bąk;adam@gops.example",
        f"{GOPS};zastępca;;Ola Mak;ola@gops.example",
    )  # fmt: skip
    found = await door.look(lambda uow: seats.seats_of(uow, OPERATOR, body))
    assert [(one.number, one.name) for one in found] == [(1, "Ewa Lis"), (2, "Adam Bąk"), (3, "Ola Mak")]


# --- all or nothing ---------------------------------------------------------------------------------------------------


async def test_a_file_with_an_error_leaves_the_store_as_it_was(door: Door) -> None:
    """One wrong row among many, and nothing is imported; the sentence says how many are wrong and the first."""
    body = await enter(door)
    await bring_in(door, body, HEAD)
    before = await dump(door)
    with pytest.raises(Invalid, match="Rows with errors: 2"):
        await bring_in(
            door,
            body,
            DELEGATE,
            f"{SCHOOL};zwierzchnik;;;nie-adres",
            f"{SCHOOL};woźny;;;a@szkola.example",
            f"{KIS};zwierzchnik;;;",
        )
    assert await dump(door) == before


async def test_a_preview_that_is_no_longer_true_is_not_imported(door: Door) -> None:
    """Between the preview and the import somebody else imported: the import asks for another look."""
    body = await enter(door)
    seen = await door.look(lambda uow: rosters.preview(uow, OPERATOR, body, roster(HEAD, DELEGATE)))
    await bring_in(door, body, HEAD)
    before = await dump(door)
    with pytest.raises(Refused, match="look at a new preview"):
        await door.act(
            lambda uow: rosters.import_roster(uow, OPERATOR, body, roster(HEAD, DELEGATE), expected_digest=rosters.digest(seen))
        )
    assert await dump(door) == before


async def test_imports_at_once_make_one_roster(door: Door, database_url: str, clock: FixedClock, house: House) -> None:
    """Four people import the same file in the same moment, through two programs: one roster, imported once."""
    body = await enter(door)
    other = open_store(database_url)
    doors = (door, Door(other, clock, house))
    done = await asyncio.gather(
        *(doors[n % 2].act(lambda uow: rosters.import_roster(uow, OPERATOR, body, sample())) for n in range(4))
    )
    await other.close()
    assert sorted(one.changes_nothing for one in done) == [False, True, True, True]
    stored = await dump(door)
    assert (len(stored["institution"]), len(stored["seat"]), len(stored["person"])) == (16, 28, 28)
    assert await audited(door, "roster.import") == ["new:29 changed:0"]


# --- rights and cost --------------------------------------------------------------------------------------------------


async def test_nobody_but_the_coordinator_of_the_body_imports_into_it(door: Door) -> None:
    """A coordinator imports into their own body; the same request into another body finds nothing, and so does a head's."""
    janow, ilawa = await enter(door), await enter(door, "lsr-ilawa")
    rows = (HEAD, f"{KIS};koordynator;;Ewa Lis;ewa@kis.example")
    for body in (janow, ilawa):
        await bring_in(door, body, *rows)
    [post] = await door.look(lambda uow: seats.posts_of(uow, OPERATOR, janow))
    coordinator = Actor(await accept(door, 501, post=post.id))
    head = Actor(await accept(door, 502, seat=(await seat_of(door, janow, "GOPS Modliborzyce", "head")).id))
    more = roster(*rows, DELEGATE)
    await door.act(lambda uow: rosters.import_roster(uow, coordinator, janow, more))
    assert (await seat_of(door, janow, "GOPS Modliborzyce", "delegate")).name == "Jan Kos"
    before = await dump(door)
    for actor, body in ((coordinator, ilawa), (head, janow), (Actor(999), janow), (coordinator, 999)):
        for act in (rosters.preview, rosters.import_roster):
            with pytest.raises(NotFound):
                await door.act(lambda uow, do=act, who=actor, where=body: do(uow, who, where, more))  # type: ignore[misc]
    with pytest.raises(NotFound):
        await door.act(lambda uow: rosters.import_roster(uow, OPERATOR, 999, more))
    assert await dump(door) == before


async def test_a_long_roster_costs_as_many_statements_as_a_short_one(door: Door) -> None:
    """Three rows or three hundred, new, unchanged or changed: the number of statements is the same."""

    def many(n: int, mark: str) -> tuple[str, ...]:
        schools = (
            f"Szkoła nr {i};S{i};C;edukacja;Janów;zwierzchnik;{mark};Anna {mark} {i};s{i}@szkola.example" for i in range(n)
        )
        return (*schools, f"Szkoła nr 0;S0;C;;;koordynator;{mark};;k@szkola.example")

    counted: list[list[int]] = []
    for n in (3, 300):
        body = await enter(door, f"body-{n}")
        counts = []
        for rows in (many(n, "a"), many(n, "a"), many(n, "b"), many(n + n, "b")):
            statements: list[str] = []

            def work(uow: UnitOfWork, statements: list[str] = statements, rows: tuple[str, ...] = rows, body: int = body) -> None:
                def note(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
                    statements.append(statement)

                event.listen(uow.connection, "before_cursor_execute", note)
                rosters.import_roster(uow, OPERATOR, body, roster(*rows))
                event.remove(uow.connection, "before_cursor_execute", note)

            await door.act(work)
            counts.append(len(statements))
        counted.append(counts)
    assert counted[0] == counted[1]
    assert max(counted[0]) < 25


async def test_ids_given_out_by_an_import_are_not_given_out_again(door: Door) -> None:
    """After an import the next body, person and seat get fresh numbers: an old button never points at a new row."""
    body = await enter(door)
    await bring_in(door, body, HEAD, DELEGATE)
    seat = await seat_of(door, body, "GOPS Modliborzyce", "head")
    handed = await door.act(lambda uow: seats.hand_over(uow, OPERATOR, seat.id, name="Ola Mak", email="ola@gops.example"))
    await bring_in(
        door, body, HEAD.replace("Anna Nowak;anna", "Ola Mak;ola"), DELEGATE, f"{SCHOOL};zwierzchnik;;Ida Las;ida@szkola.example"
    )
    stored = await dump(door)
    for table in (INSTITUTION, MEMBERSHIP, PERSON, SEAT):
        ids = [row[0] for row in stored[table.name]]
        assert len(set(ids)) == len(ids)
    assert max(int(str(row[0])) for row in stored["person"]) > (handed.holder or 0)
    counts = select(func.count()).select_from(INVITATION)
    assert await door.look(lambda uow: uow.execute(counts).scalar_one()) == 0
    assert await door.look(lambda uow: uow.execute(select(func.count()).select_from(POST)).scalar_one()) == 0
