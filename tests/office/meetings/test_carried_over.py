"""Whatever a coordinator notes, closes and calls off, in whatever order: an open matter is never lost and never twice."""

from __future__ import annotations

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from konwent_bot.clock import FixedClock
from konwent_bot.dialogue.loading import Shelf
from konwent_bot.errors import Refused
from konwent_bot.office.door import Door
from konwent_bot.office.meetings import agenda, agenda_items, convening, facts
from konwent_bot.office.meetings.agenda_items import Proposal
from konwent_bot.office.meetings.convening import MeetingCancelled
from konwent_bot.office.rights import OPERATOR
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import House, UnitOfWork
from konwent_bot.store.engines import open_store
from konwent_bot.store.migrate import migrate
from konwent_bot.store.tables import AGENDA_ITEM, BODY, INSTITUTION, MEETING, MEMBERSHIP, SEAT

FIRST = date(2027, 1, 12)
MEETINGS = 4

#: What a coordinator does with a meeting once it has begun, and with its matters: by their place among those there are.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), st.just(0)),
        st.tuples(st.just("done"), st.integers(0, 5)),
        st.tuples(st.just("open"), st.integers(0, 5)),
        st.tuples(st.just("held"), st.just(0)),
        st.tuples(st.just("not held"), st.just(0)),
        st.tuples(st.just("called off"), st.just(0)),
        st.tuples(st.just("settle"), st.just(0)),
    ),
    min_size=6,
    max_size=24,
)


@settings(max_examples=40, deadline=None)
@given(STEPS, st.booleans())
@example([("enter", 0), ("held", 0), ("open", 0), ("held", 0), ("held", 0)], False)
@example([("enter", 0), ("held", 0), ("open", 0), ("done", 0), ("open", 0), ("called off", 0), ("open", 0)], True)
def test_an_open_matter_is_never_lost_and_never_twice(steps: list[tuple[str, int]], early: bool) -> None:
    """Four meetings in a row, called early or one after another: each matter stands once, and is lost only when noted as done."""
    asyncio.run(_play(steps, early=early))


@cache
def _template() -> bytes:
    """Give a migrated database to begin from."""

    async def make(path: Path) -> None:
        store = open_store(f"sqlite:///{path}")
        await migrate(store)
        await store.close()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.sqlite3"
        with ThreadPoolExecutor(1) as elsewhere:  # this thread has a loop that runs
            elsewhere.submit(asyncio.run, make(path)).result()
        return path.read_bytes()


async def _play(steps: list[tuple[str, int]], *, early: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "k.sqlite3"
        path.write_bytes(_template())
        store = open_store(f"sqlite:///{path}")
        try:
            clock = FixedClock(datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
            door = Door(store, clock, House(flows=Shelf({}, ()), zone=ZoneInfo("Europe/Warsaw")))
            body, meetings = await door.act(_enter)
            for meeting in meetings if early else meetings[:1]:
                await door.act(partial(_call, meeting=meeting))
            await _steps(door, clock, body, meetings, steps)
        finally:
            await store.close()


def _enter(uow: UnitOfWork) -> tuple[int, list[int]]:
    """Enter a network of one institution that can be written to, and its operational meetings of four months."""
    one: Any = insert(BODY).values(slug="lsr", name="Sieć", kind="lsr", level="local", settings={}, created_at=uow.now)
    body = uow.execute(one.returning(BODY.c.id)).scalar_one()
    who = uow.execute(
        insert(INSTITUTION).values(name="GOPS", short_name="GOPS", place="", created_at=uow.now).returning(INSTITUTION.c.id)
    ).scalar_one()
    belongs = {
        "body_id": body,
        "institution_id": who,
        "folded_name": "gops",
        "stakeholder_type": "A",
        "sector": "",
        "joined_on": uow.today,
    }
    member = uow.execute(insert(MEMBERSHIP).values(belongs).returning(MEMBERSHIP.c.id)).scalar_one()
    uow.execute(
        insert(SEAT).values(membership_id=member, role="delegate", number=1, title="", name="Jan", email="jan@gops.example")
    )
    return body, [_plan(uow, body, FIRST + timedelta(days=28 * number)) for number in range(MEETINGS)]


def _plan(uow: UnitOfWork, body: int, day: date) -> int:
    starts, ends = facts.instants(day, time(10), 120, "Europe/Warsaw")
    values = {
        "body_id": body, "kind": "operational", "status": "planned", "day": day, "hour": "10:00", "minutes": 120, "zone": "Europe/Warsaw",
        "starts_at": starts, "ends_at": ends, "mode": "in_person", "place": "", "link": "", "chair": "coordinator", "topic": "",
        "revision": 0, "sequence": 0, "reason": "", "code": "", "reminded": 0, "uid": facts.new_uid("x", uow.now), "created_at": uow.now,
    }  # fmt: skip
    return int(uow.execute(insert(MEETING).values(values).returning(MEETING.c.id)).scalar_one())


async def _steps(door: Door, clock: FixedClock, body: int, meetings: list[int], steps: list[tuple[str, int]]) -> None:
    now, entered, done = 0, 0, set[str]()
    for what, which in steps:
        if now >= len(meetings):
            break
        meeting = meetings[now]
        if what == "enter":
            entered += 1
            await door.act(partial(_propose, body=body, meeting=meeting, title=f"Temat {entered}"))
        elif what == "settle":
            await door.act(partial(_settle, meeting=meeting))
        elif what in ("done", "open"):
            await _note(door, meetings, what, which, done)
        else:
            if what != "called off":
                clock.move(_under_way(meetings.index(meeting)) - clock.now())
            await door.act(partial(_end, body=body, meeting=meeting, what=what))
            now += 1
            if now < len(meetings):
                await door.act(partial(_call, meeting=meetings[now]))
        await _nothing_is_lost_or_doubled(door, entered, done)


def _under_way(number: int) -> datetime:
    return datetime(2027, 1, 12, 12, 0, tzinfo=UTC) + timedelta(days=28 * number)


def _call(uow: UnitOfWork, meeting: int) -> None:
    convening.convene(uow, OPERATOR, meeting)


def _settle(uow: UnitOfWork, meeting: int) -> None:
    agenda.settle(uow, facts.get(uow, meeting))


def _propose(uow: UnitOfWork, body: int, meeting: int, title: str) -> None:
    about = Subject("agenda.propose", body, meeting=meeting)
    agenda_items.may_propose(uow, OPERATOR, about)
    agenda_items.propose(uow, OPERATOR, about, Proposal(title=title))


def _end(uow: UnitOfWork, body: int, meeting: int, what: str) -> None:
    if what == "called off":
        convening.cancel(uow, OPERATOR, Subject("meeting.cancel", body, meeting=meeting), MeetingCancelled(reason="x"))
    else:
        convening.close(uow, OPERATOR, meeting, held=what == "held")


async def _note(door: Door, meetings: list[int], what: str, which: int, done: set[str]) -> None:
    """Note something about a matter of a meeting that has begun; what the office refuses has changed nothing."""
    matters = select(AGENDA_ITEM).where(AGENDA_ITEM.c.kind.in_(("own", "carried"))).order_by(AGENDA_ITEM.c.id)
    rows = await door.look(lambda uow: uow.execute(matters).all())
    if not rows:
        return
    row = rows[which % len(rows)]
    outcome: Any = what
    if row.outcome == "carried" and what == "open":
        return  # it is open elsewhere already
    try:
        await door.act(lambda uow: agenda_items.note(uow, OPERATOR, row.id, outcome))
    except Refused:
        return
    if what == "done":
        done.add(row.title)
    else:
        done.discard(row.title)


async def _nothing_is_lost_or_doubled(door: Door, entered: int, done: set[str]) -> None:
    """Each matter stands once; where a meeting is called that is ahead, what is open stands there and not in the past."""

    def read(uow: UnitOfWork) -> tuple[list[Any], bool]:
        matters = select(AGENDA_ITEM, MEETING.c.status).join(MEETING).where(AGENDA_ITEM.c.kind.in_(("own", "carried")))
        ahead = select(MEETING.c.id).where(MEETING.c.status == "convened", MEETING.c.starts_at > uow.now)
        return list(uow.execute(matters)), uow.execute(ahead).first() is not None

    rows, is_ahead = await door.look(read)
    told = [(row.meeting_id, row.status, row.kind, row.outcome, row.title) for row in rows]
    for number in range(1, entered + 1):
        title = f"Temat {number}"
        alive = [row for row in rows if row.title == title and row.outcome not in ("carried", "done")]
        assert len(alive) == (0 if title in done else 1), (title, told)
        for row in alive if is_ahead else ():
            assert row.status == "convened" or (row.status, row.kind, row.outcome) == ("held", "own", ""), (title, told)
    assert len({row.from_id for row in rows if row.from_id}) == sum(row.from_id is not None for row in rows)
