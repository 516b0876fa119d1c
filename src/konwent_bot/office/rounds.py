"""Card rounds: opening one, and how far it has come (R8: every half-year, every institution)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import RowMapping, and_, bindparam, func, insert, literal, select
from sqlalchemy.exc import IntegrityError

from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.office import definitions
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, CARD, CARD_ROUND, INSTITUTION, MEMBERSHIP, PERSON, POST, ROUND_ROLL, SEAT

#: The flow every round asks.
CARD_FLOW = "karta-wspolpracy"
#: How long a round stays open unless it is told otherwise.
DEFAULT_DAYS = 30
#: A round open longer than this is a slip of the pen.
MOST_DAYS = 180

_PERIOD = re.compile(r"(20\d\d)-H([12])\Z")


@dataclass(frozen=True, slots=True)
class RoundOpened:
    """A round just opened."""

    id: int
    period: str
    closes_on: date
    roll_size: int


@dataclass(frozen=True, slots=True)
class Matter:
    """A card that awaits a person, or that they may still change."""

    round_id: int
    membership_id: int
    body: str
    institution: str
    period: str
    minutes: int
    closes_on: date
    #: When and by whose seat it was submitted, once it has been.
    submitted_at: datetime | None
    submitted_role: str | None


@dataclass(frozen=True, slots=True)
class Watch:
    """A round a coordinator looks after."""

    round_id: int
    body: str
    period: str
    closes_on: date
    received: int
    asked: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who has answered in a round, institution by institution, in alphabetical order."""

    watch: Watch
    rows: tuple[CoverageRow, ...]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One institution of the roll."""

    institution: str
    submitted_at: datetime | None
    submitted_role: str | None
    #: Whether anybody holds a seat here who has accepted an invitation.
    reachable: bool


def period_of(day: date) -> str:
    """Give the half-year a day lies in, ``2026-H2`` (G15: calendar half-years)."""
    return f"{day.year}-H{1 if day.month <= 6 else 2}"


def end_of_day(uow: UnitOfWork, day: date) -> datetime:
    """Give the instant at which a local day is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=uow.house.zone)


def open_round(
    uow: UnitOfWork,
    actor: Actor,
    body: int,
    *,
    variant: Literal["full", "short"] = "full",
    closes_on: date | None = None,
    period: str | None = None,
) -> RoundOpened:
    """Open a round: the flow is pinned and the roll frozen to the institutions that belong to the body now.

    Raises:
        NotFound: no such body for this actor.
        Invalid: the last day is not ahead, or too far; the half-year is not written like 2026-H2.
        Refused: the half-year has a round already, or the body has no institutions.
    """
    require(uow, actor, "round.open", body=body)
    # The body's row is locked so that a roster imported at this moment is in the roll as a whole or not at all.
    if uow.execute(select(BODY.c.id).where(BODY.c.id == body).with_for_update()).scalar_one_or_none() is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    period = period or period_of(uow.today)
    if not _PERIOD.match(period):
        raise Invalid(N_("Write the half-year as 2026-H1 or 2026-H2, not “{text}”."), text=period)
    last = closes_on or uow.today + timedelta(days=DEFAULT_DAYS)
    if not uow.today <= last <= uow.today + timedelta(days=MOST_DAYS):
        raise Invalid(
            N_("The last day of a round must lie between today ({today}) and {limit}; {day} does not."),
            today=uow.today, limit=uow.today + timedelta(days=MOST_DAYS), day=last,
        )  # fmt: skip
    members = list(
        uow.execute(select(MEMBERSHIP.c.id).where(MEMBERSHIP.c.body_id == body, MEMBERSHIP.c.left_on.is_(None))).scalars()
    )
    if not members:
        raise Refused(N_("This body has no institutions yet. Import its roster first."))
    definition = definitions.publish(uow, uow.house.flows[CARD_FLOW])
    values = {
        "body_id": body, "period": period, "variant": variant, "definition_id": definition,
        "opened_at": uow.now, "closes_on": last, "closes_at": end_of_day(uow, last),
    }  # fmt: skip
    try:
        with uow.connection.begin_nested():
            made = int(uow.execute(insert(CARD_ROUND).values(values).returning(CARD_ROUND.c.id)).scalar_one())
    except IntegrityError as error:
        raise Refused(N_("There is a round for {period} in this body already."), period=period) from error
    uow.connection.execute(insert(ROUND_ROLL), [{"round_id": made, "membership_id": member} for member in members])
    uow.audit("round.open", body=body, person=actor.person, round=made, roll=len(members))
    return RoundOpened(made, period, last, len(members))


# --- reading ----------------------------------------------------------------------------------------------------------

_MATTERS = (
    select(
        CARD_ROUND.c.id.label("round_id"), MEMBERSHIP.c.id.label("membership_id"), BODY.c.name.label("body"),
        INSTITUTION.c.short_name.label("institution"), CARD_ROUND.c.period, CARD_ROUND.c.closes_on,
        CARD.c.submitted_at, CARD.c.role.label("submitted_role"),
    )
    .select_from(
        ROUND_ROLL.join(CARD_ROUND, CARD_ROUND.c.id == ROUND_ROLL.c.round_id)
        .join(MEMBERSHIP, MEMBERSHIP.c.id == ROUND_ROLL.c.membership_id)
        .join(BODY, BODY.c.id == MEMBERSHIP.c.body_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .outerjoin(CARD, and_(CARD.c.round_id == CARD_ROUND.c.id, CARD.c.membership_id == MEMBERSHIP.c.id))
    )
    .where(
        select(literal(1))
        .where(
            SEAT.c.membership_id == MEMBERSHIP.c.id, SEAT.c.person_id == bindparam("person"), SEAT.c.meeting_id.is_(None)
        )
        .exists(),
        MEMBERSHIP.c.left_on.is_(None),
        CARD_ROUND.c.closes_at > bindparam("now", type_=CARD_ROUND.c.closes_at.type),
    )
    .order_by(CARD_ROUND.c.closes_at, INSTITUTION.c.short_name, CARD_ROUND.c.id)
)  # fmt: skip

_RECEIVED = (
    select(func.count()).select_from(CARD).where(CARD.c.round_id == CARD_ROUND.c.id).correlate(CARD_ROUND).scalar_subquery()
)
_ASKED = (
    select(func.count())
    .select_from(ROUND_ROLL)
    .where(ROUND_ROLL.c.round_id == CARD_ROUND.c.id)
    .correlate(CARD_ROUND)
    .scalar_subquery()
)
_WATCH = select(
    CARD_ROUND.c.id.label("round_id"), CARD_ROUND.c.body_id, BODY.c.name.label("body"), CARD_ROUND.c.period, CARD_ROUND.c.closes_on,
    _RECEIVED.label("received"), _ASKED.label("asked"),
).join_from(CARD_ROUND, BODY)  # fmt: skip
_WATCHED = _WATCH.where(
    select(literal(1))
    .where(POST.c.body_id == CARD_ROUND.c.body_id, POST.c.kind == "coordinator", POST.c.person_id == bindparam("person"))
    .exists(),
    CARD_ROUND.c.closes_at > bindparam("now", type_=CARD_ROUND.c.closes_at.type),
).order_by(CARD_ROUND.c.closes_at, CARD_ROUND.c.id)
_ONE = _WATCH.where(CARD_ROUND.c.id == bindparam("round"))
_COVERAGE = (
    select(
        INSTITUTION.c.short_name, CARD.c.submitted_at, CARD.c.role,
        select(literal(1))
        .select_from(SEAT.join(PERSON, PERSON.c.id == SEAT.c.person_id))
        .where(SEAT.c.membership_id == MEMBERSHIP.c.id, SEAT.c.meeting_id.is_(None), PERSON.c.accepted_at.is_not(None))
        .exists()
        .label("reachable"),
    )
    .select_from(
        ROUND_ROLL.join(MEMBERSHIP, MEMBERSHIP.c.id == ROUND_ROLL.c.membership_id)
        .join(INSTITUTION, INSTITUTION.c.id == MEMBERSHIP.c.institution_id)
        .outerjoin(CARD, and_(CARD.c.round_id == ROUND_ROLL.c.round_id, CARD.c.membership_id == MEMBERSHIP.c.id))
    )
    .where(ROUND_ROLL.c.round_id == bindparam("round"))
    .order_by(INSTITUTION.c.short_name, MEMBERSHIP.c.id)
)  # fmt: skip


def matters(uow: UnitOfWork, person: int) -> list[Matter]:
    """Give the cards of open rounds a person may fill in or change, nearest deadline first."""
    found = uow.execute(_MATTERS, person=person, now=uow.now).mappings()
    minutes = uow.house.flows[CARD_FLOW].file.minutes
    return [Matter(**row, minutes=minutes) for row in found]


def watched(uow: UnitOfWork, person: int) -> list[Watch]:
    """Give the open rounds of the bodies this person coordinates."""
    return [_watch(row) for row in uow.execute(_WATCHED, person=person, now=uow.now).mappings()]


def coverage(uow: UnitOfWork, actor: Actor, round_id: int) -> Coverage:
    """Give who has answered and who has not. Raises ``NotFound`` unless the actor coordinates the round's body."""
    row = uow.execute(_ONE, round=round_id).mappings().one_or_none()
    if row is None:
        raise NotFound(N_("There is no such matter here, or it is not open to you."))
    require(uow, actor, "round.coverage", body=row["body_id"])
    rows = uow.execute(_COVERAGE, round=round_id)
    return Coverage(_watch(row), tuple(CoverageRow(r.short_name, r.submitted_at, r.role, bool(r.reachable)) for r in rows))


def _watch(row: RowMapping) -> Watch:
    return Watch(row["round_id"], row["body"], row["period"], row["closes_on"], row["received"], row["asked"])
