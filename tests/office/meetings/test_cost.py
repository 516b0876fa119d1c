"""What many meetings cost: asking what is due, home and the list of meetings ask the store as often for one as for thirty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event, insert, select
from tests.office.meetings.calling import ANNA, EWA, Calling

from konwent_bot import i18n
from konwent_bot.office import people
from konwent_bot.office.meetings import steps
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import home, reception
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.meeting_intents import SeeMeeting, SeeMeetings
from konwent_bot.screens.visiting import Visitor
from konwent_bot.store.tables import MEETING


async def asked(network: Calling, work: Callable[[UnitOfWork], object]) -> list[tuple[str, Any]]:
    """Give the statements a piece of work sends to the store, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, _context: object, _many: object) -> None:
        found.append((statement, parameters))

    def watched(uow: UnitOfWork) -> None:
        event.listen(uow.connection, "before_cursor_execute", note)
        try:
            work(uow)
        finally:
            event.remove(uow.connection, "before_cursor_execute", note)

    await network.door.act(watched)
    return found


async def test_asking_what_is_due_looks_at_nothing_that_is_planned_for_later(network: Calling) -> None:
    """With thousands of meetings ahead the store still goes by the index of what is next, on both engines."""
    meeting = await network.enter("2027-02-09T10:00")

    def many(uow: UnitOfWork) -> None:
        row = dict(uow.execute(select(MEETING).where(MEETING.c.id == meeting)).one()._mapping)
        del row["id"]
        rows = [row | {"uid": f"{number}@test", "next_step_at": row["starts_at"]} for number in range(3_000)]
        uow.connection.execute(insert(MEETING), rows)
        uow.connection.exec_driver_sql("analyze meeting")

    await network.door.act(many)
    (statement, parameters), *_ = await asked(network, steps.STEPS.tick)
    assert "next_step_at" in statement

    def explain(uow: UnitOfWork) -> str:
        how = "explain query plan " if uow.dialect == "sqlite" else "explain "
        return "\n".join(str(tuple(row)) for row in uow.connection.exec_driver_sql(how + statement, parameters))

    plan = await network.door.look(explain)
    assert "ix_meeting_next_step_at" in plan
    assert "Seq Scan" not in plan


async def test_home_and_the_list_ask_as_often_for_one_meeting_as_for_many(network: Calling) -> None:
    """A coordinator opens home dozens of times a day; members look at it between two other things."""
    translator = i18n.translator("pl")

    async def count(who: int, intent: Intent | None) -> int:
        """Count what home asks, or another screen."""

        def work(uow: UnitOfWork) -> None:
            known = people.by_telegram(uow, who)
            assert known is not None
            if intent is None:
                home.home(uow, known, translator)
            else:
                reception.answer(uow, Visitor(who, "pl"), intent)

        return len(await asked(network, work))

    async def counts() -> list[int]:
        screens: tuple[Intent | None, ...] = (None, SeeMeetings(), SeeMeeting(first))
        return [await count(who, intent) for who in (ANNA, EWA) for intent in screens]

    first = await network.called("2026-12-14T10:00")
    before = await counts()
    for day in range(7):
        await network.called(f"2027-01-{11 + day:02}T10:00")
        await network.enter(f"2027-02-{11 + day:02}T10:00")
    after = await counts()
    assert after == before
    assert max(after) < 40
