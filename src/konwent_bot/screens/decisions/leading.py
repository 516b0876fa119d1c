"""Leading a search for consensus: opening a round, noting what is said aloud, the final call, closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.domain.decisions.consensus import StanceWord
from konwent_bot.errors import Invalid, NotFound
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import consensus, rounds
from konwent_bot.office.decisions.consensus import MOST_REASON
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.rounds import Place, Round
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.decisions import proposal_words as words
from konwent_bot.screens.decisions.consensus import shown, stances
from konwent_bot.screens.decisions.ways_back import trail
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.proposal_intents import (
    AskCloseRound,
    AskNote,
    AskNoteWords,
    CallRound,
    CloseRound,
    NoteStance,
    OpenRound,
    SeeRound,
    SeeStances,
)
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def _open(uow: UnitOfWork, _v: Visitor, person: Known, intent: OpenRound, t: Translator) -> Reply:
    found = consensus.open_round(uow, Actor(person.id), intent.proposal)
    said = t.plural(
        "The question is open. {n} institution is asked.", "The question is open. {n} institutions are asked.", len(found.places)
    )
    return shown(uow, person, found.id, t, notice=said)


def _call(uow: UnitOfWork, _v: Visitor, person: Known, intent: CallRound, t: Translator) -> Reply:
    found = consensus.call(uow, Actor(person.id), intent.consensus)
    return shown(uow, person, found.id, t, notice=t("Please ask aloud: does anybody object? Whoever has not answered gets a message too. Then close the round."))  # fmt: skip


# --- noting what was said aloud ---------------------------------------------------------------------------------------


def _led(uow: UnitOfWork, person: Known, number: int, membership: int) -> tuple[Proposal, Round, Place]:
    proposal, found = rounds.see(uow, Actor(person.id), number)
    require(uow, Actor(person.id), "proposal.lead", body=proposal.body)
    return proposal, found, found.place(membership)


def _ask_note(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskNote, t: Translator) -> Reply:
    proposal, found, place = _led(uow, person, intent.consensus, intent.membership)
    whose = found.id, place.membership
    ways: dict[StanceWord, Intent] = {
        "agree": NoteStance(*whose, "agree"), "reserve": AskNoteWords(*whose, "reserve"), "stand_aside": NoteStance(*whose, "stand_aside"),
        "object": AskNoteWords(*whose, "object"),
    }  # fmt: skip
    screen = Screen(
        t("What did it say?"),
        context=(place.name, proposal.title),
        facts=((t("Now"), words.said(t, place)),),
        paragraphs=(
            t("Note only what a person of this institution has said aloud. What its own people enter takes the place of it."),
        ),
        actions=tuple(
            (Action(("✓ " if one == place.stance else "") + t(label), ways[one]),) for one, label in words.OFFERED.items()
        ),
        trail=(*trail(t, proposal, above=found), Action(t("Who has said what"), SeeStances(found.id))),
    )
    return Reply(screen, at=intent)


def ask_words(
    proposal: Proposal, found: Round, place: Place, stance: StanceWord, t: Translator, *, given: Mapping[str, str] | None = None,
    problem: str = "",
) -> Screen:  # fmt: skip
    """Ask for the words of a reservation or an objection."""
    written = {"reason": place.reason, "remedy": place.remedy} | dict(given or {})
    silence = t("Please write nothing about people supported by the club.")
    fields = [
        Field("reason", t("Why?"), value=written["reason"], hint=silence, problem=problem, most_chars=MOST_REASON),
    ]
    if stance == "object":
        fields.append(Field("remedy", t("What would help?"), value=written["remedy"], most_chars=MOST_REASON))
    return Screen(
        t("An objection said aloud") if stance == "object" else t("A reservation said aloud"),
        context=(place.name, proposal.title),
        problem=problem,
        form=Form(
            NoteStance(found.id, place.membership, stance),
            tuple(fields),
            t("Note it"),
            AskNoteWords(found.id, place.membership, stance),
        ),
        trail=(*trail(t, proposal, above=found), Action(t("Who has said what"), SeeStances(found.id))),
    )


def _ask_words(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskNoteWords, t: Translator) -> Reply:
    proposal, found, place = _led(uow, person, intent.consensus, intent.membership)
    return Reply(ask_words(proposal, found, place, _stance(intent.stance), t), at=intent)


def _note(uow: UnitOfWork, visitor: Visitor, person: Known, intent: NoteStance, t: Translator) -> Reply:
    stance, given = _stance(intent.stance), visitor.given.fields
    proposal, found, place = _led(uow, person, intent.consensus, intent.membership)
    try:
        found = consensus.note(
            uow, Actor(person.id), found.id, place.membership, stance, given.get("reason", ""), given.get("remedy", "")
        )
    except Invalid as wrong:
        return Reply(ask_words(proposal, found, place, stance, t, given=given, problem=t.say(wrong)), refusal=wrong)
    said = t(
        "Noted. {institution}: {said}.", institution=place.name, said=words.said(t, found.place(place.membership)).rstrip(".")
    )
    return Reply(stances(uow, person, proposal, found, 0, t, notice=said), at=SeeStances(found.id))


def _stance(word: str) -> StanceWord:
    found = next((one for one in words.OFFERED if one == word), None)
    if found is None:
        raise NotFound(NOT_HERE)
    return found


# --- closing ----------------------------------------------------------------------------------------------------------


def _ask_close(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskCloseRound, t: Translator) -> Reply:
    proposal, found = rounds.see(uow, Actor(person.id), intent.consensus)
    require(uow, Actor(person.id), "proposal.lead", body=proposal.body)
    if not found.open or (found.called_at is None if found.closes_at is None else found.silent):
        return shown(uow, person, found.id, t)
    objecting = len(found.objections)
    follows = (
        t.plural(
            "{n} institution objects, so there will be no consensus.",
            "{n} institutions object, so there will be no consensus.",
            objecting,
        )
        if objecting
        else t("Nobody objects, so the proposal will be adopted by consensus.")
    )
    silent = t.plural("{n} institution has said nothing.", "{n} institutions have said nothing.", len(found.silent))
    screen = Screen(
        t("Close the round?"),
        context=(proposal.title, proposal.body_name),
        paragraphs=(follows, *((silent,) if found.silent else ()), t("This cannot be taken back: what was said stays, and the result is entered.")),
        actions=(
            (Action(t("Yes, close the round"), CloseRound(found.id), weight="main"),),
            (Action(t("No, wait"), SeeRound(found.id)),),
        ),
    )  # fmt: skip
    return Reply(screen, at=intent)


def _close(uow: UnitOfWork, _v: Visitor, person: Known, intent: CloseRound, t: Translator) -> Reply:
    found = consensus.close(uow, Actor(person.id), intent.consensus)
    return shown(uow, person, found.id, t, notice=t("The round is closed."))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    OpenRound: let_in(_open),
    CallRound: let_in(_call),
    AskNote: let_in(_ask_note),
    AskNoteWords: let_in(_ask_words),
    NoteStance: let_in(_note),
    AskCloseRound: let_in(_ask_close),
    CloseRound: let_in(_close),
}
