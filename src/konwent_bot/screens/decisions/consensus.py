"""A round of consensus as everybody sees it: the question, what an institution may say, where each stands, what it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from konwent_bot.documents.decision_words import round_sentence
from konwent_bot.domain.decisions.consensus import StanceWord
from konwent_bot.errors import NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import changing, consensus, register, rounds
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.rounds import Place, Round
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import SeeDecision
from konwent_bot.screens.decisions import proposal_words as words
from konwent_bot.screens.decisions.beginning import about, begin
from konwent_bot.screens.decisions.ways_back import trail
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.proposal_intents import (
    AskCloseRound,
    AskNote,
    AskStance,
    CallRound,
    ObjectStance,
    ReserveStance,
    SeeMotionText,
    SeeRound,
    SeeStances,
    TakeStance,
)
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visited, Visitor, go_home

#: Institutions on one page of the roll.
PAGE: Final = 10
#: Characters of a reason in a list.
_SHOWN: Final = 300
#: Silent institutions that are named; of more it is said how many there are.
_NAMED: Final = 8
#: Stances that have a reason.
_WORDED: Final[tuple[StanceWord, ...]] = ("object", "reserve")

# --- screens ----------------------------------------------------------------------------------------------------------


def show(
    uow: UnitOfWork,
    person: Known,
    proposal: Proposal,
    found: Round,
    t: Translator,
    *,
    notice: str = "",
    member: Place | None = None,
) -> Screen:
    """Show a round. ``member``: the one institution that is asked, for whoever speaks for several."""
    mine = rounds.own(uow, person.id, proposal, found)
    asked = member or (mine[0] if len(mine) == 1 else None)
    takes = found.takes_stances(uow.now)
    heading = t("Does anybody object?") if takes else t("Check of consensus, round {n}", n=found.number)
    leads = changing.leads(uow, Actor(person.id), proposal.body)
    return Screen(
        heading,
        context=(proposal.title, " · ".join((words.where(uow, proposal, t), proposal.body_name))),
        notice=notice,
        paragraphs=(*_result(found, t), *(words.paragraphs(words.cut(words.text(t, proposal))) if takes and asked is not None else ())),
        facts=tuple(_known(uow, proposal, found, mine, t, takes=takes)),
        items=tuple(t(words.MEANINGS[one]) for one in words.OFFERED) if takes and asked is not None else _worded(found, t),
        rows=tuple(_own(found, one, t) for one in mine) if takes and asked is None else (),
        notes=_fine_print(found, t) if takes and mine else (),
        actions=(
            *(_stances(found, asked, t) if takes and asked is not None else ()),
            *(_leading(found, takes, t) if leads else ()),
            *_onward(uow, proposal, found, t),
            (Action(t("Who has said what"), SeeStances(found.id)),),
            *(((Action(t("The whole text"), SeeMotionText(proposal.id, found.version)),),) if len(proposal.text) > words.SHOWN else ()),
        ),
        trail=trail(t, proposal, at=True, above=found if member is not None and len(mine) > 1 else None),
    )  # fmt: skip


def _result(found: Round, t: Translator) -> tuple[str, ...]:
    """Say what a round came to: its numbers and what follows."""
    if found.outcome == "called_off":
        return (t("This round ended without a result, because the text was changed or withdrawn meanwhile."),)
    if found.result is None:
        return ()
    names = [one.name for one in found.places if one.membership in found.unreached]
    unreached = (t("No message about it reached {institutions}, so their silence is no consent.", institutions=", ".join(names)),)
    return (round_sentence(found.result, t), *(unreached if names else ()))


def _known(
    uow: UnitOfWork, proposal: Proposal, found: Round, mine: Sequence[Place], t: Translator, *, takes: bool
) -> list[tuple[str, str]]:
    lines = []
    if takes or found.open:
        lines.append((t("Round"), str(found.number)))
    if found.closes_at is not None and found.open:
        lines.append((t("Answers until"), words.deadline(uow, found.closes_at, t)))
    if found.open:
        lines.append((t("Have answered"), t("{n} of {all} institutions", n=found.stances.taken, all=len(found.places))))
    if found.called_at is not None and found.open:
        lines.append((t("Asked aloud who objects"), t.instant(found.called_at)))
    if len(mine) == 1 and (takes or mine[0].stance not in _WORDED):  # what has a reason stands below once the question is closed
        lines.append((mine[0].name, words.said(t, mine[0])))
    elif found.open and not mine and 0 < len(found.silent) <= _NAMED:
        lines.append((t("No answer yet"), ", ".join(one.name for one in found.silent)))
    if not found.open and proposal.version == found.version and (ahead := words.next_step(uow, proposal, t)):
        lines.append((t("What happens next"), ahead))
    return lines


def _worded(found: Round, t: Translator) -> tuple[str, ...]:
    """Give the objections and reservations, with their reasons: what is to be talked over."""
    ordered = [one for stance in _WORDED for one in found.places if one.stance == stance]
    return tuple(f"{one.name}: {words.cut(words.said(t, one), _SHOWN)}" for one in ordered)


def _own(found: Round, one: Place, t: Translator) -> Row:
    return Row(
        one.name, words.said(t, one), Action(t("Answer") if not one.stance else t("Change"), AskStance(found.id, one.membership))
    )


def _fine_print(found: Round, t: Translator) -> tuple[str, ...]:
    notes = [
        t(
            "Every institution of the network sees which institution said what, and why. You can change your answer until the round is closed."
        )
    ]
    if found.tacit:
        notes.append(t("Here silence is consent: an institution that says nothing until the deadline agrees."))
    elif found.closes_at is None:
        notes.append(t("After the final call silence is no objection."))
    return tuple(notes)  # fmt: skip


def _stances(found: Round, asked: Place, t: Translator) -> list[tuple[Action, ...]]:
    """Offer the four stances; the one that stands is ticked."""
    whose = found.id, asked.membership
    intents: dict[StanceWord, Intent] = {
        "agree": TakeStance(*whose, "agree"), "reserve": ReserveStance(*whose), "stand_aside": TakeStance(*whose, "stand_aside"),
        "object": ObjectStance(*whose),
    }  # fmt: skip
    return [
        (Action(("✓ " if word == asked.stance else "") + t(label), intents[word], weight="main" if word == "agree" and not asked.stance else ""),)
        for word, label in words.OFFERED.items()
    ]  # fmt: skip


def _leading(found: Round, takes: bool, t: Translator) -> list[tuple[Action, ...]]:
    """Offer what whoever leads does with an open round."""
    if not found.open:
        return []
    if found.closes_at is None and found.called_at is None and takes:
        return [(Action(t("Make the final call: who objects?"), CallRound(found.id)),)]
    return [(Action(t("Close the round"), AskCloseRound(found.id)),)] if found.closes_at is None or not found.silent else []


def _onward(uow: UnitOfWork, proposal: Proposal, found: Round, t: Translator) -> list[tuple[Action, ...]]:
    """Lead from a round that is over to what came of it."""
    if found.open:
        return []
    taken = next((one for one in register.of_proposal(uow, proposal.id) if one.round == found.id), None)
    return (
        []
        if taken is None
        else [(Action(t("See the decision {number}", number=taken.name), SeeDecision(taken.id), weight="main"),)]
    )


def stances(
    uow: UnitOfWork, person: Known, proposal: Proposal, found: Round, page: int, t: Translator, *, notice: str = ""
) -> Screen:
    """Show where each institution on the roll stands: who objects first, who is silent last; whoever leads notes what was said aloud."""
    order = ("object", "reserve", "stand_aside", "agree", "")
    places = sorted(found.places, key=lambda one: order.index(one.stance))
    last = max(0, (len(places) - 1) // PAGE)
    page = min(page, last)
    notes = changing.leads(uow, Actor(person.id), proposal.body) and found.takes_stances(uow.now)
    turns = []
    if page > 0:
        turns.append(Action(t("‹ Previous"), SeeStances(found.id, page - 1)))
    if page < last:
        turns.append(Action(t("Next ›"), SeeStances(found.id, page + 1)))
    silent = ", ".join(one.name for one in found.silent[:_NAMED]) if len(found.silent) <= _NAMED else ""
    return Screen(
        t("Who has said what"),
        context=(proposal.title, t("Check of consensus, round {n}", n=found.number), *((t("page {page} of {pages}", page=page + 1, pages=last + 1),) if last else ())),
        notice=notice,
        paragraphs=_result(found, t),
        facts=(
            (t("Have answered"), t("{n} of {all} institutions", n=found.stances.taken, all=len(found.places))),
            *(((t("No answer yet"), silent),) if silent and found.open else ()),
        ),
        rows=tuple(
            Row(one.name, words.cut(words.said(t, one), _SHOWN), Action(t("Note what it said"), AskNote(found.id, one.membership)) if notes and not spoke(one) else None)
            for one in places[page * PAGE : (page + 1) * PAGE]
        ),
        actions=((tuple(turns),) if turns else ()),
        trail=trail(t, proposal, above=found),
    )  # fmt: skip


def spoke(one: Place) -> bool:
    """Tell whether an institution has spoken for itself: nobody notes anything over that."""
    return bool(one.stance) and one.rank < consensus.NOTED


# --- visits -----------------------------------------------------------------------------------------------------------


def shown(uow: UnitOfWork, person: Known, consensus_id: int, t: Translator, *, notice: str = "", problem: str = "") -> Reply:
    """Show a round to somebody who may see its proposal."""
    proposal, found = rounds.see(uow, Actor(person.id), consensus_id)
    screen = show(uow, person, proposal, found, t, notice=notice)
    return Reply(replace(screen, problem=problem), at=SeeRound(found.id))


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeRound, t: Translator) -> Reply:
    return shown(uow, person, intent.consensus, t)


def _see_stances(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeStances, t: Translator) -> Reply:
    proposal, found = rounds.see(uow, Actor(person.id), intent.consensus)
    return Reply(stances(uow, person, proposal, found, intent.page, t), at=SeeStances(found.id, min(intent.page, (len(found.places) - 1) // PAGE)))  # fmt: skip


def _ask(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskStance, t: Translator) -> Reply:
    proposal, found = rounds.see(uow, Actor(person.id), intent.consensus)
    place = next((one for one in rounds.own(uow, person.id, proposal, found) if one.membership == intent.membership), None)
    if place is None:
        raise NotFound(NOT_HERE)
    return Reply(show(uow, person, proposal, found, t, member=place), at=intent)


def _take(uow: UnitOfWork, _v: Visitor, person: Known, intent: TakeStance, t: Translator) -> Reply:
    stance: Literal["agree", "stand_aside"] = "agree" if intent.stance == "agree" else "stand_aside"
    if intent.stance != stance:
        raise NotFound(NOT_HERE)
    try:
        found = consensus.take(uow, Actor(person.id), intent.consensus, intent.membership, stance)
    except NotFound:
        raise
    except Refused as refusal:  # an old button: the round is over, or somebody nearer has spoken
        return replace(shown(uow, person, intent.consensus, t, problem=t.say(refusal)), refusal=refusal)
    place = found.place(intent.membership)
    said = t("Saved. {institution}: {said}.", institution=place.name, said=words.said(t, place))
    return shown(uow, person, found.id, t, notice=said)


def _in_words(
    uow: UnitOfWork, visitor: Visitor, person: Known | None, intent: ReserveStance | ObjectStance, t: Translator
) -> Visited:
    if person is None:
        return go_home(uow, visitor, None, t), t
    proposal, found = rounds.see(uow, Actor(person.id), intent.consensus)
    act = "stance.reserve" if isinstance(intent, ReserveStance) else "stance.object"
    subject = Subject(act, proposal.body, proposal=proposal.id, consensus=found.id, membership=intent.membership)
    consensus.may_speak(uow, Actor(person.id), subject)
    given = about(proposal, institution=found.place(intent.membership).name)
    return begin(uow, visitor, person, subject, t, given), t


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeRound: let_in(_see),
    SeeStances: let_in(_see_stances),
    AskStance: let_in(_ask),
    TakeStance: let_in(_take),
    ReserveStance: _in_words,
    ObjectStance: _in_words,
}
