"""Revision 0009 and back: what conversations are about, and the tasks of decisions, come through unhurt; tasks keep their numbers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, text, update
from tests.store import full
from tests.store.test_migrations import _down

from konwent_bot.store.engines import Store
from konwent_bot.store.migrate import require_current, upgrade_to
from konwent_bot.store.tables import DIALOGUE, TASK

ABOUT = "select subject, about from dialogue order by id"
TASKS = "select id, decision_id, what, membership_id, due_on, done_at from {table} order by id"


def _fill(connection: Connection) -> None:
    """Let there be one conversation about three things, one about minutes and one about none; a decision's task and one of minutes."""
    full.fill(connection)
    connection.execute(update(DIALOGUE).values(subject="stance.object:7", about="proposal:1 consensus:2 decision:1"))
    talk = {name: value for name, value in full.row_of(DIALOGUE).items() if name != "id"}
    for number, subject, about in ((2, "minutes.write:1:0", "minutes:1 item:0"), (3, "meeting.cancel:1", "")):
        connection.execute(insert(DIALOGUE).values(talk | {"id": number, "subject": subject, "about": about}))
    if connection.dialect.name == "postgresql":  # rows with numbers of their own have not counted there
        connection.execute(text("select setval(pg_get_serial_sequence('task', 'id'), 2)"))


def _all(connection: Connection, *statements: str) -> list[list[tuple[Any, ...]]]:
    return [[tuple(row) for row in connection.execute(text(one))] for one in statements]


async def test_conversations_and_tasks_come_through_both_ways(store: Store) -> None:
    """Whoever goes back loses minutes and their tasks only, and finds everything else once more after the next upgrade."""
    await store.write(_fill)
    before = await store.read(lambda c: _all(c, ABOUT, TASKS.format(table="task")))
    await store.write(lambda c: _down(c, "0008"))
    columns = "select subject, proposal_id, consensus_id, decision_id from dialogue order by id"
    talks, tasks = await store.read(lambda c: _all(c, columns, TASKS.format(table="decision_task")))
    assert talks == [("stance.object:7", 1, 2, 1), ("meeting.cancel:1", None, None, None)]
    assert tasks == before[1][:1], "the minutes' task goes, the decision's stays"
    await store.write(lambda c: upgrade_to(c))
    await require_current(store)
    after = await store.read(lambda c: _all(c, ABOUT, TASKS.format(table="task")))
    assert after[0] == [("stance.object:7", "proposal:1 consensus:2 decision:1"), ("meeting.cancel:1", "")]
    assert after[1] == before[1][:1]
    new = {name: value for name, value in full.row_of(TASK).items() if name != "id"}
    made = await store.write(lambda c: c.execute(insert(TASK).values(new).returning(TASK.c.id)).scalar_one())
    assert made > 2, "a number that was given once is not given again"
