"""What the secretariat says of minutes: when it is still wanted, and what it says. Who is told is ``telling`` and ``reminding``.

The document goes along as it is stored, the same bytes for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import bindparam, select

from konwent_bot.domain.minutes.answering import AnswerWord, Outcome
from konwent_bot.errors import NotFound
from konwent_bot.office.enclosures import Enclosure
from konwent_bot.office.minutes import facts, files, reminding, roll, telling, versions
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.roll import Place, Remark, Roll
from konwent_bot.office.minutes.versions import Version
from konwent_bot.office.occasion import Due, Message, Occasion, Reader, never, no_files
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.store.tables import SEAT

#: What news of a version may be.
What: TypeAlias = Literal["circulated", "reminder", "final", "annex"]


@dataclass(frozen=True, slots=True)
class MinutesNews(Message):
    """News of minutes for one reader."""

    what: What
    minutes: Minutes
    version: Version
    #: The institution it is for, by number and name; nothing for a post.
    membership: int | None
    institution: str
    #: What the institution has answered to this version.
    answer: AnswerWord
    #: Names of the files that go along, or went, the document first.
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemarkSettled(Message):
    """What became of a remark, for the institution that had it."""

    minutes: Minutes
    remark: Remark
    #: Of the point it is about.
    heading: str


@dataclass(frozen=True, slots=True)
class RemarksCame(Message):
    """Remarks that wait to be settled, for whoever circulates the minutes."""

    minutes: Minutes
    remarks: tuple[Remark, ...]
    #: Of the points of the version, by key.
    headings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AnswersOver(Message):
    """Nobody is waited for any more: remarks must be settled (``settle``), or a new version is due (``amend``)."""

    minutes: Minutes
    outcome: Outcome
    #: Remarks nobody has settled, and those that were accepted.
    open: tuple[Remark, ...]
    taken: tuple[Remark, ...]
    headings: Mapping[str, str]


# --- the occasions ----------------------------------------------------------------------------------------------------


def _sent(what: What) -> Occasion:
    asks = what in ("circulated", "reminder")

    def wanted(uow: UnitOfWork, due: Due) -> bool:
        minutes = _minutes(uow, due)
        if minutes is None:
            return False
        if what == "circulated":
            return minutes.state == "circulated" and minutes.version == due.revision
        return what != "reminder" or _silent(uow, minutes, due)

    def make(uow: UnitOfWork, due: Due, _reader: Reader) -> MinutesNews | None:
        minutes = _minutes(uow, due)
        if minutes is None:
            return None
        try:
            version = versions.get(uow, minutes.id, minutes.version if what == "reminder" else due.revision)
        except NotFound:
            return None
        place = _place(uow, due, version.version)
        names = (versions.file_name(version), *(one.name for one in version.content.files))
        if place is None:
            return MinutesNews(what, minutes, version, None, "", "", names)
        return MinutesNews(what, minutes, version, place.membership, place.name, place.answer, names)

    def urgent(uow: UnitOfWork, due: Due) -> bool:
        minutes = _minutes(uow, due)
        if minutes is None or minutes.answer_until is None:
            return False
        return (minutes.answer_until - timedelta(seconds=1)).astimezone(uow.house.zone).date() <= uow.today

    return Occasion(
        f"minutes.{what}", make, wanted, repeat_uncertain=what != "reminder", unsubscribable=what == "reminder",
        digestible=not asks, files=no_files if what == "reminder" else _files, urgent=urgent if asks else never,
    )  # fmt: skip


def _files(uow: UnitOfWork, due: Due) -> tuple[Enclosure, ...]:
    """Give the document of a version and what went out with it."""
    version = versions.get(uow, due.about, due.revision)
    return (versions.enclosure(uow, version), *files.of_version(uow, version))


def _came_wanted(uow: UnitOfWork, due: Due) -> bool:
    minutes = _minutes(uow, due)
    return minutes is not None and bool(_answered(uow, minutes).open)


def _came(uow: UnitOfWork, due: Due, _reader: Reader) -> RemarksCame | None:
    minutes = _minutes(uow, due)
    if minutes is None:
        return None
    return RemarksCame(minutes, _answered(uow, minutes).open, _headings(uow, minutes, minutes.version))


def _over_wanted(uow: UnitOfWork, due: Due) -> bool:
    minutes = _minutes(uow, due)
    if minutes is None or minutes.state != "circulated" or minutes.version != due.revision:
        return False
    return _answered(uow, minutes).outcome(uow.now) in ("settle", "amend")


def _over(uow: UnitOfWork, due: Due, _reader: Reader) -> AnswersOver | None:
    minutes = _minutes(uow, due)
    if minutes is None:
        return None
    found = _answered(uow, minutes)
    return AnswersOver(minutes, found.outcome(uow.now), found.open, found.taken, _headings(uow, minutes, minutes.version))


def _became(uow: UnitOfWork, due: Due, _reader: Reader) -> RemarkSettled | None:
    try:
        remark = roll.remark(uow, due.about)
        minutes = facts.get(uow, remark.minutes)
    except NotFound:
        return None
    return RemarkSettled(minutes, remark, _headings(uow, minutes, remark.version).get(remark.point, ""))


OCCASIONS: Final = (
    *(_sent(what) for what in ("circulated", "reminder", "final", "annex")),
    Occasion(telling.REMARK, _came, _came_wanted, digestible=True),
    Occasion(telling.SETTLED, _became),
    Occasion(telling.OVER, _over, _over_wanted),
)
assert {one.name for one in OCCASIONS} == {
    telling.CIRCULATED, reminding.REMINDER, telling.FINAL, telling.ANNEX, telling.REMARK, telling.SETTLED, telling.OVER
}, "an occasion by another name"  # fmt: skip

# --- inside -----------------------------------------------------------------------------------------------------------


def _minutes(uow: UnitOfWork, due: Due) -> Minutes | None:
    try:
        return facts.get(uow, due.about)
    except NotFound:
        return None


def _answered(uow: UnitOfWork, minutes: Minutes) -> Roll:
    return roll.of(uow, minutes.id, minutes.version)


def _place(uow: UnitOfWork, due: Due, version: int) -> Place | None:
    """Give the institution of the place a notice goes to, as it stands on a version's roll."""
    whose = uow.execute(_SEAT, seat=due.number).scalar_one_or_none() if due.kind == "seat" else None
    return None if whose is None else roll.find(uow, due.about, version, whose)


def _silent(uow: UnitOfWork, minutes: Minutes, due: Due) -> bool:
    """Tell whether the institution of a place is asked still, and silent."""
    if minutes.state != "circulated" or minutes.answer_until is None or minutes.answer_until <= uow.now:
        return False
    place = _place(uow, due, minutes.version)
    return place is not None and not place.answer


def _headings(uow: UnitOfWork, minutes: Minutes, version: int) -> Mapping[str, str]:
    return dict(versions.points(versions.get(uow, minutes.id, version)))


_SEAT = select(SEAT.c.membership_id).where(SEAT.c.id == bindparam("seat"))
