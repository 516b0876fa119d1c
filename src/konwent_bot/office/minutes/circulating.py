"""Sending minutes out: the first version, another one with what was taken up, and the one that was accepted for good.

KSR White Book §1.3.7; domain.md R7, G9: minutes go to all institutions of the body, and who is silent until the deadline has accepted
them. The document is typeset once, kept for good, and the same bytes go to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import bindparam, insert, literal, select, update

from konwent_bot import i18n
from konwent_bot.documents.minutes import changes as compared
from konwent_bot.documents.minutes import content as contents
from konwent_bot.documents.minutes.changes import Change
from konwent_bot.documents.minutes.content import Chain, Content
from konwent_bot.documents.minutes.facts import File
from konwent_bot.documents.minutes.going_round import Acceptance, Remark
from konwent_bot.domain.meetings.local_time import to_utc, to_wall
from konwent_bot.domain.meetings.representation import call_order
from konwent_bot.domain.minutes.answering import next_step
from konwent_bot.errors import N_, Refused
from konwent_bot.office import audit_chain
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.minutes import drafts, facts, roll, settings, telling, versions
from konwent_bot.office.minutes.drafts import Current
from konwent_bot.office.minutes.facts import CIRCULATE, Minutes
from konwent_bot.office.minutes.roll import Roll
from konwent_bot.office.minutes.versions import LANGUAGE, Version
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import MEMBERSHIP, MINUTES, MINUTES_PLACE


@dataclass(frozen=True, slots=True)
class Ready:
    """What sending minutes out would do, and what speaks against it."""

    current: Current
    #: The number of the version that would go out.
    version: int
    #: Until when institutions could answer to it.
    answer_until: datetime
    #: What is otherwise than in the version before; nothing of a first one.
    changes: tuple[Change, ...]
    #: How many institutions it would go to.
    institutions: int
    #: Those of whom nobody can be told, by name.
    unreached: tuple[str, ...]
    #: Why it cannot go out now; ``None`` where it can.
    hindrance: Refused | None


def look_over(uow: UnitOfWork, actor: Actor, number: int) -> Ready:
    """Say what sending minutes out would do. Changes nothing.

    Raises:
        NotFound: there are no such minutes for this actor.
    """
    minutes = facts.get(uow, number)
    require(uow, actor, CIRCULATE, body=minutes.body)
    now = drafts.standing(uow, minutes)
    members = meetings.members_of_body(uow, minutes.body)
    unreached = tuple(one.name for one in members if not call_order(now.meeting.kind, one.places))
    return Ready(
        now, versions.next_number(uow, number), _until(uow, minutes), _changes(uow, now), len(members), unreached, _hindrance(uow, now)
    )  # fmt: skip


def circulate(uow: UnitOfWork, actor: Actor, number: int, edition: int, mark: int | None = None) -> Version:
    """Send minutes out to all institutions of the body, for an answer: the edition that was looked over, and no other.

    Of two who do so at the same moment one prevails, and the other is told.

    Args:
        uow: the unit of work.
        actor: whoever sends them.
        number: the minutes.
        edition: the one that was looked over: nobody has written since.
        mark: of the draft that was looked over (``Current.mark``): nothing it is made of was corrected since, either.

    Raises:
        NotFound: there are no such minutes for this actor.
        Refused: they were changed meanwhile; somebody still has to choose between two texts; institutions still answer, a remark waits
            to be settled, or none was taken up; they are accepted and closed.
    """
    minutes = facts.steer(uow, actor, number, CIRCULATE)
    facts.require_open(minutes)
    now = drafts.standing(uow, minutes)
    if minutes.edition != edition or mark not in (None, now.mark):
        raise Refused(N_("The minutes were changed meanwhile. Look them over again before they go out."))
    if (hindrance := _hindrance(uow, now)) is not None:
        raise hindrance
    until = _until(uow, minutes)
    made = versions.store(uow, actor, minutes, _content(uow, now, until), answer_until=until)
    uow.execute(_PLACES, minutes=number, version=made.version, body=minutes.body)
    step = next_step(uow.now, uow.now, until, uow.house.zone)
    uow.execute(_CIRCULATED, minutes=number, new_version=made.version, until=until, step=step)
    uow.audit("minutes.circulate", body=minutes.body, person=actor.person, minutes=number, version=made.version)
    telling.circulated(uow, facts.get(uow, number), but=actor)
    return made


def finalise(uow: UnitOfWork, actor: Actor, minutes: Minutes) -> Version:
    """Make the version that stands the final one, which says who accepted it, and tell everybody. Nothing is changed after that.

    Asks no rights and looks at no deadline: whoever calls holds the minutes' row, and knows that nobody is waited for and nothing of a
    remark is open.
    """
    if minutes.locked:
        return versions.get(uow, minutes.id, minutes.version)
    before = versions.get(uow, minutes.id, minutes.version)
    answers = roll.of(uow, minutes.id, minutes.version)
    told = before.content
    content = contents.content(
        told.draft, i18n.translator(LANGUAGE), kind="final", version=versions.next_number(uow, minutes.id), files=told.files,
        chain=_chain(uow, minutes), circulated_on=uow.today, acceptance=_acceptance(uow, answers),
    )  # fmt: skip
    made = versions.store(uow, actor, minutes, content)
    uow.execute(_FINAL, minutes=minutes.id, new_version=made.version, now=uow.now)
    uow.audit("minutes.final", body=minutes.body, person=actor.person, minutes=minutes.id, version=made.version)
    telling.final(uow, facts.get(uow, minutes.id))
    return made


# --- inside -----------------------------------------------------------------------------------------------------------


def _hindrance(uow: UnitOfWork, now: Current) -> Refused | None:
    """Say what speaks against sending minutes out as they stand."""
    minutes = now.minutes
    if minutes.locked:
        return Refused(N_("These minutes are accepted and closed. What is to be put right goes into an annex."))
    if now.rivals:
        return Refused(N_("Somebody still has to choose between two texts of one paragraph. Then the minutes can go out."))
    if not minutes.version:
        return None
    match roll.of(uow, minutes.id, minutes.version).outcome(uow.now):
        case "waiting":
            return Refused(
                N_("Institutions can answer until {day}. Another version goes out after that."),
                day=_last_day(uow, minutes.answer_until),
            )
        case "settle":
            return Refused(N_("Settle every remark first: accept it, or decline it with a reason."))
        case "final":
            return Refused(N_("No remark was accepted, so there is nothing to send out anew."))
        case _:
            return None


def _content(uow: UnitOfWork, now: Current, until: datetime) -> Content:
    minutes = now.minutes
    return contents.content(
        now.draft, i18n.translator(LANGUAGE), kind="circulated", version=versions.next_number(uow, minutes.id),
        files=tuple(File(one.name, one.sha256) for one in now.files), chain=_chain(uow, minutes), circulated_on=uow.today,
        answer_until=_last_day(uow, until), since=minutes.version, changes=_changes(uow, now), remarks=_taken_up(uow, minutes),
    )  # fmt: skip


def _changes(uow: UnitOfWork, now: Current) -> tuple[Change, ...]:
    if not now.minutes.version or now.minutes.locked:
        return ()
    before = versions.get(uow, now.minutes.id, now.minutes.version)
    return compared.changes(before.content.draft, now.draft)


def _taken_up(uow: UnitOfWork, minutes: Minutes) -> tuple[Remark, ...]:
    """Give the remarks to the version before that this one takes up."""
    if not minutes.version:
        return ()
    headings = dict(versions.points(versions.get(uow, minutes.id, minutes.version)))
    taken = roll.of(uow, minutes.id, minutes.version).taken
    return tuple(Remark(one.institution, headings.get(one.point, ""), one.body, one.reason) for one in taken)


def _acceptance(uow: UnitOfWork, answers: Roll) -> Acceptance:
    def named(word: str) -> tuple[str, ...]:
        return tuple(one.name for one in answers.places if one.answer == word)

    until = answers.until or uow.now
    return Acceptance(named("accepted"), named("deemed"), named("remarks"), _last_day(uow, until))


def _chain(uow: UnitOfWork, minutes: Minutes) -> Chain:
    head = audit_chain.head(uow, minutes.body)
    return Chain(head.number, head.seal)


def _until(uow: UnitOfWork, minutes: Minutes) -> datetime:
    """Give until when institutions may answer to what goes out now: the end of a local day."""
    days = settings.of(uow, minutes.body).days
    return to_utc(datetime.combine(uow.today + timedelta(days=days + 1), time()), uow.house.zone)


def _last_day(uow: UnitOfWork, until: datetime | None) -> date:
    """Give the last local day on which institutions may answer."""
    return to_wall((until or uow.now) - _INSTANT, uow.house.zone).date()


_INSTANT: Final = timedelta(microseconds=1)
_PLACES = insert(MINUTES_PLACE).from_select(
    ["minutes_id", "version", "membership_id", "answer"],
    select(
        bindparam("minutes", type_=MINUTES_PLACE.c.minutes_id.type), bindparam("version", type_=MINUTES_PLACE.c.version.type), MEMBERSHIP.c.id,
        literal(""),
    ).where(MEMBERSHIP.c.body_id == bindparam("body"), MEMBERSHIP.c.left_on.is_(None)),
)  # fmt: skip
_THIS = update(MINUTES).where(MINUTES.c.id == bindparam("minutes"))
_CIRCULATED = _THIS.values(
    state="circulated", version=bindparam("new_version"), answer_until=bindparam("until", type_=UtcInstant),
    next_step_at=bindparam("step", type_=UtcInstant),
)  # fmt: skip
_FINAL = _THIS.values(
    state="final", version=bindparam("new_version"), final_at=bindparam("now", type_=UtcInstant), next_step_at=None
)
