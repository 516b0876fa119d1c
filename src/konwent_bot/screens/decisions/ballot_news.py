"""What notices about ballots and decisions say. Of a secret ballot they name no institution: not even whom they are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from konwent_bot.documents import decision_words
from konwent_bot.domain.decisions.tally import CHOICES
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions.ballot_news import BallotNews, DecisionNews
from konwent_bot.office.occasion import Message
from konwent_bot.screens.ballot_intents import SeeBallot, SeeDecision, Vote
from konwent_bot.screens.decisions import ballot_words
from konwent_bot.screens.decisions.decision import named
from konwent_bot.screens.screen import Action, Screen


def news(message: BallotNews, t: Translator) -> Screen:
    """Ask for a vote: in an open ballot one press on the message is one."""
    ballot = message.ballot
    about = (ballot.proposal.body_name, ballot_words.capital(decision_words.method(ballot.method, t)))
    buttons = [
        (Action(ballot_words.pressed(t, choice), Vote(ballot.id, message.membership, choice), only="chat"),) for choice in CHOICES
    ]
    says = (
        t("Please vote. It takes a minute.")
        if message.what == "opened"
        else t("The ballot closes soon, and your institution has not voted yet. It takes a minute.")
    )
    return Screen(
        t("Please vote: {title}", title=ballot.proposal.title)
        if message.what == "opened"
        else t("Reminder to vote: {title}", title=ballot.proposal.title),
        context=about if ballot.secret else (*about, message.institution),
        paragraphs=(ballot.proposal.text, decision_words.rule_sentence(ballot.rule, t), says),
        facts=((t("Votes until"), ballot_words.deadline(t, ballot)),),
        actions=(
            *(() if ballot.secret else buttons),
            (Action(t("See the ballot"), SeeBallot(ballot.id), weight="main" if ballot.secret else ""),),
        ),
    )


def decided(message: DecisionNews, t: Translator) -> Screen:
    """Say what a proposal came to, and by which numbers."""
    entry = message.entry
    result = (
        ()
        if message.result is None
        else (decision_words.rule_sentence(message.result.rule, t), decision_words.result_sentence(message.result, t))
    )
    return Screen(
        f"{ballot_words.capital(decision_words.became(entry.verdict, t))}: {entry.title}",
        context=(entry.body_name, named(t, entry)),
        paragraphs=(entry.text, *result),
        facts=((t("How it was decided"), decision_words.method(entry.method, t)),),
        actions=((Action(t("See the decision"), SeeDecision(entry.id), weight="main"),),),
    )  # fmt: skip


SCREENS: Final[Mapping[type[Message], Callable[[Any, Translator], Screen]]] = {BallotNews: news, DecisionNews: decided}
