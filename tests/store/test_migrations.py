"""A database that has been in use is brought to the present revision, and back, with nothing lost that both revisions know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

import konwent_bot.store
from konwent_bot.store.engines import Store, open_store
from konwent_bot.store.migrate import require_current, revision_of, upgrade_to

#: A store as revision 0003 kept it: Anna is in the middle of her card, Jan has sent his, and one talk of somebody else is gone.
#: Plain SQL, because the program's own tables are those of the newest revision.
USED = (
    "insert into body (id, slug, name, kind, level, settings, created_at) values (1, 'lsr', 'Sieć', 'lsr', 'local', '{}', '{now}')",
    "insert into institution (id, name, short_name, place, created_at) values (1, 'GOPS', 'GOPS', '', '{now}')",
    "insert into membership (id, body_id, institution_id, folded_name, stakeholder_type, sector, joined_on)"
    " values (5, 1, 1, 'gops', 'A', '', '2026-01-01')",
    "insert into person (id, name, email, language, reach, telegram_id, accepted_at, created_at)"
    " values (1, 'Anna', '', 'pl', 'reachable', 501, '{now}', '{now}'), (2, 'Jan', '', 'uk', 'unknown', null, null, '{now}')",
    "insert into seat (id, membership_id, role, number, title, name, email, person_id)"
    " values (3, 5, 'head', 1, '', 'Anna', '', 1), (4, 5, 'substitute', 2, '', 'Jan', 'jan@x.example', 2)",
    "insert into invitation (id, token_hash, seat_id, issued_at, expires_at, used_at, used_by)"
    " values (1, '{a}', 3, '{now}', '{now}', '{now}', 1), (2, '{b}', 4, '{now}', '{now}', null, null)",
    "insert into flow_definition (id, flow, version, structure, wording, source, published_at)"
    " values (1, 'karta', 1, '{a}', '{a}', '', '{now}')",
    "insert into card_round (id, body_id, period, variant, definition_id, opened_at, closes_on, closes_at)"
    " values (12, 1, '2026-H1', 'full', 1, '2026-06-01 00:00:00+00:00', '2026-06-30', '2026-06-30 22:00:00+00:00')",
    "insert into dialogue (id, person_id, definition_id, round_id, membership_id, state, turn, status, message_id, turned_at, kept, created_at)"
    " values (7, 1, 1, 12, 5, '{a}', 4, 'open', 77, '{now}', 'późno', '{now}'),"
    " (9, 2, 1, 12, 5, '{b}', 19, 'done', null, '{now}', null, '{now}'), (11, 2, 1, 12, 6, '', 0, 'open', null, '{now}', null, '{now}')",
    "insert into dialogue_event (id, dialogue_id, turn, kind, question, value, message_id, at)"
    " values (21, 7, 1, 'answer', 'goals', '4', null, '{now}'), (22, 7, 2, 'answer', 'conclusion', '\"słowa\"', 78, '{now}'),"
    " (23, 9, 1, 'confirm', '', null, null, '{now}'), (40, 11, 1, 'answer', 'goals', '1', null, '{now}')",
    "delete from dialogue_event where id = 40",
    "delete from dialogue where id = 11",
)  # fmt: skip
#: A second institution, for the talk that is gone.
SECOND = (
    "insert into institution (id, name, short_name, place, created_at) values (2, 'PUP', 'PUP', '', '{now}')",
    "insert into membership (id, body_id, institution_id, folded_name, stakeholder_type, sector, joined_on)"
    " values (6, 1, 2, 'pup', 'B', '', '2026-01-01')",
)
KEPT_TALK = "id, person_id, definition_id, round_id, membership_id, state, turn, status, message_id, turned_at, kept, created_at"
#: What both revisions know.
KNOWN = (
    f"select {KEPT_TALK} from dialogue order by id",
    "select id, dialogue_id, turn, kind, question, value, message_id, at from dialogue_event order by id",
    "select id, token_hash, seat_id, post_id, used_by from invitation order by id",
    "select id, membership_id, role, number, title, name, email, person_id from seat order by id",
    "select id, name, telegram_id, accepted_at from person order by id",
    "select id, slug, name, settings, created_at from body order by id",
)


@pytest.fixture
async def former(empty_database_url: str) -> AsyncIterator[Store]:
    """A store of revision 0003 in which people have been at work."""
    store = open_store(empty_database_url)

    def use(connection: Connection) -> None:
        upgrade_to(connection, "0003")
        for statement in (*USED[:2], *SECOND, *USED[2:]):
            for name, value in (("now", "2026-05-04 10:00:00+00:00"), ("a", "a" * 64), ("b", "b" * 64)):
                statement = statement.replace("{" + name + "}", value)
            connection.exec_driver_sql(statement)
        if connection.dialect.name == "postgresql":  # numbers that were said here did not move its counters
            for table, last in (("dialogue", 11), ("dialogue_event", 40)):
                connection.exec_driver_sql(f"select setval(pg_get_serial_sequence('{table}', 'id'), {last})")

    await store.write(use)
    yield store
    await store.close()


def _known(connection: Connection) -> list[list[tuple[Any, ...]]]:
    return [[tuple(row) for row in connection.exec_driver_sql(statement)] for statement in KNOWN]


def _new_talk(connection: Connection, columns: str, values: str) -> tuple[int, int]:
    """Begin a conversation with one step; give both numbers."""
    at = "'2026-05-05 10:00:00+00:00'"
    talk = connection.exec_driver_sql(
        f"insert into dialogue (person_id, definition_id, state, turn, status, turned_at, created_at, {columns})"
        f" values (1, 1, '', 0, 'open', {at}, {at}, {values}) returning id"
    ).scalar_one()
    event = (
        f"insert into dialogue_event (dialogue_id, turn, kind, question, at) values ({talk}, 1, 'answer', '', {at}) returning id"
    )
    return int(talk), int(connection.exec_driver_sql(event).scalar_one())


def _down(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    if not connection.in_transaction():
        connection.begin()
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(konwent_bot.store.__file__).parent / "migrations"))
    command.downgrade(config, revision)


async def test_conversations_under_way_go_on_after_the_upgrade(former: Store) -> None:
    """Anna goes to bed in the middle of her card, the program is upgraded, and in the morning every answer of hers is there."""
    before = await former.read(_known)
    assert all(before)
    await former.write(lambda connection: upgrade_to(connection))
    await require_current(former)
    assert await former.read(_known) == before
    about = "select id, subject, body_id, meeting_id from dialogue order by id"
    assert await former.read(lambda c: [tuple(row) for row in c.exec_driver_sql(about)]) == [
        (7, "card.submit:12:5", 1, None),
        (9, "card.submit:12:5", 1, None),
    ]


async def test_no_number_is_given_twice_after_the_upgrade(former: Store) -> None:
    """A button of a conversation that was deleted before the upgrade must not lead into a new one."""
    await former.write(lambda connection: upgrade_to(connection))
    made = await former.write(lambda c: _new_talk(c, "subject, body_id, round_id, membership_id", "'card.submit:12:6', 1, 12, 6"))
    assert made == (12, 41)


async def test_rules_hold_after_the_upgrade(former: Store) -> None:
    """The rewritten tables keep their rules: one conversation about one thing, a card's has its round, steps go with their talk."""
    await former.write(lambda connection: upgrade_to(connection))
    columns = "subject, body_id, round_id, membership_id"
    for values in (
        "'card.submit:12:5', 1, 12, 5",  # Anna has one
        "'card.submit:12:6', 1, null, 6",  # of no round
        "'plan.year:1:2027', 99, null, null",  # of no body
        "'card.submit:12:7', 1, 12, 99",  # of no institution
    ):
        with pytest.raises(IntegrityError):
            await former.write(lambda c, v=values: _new_talk(c, columns, v))  # type: ignore[misc]  # default in a lambda
    for seat in ("update seat set meeting_id = 1 where id = 3", "update seat set meeting_id = 99 where id = 4"):
        with pytest.raises(IntegrityError):
            await former.write(lambda c, s=seat: c.exec_driver_sql(s) and None)  # type: ignore[misc]  # default in a lambda
    with pytest.raises(IntegrityError):
        await former.write(lambda c: c.exec_driver_sql("delete from seat where id = 3") and None)
    await former.write(lambda c: c.exec_driver_sql("delete from dialogue where id = 7") and None)
    assert await former.read(lambda c: c.execute(text("select id from dialogue_event")).scalars().all()) == [23]


async def test_the_former_program_can_be_put_back(former: Store) -> None:
    """Whoever goes back to the former version loses meetings, and nothing of what that version knew; then the upgrade works again."""
    before = await former.read(_known)
    await former.write(lambda connection: upgrade_to(connection))

    def meet(connection: Connection) -> None:
        now = "'2026-05-05 10:00:00+00:00'"
        connection.exec_driver_sql(
            "insert into meeting (id, body_id, kind, status, day, hour, minutes, zone, starts_at, ends_at, mode, place, link, chair, topic,"
            " uid, revision, sequence, reason, code, reminded, created_at)"
            f" values (1, 1, 'strategic', 'planned', '2026-06-01', '10:00', 60, 'Europe/Warsaw', {now}, '2026-05-05 11:00:00+00:00',"
            f" 'online', '', '', 'coordinator', '', 'u@x', 0, 0, '', '', 0, {now})"
        )
        connection.exec_driver_sql(
            "insert into seat (id, membership_id, role, number, title, name, email, person_id, meeting_id)"
            " values (90, 5, 'substitute', 3, '', 'Ola', 'ola@x.example', 1, 1)"
        )
        connection.exec_driver_sql(
            f"insert into invitation (id, token_hash, seat_id, issued_at, expires_at) values (90, '{'c' * 64}', 90, {now}, {now})"
        )
        _new_talk(connection, "subject, body_id, meeting_id", "'meeting.convene:1', 1, 1")

    await former.write(meet)
    await former.write(lambda connection: _down(connection, "0003"))
    assert await former.read(revision_of) == "0003"
    talks, events, invitations, seats, *rest = await former.read(_known)
    assert seats.pop() == (90, 5, "substitute", 3, "", "", "", None), "a place for one meeting becomes no place for good"
    assert invitations.pop()[0] == 90
    assert [talks, events, invitations, seats, *rest] == before
    live = "select id from invitation where used_at is null and revoked_at is null"
    assert await former.read(lambda c: c.exec_driver_sql(live).scalars().all()) == [2]
    assert await former.write(lambda c: _new_talk(c, "round_id, membership_id", "12, 6")) == (13, 42)
    await former.write(lambda connection: upgrade_to(connection))
    await require_current(former)
    assert (await former.read(_known))[0][:2] == before[0]


async def test_every_step_back_can_be_gone(former: Store) -> None:
    """All the way down to nothing and up again: no revision leaves anything behind."""
    await former.write(lambda connection: upgrade_to(connection))
    await former.write(lambda connection: _down(connection, "0003"))
    await former.write(lambda connection: _down(connection, "0002"))
    await former.write(lambda connection: upgrade_to(connection))
    await require_current(former)
    assert len((await former.read(_known))[0]) == 2
