"""Minutes as whoever writes them sees them: where they stand, what is to be done next, their points."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from konwent_bot.documents.minutes.draft import DraftPoint
from konwent_bot.i18n import Translator
from konwent_bot.office.minutes import drafts, facts, roll
from konwent_bot.office.minutes.drafts import Current
from konwent_bot.office.minutes.facts import CIRCULATE, END, Minutes
from konwent_bot.office.minutes.roll import Roll
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.archive_intents import SeeMinutes
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.minutes import draft_words as words
from konwent_bot.screens.minutes.version_words import called, until
from konwent_bot.screens.minutes_intents import (
    LookOver,
    OpenDraft,
    SeeAnswers,
    SeeDraft,
    SeeDraftFiles,
    SeePoint,
    SeeRemarks,
    SeeRival,
    SeeWholeDraft,
    TakeDraft,
    WriteAnnex,
    WriteNote,
    in_button,
)
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def show(uow: UnitOfWork, person: Known, minutes: Minutes, t: Translator, *, notice: str = "", problem: str = "") -> Screen:
    """Show minutes to somebody who writes them."""
    held = offices(uow, Actor(person.id), minutes.body)
    answered = roll.of(uow, minutes.id, minutes.version) if minutes.state == "circulated" else None
    current = None if minutes.locked else drafts.current(uow, Actor(person.id), minutes.id)
    return Screen(
        called(t, minutes),
        context=words.about(uow, minutes, t),
        notice=notice,
        problem=problem,
        facts=_known(uow, minutes, answered, t),
        paragraphs=_next(uow, minutes, answered, held, t),
        rows=() if current is None else tuple(_row(minutes, point, t) for point in current.draft.points),
        actions=(
            *(() if current is None else to_choose(current, t)),
            *_to_answer(minutes, answered, held, t),
            *_sending(uow, minutes, answered, held, t, first=current is not None and not current.rivals),
            *(() if current is None else _writing(minutes, current, t)),
            *_gone_out(uow, minutes, held, t),
        ),
        trail=words.trail(t, minutes, top=True),
    )


# --- inside -----------------------------------------------------------------------------------------------------------


def _known(uow: UnitOfWork, minutes: Minutes, answered: Roll | None, t: Translator) -> tuple[tuple[str, str], ...]:
    lines = [(t("State"), words.state(t, minutes))]
    if minutes.version:
        lines.append((t("Newest version"), str(minutes.version)))
    if answered is not None and answered.until is not None:
        lines.append((t("Answers until"), until(t, answered.until, uow.now)))
        said = t("{answered} of {asked}", answered=len(answered.places) - len(answered.silent), asked=len(answered.places))
        lines.append((t("Institutions that have answered"), said))
    return tuple(lines)


def _next(uow: UnitOfWork, minutes: Minutes, answered: Roll | None, held: Collection[str], t: Translator) -> tuple[str, ...]:
    """Say what is to be done next, and by whom."""
    if minutes.locked:
        return (t("These minutes are final and nothing in them changes any more. What is to be put right goes into an annex."),)
    if answered is None:
        drafted = t(
            "The program has written these minutes from what was noted. Please look at each point, and add what is missing."
        )
        return (drafted,) if may(held, CIRCULATE) else (drafted, t("The coordinator sends them out."))
    match answered.outcome(uow.now):
        case "waiting":
            return (t("Institutions are answering now. What you write meanwhile goes into the next version, if there is one."),)
        case "settle":
            return (t("The time for answers is over. Each remark needs an answer of the coordinator."),)
        case "amend":
            return (t("Remarks were accepted. Please put them into the points below, then the next version goes out."),)
        case "final":
            return ()


def _row(minutes: Minutes, point: DraftPoint, t: Translator) -> Row:
    count = len(point.paragraphs)
    said = t.plural("{n} paragraph", "{n} paragraphs", count) if count else t("nothing yet")
    return Row(point.heading, said, Action(t("See"), SeePoint(minutes.id, in_button(point.key))))


def to_choose(current: Current, t: Translator) -> list[tuple[Action, ...]]:
    """Lead to two texts of one paragraph between which somebody has to choose: nothing goes out before."""
    return [
        (Action(t("Choose between two texts of a paragraph"), SeeRival(one.id), weight="main"),) for one in current.rivals[:3]
    ]


def _to_answer(minutes: Minutes, answered: Roll | None, held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Lead to the remarks that wait for whoever settles them."""
    waiting = 0 if answered is None else len(answered.open)
    if not waiting or not may(held, CIRCULATE):
        return []
    return [(Action(t.plural("Answer {n} remark", "Answer {n} remarks", waiting), SeeRemarks(minutes.id), weight="main"),)]


def _sending(
    uow: UnitOfWork, minutes: Minutes, answered: Roll | None, held: Collection[str], t: Translator, *, first: bool
) -> list[tuple[Action, ...]]:
    """Offer to send out what is due: the first version, or the one that takes up accepted remarks.

    ``first``: nothing else is to be done before.
    """
    if minutes.locked or not may(held, CIRCULATE) or (answered is not None and answered.outcome(uow.now) != "amend"):
        return []
    label = (
        t("Look over and send out version {number}", number=minutes.version + 1)
        if minutes.version
        else t("Look over and send out")
    )
    return [(Action(label, LookOver(minutes.id), weight="main" if first else ""),)]


def _writing(minutes: Minutes, current: Current, t: Translator) -> list[tuple[Action, ...]]:
    files = len(current.files)
    return [
        (Action(t("Add a paragraph at the end"), WriteNote(minutes.id, END)),),
        (
            Action(t("The whole text"), SeeWholeDraft(minutes.id)),
            Action(t("Files ({n})", n=files) if files else t("Attach a file"), SeeDraftFiles(minutes.id)),
        ),
        (Action(t("Take the PDF as it would be"), TakeDraft(minutes.id)),),
    ]


def _gone_out(uow: UnitOfWork, minutes: Minutes, held: Collection[str], t: Translator) -> list[tuple[Action, ...]]:
    """Lead to what went out, and what came of it."""
    if not minutes.version:
        return []
    rows: list[tuple[Action, ...]] = [(Action(t("Who has answered"), SeeAnswers(minutes.id)),)]
    if any(roll.of(uow, minutes.id, version).remarks for version in range(1, minutes.version + 1)):
        rows.append((Action(t("Remarks of institutions"), SeeRemarks(minutes.id)),))
    rows.append((Action(t("What was sent out"), SeeMinutes(minutes.id)),))
    if minutes.locked and may(held, CIRCULATE):
        rows.append((Action(t("Write an annex"), WriteAnnex(minutes.id)),))
    return rows


# --- visits -----------------------------------------------------------------------------------------------------------


def _open(uow: UnitOfWork, _v: Visitor, person: Known, intent: OpenDraft, t: Translator) -> Reply:
    minutes = drafts.open_(uow, Actor(person.id), intent.meeting)
    return Reply(show(uow, person, minutes, t), at=SeeDraft(minutes.id))


def written_by(uow: UnitOfWork, person: Known, minutes: int) -> Minutes:
    """Give minutes to somebody who writes them. Raises ``NotFound`` for everybody else."""
    found = facts.get(uow, minutes)
    require(uow, Actor(person.id), facts.WRITE, body=found.body)
    return found


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeDraft, t: Translator) -> Reply:
    return Reply(show(uow, person, written_by(uow, person, intent.minutes), t), at=intent)


VISITS: Final[Mapping[type[Intent], Visit]] = {OpenDraft: let_in(_open), SeeDraft: let_in(_see)}
