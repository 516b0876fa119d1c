"""Tasks of decisions and of minutes: given, told, reminded of, done once, and on the agenda while they are open."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from pydantic import ValidationError
from sqlalchemy import insert, select, update
from tests.office.decisions.deciding import Deciding, gather
from tests.office.decisions.test_register import decided
from tests.office.rosters import dump

from konwent_bot.clock import FixedClock
from konwent_bot.domain.tasks import reminders
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.office import seats, task_acts, task_news, tasks
from konwent_bot.office.decisions.by_hand import ByTotals
from konwent_bot.office.decisions.register import Entry
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import agenda, agenda_items, convening, facts
from konwent_bot.office.minutes import facts as minutes
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.occasion import Due, Reader
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.task_acts import MOST, TaskDone, TaskSet
from konwent_bot.office.tasks import Task
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import INSTITUTION, MEETING, MEMBERSHIP, MINUTES, NOTICE, SEAT, TASK

#: Through what a message would go.
READER: Final = Reader(None, "", "pl", "mail", "x@example.org", False)
BY_NAME: Final = {one.name: one for one in task_news.OCCASIONS}
SENTENCE: Final = "Grafik wisi przy wejściu."


# --- giving -----------------------------------------------------------------------------------------------------------


def said(made: Deciding, whose: str = "GOPS", **given: Any) -> TaskSet:
    """Give a task as its conversation says it: due on the last day of the year, unless said otherwise."""
    values = {"what": "Przygotować kalendarz", "institution": (str(made.memberships[whose]),), "due": date(2026, 12, 31)} | given
    return TaskSet.model_validate(values)


async def attached(made: Deciding, entry: Entry, whose: str = "GOPS", *, by: Actor | None = None, **given: Any) -> int:
    """Attach a task to a decision; give its number."""
    task, subject = said(made, whose, **given), Subject("decision.task", made.body, decision=entry.id)
    outcome = await made.act(lambda uow: task_acts.attach(uow, by or made.ewa, subject, task))
    assert outcome.made is not None
    return outcome.made


async def closed(made: Deciding) -> Minutes:
    """Let the meeting be over; give its minutes."""
    made.wait(hours=3)
    await made.act(lambda uow: convening.close(uow, made.ewa, made.meeting or 0, held=True) and None)
    found = await made.look(lambda uow: minutes.of_meeting(uow, made.meeting or 0))
    assert found is not None
    return found


async def written(
    made: Deciding, of: Minutes, whose: str = "GOPS", *, item: int = 0, by: Actor | None = None, **given: Any
) -> int:  # fmt: skip
    """Write a task into minutes; give its number."""
    task, subject = said(made, whose, **given), Subject("minutes.task", made.body, minutes=of.id, item=item)
    outcome = await made.act(lambda uow: task_acts.write(uow, by or made.ewa, subject, task))
    assert outcome.made is not None
    return outcome.made


async def become(made: Deciding, of: Minutes, **values: Any) -> None:
    """Let minutes be as they are once they went out."""
    await made.act(lambda uow: uow.execute(update(MINUTES).where(MINUTES.c.id == of.id).values(values)))


async def test_a_task_of_a_decision_is_given_and_done(door: Door, clock: FixedClock) -> None:
    """It awaits the people of its institution, nearest day first, until one of them says that it is done."""
    made = await gather(door, clock)
    entry = await decided(made, "Pierwsza")
    late, soon = await attached(made, entry), await attached(made, entry, what="Zebrać terminy", due=date(2026, 12, 20))
    await attached(made, entry, "Policja")
    head, second = made.heads["GOPS"], made.delegates["GOPS"]

    async def own(who: Actor) -> list[int]:
        return [one.id for one in await door.look(lambda uow: tasks.own_open(uow, who.person or 0))]

    assert await own(head) == await own(second) == [soon, late]
    task = await door.act(lambda uow: task_acts.done(uow, second, soon))
    assert (task.name, task.institution, task.done_at, task.is_late(date(2027, 1, 1))) == ("1/2026", "GOPS", clock.now(), False)
    before = await dump(door)
    made.wait(hours=1)
    await door.act(lambda uow: task_acts.done(uow, head, soon))
    assert await dump(door) == before
    assert await own(head) == [late]
    await door.act(lambda uow: task_acts.reopen(uow, made.ewa, soon))
    assert await own(head) == [soon, late]
    assert len(await door.look(lambda uow: tasks.of(uow, entry.id))) == 3
    assert len(await door.look(lambda uow: tasks.open_of(uow, head, made.body))) == 3


async def test_a_task_of_a_meeting_stands_in_its_minutes(door: Door, clock: FixedClock) -> None:
    """Under a point of the agenda or at the end; whoever takes the minutes writes it too. What was looked over has changed with it."""
    made = await gather(door, clock)
    await made.act(
        lambda uow: seats.give_post(uow, OPERATOR, made.body, "minute_taker", seat=seat(uow, made, "Parafia")) and None
    )
    found = await closed(made)
    point = await made.look(lambda uow: agenda.of(uow, facts.get(uow, found.meeting))[1].id)
    first = await written(made, found, item=point, by=made.heads["Parafia"])
    second = await written(made, found, "Policja", due=date(2026, 12, 20))
    held = await made.look(lambda uow: tasks.of_minutes(uow, found.id))
    assert [(one.id, one.point, one.name, one.act, one.day) for one in held] == [
        (second, "end", "1/2026", "minutes.task", date(2026, 12, 15)), (first, f"item:{point}", "1/2026", "minutes.task", date(2026, 12, 15)),
    ]  # fmt: skip
    assert (await made.look(lambda uow: minutes.get(uow, found.id))).edition == found.edition + 2
    assert [one.id for one in await made.look(lambda uow: tasks.open_of(uow, made.heads["GOPS"], made.body))] == [second, first]
    await made.act(lambda uow: task_acts.done(uow, made.heads["Policja"], second))
    assert (await made.look(lambda uow: minutes.get(uow, found.id))).edition == found.edition + 2


async def test_minutes_that_are_final_take_no_new_tasks(door: Door, clock: FixedClock) -> None:
    """They may be given while institutions still answer, and no more once the minutes are accepted; the old ones can be done."""
    made = await gather(door, clock)
    found = await closed(made)
    await become(made, found, state="circulated", version=1)
    task = await written(made, found)
    await become(made, found, state="final", final_at=clock.now())
    before = await dump(door)
    with pytest.raises(Refused, match="accepted and closed"):
        await written(made, found)
    with pytest.raises(Refused, match="accepted and closed"):
        await made.look(lambda uow: task_acts.may_write(uow, made.ewa, Subject("minutes.task", made.body, minutes=found.id)))
    assert await dump(door) == before
    assert (await made.act(lambda uow: task_acts.done(uow, made.heads["GOPS"], task))).done_at is not None


async def test_only_whoever_leads_gives_tasks_and_only_its_own_people_do_them(door: Door, clock: FixedClock) -> None:
    """Members give none, and say nothing of the tasks of others; what they may not see is not there for them."""
    made = await gather(door, clock)
    entry = await decided(made, "Pierwsza")
    found = await closed(made)
    given = (await attached(made, entry), await written(made, found))
    before = await dump(door)
    for who in (made.heads["GOPS"], Actor(10**6)):
        with pytest.raises(NotFound):
            await attached(made, entry, by=who)
        with pytest.raises(NotFound):
            await written(made, found, by=who)
    for task in given:
        for who in (made.heads["Policja"], Actor(10**6)):
            with pytest.raises(NotFound):
                await made.act(lambda uow, who=who, n=task: task_acts.done(uow, who, n))  # type: ignore[misc]  # mypy sees no default
            with pytest.raises(NotFound):
                await say_done(made, task, SENTENCE, by=who)
        with pytest.raises(NotFound):
            await made.act(lambda uow, n=task: task_acts.reopen(uow, made.heads["GOPS"], n))  # type: ignore[misc]  # mypy sees no default
        with pytest.raises(NotFound):
            await made.look(lambda uow, n=task: tasks.see(uow, Actor(10**6), n))  # type: ignore[misc]  # mypy sees no default
        assert (await made.look(lambda uow, n=task: tasks.see(uow, made.heads["Policja"], n))).id == task  # type: ignore[misc]  # mypy sees no default
    assert await dump(door) == before


async def test_tasks_that_cannot_be(door: Door, clock: FixedClock) -> None:
    """No day that has passed, no institution or point from elsewhere, no task of what was not adopted or is replaced, no endless one."""
    made = await gather(door, clock)
    entry, refused = await decided(made, "Pierwsza"), await decided(made, "Nie", hands=ByTotals(0, 6, 0))
    replaced = await decided(made, "Stara")
    await decided(made, "Nowa", supersedes=replaced.id)
    found, later = await closed(made), await next_meeting(made)
    elsewhere = await made.look(lambda uow: agenda.of(uow, facts.get(uow, later))[0].id)
    before = await dump(door)
    for what in ("", "a" * 501):
        with pytest.raises(ValidationError):
            said(made, what=what)
    give: Any
    to: Any
    for give, to in ((attached, entry), (written, found)):
        with pytest.raises(Invalid):
            await give(made, to, due=date(2026, 12, 14))
        for institution in ("10000000", "GOPS", ""):
            with pytest.raises(NotFound):
                await give(made, to, institution=(institution,))
    for item in (elsewhere, 10**6):
        with pytest.raises(NotFound):
            await written(made, found, item=item)
    other = Subject("minutes.task", made.body + 1, minutes=found.id)
    with pytest.raises(NotFound):
        await made.act(lambda uow: task_acts.write(uow, made.ewa, other, said(made)))
    for decision in (refused, replaced):
        with pytest.raises(Refused):
            await attached(made, decision)
    assert await dump(door) == before


async def test_there_is_an_end_to_tasks(door: Door, clock: FixedClock) -> None:
    """Fifty of one decision or one meeting, also when two people give the last one at the same moment."""
    made = await gather(door, clock)
    found = await closed(made)
    rows = [
        {"body_id": made.body, "minutes_id": found.id, "what": f"Zadanie {n}", "membership_id": made.memberships["GOPS"],
         "due_on": date(2027, 1, 8), "point": "end", "done_note": "", "created_at": clock.now()}
        for n in range(MOST - 1)
    ]  # fmt: skip
    await made.act(lambda uow: uow.connection.execute(insert(TASK), rows) and None)
    ended = await asyncio.gather(written(made, found), written(made, found), return_exceptions=True)
    assert {type(one) for one in ended} == {int, Refused}
    assert len(await made.look(lambda uow: tasks.of_minutes(uow, found.id))) == MOST


def seat(uow: UnitOfWork, made: Deciding, name: str, role: str = "head") -> int:
    """Give a place of an institution."""
    found = select(SEAT.c.id).where(SEAT.c.membership_id == made.memberships[name], SEAT.c.role == role)
    return int(uow.execute(found).scalar_one())


# --- doing ------------------------------------------------------------------------------------------------------------


async def say_done(made: Deciding, task: int, note: str | None, *, by: Actor | None = None) -> None:
    """Say that a task is done, by its conversation."""
    subject = Subject("task.done", made.body, task=task)

    def work(uow: UnitOfWork) -> None:
        task_acts.may_say_done(uow, by or made.heads["GOPS"], subject)
        task_acts.say_done(uow, by or made.heads["GOPS"], subject, TaskDone(note=note))

    await made.act(work)


async def stands(made: Deciding, task: int) -> Task:
    """Give a task as it stands."""
    return await made.look(lambda uow: tasks.get(uow, task))


async def test_what_was_done_is_said_once(door: Door, clock: FixedClock) -> None:
    """The first word stands; a press says nothing, so that words can still be added to it. Taken back, all of it goes."""
    made = await gather(door, clock)
    task = await attached(made, await decided(made, "Pierwsza"))
    await made.act(lambda uow: task_acts.done(uow, made.heads["GOPS"], task))
    pressed = clock.now()
    made.wait(hours=1)
    await say_done(made, task, f"  {SENTENCE} ", by=made.delegates["GOPS"])
    assert ((await stands(made, task)).done_at, (await stands(made, task)).done_note) == (pressed, SENTENCE)
    before = await dump(door)
    with pytest.raises(Refused, match="already said how"):
        await say_done(made, task, "Inaczej.")
    await made.act(lambda uow: task_acts.done(uow, made.heads["GOPS"], task))
    assert await dump(door) == before
    await made.act(lambda uow: task_acts.reopen(uow, made.ewa, task))
    assert ((await stands(made, task)).done_at, (await stands(made, task)).done_note) == (None, "")
    await say_done(made, task, None)
    assert ((await stands(made, task)).done_at, (await stands(made, task)).done_note) == (clock.now(), "")


async def test_two_who_say_it_at_the_same_moment_say_it_once(door: Door, clock: FixedClock) -> None:
    """One sentence stands whole, the other is refused and nothing of it is kept; a press beside them changes nothing."""
    made = await gather(door, clock)
    task = await attached(made, await decided(made, "Pierwsza"))
    ended = await asyncio.gather(
        say_done(made, task, "Pierwsze."), say_done(made, task, "Drugie.", by=made.delegates["GOPS"]),
        made.act(lambda uow: task_acts.done(uow, made.ewa, task)), return_exceptions=True,
    )  # fmt: skip
    assert sum(isinstance(one, Refused) for one in ended) == 1
    assert (await stands(made, task)).done_note in ("Pierwsze.", "Drugie.")


# --- telling ----------------------------------------------------------------------------------------------------------


async def told(made: Deciding, task: int, occasion: str) -> list[str]:
    """Give whom something was announced to that is still wanted: "GOPS head"."""

    def work(uow: UnitOfWork) -> list[str]:
        found = select(SEAT.c.id, SEAT.c.role, INSTITUTION.c.short_name).select_from(SEAT.join(MEMBERSHIP).join(INSTITUTION))
        names = {f"seat:{row.id}": f"{row.short_name} {row.role}" for row in uow.execute(found)}
        return sorted(names[one.recipient] for one in announced(uow, task, occasion) if BY_NAME[occasion].wanted(uow, one))

    return await made.look(work)


def announced(uow: UnitOfWork, task: int, occasion: str) -> list[Due]:
    """Give what waits to be sent about a task."""
    found = select(NOTICE).where(NOTICE.c.subject == f"task:{task}", NOTICE.c.occasion == occasion, NOTICE.c.settled_at.is_(None))
    return [
        Due(row.id, row.recipient, row.occasion, row.subject, row.revision, row.body_id, row.address, row.created_at, row.due_at)
        for row in uow.execute(found.order_by(NOTICE.c.id))
    ]


async def when(made: Deciding, task: int, occasion: str) -> set[str]:
    """Give when something is to be sent about a task, as a clock in Warsaw shows it."""
    found = await made.look(lambda uow: announced(uow, task, occasion))
    return {f"{one.due_at.astimezone(made.door.house.zone):%d.%m %H:%M}" for one in found}


async def test_an_institution_is_told_and_reminded(door: Door, clock: FixedClock) -> None:
    """At once its head; a week before and on the day, in the morning, on the day its second person too."""
    made = await gather(door, clock)
    task = await attached(made, await decided(made, "Pierwsza"))
    assert [await told(made, task, name) for name in ("task.given", "task.soon", "task.due")] == [
        ["GOPS head"], ["GOPS head"], ["GOPS delegate", "GOPS head"],
    ]  # fmt: skip
    assert (await when(made, task, "task.soon"), await when(made, task, "task.due")) == ({"24.12 09:00"}, {"31.12 09:00"})
    made.at(datetime(2026, 12, 29, 9, tzinfo=made.door.house.zone))
    news = await made.look(lambda uow: BY_NAME["task.due"].make(uow, announced(uow, task, "task.due")[0], READER))
    assert isinstance(news, task_news.TaskNews)
    assert (news.what, news.task.id, news.left) == ("due", task, 2)


async def test_nobody_is_reminded_of_what_is_done(door: Door, clock: FixedClock) -> None:
    """Once somebody has said that it is done nothing more is wanted; taken back, the reminders that are ahead are wanted again."""
    made = await gather(door, clock)
    task = await attached(made, await decided(made, "Pierwsza"))
    await made.act(lambda uow: task_acts.done(uow, made.delegates["GOPS"], task))
    assert [await told(made, task, name) for name in BY_NAME] == [[], [], []]
    assert await made.look(lambda uow: BY_NAME["task.due"].make(uow, announced(uow, task, "task.due")[0], READER)) is None
    await made.act(lambda uow: task_acts.reopen(uow, made.ewa, task))
    assert await told(made, task, "task.due") == ["GOPS delegate", "GOPS head"]


async def test_who_is_proper_is_asked_when_a_reminder_is_sent(door: Door, clock: FixedClock) -> None:
    """Months lie between: whose place is empty by then is not waited for, and an institution that left is asked nothing."""
    made = await gather(door, clock)
    task = await attached(made, await decided(made, "Pierwsza"))
    await made.act(lambda uow: seats.vacate(uow, made.ewa, seat(uow, made, "GOPS")) and None)
    assert (await told(made, task, "task.soon"), await told(made, task, "task.due")) == (["GOPS delegate"], ["GOPS delegate"])
    left = update(MEMBERSHIP).where(MEMBERSHIP.c.id == made.memberships["GOPS"]).values(left_on=date(2026, 12, 16))
    await made.act(lambda uow: uow.execute(left))
    assert await told(made, task, "task.due") == []


async def test_a_task_from_an_operational_meeting_goes_to_who_works_there(door: Door, clock: FixedClock) -> None:
    """R2: designated persons work at operational meetings, so they are told first of what comes of one."""
    made = await gather(door, clock)
    found = await closed(made)
    await made.act(lambda uow: uow.execute(update(MEETING).values(kind="operational")))
    task = await written(made, found)
    assert await told(made, task, "task.given") == ["GOPS delegate"]


async def test_reminders_keep_to_days_on_which_people_work(door: Door, clock: FixedClock) -> None:
    """A task for a Sunday is reminded of on the Friday before it; what would come before the task was given does not come."""
    made = await gather(door, clock)
    entry = await decided(made, "Pierwsza")
    sunday, today = await attached(made, entry, due=date(2026, 12, 20)), await attached(made, entry, due=date(2026, 12, 15))
    assert (await when(made, sunday, "task.soon"), await when(made, sunday, "task.due")) == (set(), {"18.12 09:00"})
    assert (await when(made, today, "task.soon"), await when(made, today, "task.due")) == (set(), set())
    assert reminders(date(2026, 12, 27)).last == date(2026, 12, 23)


async def test_reminders_can_be_switched_off_and_wait_for_the_morning(door: Door, clock: FixedClock) -> None:
    """They are reminders as others are; that there is a task is told to everybody. Nothing of it is said at night."""
    assert [(one.name, one.unsubscribable, one.quiet) for one in task_news.OCCASIONS] == [
        ("task.given", False, True), ("task.soon", True, True), ("task.due", True, True),
    ]  # fmt: skip
    due = Due(1, "seat:1", "task.due", "task:1", 1, None, "", clock.now(), clock.now())
    assert not await door.look(lambda uow: any(one.urgent(uow, due) for one in task_news.OCCASIONS))
    assert await door.look(lambda uow: [one.wanted(uow, due) for one in task_news.OCCASIONS]) == [False, False, False]


async def test_who_gives_a_task_to_their_own_institution_is_not_told_of_it(door: Door, clock: FixedClock) -> None:
    """They know; they are reminded all the same."""
    made = await gather(door, clock)
    entry = await decided(made, "Pierwsza")
    await made.act(lambda uow: seats.give_post(uow, OPERATOR, made.body, "chair", seat=seat(uow, made, "GOPS")) and None)
    task = await attached(made, entry, by=made.heads["GOPS"])
    assert (await told(made, task, "task.given"), await told(made, task, "task.soon")) == ([], ["GOPS head"])


# --- on the agenda ----------------------------------------------------------------------------------------------------


async def next_meeting(made: Deciding, kind: str = "strategic", **values: Any) -> int:
    """Call the next meeting, for a day in January; give its number. ``values``: what it is beside that."""
    former = made.meeting
    now = made.clock.now()
    await made.meet(datetime(2027, 1, 12, 9, tzinfo=made.door.house.zone))
    made.at(now)
    meeting, made.meeting = made.meeting or 0, former
    changed = update(MEETING).where(MEETING.c.id == meeting).values({"kind": kind} | values)
    await made.act(lambda uow: uow.execute(changed))
    return meeting


async def on_agenda(made: Deciding, meeting: int) -> list[tuple[str, str]]:
    """Give the agenda as people are told it: kinds and titles."""
    return [(one.kind, one.title) for one in await made.look(lambda uow: agenda.lines(uow, facts.get(uow, meeting)))]


async def test_open_tasks_stand_on_the_next_agenda(door: Door, clock: FixedClock) -> None:
    """As one line, once the meeting has opened and adopted its agenda, with how many there are; and not once they are done."""
    made = await gather(door, clock)
    entry, meeting = await decided(made, "Pierwsza"), await next_meeting(made)
    before = await on_agenda(made, meeting)
    assert "open_tasks" not in dict(before)
    task = await attached(made, entry)
    await attached(made, entry, "Policja")
    assert await on_agenda(made, meeting) == [*before[:2], ("open_tasks", "2"), *before[2:]]
    await made.act(lambda uow: task_acts.done(uow, made.ewa, task))
    assert ("open_tasks", "1") in await on_agenda(made, meeting)


async def test_an_agenda_shows_the_tasks_that_were_open_when_its_meeting_began(door: Door, clock: FixedClock) -> None:
    """What was given at the meeting or done before it is not on it; what was done later was open then, and stays."""
    made = await gather(door, clock)
    entry, meeting = await decided(made, "Pierwsza"), await next_meeting(made)
    early, late = await attached(made, entry), await attached(made, entry, "Policja")
    begins = (await made.look(lambda uow: facts.get(uow, meeting))).starts_at
    made.at(begins - timedelta(minutes=1))
    await made.act(lambda uow: task_acts.done(uow, made.ewa, early))
    made.at(begins)
    await made.act(lambda uow: task_acts.done(uow, made.ewa, late))
    await attached(made, entry, "Szkoła", due=date(2027, 2, 1))
    assert [one.id for one in await made.look(lambda uow: tasks.open_at(uow, made.body, begins))] == [late]
    assert ("open_tasks", "1") in await on_agenda(made, meeting)
    assert "open_tasks" not in dict(await on_agenda(made, made.meeting or 0))


@pytest.mark.parametrize("other", [{"kind": "networking"}, {"status": "cancelled"}, {"kind": "operational"}])
async def test_the_body_looks_at_its_tasks_where_it_reports_and_works(
    door: Door, clock: FixedClock, other: dict[str, str]
) -> None:
    """Strategic and operational meetings; not networking ones, nor one that does not take place."""
    made = await gather(door, clock)
    entry, meeting = await decided(made, "Pierwsza"), await next_meeting(made, **other)
    await attached(made, entry)
    assert ("open_tasks" in dict(await on_agenda(made, meeting))) == (other == {"kind": "operational"})


async def test_the_line_of_open_tasks_is_nobody_s_to_move(door: Door, clock: FixedClock) -> None:
    """It is no item: the others are ordered as if it were not there."""
    made = await gather(door, clock)
    entry, meeting = await decided(made, "Pierwsza"), await next_meeting(made)
    await attached(made, entry)
    items = await made.look(lambda uow: agenda.standing(uow, facts.get(uow, meeting)))
    assert all(one.id for one in items)
    assert await made.act(lambda uow: agenda_items.move(uow, made.ewa, items[2].id, 3, 1))
    shown = await on_agenda(made, meeting)
    assert [kind for kind, _ in shown[:5]] == [
        "opening_and_quorum",
        "adoption_of_agenda",
        "open_tasks",
        items[3].kind,
        items[2].kind,
    ]
