"""Polls for a date: asked once, answered by institutions, reminded of once, ended by the clock, decided by the coordinator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from sqlalchemy import update
from tests.office.meetings.calling import ANNA, BOGDAN, CLUB, IDA, OLGA, Calling, elsewhere
from tests.office.meetings.calling import GOPS_M as G
from tests.office.meetings.calling import KIS_J as K
from tests.office.meetings.calling import LIBRARY_M as L
from tests.office.meetings.calling import OPS_J as O
from tests.office.meetings.calling import PARISH_M as P
from tests.office.meetings.calling import SCHOOL_M as S
from tests.office.rosters import dump

from konwent_bot import i18n
from konwent_bot.clock import FixedClock
from konwent_bot.errors import NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import confirming, convening, entering, facts, poll_opening, polls
from konwent_bot.office.meetings.poll_opening import PollOpened
from konwent_bot.office.meetings.polls import Poll
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import House
from konwent_bot.store.engines import open_store
from konwent_bot.store.tables import MEMBERSHIP

#: Tuesday, Wednesday and Thursday three weeks from the Monday of the tests; answers until the Friday before.
DATES: Final = ("2026-12-15T10:00", "2026-12-16T10:00", "2026-12-17T12:30")
UNTIL: Final = "2026-12-11"
POLL: Final[dict[str, Any]] = {
    "kind": "strategic", "length": "m120", "mode": "in_person", "place": "Urząd Gminy, sala 7", "count": 3, "date1": DATES[0],
    "date2": DATES[1], "date3": DATES[2], "until": UNTIL, "topic": "Wspólny plan staży",
}  # fmt: skip


async def opened(network: Calling, **changed: Any) -> int:
    """Open a poll; give its meeting."""
    given = PollOpened.model_validate({key: value for key, value in (POLL | changed).items() if value is not None})
    subject = Subject("poll.open", network.body)
    done = await network.door.act(lambda uow: poll_opening.open_poll(uow, network.ewa, subject, given))
    assert done.meeting is not None
    return done.meeting


async def read(network: Calling, meeting: int) -> Poll:
    """Give a poll as it stands."""
    return await network.door.look(lambda uow: polls.read(uow, facts.get(uow, meeting)))


async def say(network: Calling, meeting: int, who: int, institution: str, *answers: str) -> None:
    """Let somebody answer for an institution, date by date."""
    poll = await read(network, meeting)
    membership = await network.membership_of(institution)
    for one, said in zip(poll.dates, answers, strict=False):
        await network.door.act(
            lambda uow, one=one, said=said: polls.answer(uow, network.by(who), one.id, membership, said)  # type: ignore[misc]  # mypy sees no default
        )


async def told(network: Calling) -> list[tuple[str, str]]:
    """Let the courier send what is due; give who was told what."""
    names = await network.seat_names()
    return sorted((names.get(one.recipient, one.recipient), one.occasion) for one in await network.deliver())


async def test_every_institution_is_asked_once_through_its_proper_person(network: Calling) -> None:
    """Heads for a strategic meeting, who can be reached; the message names the dates and the last day, and nobody is called yet."""
    meeting = await opened(network)
    sent = await network.deliver()
    names = await network.seat_names()
    assert sorted(names[one.recipient] for one in sent) == [f"{L} delegate", f"{G} head", f"{O} delegate", f"{S} head"]
    for one in sent:
        assert one.occasion == "poll.opened"
        for words in (
            "wtorek, 15 grudnia 2026, 10:00",
            "środa, 16 grudnia 2026",
            "czwartek, 17 grudnia 2026, 12:30",
            "Wspólny plan staży",
            "Odpowiedzi do: <b>piątek, 11 grudnia 2026</b>",
        ):
            assert words in one.said
        assert not one.files
    stands = await network.meeting(meeting)
    assert (stands.status, stands.convened_at) == ("proposed", None)
    await network.tick()
    assert await network.deliver() == []


async def test_either_representative_answers_and_the_last_answer_counts(network: Calling) -> None:
    """Anna answers, Bogdan changes: the institution has one answer to each date, its own."""
    meeting = await opened(network)
    await say(network, meeting, ANNA, G, "yes", "no", "if_need_be")
    await say(network, meeting, BOGDAN, G, "if_need_be")
    poll = await read(network, meeting)
    gops = await network.membership_of(G)
    assert [one.said.get(gops) for one in poll.dates] == ["if_need_be", "no", "if_need_be"]
    assert [(one.tally.yes, one.tally.if_need_be, one.tally.no, one.tally.silent) for one in poll.dates] == [
        (0, 1, 0, 5), (0, 0, 1, 5), (0, 1, 0, 5),
    ]  # fmt: skip
    assert gops not in poll.silent
    assert len(poll.silent) == 5


@pytest.mark.parametrize("case", ["another institution", "another network", "nonsense", "no such date"])
async def test_nobody_answers_for_others(network: Calling, case: str) -> None:
    """What is not one's own does not exist, and nothing is kept."""
    meeting = await opened(network)
    date = (await read(network, meeting)).dates[0].id
    gops, ops = await network.membership_of(G), await network.membership_of(O)
    other = await elsewhere(network)
    actor, membership, said = {
        "another institution": (network.by(OLGA), gops, "yes"),
        "another network": (other.by(IDA), gops, "yes"),
        "nonsense": (network.by(OLGA), ops, "maybe"),
        "no such date": (network.by(OLGA), ops, "yes"),
    }[case]
    number = date + 99 if case == "no such date" else date
    before = await dump(network.door)
    with pytest.raises(NotFound):
        await network.door.act(lambda uow: polls.answer(uow, actor, number, membership, said))
    assert await dump(network.door) == before


async def test_the_silent_are_reminded_once_and_nobody_else(network: Calling) -> None:
    """At noon of the day before the last one; who has answered every date hears nothing, who left one out does."""
    meeting = await opened(network)
    await network.deliver()
    await say(network, meeting, ANNA, G, "yes", "no", "no")
    await say(network, meeting, OLGA, O, "yes")
    network.at("2026-12-10T11:59")
    await network.tick()
    assert await told(network) == []
    network.at("2026-12-10T12:00")
    await network.tick()
    await network.tick()
    assert await told(network) == [
        (f"{L} delegate", "poll.reminder"),
        (f"{O} delegate", "poll.reminder"),
        (f"{S} head", "poll.reminder"),
    ]
    network.at("2026-12-11T12:00")
    await network.tick()
    assert await told(network) == []


async def test_an_answer_between_the_tick_and_the_courier_stops_the_reminder(network: Calling) -> None:
    """Asked once more immediately before sending."""
    meeting = await opened(network)
    await network.deliver()
    network.at("2026-12-10T12:00")
    await network.tick()
    await say(network, meeting, OLGA, O, "no", "no", "no")
    assert (f"{O} delegate", "poll.reminder") not in await told(network)


async def test_a_poll_of_a_day_is_reminded_of_in_its_middle(network: Calling) -> None:
    """Where noon of the day before is over already, half of the time is left to answer."""
    await opened(network, until="2026-11-24")
    await network.deliver()
    network.at("2026-11-24T04:59")
    await network.tick()
    assert await told(network) == []
    network.at("2026-11-24T05:00")
    await network.tick()
    assert await told(network) == [], "it is night"
    network.at("2026-11-24T07:00")
    assert len(await told(network)) == 4


async def test_the_clock_ends_it_and_names_the_best_date_in_words(network: Calling) -> None:
    """At the end of the last day; the coordinator is told the figures, the rule, and whether that is a quorum. Nobody else hears."""
    meeting = await opened(network)
    await network.deliver()
    await say(network, meeting, ANNA, G, "yes", "yes", "no")
    await say(network, meeting, OLGA, O, "no", "if_need_be", "no")
    network.at("2026-12-11T23:59")
    await network.tick()
    assert [what for _, what in await told(network) if what == "poll.closed"] == []
    network.at("2026-12-12T00:00")
    await network.tick()
    network.at("2026-12-14T08:00")
    closed = [one for one in await network.deliver() if one.occasion == "poll.closed"]
    assert len(closed) == 1
    assert closed[0].recipient.startswith("post:")
    assert "Najlepszy termin to środa, 16 grudnia 2026, 10:00: 1 tak, 1 w razie potrzeby, 4 bez odpowiedzi – " in closed[0].said
    assert "najwięcej instytucji może przyjść" in closed[0].said
    assert "To za mało na kworum (3)" in closed[0].said
    with pytest.raises(Refused, match="poll is over"):
        await say(network, meeting, ANNA, G, "no")
    waiting = await network.door.look(lambda uow: polls.over(uow, network.ewa.person or 0))
    assert [one.meeting.id for one in waiting] == [meeting]


async def test_the_chosen_date_becomes_the_meetings_and_people_are_called_as_usual(network: Calling) -> None:
    """Planned from then on; those who will be called are told the date; calling it, moving it and reminding go on as with any other."""
    meeting = await opened(network)
    await say(network, meeting, ANNA, G, "yes", "yes", "no")
    await network.deliver()
    date = (await read(network, meeting)).dates[1]
    chosen = await network.door.act(lambda uow: polls.choose(uow, network.ewa, date.id))
    assert (chosen.status, chosen.wall, chosen.poll_until) == ("planned", datetime.fromisoformat("2026-12-16T10:00"), None)
    assert chosen.starts_at == datetime(2026, 12, 16, 9, tzinfo=UTC)
    sent = await network.deliver()
    assert {one.occasion for one in sent} == {"meeting.plan"}
    assert len(sent) == 4
    assert all("środa, 16 grudnia 2026, 10:00" in one.said for one in sent)
    called = await network.call(meeting)
    assert called.status == "convened"
    assert {what for _, what in await told(network)} == {"meeting.invitation"}
    with pytest.raises(NotFound):
        await read(network, meeting)


async def test_a_chosen_date_that_is_near_is_called_by_the_clock_next_morning(network: Calling) -> None:
    """There is time to add an agenda; nobody has to press anything more."""
    meeting = await opened(network)
    date = (await read(network, meeting)).dates[0]
    await network.door.act(lambda uow: polls.choose(uow, network.ewa, date.id))
    await network.tick()
    assert (await network.meeting(meeting)).status == "planned"
    network.at("2026-11-24T09:00")
    await network.tick()
    assert (await network.meeting(meeting)).status == "convened"


@pytest.fixture
async def second_door(database_url: str, clock: FixedClock, house: House) -> AsyncIterator[Door]:
    """A second process at the same database."""
    store = open_store(database_url)
    yield Door(store, clock, house)
    await store.close()


async def test_two_choices_at_once_choose_one_date(network: Calling, second_door: Door) -> None:
    """Of two dates chosen at the same moment one counts and the other is refused; the same one chosen twice is chosen once."""
    meeting = await opened(network)
    first, second, _ = (await read(network, meeting)).dates
    came = await asyncio.gather(
        network.door.act(lambda uow: polls.choose(uow, network.ewa, first.id)),
        second_door.act(lambda uow: polls.choose(uow, network.ewa, second.id)),
        return_exceptions=True,
    )
    refused = [one for one in came if isinstance(one, Refused)]
    assert len(refused) == 1
    stands = await network.meeting(meeting)
    winner = first if stands.day == first.day else second
    again = await network.door.act(lambda uow: polls.choose(uow, network.ewa, winner.id))
    assert again == stands


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"count": 2, "date2": DATES[0]}, "is among the dates twice"),
        ({"date1": "2026-11-23T09:00"}, "has passed already"),
        ({"date1": "2026-11-20T10:00", "until": "2026-11-19"}, "has passed already"),
        ({"until": "2026-12-15"}, "Answers must end before that day"),
        ({"until": "2026-11-22"}, "is over already"),
        ({"date3": None}, ""),
        (
            {"date2": "2027-03-28T02:30", "date1": "2027-03-27T10:00", "date3": None, "count": 2, "until": "2027-03-01"},
            "there is no",
        ),
    ],
)
async def test_what_cannot_be_asked_is_refused_and_asks_nobody(network: Calling, changed: dict[str, Any], said: str) -> None:
    """A date twice, over, or at an hour that does not exist; a last day that is over or too late. One date less is fine."""
    before = await dump(network.door)
    if not said:
        assert len((await read(network, await opened(network, **changed))).dates) == 2
        return
    with pytest.raises(Refused) as refusal:
        await opened(network, **changed)
    assert said in i18n.translator("en").say(refusal.value)
    assert await dump(network.door) == before


async def test_one_date_is_no_poll(network: Calling) -> None:
    """Of one date there is nothing to choose."""
    with pytest.raises(ValueError, match="count"):
        await opened(network, count=1)


async def test_only_who_coordinates_opens_and_chooses(network: Calling) -> None:
    """For everybody else there is no such thing."""
    meeting = await opened(network)
    date = (await read(network, meeting)).dates[0].id
    other = await elsewhere(network)
    given = PollOpened.model_validate(POLL)
    for actor in (network.by(ANNA), other.ewa):
        with pytest.raises(NotFound):
            await network.door.act(lambda uow, actor=actor: polls.choose(uow, actor, date))  # type: ignore[misc]  # mypy sees no default
        with pytest.raises(NotFound):
            await network.door.act(
                lambda uow, actor=actor: poll_opening.open_poll(uow, actor, Subject("poll.open", network.body), given)  # type: ignore[misc]  # mypy sees no default
            )
    with pytest.raises(NotFound):
        await network.door.look(lambda uow: polls.see(uow, other.by(IDA), meeting))


async def test_while_a_date_is_looked_for_nobody_is_called_and_nothing_else_moves_it(network: Calling) -> None:
    """Calling, changing by the plan and confirming the year leave it alone; a date that has passed meanwhile cannot be chosen."""
    meeting = await opened(network)
    date = (await read(network, meeting)).dates[0].id
    with pytest.raises(Refused):
        await network.door.act(lambda uow: convening.convene(uow, network.ewa, meeting))
    with pytest.raises(Refused):
        await network.door.act(
            lambda uow: entering.may_adjust(uow, network.ewa, Subject("meeting.adjust", network.body, meeting=meeting))
        )
    with pytest.raises(Refused):
        await network.change(meeting, moment="2026-12-20T10:00")
    with pytest.raises(Refused):
        await network.cancel(meeting)
    with pytest.raises(Refused):
        await network.door.act(lambda uow: confirming.confirm(uow, network.ewa, network.body, 2026))
    network.at("2026-12-15T10:00")
    await network.tick()
    assert (await network.meeting(meeting)).status == "proposed"
    with pytest.raises(Refused, match="passed already"):
        await network.door.act(lambda uow: polls.choose(uow, network.ewa, date))
    best = (await read(network, meeting)).best
    assert best is None


async def test_a_meeting_taken_off_ends_its_poll_and_tells_who_was_asked(network: Calling) -> None:
    """Once, and only those who got the question."""
    meeting = await opened(network)
    asked = {who for who, _ in await told(network)}
    await network.door.act(lambda uow: entering.drop(uow, network.ewa, meeting))
    assert await told(network) == sorted((who, "poll.dropped") for who in asked)
    unsent = await opened(network)
    await network.door.act(lambda uow: entering.drop(uow, network.ewa, unsent))
    assert await told(network) == []
    network.at("2026-12-12T00:00")
    await network.tick()
    assert await told(network) == []


async def test_who_joins_is_counted_and_who_leaves_is_not(network: Calling) -> None:
    """The figures are of the institutions that belong now."""
    meeting = await opened(network)
    await say(network, meeting, ANNA, G, "yes", "yes", "yes")
    assert set((await read(network, meeting)).asked.values()) == {G, S, L, O, P, K}
    await network.import_rows(f"{CLUB};zwierzchnik;dyrektor;Iwo Bas;iwo@dom.example")
    gops = await network.membership_of(G)
    gone = update(MEMBERSHIP).where(MEMBERSHIP.c.id == gops)
    await network.door.act(lambda uow: uow.execute(gone.values(left_on=uow.today)) and None)
    poll = await read(network, meeting)
    assert "Dom Kultury" in poll.asked.values()
    assert gops not in poll.asked
    assert poll.dates[0].tally.yes == 0
    assert await network.door.look(lambda uow: polls.unanswered(uow, network.persons[ANNA])) == []


async def test_a_person_is_asked_about_each_institution_once(network: Calling) -> None:
    """What awaits Olga is the poll until she has said something to every date."""
    meeting = await opened(network)
    mine = await network.door.look(lambda uow: polls.unanswered(uow, network.persons[OLGA]))
    assert [(poll.meeting.id, poll.asked[membership]) for poll, membership in mine] == [(meeting, O)]
    await say(network, meeting, OLGA, O, "yes", "no", "no")
    assert await network.door.look(lambda uow: polls.unanswered(uow, network.persons[OLGA])) == []
    assert await network.door.look(lambda uow: polls.unanswered(uow, 10**9)) == []


async def test_the_operator_may_open_one_too(network: Calling) -> None:
    """Whoever runs the installation may do what the coordinator does."""
    given = PollOpened.model_validate(POLL)
    done = await network.door.act(lambda uow: poll_opening.open_poll(uow, Actor(), Subject("poll.open", network.body), given))
    assert done.meeting is not None
