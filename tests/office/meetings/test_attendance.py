"""Attendance: who is there, by whose word, from when to when, and whether there is a quorum."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from tests.conversations.house import dump
from tests.office.meetings.gathering import BEGINS, ENDS, OPENS, at, called, has_code, held, kinga, planned
from tests.screens.personas import ANNA, BOGDAN, CELINA, FORMER, GOPS, IDA, IGOR, LIBRARY, OPS, Stage, stage

from konwent_bot.clock import FixedClock
from konwent_bot.errors import Invalid, KonwentError, NotFound, Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import attendance, convening, day_code
from konwent_bot.office.meetings.attendance import Attendance
from konwent_bot.office.rights import Actor
from konwent_bot.office.throttle import TooOften
from konwent_bot.store.tables import ATTENDANCE, AUDIT_ENTRY, POST

CODE = "042137"


async def ready(door: Door, clock: FixedClock) -> tuple[Stage, int]:
    """A called meeting whose doors have opened, with a code that is known."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    await has_code(door, meeting, CODE)
    at(clock, OPENS)
    return made, meeting


async def now(door: Door, made: Stage, meeting: int) -> Attendance:
    return await door.look(lambda uow: attendance.see(uow, kinga(made), meeting))


async def tick(door: Door, made: Stage, meeting: int, name: str, role: str = "head") -> None:
    await door.act(lambda uow: attendance.come(uow, kinga(made), meeting, made.janow.memberships[name], role))


async def go(door: Door, made: Stage, meeting: int, name: str) -> None:
    await door.act(lambda uow: attendance.leave(uow, kinga(made), meeting, made.janow.memberships[name]))


async def jestem(door: Door, made: Stage, meeting: int, who: int, code: str = CODE, name: str = GOPS) -> str:
    return await door.act(lambda uow: day_code.show(uow, made.persons[who], meeting, code, made.janow.memberships[name]))


async def rows(door: Door, meeting: int) -> list[tuple[int, str, str]]:
    wanted = select(ATTENDANCE).where(ATTENDANCE.c.meeting_id == meeting).order_by(ATTENDANCE.c.id)
    return [(row.membership_id, row.role, row.source) for row in await door.look(lambda uow: uow.execute(wanted).all())]


async def test_the_quorum_is_known_at_any_minute(door: Door, clock: FixedClock) -> None:
    """Three institutions, two needed: it is there with the second, lost when one leaves, there again when it comes back."""
    made, meeting = await ready(door, clock)
    found = await now(door, made, meeting)
    assert (found.entitled, found.needed, found.present, found.missing) == (3, 2, 0, 2)
    at(clock, BEGINS)
    await tick(door, made, meeting, GOPS)
    assert (await now(door, made, meeting)).missing == 1
    at(clock, BEGINS + timedelta(minutes=10))
    await tick(door, made, meeting, OPS, "delegate")
    assert (await now(door, made, meeting)).missing == 0
    at(clock, BEGINS + timedelta(minutes=30))
    await go(door, made, meeting, GOPS)
    assert (await now(door, made, meeting)).present == 1
    at(clock, BEGINS + timedelta(minutes=40))
    await tick(door, made, meeting, GOPS, "substitute")
    at(clock, ENDS + timedelta(minutes=30))
    await held(door, made, meeting)
    found = await now(door, made, meeting)
    minutes = [
        ((one.start - BEGINS) // timedelta(minutes=1), one.end and (one.end - BEGINS) // timedelta(minutes=1))
        for one in found.spans
    ]
    assert minutes == [(10, 30), (40, None)]
    assert found.present == 2


async def test_an_institution_is_there_once_whoever_says_so(door: Door, clock: FixedClock) -> None:
    """Both representatives tap "Jestem" and the coordinator ticks, all at the same moment: one presence, and nobody is refused."""
    made, meeting = await ready(door, clock)
    said = await asyncio.gather(
        jestem(door, made, meeting, ANNA), jestem(door, made, meeting, BOGDAN), tick(door, made, meeting, GOPS),
        jestem(door, made, meeting, ANNA), tick(door, made, meeting, GOPS),
    )  # fmt: skip
    assert set(said) <= {"present", "already", None}
    assert len(await rows(door, meeting)) == 1
    assert (await now(door, made, meeting)).present == 1


async def test_jestem_counts_by_the_place_of_whoever_says_it(door: Door, clock: FixedClock) -> None:
    """The delegate's code makes the institution present by the delegate; said again it changes nothing."""
    made, meeting = await ready(door, clock)
    assert await jestem(door, made, meeting, BOGDAN, " 042 137 ") == "present"
    assert await jestem(door, made, meeting, ANNA) == "already"
    assert await rows(door, meeting) == [(made.janow.memberships[GOPS], "delegate", "code")]


@pytest.mark.parametrize("code", ["042138", "", "42137", "0421377", "٠٤٢١٣٧", "🙂🙂🙂🙂🙂🙂", "x" * 5_000, "042137\x00; drop"])
async def test_a_forged_code_does_nothing(door: Door, clock: FixedClock, code: str) -> None:
    """Whatever is sent in place of the code is told to be wrong, and nobody is there."""
    made, meeting = await ready(door, clock)
    assert await jestem(door, made, meeting, ANNA, code) == "wrong"
    assert await rows(door, meeting) == []


async def test_guessing_is_stopped(door: Door, clock: FixedClock) -> None:
    """After six tries in a quarter of an hour even the right code is refused, with the hour at which it may be tried again."""
    made, meeting = await ready(door, clock)
    for number in range(day_code.MOST_TRIES):
        assert await jestem(door, made, meeting, ANNA, f"{number:06}") == "wrong"
    with pytest.raises(TooOften):
        await jestem(door, made, meeting, ANNA)
    assert await jestem(door, made, meeting, CELINA, name=OPS) == "present", "others are not kept out"
    at(clock, OPENS + day_code.TRIES_WITHIN)
    assert await jestem(door, made, meeting, ANNA) == "present"


async def test_a_code_counts_at_its_own_meeting_only(door: Door, clock: FixedClock) -> None:
    """The valid code of another meeting of the day, or of another network's, does nothing."""
    made, meeting = await ready(door, clock)
    at(clock, OPENS - timedelta(days=1))
    other = await called(door, made, kind="operational", hour="10:30")
    await has_code(door, other, "999999")
    at(clock, OPENS + timedelta(minutes=35))
    assert await jestem(door, made, meeting, ANNA, "999999") == "wrong"
    theirs = await planned(door, made.ilawa.body)
    await has_code(door, theirs, CODE)
    with pytest.raises(NotFound):
        await jestem(door, made, theirs, ANNA)
    assert await rows(door, meeting) == await rows(door, other) == await rows(door, theirs) == []


async def test_only_whoever_speaks_for_an_institution_says_it(door: Door, clock: FixedClock) -> None:
    """With the right code: another institution's head, a former head, another network's people, the coordinator: not found."""
    made, meeting = await ready(door, clock)
    for who, name in ((CELINA, GOPS), (FORMER, LIBRARY), (IDA, GOPS), (IGOR, GOPS)):
        with pytest.raises(NotFound):
            await jestem(door, made, meeting, who, name=name)
    with pytest.raises(NotFound):
        await door.act(lambda uow: day_code.speaks_at(uow, kinga(made).person or 0, meeting))
    assert await rows(door, meeting) == []


async def test_jestem_has_its_hours(door: Door, clock: FixedClock) -> None:
    """From an hour before the meeting until its end, on its day; not for one that is called off."""
    made, meeting = await ready(door, clock)
    at(clock, OPENS - timedelta(minutes=1))
    with pytest.raises(Refused, match="from"):
        await jestem(door, made, meeting, ANNA)
    at(clock, ENDS)
    assert await jestem(door, made, meeting, ANNA) == "present"
    at(clock, ENDS + timedelta(seconds=1))
    with pytest.raises(Refused, match="not under way"):
        await jestem(door, made, meeting, CELINA, name=OPS)


async def test_a_meeting_after_midnight_opens_on_its_own_day(door: Door, clock: FixedClock) -> None:
    """A code of a meeting at half past midnight does not count the evening before."""
    made = await stage(door, meets=False)
    meeting = await called(door, made, hour="00:30")
    await has_code(door, meeting, CODE)
    at(clock, "2026-12-14T22:45+00:00")
    with pytest.raises(Refused):
        await jestem(door, made, meeting, ANNA)
    at(clock, "2026-12-14T23:00+00:00")
    assert await jestem(door, made, meeting, ANNA) == "present"


async def test_chair_and_minute_taker_tick_too_and_nobody_else(door: Door, clock: FixedClock) -> None:
    """The posts that run a meeting tick; members, other networks and a vice-chair do not."""
    made, meeting = await ready(door, clock)
    membership = made.janow.memberships[GOPS]
    for who in (ANNA, CELINA, FORMER, IDA, IGOR):
        actor = Actor(made.persons[who])
        for act in (
            lambda uow, a=actor: attendance.come(uow, a, meeting, membership, "head"),
            lambda uow, a=actor: attendance.leave(uow, a, meeting, membership),
            lambda uow, a=actor: attendance.remove(uow, a, 1),
        ):
            with pytest.raises(NotFound):
                await door.act(act)
    for kind, may in (("vice_chair", False), ("minute_taker", True), ("chair", True)):
        post = {
            "body_id": made.janow.body,
            "kind": kind,
            "number": 1,
            "title": "",
            "name": "",
            "email": "",
            "person_id": made.persons[CELINA],
        }
        await door.act(lambda uow, post=post: uow.execute(insert(POST).values(post)))  # type: ignore[misc]  # mypy sees no default
        actor = Actor(made.persons[CELINA])
        if may:
            await door.act(lambda uow, a=actor: attendance.come(uow, a, meeting, membership, "head"))  # type: ignore[misc]  # the same
        else:
            with pytest.raises(NotFound):
                await door.act(lambda uow, a=actor: attendance.come(uow, a, meeting, membership, "head"))  # type: ignore[misc]  # the same
    with pytest.raises(NotFound):
        await door.act(lambda uow: attendance.come(uow, kinga(made), meeting, made.ilawa.memberships["GOPS Iława"], "head"))
    with pytest.raises(NotFound):
        await door.act(lambda uow: attendance.come(uow, kinga(made), meeting, membership, "burmistrz"))


async def test_hours_are_put_right_until_a_month_after(door: Door, clock: FixedClock) -> None:
    """Late corrections are written down as such with numbers only; hours that cannot be are refused and change nothing."""
    made, meeting = await ready(door, clock)
    at(clock, BEGINS + timedelta(minutes=20))
    await tick(door, made, meeting, GOPS)
    await held(door, made, meeting)
    at(clock, ENDS + timedelta(days=5))
    found = await now(door, made, meeting)
    (presence,) = next(one for one in found.institutions if one.name == GOPS).presences

    async def correct(arrived: str, left: str) -> None:
        await door.act(lambda uow: attendance.correct(uow, kinga(made), presence.id, arrived, left))

    before = await dump(door.store)
    for arrived, left in (("dziesiąta", ""), ("10:61", ""), ("", ""), ("11:00", "10:30"), ("10:05", "🙂"), ("25:00", "")):
        with pytest.raises(Invalid):
            await correct(arrived, left)
    assert await dump(door.store) == before
    await correct("10.05", "11:40")
    found = await now(door, made, meeting)
    (one,) = next(one for one in found.institutions if one.name == GOPS).presences
    assert (one.arrived_at, one.left_at) == (BEGINS + timedelta(minutes=5), BEGINS + timedelta(minutes=100))
    await tick(door, made, meeting, OPS)
    (late,) = next(one for one in (await now(door, made, meeting)).institutions if one.name == OPS).presences
    assert late.arrived_at == BEGINS, "who is ticked afterwards was there from the beginning"
    entries = (
        select(AUDIT_ENTRY.c.act, AUDIT_ENTRY.c.subject).where(AUDIT_ENTRY.c.act.like("attendance.%")).order_by(AUDIT_ENTRY.c.id)
    )
    written = [tuple(row) for row in await door.look(lambda uow: uow.execute(entries).all())]
    gops, ops = made.janow.memberships[GOPS], made.janow.memberships[OPS]
    assert written == [
        ("attendance.come", f"meeting:{meeting} membership:{gops}"),
        ("attendance.correct.late", f"meeting:{meeting} membership:{gops}"),
        ("attendance.come.late", f"meeting:{meeting} membership:{ops}"),
    ]
    await door.act(lambda uow: attendance.remove(uow, kinga(made), late.id))
    at(clock, ENDS + timedelta(days=31))
    for act in (
        lambda uow: attendance.correct(uow, kinga(made), presence.id, "10:00", ""),
        lambda uow: attendance.come(uow, kinga(made), meeting, ops, "head"),
    ):
        with pytest.raises(Refused, match="no longer be changed"):
            await door.act(act)


async def test_nobody_is_there_twice_at_a_time(door: Door, clock: FixedClock) -> None:
    """An institution that left and came back cannot be said to have been there twice at once."""
    made, meeting = await ready(door, clock)
    at(clock, BEGINS)
    await tick(door, made, meeting, GOPS)
    at(clock, BEGINS + timedelta(minutes=30))
    await go(door, made, meeting, GOPS)
    at(clock, BEGINS + timedelta(minutes=60))
    await tick(door, made, meeting, GOPS)
    first, second = next(one for one in (await now(door, made, meeting)).institutions if one.name == GOPS).presences
    at(clock, BEGINS + timedelta(minutes=90))
    for left in ("", "11:10"):
        with pytest.raises(Refused, match="already"):
            await door.act(lambda uow, left=left: attendance.correct(uow, kinga(made), first.id, "10:00", left))  # type: ignore[misc]  # mypy sees no default
    with pytest.raises(Invalid, match="has not come yet"):
        await door.act(lambda uow: attendance.correct(uow, kinga(made), second.id, "11:50", ""))
    await door.act(lambda uow: attendance.set_role(uow, kinga(made), second.id, "delegate"))
    assert [role for _, role, _ in await rows(door, meeting)] == ["head", "delegate"]


async def test_attendance_is_not_noted_before_its_time_or_of_what_is_off(door: Door, clock: FixedClock) -> None:
    """Days before the meeting nothing can be ticked; of a meeting that did not take place neither."""
    made = await stage(door, meets=False)
    meeting = await called(door, made)
    with pytest.raises(Refused, match="can be noted from"):
        await tick(door, made, meeting, GOPS)
    at(clock, ENDS)
    await door.act(lambda uow: convening.close(uow, kinga(made), meeting, held=False))
    with pytest.raises(KonwentError):
        await tick(door, made, meeting, GOPS)
    assert await rows(door, meeting) == []


async def test_every_called_meeting_has_a_code_of_six_digits(door: Door) -> None:
    """Calling makes the code; one that was called before there were codes gets one when its agenda is settled."""
    from konwent_bot.office.meetings import agenda, facts
    from konwent_bot.store.tables import MEETING

    made = await stage(door, meets=False)
    meeting = await called(door, made)
    await door.act(lambda uow: uow.execute(update(MEETING).where(MEETING.c.id == meeting).values(code="")))
    await door.act(lambda uow: agenda.settle(uow, facts.get(uow, meeting)))
    code = await door.look(lambda uow: facts.get(uow, meeting).code)
    assert len(code) == 6
    assert code.isdigit()
