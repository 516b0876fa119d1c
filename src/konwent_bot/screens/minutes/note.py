"""A paragraph somebody wrote into minutes: read whole, changed, moved, taken away; and two texts of one paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from konwent_bot.domain.minutes.difference import difference
from konwent_bot.errors import NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import dialogues, opening
from konwent_bot.office.dialogues import Talk, Touch
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.minutes import drafts, facts, notes
from konwent_bot.office.minutes.facts import Minutes
from konwent_bot.office.minutes.notes import How, Note, Rival
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.beginning import begun
from konwent_bot.screens.minutes import draft_words as words
from konwent_bot.screens.minutes import point as points
from konwent_bot.screens.minutes.draft import show as show_draft
from konwent_bot.screens.minutes_intents import (
    AskRemoveNote,
    ChangeNote,
    ChooseText,
    MoveNote,
    RemoveNote,
    SeeDraft,
    SeeNote,
    SeePoint,
    SeeRival,
    in_button,
)
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home


def show(uow: UnitOfWork, person: Known, minutes: Minutes, note: Note, t: Translator, *, notice: str = "") -> Screen:
    """Show a paragraph whole, and what may be done with it."""
    heading = _heading(uow, person, note, t)
    waiting = [one for one in notes.rivals(uow, minutes.id) if one.note == note.id]
    return Screen(
        t("A paragraph of the minutes"),
        context=words.below(uow, minutes, t),
        notice=notice,
        paragraphs=tuple(note.body.split("\n\n")),
        facts=((t("Point of the minutes"), heading), (t("Last changed"), t.instant(note.changed_at))),
        actions=(
            *((Action(t("Choose between two texts of a paragraph"), SeeRival(one.id), weight="main"),) for one in waiting),
            *(() if minutes.locked else _doing(uow, minutes, note, t, first=not waiting)),
        ),
        trail=words.trail(t, minutes, point=(note.point, heading)),
    )


def _doing(uow: UnitOfWork, minutes: Minutes, note: Note, t: Translator, *, first: bool) -> tuple[tuple[Action, ...], ...]:
    """Offer what may be done with a paragraph. ``first``: nothing else is to be done before."""
    order = [one.id for one in notes.of(uow, minutes.id) if one.point == note.point]
    place = order.index(note.id)
    moves = []
    if place > 0:
        moves.append(Action(t("Earlier"), MoveNote(note.id, "up")))
    if place < len(order) - 1:
        moves.append(Action(t("Later"), MoveNote(note.id, "down")))
    return (
        (Action(t("Change the text"), ChangeNote(note.id), weight="main" if first else ""),),
        *((tuple(moves),) if moves else ()),
        (Action(t("Remove the paragraph"), AskRemoveNote(note.id)),),
    )


def _heading(uow: UnitOfWork, person: Known, note: Note, t: Translator) -> str:
    """Name the point a paragraph stands under; one whose point is not there any more stands at the end."""
    current = drafts.current(uow, Actor(person.id), note.minutes)
    found = current.draft.point(note.point) or current.draft.point(facts.END)
    return t("At the end") if found is None else found.named


# --- visits of one text -----------------------------------------------------------------------------------------------


def _shown(uow: UnitOfWork, person: Known, note: int, t: Translator, notice: str = "") -> Reply:
    minutes, found = notes.one(uow, Actor(person.id), note)
    return Reply(show(uow, person, minutes, found, t, notice=notice), at=SeeNote(note))


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeNote, t: Translator) -> Reply:
    return _shown(uow, person, intent.note, t)


def _change(uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: ChangeNote, t: Translator) -> Visited:
    if person is None or visitor.caller is None:
        return go_home(uow, visitor, None, t), t
    minutes, note = notes.one(uow, Actor(person.id), intent.note)
    subject = Subject(
        "minutes.change", minutes.body, minutes=minutes.id, item=facts.item_of(note.point), note=note.id, revision=note.revision
    )
    given = points.told(minutes, _heading(uow, person, note, t), t)
    standing = notes.standing(uow, person.id, note.id)
    talk = opening.begin(uow, person, subject, given, answers=standing, page=visitor.page)
    if talk.state.mode == "review" and talk.state.answers == standing:
        # Nothing is changed yet: the text comes first, as it stands.
        talk = dialogues.touch(uow, visitor.caller, Touch(talk.id, talk.state.turn, "edit", "text"))
    return begun(uow, visitor, talk, t, opens=False), t


def _move(uow: UnitOfWork, _v: Visitor, person: Known, intent: MoveNote, t: Translator) -> Reply:
    notes.move(uow, Actor(person.id), intent.note, -1 if intent.way == "up" else 1)
    return _shown(uow, person, intent.note, t, t("Moved."))


def _ask_remove(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskRemoveNote, t: Translator) -> Reply:
    minutes, note = notes.one(uow, Actor(person.id), intent.note)
    facts.require_open(minutes)
    screen = Screen(
        t("Remove this paragraph?"),
        context=words.below(uow, minutes, t),
        paragraphs=(*note.body.split("\n\n"), t("It cannot be taken back. What already went out stays as it is.")),
        actions=(
            (Action(t("Yes, remove it"), RemoveNote(note.id, note.revision), weight="danger"),),
            (Action(t("No, keep it"), SeeNote(note.id)),),
        ),
    )
    return Reply(screen, at=intent)


def _remove(uow: UnitOfWork, _v: Visitor, person: Known, intent: RemoveNote, t: Translator) -> Reply:
    _, note = notes.one(uow, Actor(person.id), intent.note)
    notes.remove(uow, Actor(person.id), note.id, intent.revision)
    current, point = points.find(uow, person, note.minutes, in_button(note.point), t)
    screen = points.show(uow, person, current, point, t, notice=t("The paragraph is removed."))
    return Reply(screen, at=SeePoint(note.minutes, in_button(point.key)))


# --- two texts --------------------------------------------------------------------------------------------------------


def show_rival(
    uow: UnitOfWork, minutes: Minutes, note: Note, rival: Rival, t: Translator, *, notice: str = "", problem: str = ""
) -> Screen:
    """Show where two texts of a paragraph differ, word by word, and let the reader choose."""
    whole = words.marked(t, difference(note.body, rival.body))
    keep = (rival.id, note.revision)
    return Screen(
        t("Two texts of one paragraph"),
        context=words.below(uow, minutes, t),
        notice=notice,
        problem=problem,
        paragraphs=(
            t("Two people changed this paragraph at the same time. The earlier text stands, the later one waits. Nothing is lost. Please choose."),
            t("This is how the later text differs from the earlier one. What it leaves out and what it adds is said in brackets."),
            *whole.split("\n\n"),
        ),
        facts=((t("The earlier text was saved"), t.instant(note.changed_at)), (t("The later text came"), t.instant(rival.created_at))),
        actions=(
            (Action(t("Take the later text"), ChooseText(*keep, "mine")),),
            (Action(t("Keep the earlier text"), ChooseText(*keep, "theirs")),),
            (Action(t("Keep both, one after the other"), ChooseText(*keep, "both")),),
        ),
        trail=(*words.trail(t, minutes), Action(t("The earlier text"), SeeNote(note.id))),
    )  # fmt: skip


def clash(uow: UnitOfWork, talk: Talk, t: Translator) -> Reply | None:
    """Give the difference, where a text that has just been sent met one that somebody else saved meanwhile."""
    if talk.subject.act != "minutes.change" or talk.outcome is None or talk.outcome.made is None:
        return None
    rival = notes.rival_of(uow, talk.person.id, talk.outcome.made)
    if rival is None:
        return None
    minutes, note, rival = notes.rival(uow, Actor(talk.person.id), rival.id)
    said = t("Your text is kept, but it does not stand in the minutes yet: somebody changed the paragraph before you.")
    return Reply(show_rival(uow, minutes, note, rival, t, notice=said), at=SeeRival(rival.id))


def _see_rival(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeRival, t: Translator) -> Reply:
    return Reply(show_rival(uow, *notes.rival(uow, Actor(person.id), intent.rival), t), at=intent)


def _choose(uow: UnitOfWork, _v: Visitor, person: Known, intent: ChooseText, t: Translator) -> Reply:
    how: How | None = next((one for one in get_args(How) if one == intent.text), None)
    if how is None:
        raise NotFound(NOT_HERE)
    actor = Actor(person.id)
    minutes, note, rival = notes.rival(uow, actor, intent.rival)
    try:
        notes.choose(uow, actor, rival.id, how, intent.revision)
    except NotFound:
        raise
    except Refused as wrong:
        return Reply(show_rival(uow, minutes, note, rival, t, problem=t.say(wrong)), at=SeeRival(rival.id), refusal=wrong)
    said: dict[Literal["mine", "theirs", "both"], str] = {
        "mine": t("The later text stands in the minutes now."),
        "theirs": t("The earlier text stays. The later one is gone."),
        "both": t("Both texts stand in the minutes, one after the other."),
    }
    return Reply(show_draft(uow, person, facts.get(uow, minutes.id), t, notice=said[how]), at=SeeDraft(minutes.id))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeNote: let_in(_see),
    ChangeNote: _change,
    MoveNote: let_in(_move),
    AskRemoveNote: let_in(_ask_remove),
    RemoveNote: let_in(_remove),
    SeeRival: let_in(_see_rival),
    ChooseText: let_in(_choose),
}
