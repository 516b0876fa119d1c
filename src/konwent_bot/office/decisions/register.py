"""The register: what a body decided, numbered in each year, never changed; only a later decision takes the place of an earlier one.

``enter`` is where every way of deciding ends, by consensus as by ballot: it gives the number, says what becomes of the proposal, and has
everybody told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, func, insert, or_, select, update

from konwent_bot.errors import NotFound
from konwent_bot.office import notices
from konwent_bot.office.decisions import facts, recipients, rules
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.rights import OPERATOR, Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import BODY, DECISION, PROPOSAL, PROPOSAL_TEXT

TAKEN: Final = "decision.taken"
#: Entries of one page of the register.
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the register, with the text that was decided on."""

    id: int
    body: int
    body_name: str
    year: int
    number: int
    title: str
    text: str
    #: Why the text was last amended; empty for the first one.
    reason: str
    proposal: int
    version: int
    #: ``matter`` or ``rule``.
    kind: str
    #: The meeting it was taken at; ``None``: by circulation.
    meeting: int | None
    #: One of ``store.tables.decisions.METHODS``.
    method: str
    #: ``passed``, ``failed`` or ``void``.
    verdict: str
    #: The round that adopted it, or the ballot.
    round: int | None
    ballot: int | None
    #: The decision it took the place of, and the one that took its place.
    supersedes: int | None
    superseded_by: int | None
    taken_at: datetime

    @property
    def name(self) -> str:
        """What people call it by: "3/2026"."""
        return f"{self.number}/{self.year}"

    @property
    def subject(self) -> str:
        """What notices name it by."""
        return f"decision:{self.id}"

    @property
    def stands(self) -> bool:
        """Whether it was adopted and no later decision has taken its place."""
        return self.verdict == "passed" and self.superseded_by is None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was looked for in the register, the newest first."""

    entries: tuple[Entry, ...]
    #: How many there are on all pages.
    total: int


def enter(
    uow: UnitOfWork, proposal: Proposal, *, method: str, verdict: str, at: datetime, actor: Actor = OPERATOR,
    by_round: int | None = None, by_ballot: int | None = None, tied: bool = False,
) -> Entry:  # fmt: skip
    """Enter what a proposal came to, and do all that follows from it. Asks no rights; the caller has locked the proposal's row.

    The proposal is adopted, rejected, or (void, or tied) undecided, so that it may be put again; an adopted one takes the place of
    the decision it names, and a rule is in force from now on. Every entitled institution is told, and whoever coordinates or chairs.

    Args:
        uow: the unit of work.
        proposal: as it stood, with the text that was decided on.
        method: one of ``store.tables.decisions.METHODS``.
        verdict: ``passed``, ``failed`` or ``void``.
        at: when it was taken; its local year is the year of its number.
        actor: who brought it about; the operator where the clock did.
        by_round: the round of consensus that adopted it.
        by_ballot: or the ballot.
        tied: it failed because of a tie nobody decided.
    """
    year = at.astimezone(uow.house.zone).year
    uow.execute(_LOCK, body=proposal.body).one()  # numbers follow one another, whoever decides at the same moment
    number = int(uow.execute(_NUMBER, body=proposal.body, year=year).scalar_one())
    passed = verdict == "passed"
    made = int(
        uow.execute(
            _ENTER, body_id=proposal.body, year=year, number=number, proposal_id=proposal.id, version=proposal.version,
            meeting_id=proposal.meeting, method=method, verdict=verdict, round_id=by_round, ballot_id=by_ballot,
            supersedes_id=_latest(uow, proposal.supersedes) if passed else None, taken_at=at,
        ).scalar_one()
    )  # fmt: skip
    state = "adopted" if passed else "undecided" if tied or verdict == "void" else "rejected"
    uow.execute(_BECOMES, proposal=proposal.id, new_state=state)
    if passed:
        rules.adopt(uow, proposal, made)
    uow.audit("decision.enter", body=proposal.body, person=actor.person, decision=made, proposal=proposal.id, number=number)
    for recipient in recipients.each_once(recipients.everybody(uow, proposal)):
        notices.announce(
            uow, recipient=recipient, occasion=TAKEN, subject=f"decision:{made}", body=proposal.body, revision=1
        )  # fmt: skip
    return get(uow, made)


def get(uow: UnitOfWork, decision: int) -> Entry:
    """Give an entry. Asks no rights. Raises ``NotFound`` where there is none."""
    row = uow.execute(_ONE, decision=decision).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _read(row)


def see(uow: UnitOfWork, actor: Actor, decision: int) -> Entry:
    """Give an entry to somebody who may see it: a member of its body, or a substitute for the meeting it was taken at.

    Raises:
        NotFound: there is no such decision for this actor.
    """
    found = get(uow, decision)
    facts.see(uow, actor, found.proposal)
    return found


def of_proposal(uow: UnitOfWork, proposal: int) -> tuple[Entry, ...]:
    """Give what a proposal came to, in order: more than once where it was undecided at first. Asks no rights."""
    return tuple(_read(row) for row in uow.execute(_OF_PROPOSAL, proposal=proposal))


def years(uow: UnitOfWork, actor: Actor, body: int) -> tuple[int, ...]:
    """Give the years in which a body decided anything, the latest first.

    Raises:
        NotFound: there is no such body for this actor.
    """
    facts.require_member(uow, actor, body)
    return tuple(uow.execute(_YEARS, body=body).scalars())


def search(
    uow: UnitOfWork, actor: Actor, body: int, *, words: str = "", year: int | None = None, verdict: str = "",
    limit: int = PAGE, offset: int = 0,
) -> Found:  # fmt: skip
    """Look for decisions of a body, the newest first: every one of the words stands in the title or text, however it is written.

    Raises:
        NotFound: there is no such body for this actor.
    """
    facts.require_member(uow, actor, body)
    found = of_body(uow, body, words=words, year=year, verdict=verdict)
    return Found(found[offset : offset + limit], len(found))


def of_body(
    uow: UnitOfWork, body: int, *, words: str = "", year: int | None = None, verdict: str = ""
) -> tuple[Entry, ...]:  # fmt: skip
    """Give decisions of a body as ``search`` finds them, all at once. Asks no rights.

    Words are compared here and not by the database: SQLite knows no capitals beyond English ones.
    """
    wanted = words.casefold().split()
    return tuple(
        one
        for one in (_read(row) for row in uow.execute(_OF_BODY, body=body, year=year, verdict=verdict))
        if not wanted or _holds(one, wanted)
    )


# --- inside -----------------------------------------------------------------------------------------------------------


def _holds(entry: Entry, wanted: Iterable[str]) -> bool:
    said = f"{entry.name} {entry.title} {entry.text}".casefold()
    return all(word in said for word in wanted)


def _latest(uow: UnitOfWork, decision: int | None) -> int | None:
    """Give the newest decision of a line: the one meant may have been superseded while the proposal was on its way."""
    while decision is not None:
        later = uow.execute(_LATER_THAN, decision=decision).scalar_one_or_none()
        if later is None:
            break
        decision = int(later)
    return decision


def _read(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id, body=row.body_id, body_name=row.body_name, year=row.year, number=row.number, title=row.title, text=row.text,
        reason=row.reason, proposal=row.proposal_id, version=row.version, kind=row.kind, meeting=row.meeting_id,
        method=row.method, verdict=row.verdict, round=row.round_id, ballot=row.ballot_id, supersedes=row.supersedes_id,
        superseded_by=row.superseded_by, taken_at=row.taken_at,
    )  # fmt: skip


# Not "for update": entries, ballots and rounds refer to the body, and nobody who writes one should wait for us.
_LOCK = select(BODY.c.id).where(BODY.c.id == bindparam("body")).with_for_update(key_share=True)
_D = DECISION.c
_NUMBER = select(func.coalesce(func.max(_D.number), 0) + 1).where(_D.body_id == bindparam("body"), _D.year == bindparam("year"))
_ENTER = (
    insert(DECISION)
    .values(
        {
            name: bindparam(name)
            for name in (
                "body_id", "year", "number", "proposal_id", "version", "meeting_id", "method", "verdict", "round_id", "ballot_id",
                "supersedes_id", "taken_at",
            )
        }
    )
    .returning(_D.id)
)  # fmt: skip
_BECOMES = update(PROPOSAL).where(PROPOSAL.c.id == bindparam("proposal")).values(state=bindparam("new_state"))
_LATER_THAN = select(_D.id).where(_D.supersedes_id == bindparam("decision"))
_LATER: Final = DECISION.alias("later")
_ENTRIES: Final = (
    select(
        DECISION, BODY.c.name.label("body_name"), PROPOSAL.c.kind, PROPOSAL_TEXT.c.title, PROPOSAL_TEXT.c.body.label("text"),
        PROPOSAL_TEXT.c.reason, _LATER.c.id.label("superseded_by"),
    )
    .select_from(
        DECISION.join(BODY, BODY.c.id == _D.body_id)
        .join(PROPOSAL, PROPOSAL.c.id == _D.proposal_id)
        .join(PROPOSAL_TEXT, and_(PROPOSAL_TEXT.c.proposal_id == _D.proposal_id, PROPOSAL_TEXT.c.version == _D.version))
        .outerjoin(_LATER, _LATER.c.supersedes_id == _D.id)
    )
)  # fmt: skip
_ONE = _ENTRIES.where(_D.id == bindparam("decision"))
_OF_PROPOSAL = _ENTRIES.where(_D.proposal_id == bindparam("proposal")).order_by(_D.id)
_ANY_YEAR = bindparam("year", type_=_D.year.type)
_ANY_VERDICT = bindparam("verdict", type_=_D.verdict.type)
_OF_BODY = _ENTRIES.where(
    _D.body_id == bindparam("body"), or_(_ANY_YEAR.is_(None), _D.year == _ANY_YEAR), or_(_ANY_VERDICT == "", _D.verdict == _ANY_VERDICT)
).order_by(_D.year.desc(), _D.number.desc())  # fmt: skip
_YEARS = select(_D.year).where(_D.body_id == bindparam("body")).distinct().order_by(_D.year.desc())
