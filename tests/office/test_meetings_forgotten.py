"""What meetings hold of people: shown to them, taken away with them, and forgotten by the clock; places for one meeting only."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlmodel import SQLModel
from tests.office.rich import BOGDAN, EMAIL, NAME, PROPOSED, REASON, ROWS, Rich, settle
from tests.office.rosters import GOPS, accept, bring_in, holder, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office import (
    desk,
    housekeeping,
    invitations,
    links,
    opening,
    people,
    privacy,
    retention,
    rounds,
    seats,
    sessions,
)
from konwent_bot.office.door import Door
from konwent_bot.office.own_meetings import HeldMeeting
from konwent_bot.office.rights import OPERATOR, Actor, offices
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import (
    AGENDA_ITEM,
    ATTENDANCE,
    CALENDAR_FEED,
    DIALOGUE,
    ENCLOSURE,
    MEETING,
    MEETING_ANSWER,
    MEETING_CALL,
    MEETING_GUEST,
    NAMES_A_PERSON,
    PERSON,
    SEAT,
)

OLA = 504


async def tick(door: Door) -> None:
    """Let the clock do all that is due."""
    while (await door.act(housekeeping.tick)).more:
        pass


async def ends(door: Door, made: Rich) -> datetime:
    """Say when the meeting ends."""
    found = await door.look(lambda uow: uow.execute(select(MEETING.c.ends_at).where(MEETING.c.id == made.meeting)).scalar_one())
    assert isinstance(found, datetime)
    return found


def naming(uow: UnitOfWork, person: int) -> set[str]:
    """Give the columns that refer to a person and name this one."""
    columns = [
        column
        for table in SQLModel.metadata.sorted_tables
        for column in table.c
        if any(key.column is PERSON.c.id for key in column.foreign_keys)
    ]
    return {str(column) for column in columns if uow.execute(select(column).where(column == person)).first()}


# --- erasing ----------------------------------------------------------------------------------------------------------


async def test_only_what_institutions_said_names_an_erased_person(door: Door) -> None:
    """Each table that can name a person names Żaneta; after her erasure those alone do that speak for institutions or the network."""
    made = await settle(door)
    every = {str(column) for t in SQLModel.metadata.tables.values() for column in t.c if _refers(column)}
    late = {"meeting.person_id"}  # which meeting was entered by whom: Ewa's
    assert await door.look(lambda uow: naming(uow, made.person)) == every - late
    await door.act(lambda uow: privacy.erase(uow, Actor(made.person), made.person))
    assert await door.look(lambda uow: naming(uow, made.person)) == {str(column) for column in NAMES_A_PERSON} - late


def _refers(column: object) -> bool:
    return any(key.column is PERSON.c.id for key in getattr(column, "foreign_keys", ()))


async def test_what_was_answered_stays_without_the_reason(door: Door) -> None:
    """Żaneta's institution has still answered, proposed and been present; nothing says why not, who was written to, or her calendar."""
    made = await settle(door)
    await door.act(lambda uow: privacy.erase(uow, Actor(made.person), made.person))

    def left(uow: UnitOfWork) -> list[list[tuple[object, ...]]]:
        found = (
            select(MEETING_ANSWER.c.answer, MEETING_ANSWER.c.reason, MEETING_ANSWER.c.person_id),
            select(AGENDA_ITEM.c.title, AGENDA_ITEM.c.person_id),
            select(ATTENDANCE.c.role, ATTENDANCE.c.person_id),
            select(MEETING_CALL.c.person_id, MEETING_CALL.c.email, MEETING_CALL.c.withdrawn_at.is_(None))
            .where(MEETING_CALL.c.seat_id.is_not(None))
            .order_by(MEETING_CALL.c.id),
            select(MEETING_GUEST.c.id),
            select(CALENDAR_FEED.c.person_id),
        )
        return [[tuple(row) for row in uow.execute(one)] for one in found]

    assert await door.look(left) == [
        [("no", "", made.person)],
        [(PROPOSED, made.person)],
        [("head", made.person)],
        [(None, "", False), (made.bogdan, "bogdan@gops.example", True)],
        [(made.guest,)],
        [],
    ]
    files = await door.look(lambda uow: uow.execute(select(ENCLOSURE.c.content)).scalars().all())
    assert [b"Bogdan" in one for one in files] == [True]


async def test_a_calendar_file_is_found_after_the_place_was_handed_over(door: Door) -> None:
    """Her seat is Ola's by now: what was sent to it about a meeting Żaneta was called to goes with her all the same."""
    made = await settle(door)
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, made.seat, name="Inna Osoba"))
    await door.act(lambda uow: privacy.erase(uow, OPERATOR, made.person))
    files = await door.look(lambda uow: uow.execute(select(ENCLOSURE.c.content)).scalars().all())
    assert [one for one in files if NAME.encode() in one] == []


async def test_a_roster_erases_no_guest_of_another_network(door: Door, clock: FixedClock) -> None:
    """Whoever writes a mayor's address into their roster and erases that name takes no guest from a neighbour's meeting."""
    made = await settle(door)
    await door.act(
        lambda uow: (
            uow.execute(update(MEETING_GUEST).values(email="maria@szkola.example").where(MEETING_GUEST.c.id == made.guest))
            and None
        )
    )
    other = await _elsewhere(door, "maria@szkola.example")
    await door.act(lambda uow: privacy.erase(uow, OPERATOR, other))
    assert await door.look(lambda uow: uow.execute(select(MEETING_GUEST.c.id).order_by(MEETING_GUEST.c.id)).scalars().all()) == [
        made.own_guest,
        made.guest,
    ]
    confirmed = await _elsewhere(door, "maria@szkola.example", confirmed_at=clock.now())
    await door.act(lambda uow: privacy.erase(uow, OPERATOR, confirmed))
    assert await door.look(lambda uow: uow.execute(select(MEETING_GUEST.c.id)).scalars().all()) == [made.own_guest]


async def _elsewhere(door: Door, email: str, confirmed_at: datetime | None = None) -> int:
    """Make somebody with an address and no place here."""

    def make(uow: UnitOfWork) -> int:
        person = seats.newcomer(uow, "Ktoś", email)
        uow.execute(update(PERSON).where(PERSON.c.id == person).values(email_confirmed_at=confirmed_at))
        return person

    return await door.act(make)


@pytest.mark.parametrize("act", ["erase", "leave"])
async def test_who_is_called_is_looked_at_anew(door: Door, act: str) -> None:
    """Żaneta is gone: the clock is to see at once who is called to the meeting in her stead."""
    made = await settle(door)
    wanted = select(MEETING.c.next_step_at).where(MEETING.c.id == made.meeting)
    assert await door.look(lambda uow: uow.execute(wanted).scalar_one()) is None
    if act == "erase":
        await door.act(lambda uow: privacy.erase(uow, OPERATOR, made.person))
    else:
        await door.act(lambda uow: privacy.leave(uow, made.person))
    assert await door.look(lambda uow: uow.execute(wanted).scalar_one() == uow.now)


async def test_leaving_ends_the_calendar(door: Door) -> None:
    """The secret address of her calendar shows nothing any more once Żaneta has left."""
    made = await settle(door)
    await door.act(lambda uow: privacy.leave(uow, made.person))
    assert await door.look(lambda uow: uow.execute(select(CALENDAR_FEED)).all()) == []


# --- seeing -----------------------------------------------------------------------------------------------------------


async def test_what_meetings_hold_of_somebody_is_shown_to_them(door: Door) -> None:
    """Żaneta sees where she was called, what she answered and why, what she proposed and noted; and that her calendar has an address."""
    made = await settle(door)
    held = await door.look(lambda uow: privacy.held(uow, made.person))
    kinds = [one.kind for one in held.meetings]
    assert kinds == ["called", "answer", "poll", "agenda", "attendance", "material", "report", "reminder", "group"]
    found: dict[str, HeldMeeting] = {one.kind: one for one in held.meetings}
    gops = GOPS.split(";")[0]
    assert (found["answer"].institution, found["answer"].said) == (gops, {"answer": "no", "reason": REASON})
    assert found["called"].said["email"] == EMAIL
    assert found["agenda"].said["title"] == PROPOSED
    assert found["report"].said["answers"] == {"joined": 7}
    assert held.calendar_since is not None
    ewa = await door.look(lambda uow: privacy.held(uow, made.ewa))
    assert ([one.kind for one in ewa.meetings], ewa.calendar_since) == (["entered"], None)
    assert REASON not in repr(ewa)


async def test_a_place_for_one_meeting_is_shown_with_its_day(door: Door) -> None:
    """Ola sees that she is a substitute, and of which day."""
    made = await settle(door)
    ola = await accept(door, OLA, seat=made.substitute)
    held = await door.look(lambda uow: privacy.held(uow, ola))
    assert [(one.kind, one.only_on) for one in held.places] == [("substitute", (await ends(door, made)).date())]


# --- the clock --------------------------------------------------------------------------------------------------------


async def test_guests_are_known_for_a_year(door: Door, clock: FixedClock) -> None:
    """Twelve months on, nothing says who from outside was asked, where anybody was written to, or why they did not come."""
    made = await settle(door)
    end = await ends(door, made)

    def left(uow: UnitOfWork) -> tuple[int, list[str], list[tuple[str, str]]]:
        answers = uow.execute(select(MEETING_ANSWER.c.answer, MEETING_ANSWER.c.reason)).all()
        addresses = uow.execute(select(MEETING_CALL.c.email).order_by(MEETING_CALL.c.id)).scalars().all()
        return len(uow.execute(select(MEETING_GUEST)).all()), list(addresses), [(row.answer, row.reason) for row in answers]

    clock.move(end.replace(year=end.year + retention.GUEST_MONTHS // 12) - clock.now())
    await tick(door)
    assert await door.look(left) == (2, [EMAIL, "bogdan@gops.example", "", ""], [("no", REASON)])
    clock.move(timedelta(seconds=1))
    await tick(door)
    assert await door.look(left) == (0, ["", ""], [("no", "")])


@pytest.mark.parametrize("status", ["open", "done"])
async def test_a_conversation_about_anything_but_a_card_is_forgotten_in_a_month(
    door: Door, clock: FixedClock, status: str
) -> None:
    """Ewa began to plan the year and did not go on, or finished: thirty days after her last word the conversation is gone."""
    made = await settle(door)

    def begin(uow: UnitOfWork) -> None:
        talk = {
            "person_id": made.ewa,
            "definition_id": 1,
            "subject": "plan.year:1",
            "body_id": made.body,
            "state": "{}",
            "turn": 1,
        }
        values = talk | {"status": status, "turned_at": uow.now, "created_at": uow.now - timedelta(days=20)}
        uow.execute(insert(DIALOGUE).values(values))

    await door.act(begin)
    mine = select(DIALOGUE.c.id).where(DIALOGUE.c.subject == "plan.year:1")
    clock.move(timedelta(days=30))
    await tick(door)
    assert await door.look(lambda uow: uow.execute(mine).first()) is not None
    clock.move(timedelta(seconds=1))
    await tick(door)
    assert await door.look(lambda uow: uow.execute(mine).first()) is None
    cards = select(DIALOGUE.c.id).where(DIALOGUE.c.round_id == made.round)
    assert await door.look(lambda uow: uow.execute(cards).first()) is not None, "a card's waits for its round"


async def test_a_substitute_for_one_meeting_is_nobody_a_week_after_it(door: Door, clock: FixedClock) -> None:
    """Ola's place, her session and her links end seven days after the meeting; a month later she is forgotten altogether."""
    made = await settle(door)
    ola = await accept(door, OLA, seat=made.substitute)
    clock.move(await ends(door, made) + timedelta(days=7) - clock.now())
    await tick(door)
    assert await holder(door, made.substitute) == ola
    cookie = await door.act(lambda uow: sessions.begin(uow, ola, browser=sessions.new_cookie(), came_by="link:0"))
    link = await door.act(lambda uow: links.issue(uow, ola, "enter").token)
    clock.move(timedelta(seconds=1))
    await tick(door)
    seat = await door.look(lambda uow: uow.execute(select(SEAT).where(SEAT.c.id == made.substitute)).one())
    assert (seat.person_id, seat.name, seat.email, seat.title) == (None, "", "", "")
    assert await door.look(lambda uow: sessions.find(uow, cookie)) is None
    with pytest.raises(Refused):
        await door.look(lambda uow: links.look(uow, link, "enter"))
    clock.move(timedelta(days=31))
    await tick(door)
    assert "Ola Mak" not in repr(await door.look(lambda uow: uow.execute(select(PERSON)).all()))


async def test_who_keeps_another_place_stays_signed_in(door: Door, clock: FixedClock) -> None:
    """Bogdan was the substitute of a colleague: when that place ends he is still the delegate, and his browser still his."""
    made = await settle(door)
    assert await accept(door, BOGDAN, seat=made.substitute) == made.bogdan
    clock.move(await ends(door, made) + timedelta(days=7, seconds=1) - clock.now())
    cookie = await door.act(lambda uow: sessions.begin(uow, made.bogdan, browser=sessions.new_cookie(), came_by="link:0"))
    await tick(door)
    assert await holder(door, made.substitute) is None
    assert await door.look(lambda uow: sessions.find(uow, cookie)) is not None


async def test_an_unused_invitation_ends_with_the_place(door: Door, clock: FixedClock) -> None:
    """Ola never opened her invitation: a week after the meeting it opens nothing, and her name is gone."""
    made = await settle(door)
    clock.move(timedelta(days=9))
    issued = await door.act(lambda uow: invitations.issue(uow, OPERATOR, seat=made.substitute))
    clock.move(timedelta(days=9))
    await tick(door)
    with pytest.raises(Refused):
        await door.act(lambda uow: invitations.accept(uow, issued.token, caller=OLA, language="pl"))
    assert "Ola Mak" not in repr(await door.look(lambda uow: uow.execute(select(PERSON)).all()))


# --- a place for one meeting opens nothing else -----------------------------------------------------------------------


async def test_a_place_for_one_meeting_opens_nothing_of_the_institution(door: Door) -> None:
    """Ola may come to one meeting: she has no office in the network, no card to fill in, and gets no post by that place."""
    made = await settle(door)
    ola = await accept(door, OLA, seat=made.substitute)
    assert await door.look(lambda uow: offices(uow, Actor(ola), made.body, made.membership)) == frozenset()
    assert await door.look(lambda uow: rounds.matters(uow, ola)) == []
    known = await door.look(lambda uow: people.by_telegram(uow, OLA))
    assert known is not None
    with pytest.raises(NotFound):
        await door.act(lambda uow: opening.open_card(uow, known, made.round, made.membership))
    for actor in (OPERATOR, Actor(made.ewa)):
        with pytest.raises(NotFound):
            await door.act(lambda uow, a=actor: seats.give_post(uow, a, made.body, "chair", seat=made.substitute))  # type: ignore[misc]  # default in a lambda
    with pytest.raises(NotFound):
        await door.look(lambda uow: desk.institution(uow, Actor(ola), made.membership))


async def test_lists_of_standing_places_do_not_count_it(door: Door) -> None:
    """The coordinator's lists, their figures and who can be reached for a card speak of places that are for good."""
    made = await settle(door)
    before = await _lists(door, made)
    await accept(door, OLA, seat=made.substitute)
    assert await _lists(door, made) == before
    assert made.substitute not in {one.id for one in await door.look(lambda uow: seats.seats_of(uow, OPERATOR, made.body))}


async def _lists(door: Door, made: Rich) -> list[object]:
    def read(uow: UnitOfWork) -> list[object]:
        ewa = Actor(made.ewa)
        coverage = rounds.coverage(uow, ewa, made.round)
        vacant = [(one.seat, one.post) for one in desk.vacant(uow, ewa, made.body)]
        return [desk.members(uow, ewa, made.body), desk.institution(uow, ewa, made.membership), coverage, vacant]

    return await door.look(read)


async def test_only_it_does_not_make_an_institution_reachable(door: Door) -> None:
    """Head and delegate are gone; a substitute of one meeting cannot fill in the card, so nobody can be asked for it."""
    made = await settle(door)
    await accept(door, OLA, seat=made.substitute)
    delegate = await seat_of(door, made.body, "GOPS Modliborzyce", "delegate")
    for seat in (made.seat, delegate.id):
        await door.act(lambda uow, s=seat: seats.vacate(uow, OPERATOR, s) and None)  # type: ignore[misc]  # default in a lambda
    found = await door.look(lambda uow: rounds.coverage(uow, Actor(made.ewa), made.round))
    assert {row.institution: row.reachable for row in found.rows}["GOPS Modliborzyce"] is False


async def test_a_roster_neither_takes_nor_ends_it(door: Door) -> None:
    """A roster is imported again, then with a substitute for good: Ola's place stays hers, and the new one has the next number."""
    made = await settle(door)
    ola = await accept(door, OLA, seat=made.substitute)
    row = select(SEAT).where(SEAT.c.id == made.substitute)
    before = await door.look(lambda uow: tuple(uow.execute(row).one()))
    assert (await bring_in(door, made.body, *ROWS)).changes_nothing
    await bring_in(door, made.body, *ROWS, f"{GOPS};zastępca;księgowa;Irena Sok;irena@gops.example")
    assert await door.look(lambda uow: tuple(uow.execute(row).one())) == before
    assert ola in before
    irena = await seat_of(door, made.body, "GOPS Modliborzyce", "substitute", 2)
    assert irena.name == "Irena Sok"


# --- who was called is still to be told -------------------------------------------------------------------------------


async def test_a_called_name_of_the_roster_is_not_deleted_at_once(door: Door, clock: FixedClock) -> None:
    """Maria was called by letter and never joined; her place is handed over: she can still be told, and a month later is forgotten."""
    made = await settle(door)
    maria = await seat_of(door, made.body, "Zespół szkół", "head")
    person = await holder(door, maria.id)
    assert person is not None
    call = {"meeting_id": made.meeting, "seat_id": maria.id, "person_id": person, "email": maria.email, "revision": 1, "told": 1}
    await door.act(lambda uow: uow.execute(insert(MEETING_CALL).values(call)) and None)
    await door.act(lambda uow: seats.hand_over(uow, OPERATOR, maria.id, name="Piotr Bąk"))
    named = select(PERSON.c.id).where(PERSON.c.id == person)
    assert await door.look(lambda uow: uow.execute(named).first()) is not None
    await tick(door)
    clock.move(timedelta(days=31))
    await tick(door)
    assert await door.look(lambda uow: uow.execute(named).first()) is None


async def test_a_call_follows_whoever_proves_to_be_the_person_called(door: Door) -> None:
    """Maria was called as a name of the roster, and turns out to be Bogdan's account: the call is his, and nothing is left of the name."""
    made = await settle(door)
    maria = await seat_of(door, made.body, "Zespół szkół", "head")
    person = await holder(door, maria.id)
    call = {"meeting_id": made.meeting, "seat_id": maria.id, "person_id": person, "email": maria.email, "revision": 1, "told": 1}
    await door.act(lambda uow: uow.execute(insert(MEETING_CALL).values(call)) and None)
    assert await accept(door, BOGDAN, seat=maria.id) == made.bogdan
    whose = select(MEETING_CALL.c.person_id).where(MEETING_CALL.c.seat_id == maria.id)
    assert await door.look(lambda uow: uow.execute(whose).scalar_one()) == made.bogdan
