"""How long what is for: the clock forgets what has had its time, body by body, and nothing before."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import FromClause, func, insert, select
from tests.conversations.house import dump
from tests.office.rich import DRAFT, LATE, SENT, TELEGRAM, Rich, opened, settle, spoken_of
from tests.office.rosters import accept, enter, seat_of

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, NotFound
from konwent_bot.office import audit_chain, dialogues, housekeeping, privacy, retention, seats
from konwent_bot.office.dialogues import Touch
from konwent_bot.office.door import Door
from konwent_bot.office.retention import DEFAULT_MONTHS, PEOPLE
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import AUDIT_ENTRY, BODY, CARD, CARD_ROUND, CARD_VERSION, DIALOGUE, PERSON, SEAT, UPLOAD


async def tick(door: Door) -> None:
    """Let the clock strike until nothing more is due."""
    for _ in range(60):
        if not (await door.act(housekeeping.tick)).forgotten:
            return
    raise AssertionError("the clock finds something to forget for ever")


async def count(door: Door, what: FromClause) -> int:
    """Count the rows of a selection."""
    return int(await door.look(lambda uow: uow.execute(select(func.count()).select_from(what)).scalar_one()))


async def closes(door: Door, made: Rich) -> datetime:
    """Give when the round closes."""
    found = select(CARD_ROUND.c.closes_at).where(CARD_ROUND.c.id == made.round)
    return await door.look(lambda uow: uow.execute(found).scalar_one())


async def said(door: Door, *words: str) -> list[str]:
    """Give those of these words that stand in any column."""
    stored = repr(await dump(door.store)) + repr([json.loads(one) for one in await _json(door)])
    return [word for word in words if word in stored]


async def _json(door: Door) -> list[str]:
    both = (CARD.c.answers, CARD_VERSION.c.answers, DIALOGUE.c.state)
    return [one for column in both for one in await door.look(lambda uow, c=column: uow.execute(select(c)).scalars().all())]  # type: ignore[misc]  # default in a lambda


# --- drafts -----------------------------------------------------------------------------------------------------------


async def test_a_draft_goes_a_month_after_its_round(door: Door, clock: FixedClock) -> None:
    """Thirty days after closing the unsent words are there, a second later they are not; the sent card is."""
    made = await settle(door)
    last = await closes(door, made) + timedelta(days=30)
    clock.move(last - clock.now())
    await tick(door)
    assert await said(door, DRAFT, LATE) == [DRAFT, LATE]
    clock.move(timedelta(seconds=1))
    await tick(door)
    assert await said(door, DRAFT, LATE, SENT) == [SENT]
    assert await count(door, DIALOGUE) == 0
    shown = select(PERSON.c.dialogue_id).where(PERSON.c.id == made.person)
    assert await door.look(lambda uow: uow.execute(shown).scalar_one()) is None


async def test_a_finished_conversation_stays_till_the_months_are_over(door: Door, clock: FixedClock) -> None:
    """What was asked and when is worth as long as the card's texts; it holds no answers."""
    made = await settle(door)

    def send(uow: UnitOfWork) -> None:
        talk = opened(uow, TELEGRAM, made.round, made.membership, change=True)
        talk = dialogues.touch(uow, TELEGRAM, Touch(talk.id, talk.state.turn, "answer", "4")) if talk.state.cursor else talk
        if talk.state.cursor:
            said_ = dialogues.say(uow, TELEGRAM, SENT, lambda _, p: p, message=3 * 10**9, written_at=uow.now)
            assert said_ is not None
            talk = said_
        assert dialogues.touch(uow, TELEGRAM, Touch(talk.id, talk.state.turn, "confirm")).submitted

    await door.act(send)
    clock.move(await closes(door, made) + timedelta(days=31) - clock.now())
    await tick(door)
    assert await count(door, DIALOGUE) == 1
    assert await count(door, CARD_VERSION) == 2


# --- cards ------------------------------------------------------------------------------------------------------------


async def test_texts_of_cards_go_when_the_months_are_over(door: Door, clock: FixedClock) -> None:
    """After sixty months the free text and the versions are gone; the answers on scales stay, and so does the record."""
    made = await settle(door)
    end = await closes(door, made)
    clock.move(end.replace(year=end.year + DEFAULT_MONTHS // 12) - clock.now())
    await tick(door)
    assert await said(door, SENT) == [SENT]
    entries = await count(door, AUDIT_ENTRY)
    clock.move(timedelta(seconds=1))
    await tick(door)
    assert await said(door, SENT) == []
    assert await count(door, CARD_VERSION) == 0
    answers = json.loads(await door.look(lambda uow: uow.execute(select(CARD.c.answers)).scalar_one()))
    assert answers["goals"] == 4
    assert set(answers) & set(retention.FREE_TEXTS) == set()
    assert await count(door, AUDIT_ENTRY) == entries
    chain = await door.look(lambda uow: audit_chain.verify(uow, made.body))
    assert chain.broken_at is None


async def test_each_body_has_its_own_months(door: Door, clock: FixedClock) -> None:
    """A network that chose a year forgets after a year; its neighbour, which chose nothing, does not."""
    made = await settle(door)
    other = await enter(door, "lsr-ilawa")
    await door.act(lambda uow: retention.choose(uow, OPERATOR, other, 12))
    end = await closes(door, made)
    clock.move(end.replace(year=end.year + 2) - clock.now())
    await tick(door)
    assert await said(door, SENT) == [SENT]
    await door.act(lambda uow: retention.choose(uow, OPERATOR, made.body, 12))
    await tick(door)
    assert await said(door, SENT) == []
    assert await door.look(lambda uow: (retention.months(uow, made.body), retention.months(uow, other))) == (12, 12)


async def test_choosing_keeps_other_rules_of_the_body(door: Door) -> None:
    """The rule is the operator's to set, within reason, and is in the record; what else the body chose stays."""
    made = await settle(door)
    assert await door.look(lambda uow: retention.months(uow, made.body)) == 60
    for number in (5, 0, -1, 241):
        with pytest.raises(Invalid):
            await door.act(lambda uow, n=number: retention.choose(uow, OPERATOR, made.body, n))  # type: ignore[misc]  # default in a lambda
    for actor, body in ((Actor(made.ewa), made.body), (Actor(made.person), made.body), (OPERATOR, 10**6)):
        with pytest.raises(NotFound):
            await door.act(lambda uow, a=actor, b=body: retention.choose(uow, a, b, 24))  # type: ignore[misc]  # defaults in a lambda
    await door.act(lambda uow: uow.execute(BODY.update().values(settings={"quorum": "half"})) and None)
    await door.act(lambda uow: retention.choose(uow, OPERATOR, made.body, 24))
    kept = await door.look(lambda uow: uow.execute(select(BODY.c.settings).where(BODY.c.id == made.body)).scalar_one())
    assert kept == {"quorum": "half", "retention_months": 24}
    entry = select(AUDIT_ENTRY.c.subject, AUDIT_ENTRY.c.body_id).where(AUDIT_ENTRY.c.act == "body.retention")
    assert tuple(await door.look(lambda uow: uow.execute(entry).one())) == ("months:24", made.body)


@pytest.mark.parametrize(
    ("moment", "number", "expected"),
    [
        (datetime(2026, 3, 31, 12, tzinfo=UTC), 1, datetime(2026, 2, 28, 12, tzinfo=UTC)),
        (datetime(2028, 3, 31, tzinfo=UTC), 1, datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), 1, datetime(2025, 12, 31, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), 60, datetime(2021, 12, 31, tzinfo=UTC)),
        (datetime(2026, 5, 31, tzinfo=UTC), 240, datetime(2006, 5, 31, tzinfo=UTC)),
    ],
)
def test_months_are_of_the_calendar(moment: datetime, number: int, expected: datetime) -> None:
    """A month before the last of March is the last of February."""
    assert retention.months_before(moment, number) == expected


# --- files ------------------------------------------------------------------------------------------------------------


async def test_a_file_nobody_confirmed_goes_after_an_hour(door: Door, clock: FixedClock) -> None:
    """A roster somebody looked at and left is not kept."""
    await settle(door)
    clock.move(timedelta(hours=1))
    await tick(door)
    assert await count(door, UPLOAD) == 2
    clock.move(timedelta(seconds=1))
    await tick(door)
    assert await count(door, UPLOAD) == 0


# --- people -----------------------------------------------------------------------------------------------------------


async def _placeless(door: Door, made: Rich) -> None:
    """Take every place from Żaneta."""

    def work(uow: UnitOfWork) -> None:
        seats.hand_over(uow, OPERATOR, made.seat, name="Ola Mak")
        seats.give_post(uow, OPERATOR, made.body, "minute_taker", name="Ola Mak", email="ola@gops.example")

    await door.act(work)


async def test_who_holds_no_place_is_forgotten_in_a_month(door: Door, clock: FixedClock) -> None:
    """Żaneta's places went to somebody else: thirty days after the clock saw it, only her number is left, beside the card."""
    made = await settle(door)
    await _placeless(door, made)
    await tick(door)
    clock.move(timedelta(days=30))
    await tick(door)
    assert (await door.look(lambda uow: privacy.held(uow, made.person))).telegram_id == TELEGRAM
    clock.move(timedelta(seconds=1))
    await tick(door)
    rows = repr(await dump(door.store))
    assert spoken_of(rows.encode(), ("Żaneta Ćwiąkalska", str(TELEGRAM), "zaneta")) == []
    assert await said(door, SENT) == [SENT]
    entry = select(AUDIT_ENTRY.c.person_id, AUDIT_ENTRY.c.subject).where(AUDIT_ENTRY.c.act == "person.expire")
    assert [tuple(one) for one in await door.look(lambda uow: uow.execute(entry).all())] == [(None, f"erased:{made.person}")]
    assert (await door.look(lambda uow: privacy.held(uow, made.bogdan))).name == "Bogdan Kos"


async def test_a_place_given_back_in_time_is_as_if_nothing_happened(door: Door, clock: FixedClock) -> None:
    """A hand-over by mistake: within the month she is invited again, and the days begin anew should it happen once more."""
    made = await settle(door)
    await _placeless(door, made)
    await tick(door)
    clock.move(timedelta(days=29))
    assert await accept(door, TELEGRAM, seat=made.seat) == made.person
    await tick(door)
    clock.move(timedelta(days=300))
    await tick(door)
    assert (await door.look(lambda uow: privacy.held(uow, made.person))).telegram_id == TELEGRAM
    await door.act(lambda uow: seats.vacate(uow, OPERATOR, made.seat))
    await tick(door)
    clock.move(timedelta(days=29))
    await tick(door)
    assert (await door.look(lambda uow: privacy.held(uow, made.person))).telegram_id == TELEGRAM


async def test_who_left_is_a_name_of_the_roster_and_a_number(door: Door, clock: FixedClock) -> None:
    """The coordinator's roster still names her, so the clock does not; what she was here before is forgotten in a month."""
    made = await settle(door)
    await door.act(lambda uow: privacy.leave(uow, made.person))
    await tick(door)
    clock.move(timedelta(days=31))
    await tick(door)
    assert (await seat_of(door, made.body, "GOPS Modliborzyce", "head")).name.startswith("Żaneta")
    left = select(PERSON.c.name, PERSON.c.erased_at.is_not(None)).where(PERSON.c.id == made.person)
    assert tuple(await door.look(lambda uow: uow.execute(left).one())) == ("", True)
    clock.move(timedelta(days=400))
    await tick(door)
    assert (await seat_of(door, made.body, "GOPS Modliborzyce", "head")).name.startswith("Żaneta")


async def test_many_people_are_forgotten_in_batches(door: Door, clock: FixedClock) -> None:
    """After a body has gone, its people are forgotten some at a time, so that nobody waits for the clock."""
    many = {"name": "Ktoś", "email": "", "language": "pl", "reach": "unknown", "created_at": clock.now()}
    await door.act(lambda uow: _insert(uow, many))
    await tick(door)
    clock.move(timedelta(days=31))
    for left in (PEOPLE + 5, 5, 0):
        assert await count(door, PERSON) == left
        await door.act(housekeeping.tick)


def _insert(uow: UnitOfWork, values: dict[str, object]) -> None:
    for _ in range(PEOPLE + 5):
        uow.execute(insert(PERSON).values(values))


async def test_two_clocks_at_once_do_no_harm(door: Door, clock: FixedClock) -> None:
    """Two schedulers strike at the same moment: what is due goes once, and nothing else."""
    made = await settle(door)
    await _placeless(door, made)
    await tick(door)
    clock.move(await closes(door, made) + timedelta(days=31) - clock.now())
    await asyncio.gather(*(door.act(housekeeping.tick) for _ in range(4)))
    await tick(door)
    entry = select(AUDIT_ENTRY.c.id).where(AUDIT_ENTRY.c.act == "person.expire")
    assert len(await door.look(lambda uow: uow.execute(entry).all())) == 1
    assert await count(door, select(SEAT.c.id).where(SEAT.c.person_id.is_not(None)).subquery()) == 3
