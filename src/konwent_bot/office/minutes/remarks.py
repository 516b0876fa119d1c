"""Remarks on minutes: what an institution would have otherwise, and whoever circulates them takes that up or declines it, with a reason.

A remark that is taken up changes the draft, not what went out: a new version follows. One that is declined stays in the final version as a
number, and its institution is told why.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, delete, insert, update

from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.minutes import answers, ending, facts, roll, telling, versions
from konwent_bot.office.minutes.facts import CIRCULATE, Minutes
from konwent_bot.office.minutes.roll import Remark
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MINUTES_REMARK

REMARK: Final = "minutes.remark"
DECLINE: Final = "minutes.decline"
#: Remarks an institution may have on one version.
MOST: Final = 5
#: Characters of a remark, and of why it was declined.
MOST_TEXT: Final = 2000
MOST_REASON: Final = 1000


class RemarkGiven(BaseModel):
    """What the act ``minutes.remark`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: The point, as the flow offers it: a colon cannot stand there, so that of ``item:12`` is a hyphen.
    point: tuple[str, ...] = Field(min_length=1, max_length=1)
    text: str = Field(min_length=1, max_length=MOST_TEXT)


class Declined(BaseModel):
    """What the act ``minutes.decline`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = Field(min_length=1, max_length=MOST_REASON)


# --- by an institution ------------------------------------------------------------------------------------------------


def may_remark(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may have a remark for this institution now. Raises as ``remark``."""
    minutes, place = answers.may(uow, actor, subject.minutes or 0, subject.membership or 0)
    _require_room(uow, minutes, place.membership)


def remark(uow: UnitOfWork, actor: Actor, subject: Subject, given: RemarkGiven) -> Outcome:
    """Say for an institution what the newest version should say; that takes the place of its having accepted it.

    Raises:
        NotFound: no minutes were sent to this institution, the actor does not speak for it, or there is no such point in them.
        Refused: the deadline has passed, they are final, or the institution has as many remarks as it may.
    """
    minutes, place = answers.hold(uow, actor, subject.minutes or 0, subject.membership or 0)
    _require_room(uow, minutes, place.membership)
    point = given.point[0].replace("-", ":")
    if point not in dict(versions.points(versions.get(uow, minutes.id, minutes.version))):
        raise NotFound(NOT_HERE)
    made = int(
        uow.execute(
            _NEW, minutes_id=minutes.id, version=minutes.version, membership_id=place.membership, point=point, body=given.text.strip(),
            person_id=actor.person, created_at=uow.now,
        ).scalar_one()
    )  # fmt: skip
    answers.answer(uow, actor, minutes, place.membership, "remarks")
    uow.audit(REMARK, body=minutes.body, person=actor.person, minutes=minutes.id, remark=made, membership=place.membership)
    telling.remark_came(uow, minutes)
    return Outcome(minutes.body, minutes.meeting, made=made, minutes=minutes.id)


def take_back(uow: UnitOfWork, actor: Actor, number: int) -> Minutes:
    """Take an open remark back for its institution. With its last one the institution has not answered.

    Raises:
        NotFound: there is no such remark, or the actor does not speak for its institution.
        Refused: the deadline has passed, the minutes are final, or the remark is settled.
    """
    whose = roll.remark(uow, number)
    minutes, place = answers.hold(uow, actor, whose.minutes, whose.membership)
    _require_open(minutes, roll.remark(uow, number))
    uow.execute(_TAKE_BACK, remark=number)
    if not roll.of(uow, minutes.id, minutes.version).remarks_of(place.membership):
        answers.answer(uow, actor, minutes, place.membership, "")
    uow.audit("minutes.take_back", body=minutes.body, person=actor.person, minutes=minutes.id, membership=place.membership)
    ending.conclude(uow, actor, minutes)
    return facts.get(uow, minutes.id)


# --- by whoever circulates them ---------------------------------------------------------------------------------------


def accept(uow: UnitOfWork, actor: Actor, number: int) -> Remark:
    """Take a remark up: the draft is to be changed, and a new version to be circulated. Accepted twice it is accepted once.

    Raises:
        NotFound: there is no such remark for this actor.
        Refused: it was declined, or is about a version that is not answered any more.
    """
    minutes = facts.steer(uow, actor, roll.remark(uow, number).minutes, CIRCULATE)
    return _settle(uow, actor, minutes, number, "accepted")


def may_decline(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may decline this remark now. Raises as ``decline``."""
    found = roll.remark(uow, subject.remark or 0)
    minutes = facts.get(uow, found.minutes)
    require(uow, actor, CIRCULATE, body=minutes.body)
    _require_open(minutes, found)


def decline(uow: UnitOfWork, actor: Actor, subject: Subject, given: Declined) -> Outcome:
    """Decline a remark and tell its institution why. Where it was the last thing that kept the minutes from being final, they are.

    Raises:
        NotFound: there is no such remark for this actor.
        Refused: it is settled, or is about a version that is not answered any more.
    """
    number = subject.remark or 0
    minutes = facts.steer(uow, actor, roll.remark(uow, number).minutes, CIRCULATE)
    _require_open(minutes, roll.remark(uow, number))
    _settle(uow, actor, minutes, number, "declined", given.reason.strip())
    return Outcome(minutes.body, minutes.meeting, made=number, minutes=minutes.id)


# --- inside -----------------------------------------------------------------------------------------------------------


def _require_room(uow: UnitOfWork, minutes: Minutes, membership: int) -> None:
    if len(roll.of(uow, minutes.id, minutes.version).remarks_of(membership)) >= MOST:
        raise Refused(N_("An institution may have {most} remarks on minutes. Please write to whoever coordinates."), most=MOST)


def _require_open(minutes: Minutes, found: Remark) -> None:
    facts.require_open(minutes)
    if found.version != minutes.version:
        raise Refused(N_("This remark is about an earlier version. A newer one was sent out."))
    if found.state != "open":
        raise Refused(N_("This remark is settled already."))


def _settle(
    uow: UnitOfWork, actor: Actor, minutes: Minutes, number: int, state: Literal["accepted", "declined"], reason: str = ""
) -> Remark:
    found = roll.remark(uow, number)
    if found.state == state:
        return found
    _require_open(minutes, found)
    uow.execute(_SETTLE, remark=number, became=state, why=reason, person=actor.person, now=uow.now)
    uow.audit(f"minutes.remark_{state}", body=minutes.body, person=actor.person, minutes=minutes.id, remark=number)
    settled = roll.remark(uow, number)
    telling.remark_settled(uow, minutes, settled)
    ending.conclude(uow, actor, minutes)
    return settled


_R: Final = MINUTES_REMARK.c
_NEW = (
    insert(MINUTES_REMARK)
    .values(
        {
            **{
                name: bindparam(name)
                for name in ("minutes_id", "version", "membership_id", "point", "body", "person_id", "created_at")
            },
            "state": "open",
            "reason": "",
        }
    )
    .returning(_R.id)
)
_TAKE_BACK = delete(MINUTES_REMARK).where(_R.id == bindparam("remark"))
_SETTLE = (
    update(MINUTES_REMARK)
    .where(_R.id == bindparam("remark"))
    .values(
        state=bindparam("became"), reason=bindparam("why"), settled_by=bindparam("person"),
        settled_at=bindparam("now", type_=UtcInstant),
    )
)  # fmt: skip
