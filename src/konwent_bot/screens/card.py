"""A conversation: question by question, review, thanks. What stands around that of a card, and who has answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from konwent_bot.dialogue.values import FactValue
from konwent_bot.dialogue.view import DoneView, QuestionView, ReviewView, answer, opening, view
from konwent_bot.i18n import Translator
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.opening import Colleague, Standing
from konwent_bot.office.rounds import Coverage
from konwent_bot.office.subjects import CARD
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import days, words
from konwent_bot.screens.closing import closing
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import (
    AskDiscard,
    ChangeCard,
    Discard,
    OpenChat,
    OpenPage,
    Pause,
    Resume,
    SeeCoverage,
    TakeOver,
    place_of,
)
from konwent_bot.screens.screen import Action, Asked, Row, Screen

#: Institutions on one page of a coverage list.
PAGE = 20
#: Characters of an answer that are read back when it has been saved.
READ_BACK = 120
#: The facts of a flow that say what it is about, in the order in which they are said.
_ABOUT = ("institution", "body", "meeting", "minutes", "point")


def beginning(talk: Talk, theirs: Colleague | None, t: Translator) -> Screen:
    """Show what will be asked, by when and how long it takes, before the first question.

    ``theirs``: what the institution's other representative has answered already, if they have begun.
    """
    shown = opening(talk.flow, _facts(talk, t), t.flow, t)
    return Screen(
        shown.title,
        paragraphs=(
            *shown.intro.strip().split("\n\n"),
            t("It takes about {minutes} min.", minutes=shown.minutes),
            *((_begun(theirs, t),) if theirs is not None else ()),
        ),
        actions=(
            *(((_take_over(talk, t),),) if theirs is not None else ()),
            (
                Action(
                    t("Begin") if theirs is None else t("Begin anew"), Resume(talk.id), weight="main" if theirs is None else ""
                ),
            ),
            _elsewhere(talk, t),
            (to_home(t),),
        ),
    )


def two_drafts(talk: Talk, theirs: Colleague, t: Translator) -> Screen:
    """Let a representative choose between their own draft and one the other has gone further with."""
    return Screen(
        t("There are two drafts of this card"),
        context=_context(talk, t),
        paragraphs=(_begun(theirs, t), t.plural("You have answered {n} question.", "You have answered {n} questions.", len(talk.state.answers))),
        notes=(t("If you go on from theirs, your own answers so far are replaced. Theirs stay as they are."),),
        actions=(
            (_take_over(talk, t),),
            (Action(t("Stay with my answers"), Resume(talk.id)),),
            (to_home(t),),
        ),
    )  # fmt: skip


def _begun(theirs: Colleague, t: Translator) -> str:
    role, when = words.place(t, theirs.role), t.instant(theirs.at)
    return t.plural(
        "Somebody else of your institution ({role}) has answered {n} question ({when}).",
        "Somebody else of your institution ({role}) has answered {n} questions ({when}).",
        theirs.answers, role=role, when=when,
    )  # fmt: skip


def _take_over(talk: Talk, t: Translator) -> Action:
    return Action(t("Go on from their answers"), TakeOver(talk.id, talk.state.turn), weight="main")


def _elsewhere(talk: Talk, t: Translator) -> tuple[Action, ...]:
    """Offer to go on in the other channel, at the same question."""
    return (
        Action(t("Go on in the browser"), OpenPage(place_of(Resume(talk.id))), only="chat"),
        Action(t("Go on in Telegram"), OpenChat(talk.id), only="page"),
    )


def _facts(talk: Talk, t: Translator) -> dict[str, FactValue]:
    """The period is a code in the state, so that a conversation can change its language."""
    facts = dict(talk.state.facts)
    if "period" in facts:
        facts["period"] = words.period(t, str(facts["period"]))
    return facts


def conversation(talk: Talk, t: Translator, now: datetime, *, month: int | None = None) -> Screen:
    """Show where a conversation stands: its question, its review, or thanks.

    ``now``: local time, for the days to choose from. ``month``: the one a calendar was turned to.
    """
    notice = ""
    facts = _facts(talk, t)
    state = replace(talk.state, facts=facts)
    shown = view(talk.flow, state, t.flow, t)
    if talk.stale:
        notice = t("That button or message belongs to an earlier question, so nothing was changed. This is where you are now.")
    elif talk.saved is not None:
        told = _told(answer(talk.flow, state, talk.saved, t.flow, t))
        notice = t("Saved. {question}: {answer}", question=told[0], answer=told[1])
    elif talk.kept is not None and talk.problem is None and talk.heard is None:
        notice = t(
            "Your answer came after the session had ended. It waits in the form and is not saved yet: please send it again."
        )
    problem = "" if talk.problem is None else t.say(talk.problem)
    match shown:
        case QuestionView():
            screen = _question(talk, shown, now, month, t)
        case ReviewView():
            screen = _review(talk, shown, t)
        case DoneView():
            screen = _thanks(talk, shown, t)
    return replace(screen, notice=notice, problem=problem)


def _told(row: tuple[str, str]) -> tuple[str, str]:
    """Shorten a long text: it is read back to be recognised, the whole of it stands in the review."""
    question, said = row
    return question, said if len(said) <= READ_BACK else said[: READ_BACK - 1].rstrip() + "…"


def _context(talk: Talk, t: Translator) -> tuple[str, ...]:
    facts = talk.state.facts
    said = [str(facts[name]) for name in _ABOUT if name in facts]
    if "closes_on" in facts:
        said.append(t("until {day}", day=t.day(date.fromisoformat(str(facts["closes_on"])))))
    return (" · ".join(said),) if said else ()


def _question(talk: Talk, shown: QuestionView, now: datetime, month: int | None, t: Translator) -> Screen:
    place = (
        t("question {number} of {total}", number=shown.number, total=shown.total)
        if shown.total is not None
        else t("question {number}", number=shown.number)
    )
    notes = (t("Why we ask: {why}", why=shown.why), t("Who will see it: {who}", who=shown.who_sees))
    reminder = (t("Please write nothing about people supported by the club."),) if shown.privacy_reminder else ()
    own = []
    if shown.can_back:
        own.append(Action(t("‹ Back"), Touch(talk.id, shown.turn, "back")))
    if shown.can_skip:
        own.append(Action(t("Skip"), Touch(talk.id, shown.turn, "skip")))
    own.append(Action(t("Break off"), Pause()))
    own += [action for action in _elsewhere(talk, t) if action.only == "page"]
    return Screen(
        f"{shown.section} · {place}",
        context=_context(talk, t),
        read_back=days.read_back(talk, t),
        readings=days.readings(talk, shown, t),
        paragraphs=(*days.hour_asked(shown, t), *reminder),
        question=Asked(talk.id, shown, talk.kept),
        notes=notes,
        actions=(*days.actions(talk, shown, now, month, t), tuple(own)),
    )


def _review(talk: Talk, shown: ReviewView, t: Translator) -> Screen:
    notes = []
    if shown.not_sent:
        gone = ", ".join(row.short for row in shown.not_sent)
        notes.append(t("No longer asked, so it will not be sent: {questions}.", questions=gone))
    paragraphs = [t("Nothing counts until you confirm.") if talk.subject.act != CARD else t("Nothing is sent until you confirm.")]
    if talk.card is not None:
        paragraphs.append(
            t("This institution's card has been sent already ({role}, {when}). Yours will replace it; earlier versions are kept.",
              role=words.place(t, talk.card.role), when=talk.card.submitted_at)
        )  # fmt: skip
    return Screen(
        t("Check your answers"),
        context=_context(talk, t),
        paragraphs=tuple(paragraphs),
        rows=tuple(
            Row(row.short, row.answer, Action(t("Change"), Touch(talk.id, shown.turn, "edit", row.question)))
            for row in shown.rows
        ),
        notes=tuple(notes),
        actions=(
            (Action(closing(talk, t).confirm, Touch(talk.id, shown.turn, "confirm"), weight="main"),),
            (Action(t("Break off"), Pause()), Action(t("Delete the draft"), AskDiscard(talk.id, shown.turn))),
            _elsewhere(talk, t),
        ),
    )


def _thanks(talk: Talk, shown: DoneView, t: Translator) -> Screen:
    said = closing(talk, t)
    facts = talk.state.facts
    return Screen(
        said.title,
        context=tuple(" · ".join(str(facts[name]) for name in _ABOUT if name in facts).splitlines()),
        paragraphs=tuple(shown.thanks.strip().split("\n\n")),
        actions=(*((action,) for action in said.actions), (to_home(t),)),
    )


def paused(talk_id: int | None, t: Translator) -> Screen:
    """Confirm a break: the draft is kept."""
    back: tuple[tuple[Action, ...], ...] = ()
    if talk_id is not None:
        elsewhere = Action(t("Go on in the browser"), OpenPage(place_of(Resume(talk_id))), only="chat")
        back = ((Action(t("Go on"), Resume(talk_id)),), (elsewhere,))
    return Screen(
        t("Break"),
        paragraphs=(t("Your answers so far are saved. You can go on at any time, from the same question."),),
        actions=(*back, (to_home(t),)),
    )


def ask_discard(talk: Talk, t: Translator) -> Screen:
    """Ask before deleting a draft."""
    return Screen(
        t("Delete the draft?"),
        context=_context(talk, t),
        paragraphs=(
            t("The answers you have not sent will be deleted. A card that has been sent stays as it is.")
            if talk.subject.act == CARD
            else t("The answers you have not confirmed will be deleted."),
        ),
        actions=(
            (Action(t("Yes, delete"), Discard(talk.id, talk.state.turn), weight="danger"),),
            (Action(t("No, go on"), Resume(talk.id)),),
        ),
    )


def standing(uow: UnitOfWork, stands: Standing, t: Translator) -> Screen:
    """Show a card that has been sent: by whose seat, when, and that it may still be changed."""
    return Screen(
        t("The cooperation card has been sent"),
        context=(f"{stands.institution} · {stands.body}",),
        facts=(
            (t("Period"), words.period(t, stands.period)),
            (t("Sent by"), words.place(t, stands.card.role)),
            (t("Sent on"), t.instant(stands.card.submitted_at)),
            (t("Version"), str(stands.card.version)),
            (t("Can be changed until"), words.until(t, stands.closes_on, uow.today)),
        ),
        notes=(
            t("One institution fills in one card. Either of its two representatives may change it; the last version counts."),
        ),
        actions=((Action(t("Change the answers"), ChangeCard(stands.round_id, stands.membership_id)),), (to_home(t),)),
    )


def coverage(uow: UnitOfWork, found: Coverage, page: int, t: Translator) -> Screen:
    """Show a coordinator which institutions have answered: the silent ones first."""
    ordered = sorted(found.rows, key=lambda row: row.submitted_at is not None)
    last = max(0, (len(ordered) - 1) // PAGE)
    page = min(page, last)
    lines = []
    for row in ordered[page * PAGE : (page + 1) * PAGE]:
        if row.submitted_at is not None and row.submitted_role is not None:
            lines.append(t("{institution}: sent ({role}, {when})", institution=row.institution,
                           role=words.place(t, row.submitted_role), when=row.submitted_at))  # fmt: skip
        elif row.reachable:
            lines.append(t("{institution}: not yet", institution=row.institution))
        else:
            lines.append(t("{institution}: not yet; nobody has accepted the invitation", institution=row.institution))
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeCoverage(found.watch.round_id, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeCoverage(found.watch.round_id, page + 1)))
    return Screen(
        t("Who has answered"),
        context=(found.watch.body, words.period(t, found.watch.period)),
        facts=(
            (t("Received"), t("{received} of {asked}", received=found.watch.received, asked=found.watch.asked)),
            (t("Until"), words.until(t, found.watch.closes_on, uow.today)),
        ),
        items=tuple(lines),
        actions=((tuple(turns),) if turns else ()) + ((to_home(t),),),
    )
