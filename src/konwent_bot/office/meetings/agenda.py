"""The agenda of a meeting as it stands: what is on it by itself, what was entered, what comes over from earlier meetings.

``settle`` brings an agenda to what the rules ask for, whenever it is run; what people do with its items is ``agenda_items``. A matter
that was left open is carried over to the nearest meeting of its kind that is called, and only there: it is never lost and never
stands twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Row, Select, bindparam, exists, func, or_, select, update

from konwent_bot.domain.meetings import agenda as rules
from konwent_bot.domain.meetings.agenda import MATTERS, ItemKind
from konwent_bot.office import tasks
from konwent_bot.office.meetings import day_code, facts, status_reports
from konwent_bot.office.meetings.facts import Meeting
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import AGENDA_ITEM, CARD_ROUND, INSTITUTION, MEETING, MEMBERSHIP, PROPOSAL
from konwent_bot.store.tables.decisions import PENDING
from konwent_bot.store.tables.meetings import CARRIED, STANDING

#: While a meeting is ahead or under way; after that its agenda is history.
OPEN: Final = ("proposed", "planned", "convened")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an agenda."""

    #: 0 for a standing item of an agenda that nobody has settled yet, and for the tasks that are open.
    id: int
    kind: ItemKind
    #: What it is called; of the conclusions of cards their half-year; of open tasks how many; empty for the other standing ones.
    title: str
    detail: str
    #: ``proposed``, ``accepted`` or ``declined``, and why it was declined.
    state: str
    reason: str
    #: What became of it at the meeting; empty while nothing is noted.
    outcome: Literal["", "done", "open", "carried"]
    #: The institution that proposed it, if one did.
    membership: int | None
    institution: str
    #: Who entered it.
    person: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an agenda as letters and members' screens show it: plain values, in order."""

    kind: ItemKind
    title: str
    detail: str
    institution: str


def of(uow: UnitOfWork, meeting: Meeting) -> list[Item]:
    """Give everything that was entered for a meeting's agenda, declined proposals too, in its order. Asks no rights."""
    return [_read(row) for row in uow.execute(_ITEMS, meeting=meeting.id)]


def standing(uow: UnitOfWork, meeting: Meeting) -> list[Item]:
    """Give the agenda in order, accepted items only. Before it was settled it has what the rules say it begins with. Asks no rights."""
    accepted = [item for item in of(uow, meeting) if item.state == "accepted"]
    if any(item.kind not in MATTERS for item in accepted):
        return accepted
    by_id = {item.id: item for item in accepted}
    begun = rules.default_agenda(meeting.kind, own=list(by_id))
    return [by_id[one.subject] if one.subject in by_id else _blank(one.kind) for one in begun]


def shown(uow: UnitOfWork, meeting: Meeting) -> list[Item]:
    """Give the agenda as people see it: what stands on it, and the tasks that are open when the meeting begins. Asks no rights.

    The tasks are looked at by meetings of the whole body at which institutions report and work (R2). Whatever orders, moves or removes
    items goes by ``standing``.
    """
    found = standing(uow, meeting)
    many = tasks.how_many_open(uow, meeting.body, meeting.starts_at) if _looks_at_tasks(meeting) else 0
    if many:
        found.insert(rules.place_of_open_tasks([one.kind for one in found]), _blank("open_tasks", str(many)))
    return found


def lines(uow: UnitOfWork, meeting: Meeting) -> tuple[Line, ...]:
    """Give the agenda as it is told to those who are called. Asks no rights."""
    return tuple(Line(item.kind, item.title, item.detail, item.institution) for item in shown(uow, meeting))


def settle(uow: UnitOfWork, meeting: Meeting) -> None:
    """Put on an agenda what the rules ask for and what is carried over; run again it changes nothing.

    To be called when a meeting is entered, called and moved. The status report is on every strategic agenda (R5); what the
    coordinator took off stays off. A meeting that is called has its day's code, and its report is waited for. Asks no rights.
    """
    meeting = facts.get(uow, meeting.id, lock=True)
    if meeting.status not in OPEN:
        return
    period = _conclusions(uow, meeting)
    for one in rules.default_agenda(meeting.kind, round_closed=None if period is None else 0):
        title = period or "" if one.kind == "card_conclusions" else ""
        uow.execute(_ENTER_STANDING[uow.dialect], meeting=meeting.id, kind=one.kind, title=title, now=uow.now)
    if (
        meeting.status == "convened"
        and meeting.starts_at > uow.now
        and uow.execute(_NEARER, **_alike(uow, meeting)).first() is None
    ):
        _carry_over(uow, meeting)
    place(uow, meeting)
    if meeting.status == "convened":
        day_code.give(uow, meeting)
        status_reports.foresee(uow, meeting)


def follow(uow: UnitOfWork, meeting: Meeting) -> None:
    """Let what a meeting left open go on: to the nearest one of its kind that is called. Call it when a meeting is closed or called off.

    Where none is called yet, it goes when one is.
    """
    if (after := next_of(uow, meeting)) is not None:
        settle(uow, after)


def next_of(uow: UnitOfWork, meeting: Meeting) -> Meeting | None:
    """Give the nearest meeting of the same kind (and group) that is called and has not begun, locked; ``None`` where there is none."""
    number = uow.execute(_NEXT, **_alike(uow, meeting)).scalars().first()
    return None if number is None else facts.get(uow, number, lock=True)


def proposals_follow(uow: UnitOfWork, item: int) -> None:
    """Let what was to be decided under a matter that was carried over be decided where the matter is now, after another discussion.

    A proposal with a round or a ballot open stays until that is over.
    """
    uow.execute(_FOLLOW, source=item)


def place(uow: UnitOfWork, meeting: Meeting) -> None:
    """Put new items (position 0) where they belong by default and number all anew. Whoever calls holds the meeting's lock."""
    accepted = [row for row in uow.execute(_ITEMS, meeting=meeting.id) if row.state == "accepted"]
    accepted.sort(key=lambda row: (row.position == 0, row.position, row.id))
    order = [row.id for row in accepted if row.position > 0]
    kinds: dict[str, list[int]] = {}
    for row in accepted:
        kinds.setdefault(row.kind, []).append(row.id)
    before: int | None = None
    begun = rules.default_agenda(meeting.kind, round_closed=0, carried=kinds.get("carried", ()), own=kinds.get("own", ()))
    for one in begun:
        number = one.subject if one.kind in MATTERS else next(iter(kinds.get(one.kind, ())), None)
        if number is None:
            continue
        if number not in order:
            order.insert(0 if before is None else order.index(before) + 1, number)
        before = number
    number_anew(uow, order, {row.id: row.position for row in accepted})


def number_anew(uow: UnitOfWork, order: Sequence[int], now: dict[int, int]) -> None:
    """Write the places of items, from 1; ``now`` are those they have."""
    for position, number in enumerate(order, start=1):
        if now.get(number) != position:
            uow.execute(_PLACE, item=number, new_position=position)


# --- inside -----------------------------------------------------------------------------------------------------------

_I: Final = AGENDA_ITEM.c
_M: Final = MEETING.c
_ITEMS = (
    select(AGENDA_ITEM, func.coalesce(INSTITUTION.c.short_name, "").label("institution"))
    .select_from(
        AGENDA_ITEM.outerjoin(MEMBERSHIP, MEMBERSHIP.c.id == _I.membership_id).outerjoin(
            INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id
        )
    )
    .where(_I.meeting_id == bindparam("meeting"))
    .order_by(_I.position, _I.id)
)
_NEW: Final = {
    "meeting_id": bindparam("meeting"), "position": 0, "kind": bindparam("kind"), "title": bindparam("title"), "detail": "",
    "state": "accepted", "reason": "", "outcome": "", "created_at": bindparam("now", type_=UtcInstant),
}  # fmt: skip
#: The half-year of the conclusions follows the round that was closed last.
_ENTER_STANDING = upsert(
    AGENDA_ITEM,
    lambda new: new.values(_NEW).on_conflict_do_update(
        index_elements=["meeting_id", "kind"], index_where=STANDING, set_={"title": new.excluded.title}
    ),
)
_CARRY = upsert(
    AGENDA_ITEM,
    lambda new: (
        new.values(
            {**_NEW, "kind": "carried", "detail": bindparam("detail"), "from_id": bindparam("source"), "membership_id": bindparam("whose"),
             "person_id": bindparam("who")}
        )
        .on_conflict_do_nothing(index_elements=["from_id"], index_where=CARRIED)
        .returning(_I.id)
    ),
)  # fmt: skip
_PLACE = update(AGENDA_ITEM).where(_I.id == bindparam("item")).values(position=bindparam("new_position"))
_THERE = AGENDA_ITEM.alias("there")
_FOLLOW = (
    update(PROPOSAL)
    .where(
        PROPOSAL.c.item_id == bindparam("source"),
        PROPOSAL.c.state.in_(PENDING),
        exists().where(_THERE.c.from_id == bindparam("source")),
    )
    .values(
        item_id=select(_THERE.c.id).where(_THERE.c.from_id == bindparam("source")).scalar_subquery(),
        meeting_id=select(_THERE.c.meeting_id).where(_THERE.c.from_id == bindparam("source")).scalar_subquery(),
        state="discussion",
        discussed_at=None,
    )
)
_CARRIED = update(AGENDA_ITEM).where(_I.id == bindparam("source")).values(outcome="carried")

_ALIKE: Final = (
    _M.body_id == bindparam("body"),
    _M.kind == bindparam("like"),
    func.coalesce(_M.group_id, 0) == bindparam("group"),
)
_NEXT = (
    select(_M.id)
    .where(*_ALIKE, _M.status == "convened", _M.starts_at > bindparam("now", type_=UtcInstant), _M.id != bindparam("meeting"))
    .order_by(_M.starts_at, _M.id)
)
_NEARER = _NEXT.where(_M.starts_at < bindparam("starts", type_=UtcInstant))
#: Noted as open; or open once and not noted as done since; or never dealt with, because the meeting was called off.
_LEFT_OPEN = (
    select(AGENDA_ITEM)
    .join(MEETING, _M.id == _I.meeting_id)
    .where(
        *_ALIKE,
        _M.id != bindparam("meeting"),
        _I.kind.in_(sorted(MATTERS)),
        _I.state == "accepted",
        or_(
            (_M.status == "held")
            & (_M.starts_at < bindparam("starts", type_=UtcInstant))
            & or_(_I.outcome == "open", (_I.outcome == "") & (_I.kind == "carried")),
            (_M.status == "cancelled") & _I.outcome.in_(("", "open")),
        ),
    )
    .order_by(_M.starts_at, _I.position, _I.id)
)
#: The round that will be closed by then and whose conclusions no meeting has dealt with yet (R9).
_ROUND = (
    select(CARD_ROUND.c.period)
    .where(CARD_ROUND.c.body_id == bindparam("body"), CARD_ROUND.c.closes_at <= bindparam("starts", type_=UtcInstant))
    .order_by(CARD_ROUND.c.closes_at.desc())
    .limit(1)
)
_DEALT_WITH: Select[Any] = select(
    exists().where(
        _I.meeting_id == _M.id, _M.body_id == bindparam("body"), _M.status == "held", _I.kind == "card_conclusions",
        _I.title == bindparam("period"), _I.outcome == "done",
    )
)  # fmt: skip


def _read(row: Row[Any]) -> Item:
    return Item(
        row.id,
        row.kind,
        row.title,
        row.detail,
        row.state,
        row.reason,
        row.outcome,
        row.membership_id,
        row.institution,
        row.person_id,
    )


def _blank(kind: ItemKind, title: str = "") -> Item:
    return Item(0, kind, title, "", "accepted", "", "", None, "", None)


def _looks_at_tasks(meeting: Meeting) -> bool:
    return meeting.group is None and meeting.kind in ("strategic", "operational") and meeting.status != "cancelled"


def _alike(uow: UnitOfWork, meeting: Meeting) -> dict[str, object]:
    return {
        "body": meeting.body, "like": meeting.kind, "group": meeting.group or 0, "meeting": meeting.id, "starts": meeting.starts_at,
        "now": uow.now,
    }  # fmt: skip


def _conclusions(uow: UnitOfWork, meeting: Meeting) -> str | None:
    """Give the half-year whose cards wait for their conclusions, where there is one."""
    period = uow.execute(_ROUND, body=meeting.body, starts=meeting.starts_at).scalar_one_or_none()
    if period is None or uow.execute(_DEALT_WITH, body=meeting.body, period=period).scalar_one():
        return None
    return str(period)


def _carry_over(uow: UnitOfWork, meeting: Meeting) -> None:
    for row in uow.execute(_LEFT_OPEN, **_alike(uow, meeting)).all():
        made = uow.execute(
            _CARRY[uow.dialect], meeting=meeting.id, title=row.title, detail=row.detail, source=row.id, whose=row.membership_id,
            who=row.person_id, now=uow.now,
        )  # fmt: skip
        if made.first() is not None:
            uow.execute(_CARRIED, source=row.id)
            proposals_follow(uow, row.id)
