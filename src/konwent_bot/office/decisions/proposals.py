"""Entering a proposal: by whom, at which meeting or by circulation, and what there is to choose from.

A proposal is decided at a meeting, under a matter of its agenda, or by circulation until a day. Where it stands
(``store.tables.decisions.PROPOSAL_STATES``) moves along one way only: discussion, consensus, and a ballot after an objection; whatever
changes its text or its meeting leads back to the discussion (``changing``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, func, insert, select

from konwent_bot.domain.meetings.agenda import MATTERS
from konwent_bot.domain.meetings.local_time import to_utc
from konwent_bot.errors import N_, NotFound, Refused
from konwent_bot.office.decisions import facts, proposal_news, settings
from konwent_bot.office.meetings import agenda, agenda_items
from konwent_bot.office.meetings import facts as meetings
from konwent_bot.office.meetings.facts import NOT_HERE, Meeting
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.subjects import Outcome, Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.columns import UtcInstant
from konwent_bot.store.tables import DECISION, PROPOSAL, PROPOSAL_TEXT
from konwent_bot.store.tables.decisions import PENDING

#: Proposals of one institution that may be undecided at a time: nobody gets through more.
MOST_OPEN: Final = 10
#: Characters of a title and of a text.
MOST_TITLE: Final = 200
MOST_TEXT: Final = 4000

_OVER: Final = N_("This meeting is over or called off, so nothing can be proposed for it any more.")


class Entered(BaseModel):
    """What the act ``proposal.enter`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(max_length=MOST_TITLE)
    text: str = Field(max_length=MOST_TEXT)
    #: The matter of the agenda it belongs to, as the flow offers it; nothing: one of its own.
    item: tuple[str, ...] = Field(default=(), max_length=1)
    #: By circulation: the last local day of answers; nothing: as many days as the body has chosen.
    until: date | None = None
    #: The decision it is to take the place of, as the flow offers it.
    supersedes: tuple[str, ...] = Field(default=(), max_length=1)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a proposal says, and what it asks for."""

    title: str
    text: str
    #: The rule it asks for, as JSON; empty for a matter.
    rule: str = ""
    reason: str = ""


# --- entering ---------------------------------------------------------------------------------------------------------


def may_enter(uow: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Refuse unless the actor may propose here: a member for its institution, or (without one) whoever coordinates or chairs.

    Raises:
        NotFound: no such body or meeting for this actor, or they do not speak for the institution.
        Refused: the meeting is over, or the body lets only whoever coordinates or chairs propose.
    """
    meeting = None if subject.meeting is None else meetings.see(uow, actor, subject.meeting)
    if meeting is not None and meeting.body != subject.body:
        raise NotFound(NOT_HERE)
    if subject.membership is None:
        require(uow, actor, "proposal.enter", body=subject.body)
    else:
        if not speaks(uow, actor, subject.body, meeting, subject.membership):
            raise NotFound(NOT_HERE)
        if settings.of(uow, subject.body).proposers != "any":
            raise Refused(N_("In this network whoever coordinates or chairs it enters proposals. Please tell the coordinator."))
    if meeting is not None and (meeting.status not in ("planned", "convened") or meeting.poll_until is not None):
        raise Refused(_OVER)


def may_enter_for(uow: UnitOfWork, person: int, body: int, meeting: int | None) -> tuple[int | None, ...]:
    """Give as whom a person may propose here: for which institutions, and (``None``) for the post they hold. Empty: not at all."""
    actor = Actor(person)
    where = None if meeting is None else meetings.get(uow, meeting)
    members = meetings.members_of_body(uow, body) if where is None else meetings.members(uow, where)
    found = []
    for one in (None, *(member.membership for member in members if member.holds(person))):
        try:
            may_enter(uow, actor, Subject("proposal.enter", body, meeting=meeting, membership=one))
        except Refused:  # (``NotFound`` is a refusal too)
            continue
        found.append(one)
    return tuple(found)


def enter(uow: UnitOfWork, actor: Actor, subject: Subject, said: Entered) -> Outcome:
    """Enter a proposal; its discussion is open.

    Raises:
        NotFound: as ``may_enter``; there is no such matter on the agenda, or no such decision to take the place of.
        Refused: as ``may_enter``; the last day of answers cannot be; the agenda is full; the institution has enough proposals open.
    """
    wording = Wording(" ".join(said.title.split()), said.text.strip())
    return put(uow, actor, subject, wording, item=_chosen(said.item), until=said.until, supersedes=_chosen(said.supersedes))


def put(
    uow: UnitOfWork, actor: Actor, subject: Subject, wording: Wording, *, item: int | None = None, until: date | None = None,
    supersedes: int | None = None,
) -> Outcome:  # fmt: skip
    """Put a proposal with these words before a body, whatever it asks for. Raises as ``enter``."""
    may_enter(uow, actor, subject)
    meeting = None if subject.meeting is None else meetings.get(uow, subject.meeting, lock=True)
    if subject.membership is not None and uow.execute(_OPEN_OF, membership=subject.membership).scalar_one() >= MOST_OPEN:
        raise Refused(
            N_("This institution has {n} proposals open already. Please wait until one of them is decided."), n=MOST_OPEN
        )
    if supersedes is not None and supersedes not in {one for one, *_ in supersedable(uow, subject.body)}:
        raise NotFound(NOT_HERE)
    if meeting is not None:
        item = _matter(uow, actor, meeting, subject.membership, item, wording.title)
    answer_until = None if meeting is not None else deadline(uow, subject.body, until)
    made = int(
        uow.execute(
            _ENTER, body=subject.body, meeting=subject.meeting, item=item if meeting is not None else None,
            kind="rule" if wording.rule else "matter", rule=wording.rule, until=answer_until, supersedes=supersedes,
            membership=subject.membership, person=actor.person, now=uow.now,
        ).scalar_one()
    )  # fmt: skip
    write(uow, actor, made, 1, wording)
    uow.audit("proposal.enter", body=subject.body, person=actor.person, proposal=made)
    proposal_news.entered(uow, facts.get(uow, made), actor)
    return Outcome(subject.body, subject.meeting, proposal=made)


def deadline(uow: UnitOfWork, body: int, until: date | None) -> datetime:
    """Give the instant until which institutions may answer by circulation: the end of a local day.

    Without a day it is the one the body's settings come to.

    Raises:
        Refused: that day is today or past, or too far.
    """
    days = settings.of(uow, body).circulation_days
    last = until or uow.today + timedelta(days=days)
    if last <= uow.today:
        raise Refused(N_("Institutions need at least a day to answer. Choose a later day than {day}."), day=last)
    if last > uow.today + timedelta(days=settings.MOST_CIRCULATION):
        raise Refused(N_("Nobody remembers a question for so long. Choose a day within {n} days."), n=settings.MOST_CIRCULATION)
    return to_utc(datetime.combine(last + timedelta(days=1), time()), uow.house.zone)


def write(uow: UnitOfWork, actor: Actor, proposal: int, number: int, wording: Wording) -> None:
    """Write a text of a proposal."""
    uow.execute(
        _TEXT, proposal=proposal, number=number, title=wording.title, text=wording.text, reason=wording.reason, person=actor.person,
        now=uow.now,
    )  # fmt: skip


def speaks(uow: UnitOfWork, actor: Actor, body: int, meeting: Meeting | None, membership: int) -> bool:
    """Tell whether an actor speaks for an institution, at a meeting or (without one) in the body."""
    members = meetings.members_of_body(uow, body) if meeting is None else meetings.members(uow, meeting)
    person = actor.person
    return person is not None and any(one.membership == membership and one.holds(person) for one in members)


# --- what there is to choose from -----------------------------------------------------------------------------------------


def supersedable(uow: UnitOfWork, body: int) -> list[tuple[int, str, str]]:
    """Give the decisions in force another one may take the place of, the newest first: number, "3/2026", title. Asks no rights."""
    return [(row.id, f"{row.number}/{row.year}", row.title) for row in uow.execute(_IN_FORCE, body=body)]


def items(uow: UnitOfWork, meeting: Meeting) -> list[tuple[int, str]]:
    """Give the matters of a meeting's agenda a proposal may belong to, in order: number and title. Asks no rights."""
    return [(one.id, one.title) for one in agenda.standing(uow, meeting) if one.kind in MATTERS and one.id and not one.outcome]


# --- inside -----------------------------------------------------------------------------------------------------------

_P: Final = PROPOSAL.c
_NOW = bindparam("now", type_=UtcInstant)
_ENTER = (
    insert(PROPOSAL)
    .values(
        body_id=bindparam("body"), meeting_id=bindparam("meeting"), item_id=bindparam("item"), kind=bindparam("kind"), state="discussion",
        version=1, rule=bindparam("rule"), answer_until=bindparam("until", type_=UtcInstant), supersedes_id=bindparam("supersedes"),
        membership_id=bindparam("membership"), person_id=bindparam("person"), created_at=_NOW,
    )
    .returning(_P.id)
)  # fmt: skip
_TEXT = insert(PROPOSAL_TEXT).values(
    proposal_id=bindparam("proposal"), version=bindparam("number"), title=bindparam("title"), body=bindparam("text"),
    reason=bindparam("reason"), person_id=bindparam("person"), created_at=_NOW,
)  # fmt: skip
_OPEN_OF = select(func.count()).where(
    _P.membership_id == bindparam("membership"), _P.state.in_((*PENDING, "consensus", "ballot"))
)
_LATER = DECISION.alias("later")
_IN_FORCE = (
    select(DECISION.c.id, DECISION.c.number, DECISION.c.year, PROPOSAL_TEXT.c.title)
    .join(
        PROPOSAL_TEXT,
        (PROPOSAL_TEXT.c.proposal_id == DECISION.c.proposal_id) & (PROPOSAL_TEXT.c.version == DECISION.c.version),
    )
    .where(
        DECISION.c.body_id == bindparam("body"),
        DECISION.c.verdict == "passed",
        ~select(_LATER.c.id).where(_LATER.c.supersedes_id == DECISION.c.id).exists(),
    )
    .order_by(DECISION.c.year.desc(), DECISION.c.number.desc())
)


def _chosen(marked: tuple[str, ...]) -> int | None:
    return int(marked[0]) if marked else None


def _matter(uow: UnitOfWork, actor: Actor, meeting: Meeting, membership: int | None, item: int | None, title: str) -> int:
    """Give the matter of an agenda a proposal belongs to: the one that was chosen, or a new one of its own."""
    if item is None:
        return agenda_items.enter_matter(uow, actor, meeting, membership, title)
    if item not in {one for one, _ in items(uow, meeting)}:
        raise NotFound(NOT_HERE)
    return item
