"""What notices about proposals and rounds of consensus say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from konwent_bot.documents.decision_words import round_sentence
from konwent_bot.errors import N_
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions.proposal_news import ProposalNews, RoundNews
from konwent_bot.office.occasion import Message
from konwent_bot.screens.decisions import proposal_words as words
from konwent_bot.screens.proposal_intents import SeeMotion, SeeRound, TakeStance
from konwent_bot.screens.screen import Action, Screen

#: Characters of a proposal's text in a message: enough to know what it is about.
_SHOWN: Final = 600

_TITLES: Final = {
    "entered": N_("New proposal: {title}"),
    "amended": N_("The text has changed: {title}"),
    "postponed": N_("Put off to the next meeting: {title}"),
    "withdrawn": N_("Withdrawn: {title}"),
}
_SAYS: Final = {
    "entered": N_("The discussion is open. Please read the text and say what you think. Later we ask whether anybody objects."),
    "amended": N_("The discussion is open again, about this text. Answers about the former one do not count any more."),
    "postponed": N_("It was not decided. It goes on the agenda of the next meeting, and its discussion is open again. You need not do anything now."),
    "withdrawn": N_("It will not be decided. You need not do anything."),
}  # fmt: skip
_ASKS: Final = {
    "opened": N_("Does anybody object? {title}"),
    "called": N_("Final call: does anybody object? {title}"),
    "reminder": N_("Please answer: does anybody object? {title}"),
}


def proposal(message: ProposalNews, t: Translator) -> Screen:
    """Say what happened to a proposal."""
    one = message.proposal
    shown = message.what in ("entered", "amended")
    facts = [(t("Who proposes"), words.proposer(t, one))]
    if one.reason and message.what == "amended":
        facts.append((t("Why it was changed"), words.cut(one.reason, 300)))
    if one.answer_until is not None and shown:
        facts.append((t("Answers until"), t.instant(one.answer_until)))
    return Screen(
        t(_TITLES[message.what], title=one.title),
        context=(one.body_name,),
        paragraphs=(t(_SAYS[message.what]), *(words.paragraphs(words.cut(words.text(t, one), _SHOWN)) if shown else ())),
        facts=tuple(facts),
        actions=((Action(t("See the proposal"), SeeMotion(one.id), weight="main" if shown else ""),),),
    )


def consensus(message: RoundNews, t: Translator) -> Screen:
    """Ask an institution whether it agrees; to whoever leads, and whoever proposed, say how a round ended."""
    one, found = message.proposal, message.round
    if message.what == "ended":
        return Screen(
            t("No consensus yet: {title}", title=one.title),
            context=(one.body_name,),
            paragraphs=(
                *((round_sentence(found.result, t),) if found.result is not None else ()),
                t("Please see what was said and carry the proposal on."),
            ),
            items=tuple(f"{place.name}: {words.cut(words.said(t, place), 300)}" for place in found.objections),
            actions=((Action(t("See the proposal"), SeeMotion(one.id), weight="main"),),),
        )
    facts = [] if found.closes_at is None else [(t("Answers until"), t.instant(found.closes_at))]
    says = (
        t("If nobody objects, this is adopted. It takes a minute.")
        if message.what != "reminder"
        else t("There is no answer from your institution yet. It takes a minute.")
    )
    rows: list[tuple[Action, ...]] = []
    if message.membership is not None:
        rows.append((Action(t("I agree"), TakeStance(found.id, message.membership, "agree"), only="chat"),))
    return Screen(
        t(_ASKS[message.what], title=one.title),
        context=(" · ".join((one.body_name, message.institution)),),
        paragraphs=(says, *words.paragraphs(words.cut(words.text(t, one), _SHOWN))),
        facts=tuple(facts),
        notes=(t("Every institution of the network sees which institution said what, and why. You can change your answer until the round is closed."),),
        actions=(*rows, (Action(t("See it and answer"), SeeRound(found.id), weight="main"),)),
    )  # fmt: skip


SCREENS: Final[Mapping[type[Message], Callable[[Any, Translator], Screen]]] = {ProposalNews: proposal, RoundNews: consensus}
