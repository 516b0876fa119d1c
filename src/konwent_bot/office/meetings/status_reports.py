"""The case manager's report for a strategic meeting (R5): written as a conversation, shown to all in numbers that tell of nobody (R16).

Whoever writes it sees the numbers as they are; everybody else sees what ``domain.meetings.status_report`` lets be shown next to all
earlier reports of the body.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import bindparam, exists, select

from konwent_bot.domain.meetings.status_report import ProblemKind, ProcessCounts, Shown, ShownCounts, shown_counts
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office import notices
from konwent_bot.office.meetings import facts
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.rights import Actor, offices, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.statements import upsert
from konwent_bot.store.tables import BODY, MEETING, POST, STATUS_REPORT

REPORT: Final = "status.report"
MISSING: Final = "status.missing"
#: How long before the meeting whoever writes it is told that it is missing.
TOLD_BEFORE: Final = timedelta(days=7)
#: How long before the meeting it is a matter on their home.
AWAITED_BEFORE: Final = timedelta(days=28)
#: How long after the meeting it can be put right.
CORRECTED_FOR: Final = timedelta(days=30)
#: Longest stretch the first report of a body speaks of: a quarter.
FIRST_PERIOD: Final = timedelta(days=92)


class Answers(BaseModel):
    """What the conversation asks."""

    in_process: int
    joined: int
    finished: int
    problems: tuple[ProblemKind, ...]
    problems_other: str = ""
    requests: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report as one reader may see it."""

    meeting: Meeting
    #: The local days it speaks of.
    since: date
    until: date
    #: The numbers as all may see them.
    shown: ShownCounts
    #: The numbers as they are, for whoever writes reports here; ``None`` for everybody else.
    exact: ProcessCounts | None
    problems: tuple[ProblemKind, ...]
    problems_other: str
    requests: str
    version: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Awaited:
    """A report that awaits whoever writes it."""

    meeting: int
    body: str
    #: Local day of the meeting, and when it begins.
    day: date
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Missing(Message):
    """A report is missing a week before its meeting."""

    meeting: int
    body: str
    day: date


def see(uow: UnitOfWork, actor: Actor, meeting: int) -> Report | None:
    """Give the report of a meeting to somebody who may see the meeting; ``None`` while there is none.

    Raises:
        NotFound: there is no such meeting for this actor, or it is none that has a report.
    """
    found = facts.see(uow, actor, meeting)
    if found.kind != "strategic":
        raise NotFound(NOT_HERE)
    own = uow.execute(_ONE, meeting=meeting).one_or_none()
    if own is None:
        return None
    before: Shown | None = None
    told = ShownCounts(0, 0, 0)
    for row in (*uow.execute(_EARLIER, body=found.body, starts=found.starts_at), own):
        told = shown_counts(_counts(row.answers), before)
        before = told.in_process
    last = Answers.model_validate_json(own.answers)
    exact = _counts(own.answers) if may_write(uow, actor, found) else None
    return Report(
        found, period_of(uow, found)[0], found.day, told, exact, last.problems, last.problems_other, last.requests,
        own.version, own.submitted_at,
    )  # fmt: skip


def may_write(uow: UnitOfWork, actor: Actor, meeting: Meeting) -> bool:
    """Tell whether an actor writes the report of this meeting, now or once it can be written."""
    held = offices(uow, actor, meeting.body)
    return meeting.kind == "strategic" and bool(held & {"case_manager", "coordinator"})


def period_of(uow: UnitOfWork, meeting: Meeting) -> tuple[date, date]:
    """Give the local days a report speaks of: from the strategic meeting before it (a quarter, for the first one) to its own day."""
    before = uow.execute(_BEFORE, body=meeting.body, starts=meeting.starts_at).scalar_one_or_none()
    return before or meeting.day - FIRST_PERIOD, meeting.day


def standing(uow: UnitOfWork, meeting: int) -> Mapping[str, Any]:
    """Give the answers of the report that stands, for the conversation that changes it; none while there is none. Asks no rights."""
    row = uow.execute(_ONE, meeting=meeting).one_or_none()
    if row is None:
        return {}
    said: dict[str, Any] = json.loads(row.answers)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items() if value != ""}


def is_there(uow: UnitOfWork, meeting: int) -> bool:
    """Tell whether a meeting has its report. Asks no rights."""
    return uow.execute(_ONE, meeting=meeting).first() is not None


def awaited(uow: UnitOfWork, person: int) -> list[Awaited]:
    """Give the reports a person is to write, the nearest meeting first: the case manager, or the coordinator where there is none."""
    rows = uow.execute(_AWAITED, person=person, now=uow.now, horizon=uow.now + AWAITED_BEFORE)
    return [Awaited(row.id, row.name, row.day, row.starts_at) for row in rows]


def foresee(uow: UnitOfWork, meeting: Meeting) -> None:
    """Have whoever writes the report told a week before that it is missing. Run again for the same date it changes nothing."""
    if meeting.kind != "strategic" or meeting.status != "convened" or meeting.starts_at <= uow.now:
        return
    for post in _writers(uow, meeting.body):
        notices.announce(
            uow, recipient=f"post:{post}", occasion=MISSING, subject=meeting.subject, revision=_of_its_date(meeting),
            body=meeting.body, due_at=max(uow.now, meeting.starts_at - TOLD_BEFORE),
        )  # fmt: skip


# --- a conversation ---------------------------------------------------------------------------------------------------


def may_report(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor writes the report of this meeting and it can be written now."""
    meeting = facts.see(uow, actor, subject.meeting or 0)
    require(uow, actor, REPORT, body=meeting.body)
    if meeting.kind != "strategic":
        raise NotFound(NOT_HERE)
    if meeting.status not in ("planned", "convened", "held") or uow.now > meeting.ends_at + CORRECTED_FOR:
        raise Refused(N_("The report for this meeting can no longer be written or changed."))


def report(uow: UnitOfWork, actor: Actor, subject: Subject, said: Answers) -> Outcome:
    """Keep the report; it takes the place of the one that stands."""
    version = uow.execute(
        _SUBMIT[uow.dialect], meeting=subject.meeting, answers=said.model_dump_json(), person=actor.person, now=uow.now
    ).scalar_one()
    uow.audit("status.report", body=subject.body, person=actor.person, meeting=subject.meeting or 0, version=version)
    return Outcome(subject.body, meeting=subject.meeting)


# --- a notice ---------------------------------------------------------------------------------------------------------


def _wanted(uow: UnitOfWork, due: Due) -> bool:
    meeting = facts.get(uow, due.about)
    ahead = meeting.status in ("planned", "convened") and meeting.starts_at > uow.now
    return ahead and due.revision == _of_its_date(meeting) and not is_there(uow, meeting.id)


def _missing(uow: UnitOfWork, due: Due, _reader: Reader) -> Message | str | None:
    if not _wanted(uow, due):
        return None
    meeting = facts.get(uow, due.about)
    return Missing(meeting.id, meeting.body_name, meeting.day)


OCCASIONS: Final = (Occasion(MISSING, _missing, _wanted, digestible=True, unsubscribable=True),)


# --- inside -----------------------------------------------------------------------------------------------------------

_R: Final = STATUS_REPORT.c
_M: Final = MEETING.c
_ONE = select(STATUS_REPORT).where(_R.meeting_id == bindparam("meeting"))
_SUBMIT = upsert(
    STATUS_REPORT,
    lambda new: (
        new.values(
            meeting_id=bindparam("meeting"), answers=bindparam("answers"), version=1, person_id=bindparam("person"),
            submitted_at=bindparam("now", type_=UtcInstant),
        )
        .on_conflict_do_update(
            index_elements=["meeting_id"],
            set_={
                "answers": new.excluded.answers, "version": _R.version + 1, "person_id": new.excluded.person_id,
                "submitted_at": new.excluded.submitted_at,
            },
        )
        .returning(_R.version)
    ),
)  # fmt: skip
#: Reports of the meetings before, each of which begins where the one before it ended: what each shows builds on what that one showed.
_EARLIER = (
    select(STATUS_REPORT)
    .join(MEETING, _M.id == _R.meeting_id)
    .where(
        _M.body_id == bindparam("body"), _M.status == "held", _M.starts_at < bindparam("starts", type_=UtcInstant)
    )
    .order_by(_M.starts_at, _M.id)
)  # fmt: skip
_BEFORE = (
    select(_M.day)
    .where(
        _M.body_id == bindparam("body"), _M.kind == "strategic", _M.status == "held",
        _M.starts_at < bindparam("starts", type_=UtcInstant),
    )
    .order_by(_M.starts_at.desc())
    .limit(1)
)  # fmt: skip
#: Who writes reports in a body: its case managers; whoever coordinates it where nobody holds that post.
_WRITERS = select(POST.c.id, POST.c.kind, POST.c.person_id).where(
    POST.c.body_id == bindparam("body"), POST.c.kind.in_(("case_manager", "coordinator"))
)
_MANAGED = POST.alias("managed")
_AWAITED = (
    select(_M.id, _M.day, BODY.c.name, _M.starts_at)
    .select_from(MEETING.join(BODY, BODY.c.id == _M.body_id).join(POST, POST.c.body_id == _M.body_id))
    .where(
        POST.c.person_id == bindparam("person"),
        (POST.c.kind == "case_manager")
        | (POST.c.kind == "coordinator")
        & ~exists().where(_MANAGED.c.body_id == _M.body_id, _MANAGED.c.kind == "case_manager", _MANAGED.c.person_id.is_not(None)),
        _M.kind == "strategic",
        _M.status.in_(("planned", "convened")),
        _M.starts_at > bindparam("now", type_=UtcInstant),
        _M.starts_at <= bindparam("horizon", type_=UtcInstant),
        ~exists().where(_R.meeting_id == _M.id),
    )
    .group_by(_M.id, _M.day, BODY.c.name, _M.starts_at)
    .order_by(_M.starts_at, _M.id)
)


def _of_its_date(meeting: Meeting) -> int:
    """Number the notice by the minute the meeting begins, so that each date is told of once, however often its place changes."""
    return int(meeting.starts_at.timestamp()) // 60


def _counts(answers: str) -> ProcessCounts:
    said = Answers.model_validate_json(answers)
    return ProcessCounts(said.in_process, said.joined, said.finished)


def _writers(uow: UnitOfWork, body: int) -> list[int]:
    posts = uow.execute(_WRITERS, body=body).all()
    managers = [row.id for row in posts if row.kind == "case_manager" and row.person_id is not None]
    return managers or [row.id for row in posts if row.kind == "coordinator"]
