"""A store in which no table is empty and no column is without a value that some copy could spoil."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    text,
)
from sqlmodel import SQLModel

from konwent_bot.store.engines import Store

#: Every table's rows, as the program sees them.
Rows = dict[str, list[tuple[Any, ...]]]

AWKWARD: Final = "Zażółć gęślą jaźń\n\t\"'\\,;{}%s $1 \u2028 🦊 e\u0301 "
INSTANT: Final = datetime(2026, 3, 29, 1, 0, 0, 1, tzinfo=UTC)
LATER: Final = datetime(2026, 10, 25, 0, 30, 59, 999_999, tzinfo=UTC)

#: What stands in a column because of a rule (a reference, a list of words); every other column is filled by its type.
RULED: Final[dict[str, dict[str, Any]]] = {
    # The body's parent was entered after it.
    "body": {"level": "local", "parent_id": 2, "settings": {"ą": [1, 2.5, None, True, {"😀": ""}], "null": None}},
    "membership": {"body_id": 1, "institution_id": 1, "stakeholder_type": "A", "joined_on": date(1, 1, 1), "left_on": date(9999, 12, 31)},
    "person": {
        "language": "uk", "reach": "blocked", "telegram_id": 2**52 - 1, "channel": "both", "quiet_from": 23, "quiet_to": 0,
    },
    "seat": {"membership_id": 1, "role": "substitute", "person_id": 1, "meeting_id": 1},
    "post": {"body_id": 1, "kind": "chair", "membership_id": 1, "person_id": 1},
    "invitation": {"seat_id": 1, "post_id": None, "used_by": 1},
    "flow_definition": {},
    "card_round": {"body_id": 1, "variant": "full", "definition_id": 1, "opened_at": INSTANT, "closes_at": LATER, "period": "2026-H1"},
    "round_roll": {"round_id": 1, "membership_id": 1},
    "card": {"round_id": 1, "membership_id": 1, "role": "delegate", "person_id": 1, "version": 2},
    "card_version": {"card_id": 1, "version": 1, "role": "substitute"},
    "dialogue": {
        "person_id": 1, "definition_id": 1, "body_id": 1, "round_id": 1, "membership_id": 1, "meeting_id": 1, "status": "open",
    },
    "dialogue_event": {"dialogue_id": 1},
    "audit_entry": {"body_id": 1},
    "personal_link": {"person_id": 1, "purpose": "email"},
    "web_session": {"person_id": 1, "begun_at": INSTANT, "expires_at": LATER},
    "throttle": {},
    "upload": {"body_id": 1, "person_id": 1},
    "notice": {"body_id": 1, "outcome": "uncertain", "channel": "telegram"},
    "delivery": {"notice_id": 1, "channel": "mail", "state": "failed"},
    "enclosure": {"notice_id": 1, "method": "REQUEST", "media_type": "text/calendar"},
    "sent_file": {"bot_id": 2**62},
    "sending_pause": {"channel": "telegram"},
    "seen_update": {"bot_id": 2**62, "update_id": -(2**62)},
    "working_group": {"body_id": 1},
    "group_seat": {"group_id": 1, "seat_id": 1},
    "meeting": {
        "body_id": 1, "group_id": 1, "kind": "operational", "status": "convened", "starts_at": INSTANT, "mode": "hybrid", "minutes": 720,
        "chair": "minute_taker", "person_id": 1,
    },
    "meeting_guest": {"meeting_id": 1, "language": "en", "answer": "yes"},
    "meeting_call": {"meeting_id": 1, "seat_id": 1, "guest_id": None, "person_id": 1},
    "meeting_answer": {"meeting_id": 1, "membership_id": 1, "answer": "substitute", "seat_id": 1, "person_id": 1},
    "agenda_item": {
        "meeting_id": 1, "kind": "carried", "state": "proposed", "outcome": "carried", "from_id": 1, "membership_id": 1, "person_id": 1,
    },
    "material": {"meeting_id": 1, "person_id": 1},
    "attendance": {
        "meeting_id": 1, "membership_id": 1, "role": "delegate", "source": "ticked", "arrived_at": INSTANT, "person_id": 1,
    },
    "status_report": {"meeting_id": 1, "person_id": 1},
    "reminder_run": {"meeting_id": 1, "person_id": 1},
    "poll_date": {"meeting_id": 1},
    "poll_answer": {"date_id": 1, "membership_id": 1, "answer": "if_need_be", "person_id": 1},
    "proposal": {
        "body_id": 1, "meeting_id": 1, "item_id": 1, "kind": "rule", "state": "undecided", "answer_until": None, "membership_id": 1,
        "person_id": 1, "supersedes_id": 1,
    },
    "proposal_text": {"proposal_id": 1, "version": 1, "person_id": 1},
    "proposal_comment": {"proposal_id": 1, "membership_id": 1, "person_id": 1},
    "consensus_round": {"proposal_id": 1, "version": 1, "outcome": "objected"},
    "round_place": {"round_id": 1, "membership_id": 1},
    "stance": {"round_id": 1, "membership_id": 1, "stance": "object", "person_id": 1},
    "ballot": {
        "proposal_id": 1, "round_id": 1, "version": 1, "round_outcome": "objected", "method": "by_hand", "entitled": 14, "present": 11,
        "chair_choice": "against", "verdict": "void", "person_id": 1,
    },
    "ballot_place": {"ballot_id": 1, "membership_id": 1},
    "vote": {"ballot_id": 1, "membership_id": 1, "choice": "abstain", "person_id": 1},
    "turnout": {"ballot_id": 1, "membership_id": 1},
    "paper": {"ballot_id": 1, "id": "0123456789abcdef" * 2, "choice": "against"},
    "decision": {
        "body_id": 1, "proposal_id": 1, "version": 1, "meeting_id": 1, "method": "secret", "verdict": "failed", "round_id": None, "ballot_id": 1,
        "supersedes_id": 1,
    },
    "minutes": {
        "meeting_id": 1, "body_id": 1, "state": "final", "edition": 7, "version": 2, "points": "[2, 1]", "person_id": 1,
    },
    "minutes_note": {"minutes_id": 1, "point": "item:1", "revision": 3, "person_id": 1},
    "minutes_rival": {"note_id": 1, "person_id": 1},
    "minutes_file": {"minutes_id": 1, "person_id": 1},
    "minutes_version": {"minutes_id": 1, "version": 1, "kind": "annex", "person_id": 1},
    "minutes_place": {"minutes_id": 1, "version": 1, "membership_id": 1, "answer": "remarks", "person_id": 1},
    "minutes_remark": {
        "minutes_id": 1, "version": 1, "membership_id": 1, "point": "attendance", "state": "declined", "person_id": 1, "settled_by": 1,
    },
    "task": {"body_id": 1, "decision_id": 1, "minutes_id": None, "membership_id": 1, "person_id": 1},
    "decision_rule": {"body_id": 1, "decision_id": 1},
    "chat_group": {"body_id": 1, "chat_id": -(2**62), "person_id": 1},
    "calendar_feed": {"person_id": 1},
}  # fmt: skip
#: Further rows, for what may be empty in a row that is otherwise full.
MORE: Final[dict[str, dict[str, Any]]] = {
    "body": {"id": 2, "slug": "druga", "name": "Druga", "kind": "lsr", "level": "county", "settings": {}, "created_at": INSTANT},
    "invitation": {"id": 2, "token_hash": "b" * 64, "seat_id": None, "post_id": 1, "issued_at": INSTANT, "expires_at": LATER},
    "meeting_call": {"id": 2, "meeting_id": 1, "guest_id": 1, "revision": 1},
    "proposal": {
        "id": 2, "body_id": 1, "kind": "matter", "state": "withdrawn", "version": 1, "rule": "", "answer_until": LATER, "created_at": INSTANT,
    },
    "consensus_round": {
        "id": 2, "proposal_id": 1, "number": 2, "version": 1, "tacit": False, "rule": "{}", "entitled": 2, "opened_at": INSTANT,
        "closed_at": LATER, "outcome": "adopted", "result": "{}",
    },
    "decision": {
        "id": 2, "body_id": 1, "year": 2026, "number": 1, "proposal_id": 1, "version": 1, "method": "tacit", "verdict": "passed", "round_id": 2,
        "taken_at": LATER,
    },
    "task": {
        "id": 2, "body_id": 1, "minutes_id": 1, "what": "Ulotka", "membership_id": 1, "due_on": date(2026, 3, 1), "created_at": INSTANT,
    },
}  # fmt: skip


def filler(column: Any) -> Any:
    """Give a value that a careless copy would spoil."""
    match getattr(column.type, "impl_instance", column.type):  # behind our own types and SQLModel's
        case String(length=64):
            return "a" * 64
        case String(length=length):
            return AWKWARD if length is None else AWKWARD[:length]
        case Boolean():
            return True
        case Integer():
            return 2**31 - 1
        case Date():
            return date(2026, 2, 28)
        case JSON():
            return {"ł": [None, 0.1]}
        case LargeBinary():
            return bytes(range(256)) + b"\0PK\x03\x04\r\n"
        case DateTime():
            return LATER
        case other:
            raise TypeError(f"{column}: {other!r}")


def row_of(table: Table) -> dict[str, Any]:
    """Give a full row of a table."""
    own = {"id": 1} if "id" in table.c else {}
    return {column.name: filler(column) for column in table.c} | own | RULED.get(table.name, {})


def fill(connection: Connection) -> None:
    """Fill every table; a column that no row fills, or a rule nobody knew of, fails here."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("pragma defer_foreign_keys = on"))
    for name, rows in (("body", [MORE["body"], row_of(SQLModel.metadata.tables["body"])]), *_others()):
        for row in rows:
            connection.execute(insert(SQLModel.metadata.tables[name]).values(row))
    for table in SQLModel.metadata.sorted_tables:
        for column in table.c:
            assert connection.execute(select(column).where(column.is_not(None))).first(), f"{column} is filled by no row"


def _others() -> list[tuple[str, list[dict[str, Any]]]]:
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name != "body"]
    return [(table.name, [row_of(table), *([MORE[table.name]] if table.name in MORE else [])]) for table in tables]


async def rows(store: Store) -> Rows:
    """Give everything a store holds, as the program sees it."""

    def read(connection: Connection) -> Rows:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in SQLModel.metadata.sorted_tables
        }

    return await store.read(read)


def forget_last(connection: Connection, table: Table) -> None:
    """Delete the row with the highest id."""
    highest = select(table.c.id).order_by(table.c.id.desc()).limit(1).scalar_subquery()
    connection.execute(delete(table).where(table.c.id == highest))
