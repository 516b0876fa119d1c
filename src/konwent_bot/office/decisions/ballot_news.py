"""What the secretariat says of ballots and decisions: that one is open, once that it closes soon, and what it came to.

Nothing said here names a voter or a choice. Who has voted in a secret ballot is looked at only to leave them in peace, and only when a
reminder is sent: who was told that the ballot is open is everybody on the roll, whatever they have done since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import bindparam, select

from konwent_bot.domain.decisions.tally import Result
from konwent_bot.errors import NotFound
from konwent_bot.office import notices
from konwent_bot.office.decisions import ballots, recipients, register
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.decisions.register import Entry
from konwent_bot.office.notices import Told
from konwent_bot.office.occasion import Due, Message, Occasion, Reader
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import SEAT, TURNOUT, VOTE

OPENED: Final = "ballot.opened"
REMINDER: Final = "ballot.reminder"
#: A ballot open for longer is reminded of.
LONG: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BallotNews(Message):
    """News of a ballot that takes votes, for an institution on its roll."""

    what: Literal["opened", "reminder"]
    ballot: Ballot
    membership: int
    institution: str


@dataclass(frozen=True, slots=True)
class DecisionNews(Message):
    """What a proposal came to."""

    entry: Entry
    #: Of a ballot; ``None`` where it was adopted by consensus.
    result: Result | None


def tell(uow: UnitOfWork, ballot: Ballot) -> None:
    """Tell every institution on the roll, through its proper person, that a ballot is open; what was not sent of former news is replaced."""
    for recipient in recipients.of_institutions(uow, ballot.proposal, {place.membership for place in ballots.roll(uow, ballot)}):
        notices.announce(uow, recipient=recipient, occasion=OPENED, subject=ballot.subject, body=ballot.proposal.body)


def remind(uow: UnitOfWork, ballot: Ballot) -> None:
    """Remind the institutions that have not voted, once: through their proper person and the second."""
    silent = {place.membership for place in ballots.roll(uow, ballot)} - voted(uow, ballot)
    for recipient in recipients.of_institutions(uow, ballot.proposal, silent, most=2):
        notices.announce(
            uow, recipient=recipient, occasion=REMINDER, subject=ballot.subject, body=ballot.proposal.body, revision=1
        )  # fmt: skip


def voted(uow: UnitOfWork, ballot: Ballot) -> frozenset[int]:
    """Give the institutions that have voted. Of a secret ballot this is for the program alone, and nothing may show it."""
    return frozenset(uow.execute(_TURNOUT if ballot.secret else _VOTED, ballot=ballot.id).scalars())


def may_be_seen(told: Iterable[Told]) -> list[Told]:
    """Leave out of a list for coordinators what would tell who has voted: whether an institution was reminded of a ballot."""
    return [one for one in told if one.occasion != REMINDER]


# --- the occasions ----------------------------------------------------------------------------------------------------


def _asks(what: Literal["opened", "reminder"]) -> Occasion:
    def wanted(uow: UnitOfWork, due: Due) -> bool:
        ballot, whose = _ballot(uow, due), _whose(uow, due)
        if ballot is None or not ballot.takes_votes(uow.now):
            return False
        # How a notice ended can be seen: that of a secret ballot's opening must not depend on who has voted.
        return (what == "opened" and ballot.secret) or whose not in voted(uow, ballot)

    def make(uow: UnitOfWork, due: Due, _reader: Reader) -> BallotNews | None:
        ballot, whose = _ballot(uow, due), _whose(uow, due)
        places = {} if ballot is None else {place.membership: place.name for place in ballots.roll(uow, ballot)}
        return None if ballot is None or whose not in places else BallotNews(what, ballot, whose, places[whose])

    def urgent(uow: UnitOfWork, due: Due) -> bool:
        ballot = _ballot(uow, due)
        return ballot is not None and ballot.closes_at.astimezone(uow.house.zone).date() <= uow.today

    return Occasion(
        f"ballot.{what}", make, wanted, repeat_uncertain=what == "opened", urgent=urgent, unsubscribable=what == "reminder"
    )  # fmt: skip


def _taken(uow: UnitOfWork, due: Due, _reader: Reader) -> DecisionNews | None:
    try:
        entry = register.get(uow, due.about)
    except NotFound:
        return None
    return DecisionNews(entry, None if entry.ballot is None else ballots.get(uow, entry.ballot).result)


OCCASIONS: Final = (
    _asks("opened"),
    _asks("reminder"),
    Occasion(register.TAKEN, _taken, repeat_uncertain=True, digestible=True),
)
assert {one.name for one in OCCASIONS} == {OPENED, REMINDER, register.TAKEN}, "an occasion by another name"

# --- inside -----------------------------------------------------------------------------------------------------------


def _ballot(uow: UnitOfWork, due: Due) -> Ballot | None:
    try:
        return ballots.get(uow, due.about)
    except NotFound:
        return None


def _whose(uow: UnitOfWork, due: Due) -> int:
    """Give the institution of the place a notice goes to; 0 for a place that is gone."""
    return int(uow.execute(_SEAT, seat=due.number).scalar_one_or_none() or 0)


_SEAT = select(SEAT.c.membership_id).where(SEAT.c.id == bindparam("seat"))
_VOTED = select(VOTE.c.membership_id).where(VOTE.c.ballot_id == bindparam("ballot"))
_TURNOUT = select(TURNOUT.c.membership_id).where(TURNOUT.c.ballot_id == bindparam("ballot"))
