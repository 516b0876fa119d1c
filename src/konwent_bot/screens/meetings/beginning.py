"""What is shown when a conversation about meetings is begun: its opening before the first question, else where it stands."""

from __future__ import annotations

from konwent_bot.dialogue.values import Answers
from konwent_bot.i18n import Translator
from konwent_bot.office import opening
from konwent_bot.office.dialogues import Talk
from konwent_bot.office.meetings import facts
from konwent_bot.office.people import Known
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import card
from konwent_bot.screens.intents import Begin, Resume
from konwent_bot.screens.meetings.words import heading
from konwent_bot.screens.visiting import Reply, Visitor, look_away


def begun(uow: UnitOfWork, visitor: Visitor, talk: Talk, t: Translator, *, opens: bool = True) -> Reply:
    """Show a conversation that has just been opened. ``opens``: what it is for is said before its first question."""
    if opens and talk.state.mode == "ask" and talk.state.turn <= 1:
        look_away(uow, visitor, talk.person)  # no question is shown, so typed text answers nothing
        return Reply(card.beginning(talk, None, t), at=Begin(talk.id))
    now = uow.now.astimezone(uow.house.zone).replace(tzinfo=None)
    return Reply(card.conversation(talk, t, now), talk, at=Resume(talk.id))


def begin(
    uow: UnitOfWork, visitor: Visitor, person: Known, subject: Subject, t: Translator, *, standing: Answers | None = None,
    opens: bool = False, **given: object,
) -> Reply:  # fmt: skip
    """Begin a conversation about a meeting, a short one at its first question.

    ``given``: facts of its flow beside body and meeting. ``standing``: what stands already and is to be changed; where
    there is nothing every question is asked. ``opens``: as ``begun``.
    """
    meeting = facts.get(uow, subject.meeting or 0)
    known = {"body": meeting.body_name, "meeting": heading(t, meeting), **given}
    talk = opening.begin(uow, person, subject, known, answers=standing or None, page=visitor.page)  # type: ignore[arg-type]  # facts are checked when it starts
    return begun(uow, visitor, talk, t, opens=opens)
