"""Opening a ballot: how it is held, for how long, by which rule and with which institutions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Final

from konwent_bot.documents import decision_words
from konwent_bot.errors import Invalid, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import rounds
from konwent_bot.office.decisions import ballot_opening, facts, rules, settings
from konwent_bot.office.decisions.ballot_opening import Roll
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import AskBallot, AskHands, AskLength, OpenBallot
from konwent_bot.screens.decisions import ballot_words
from konwent_bot.screens.decisions.ballot import shown
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.proposal_intents import SeeMotion
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: What is offered beside the body's own length: minutes at a meeting, days by circulation.
MINUTES: Final = (3, 5, 10, 15, 30)
DAYS: Final = (1, 3, 7, 14)
#: So many institutions, or fewer, are hardly a crowd to hide in.
FEW: Final = 3
#: More than any ballot may take; what a forged button says beyond that is none of a calendar's days.
_MOST: Final = 10_000


def length(t: Translator, proposal: Proposal, count: int) -> str:
    """Say how long a ballot is: minutes at a meeting, days by circulation."""
    if proposal.meeting is not None:
        return t.plural("{n} minute", "{n} minutes", count)
    return t.plural("{n} day", "{n} days", count)


def _how(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskBallot, t: Translator) -> Reply:
    proposal, roll = _may_open(uow, person, intent.proposal)
    ways = [
        (Action(t("Open ballot"), AskLength(proposal.id, "open")),),
        (Action(t("Secret ballot"), AskLength(proposal.id, "secret")),),
    ]
    says = [
        t("Open ballot: institutions vote on their phones, and after the close it is shown how each voted."),
        t("Secret ballot: institutions vote on their phones, and nobody learns who voted what."),
        t("A secret ballot in which all vote alike tells by its result how each voted."),
    ]
    if len(roll.present) <= FEW:
        says.append(
            t(
                "Among so few institutions a secret ballot can hardly keep a secret: whoever knows their own vote can often guess the others."
            )
        )
    if proposal.meeting is not None:
        ways += [
            (Action(t("Show of hands: by institution"), AskHands(proposal.id, "names")),),
            (Action(t("Show of hands: numbers only"), AskHands(proposal.id, "totals")),),
        ]
        says.append(t("Show of hands: you count the hands and write down what was raised."))
    screen = Screen(
        t("How do we vote?"),
        context=(proposal.body_name, proposal.title),
        paragraphs=(decision_words.rule_sentence(rules.of(uow, proposal.body), t),),
        facts=_roll(roll, t),
        items=tuple(says),
        actions=(*ways, (Action(t("Back to the proposal"), SeeMotion(proposal.id)), to_home(t))),
    )
    return Reply(screen, at=intent)


def _how_long(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskLength, t: Translator) -> Reply:
    proposal, roll = _may_open(uow, person, intent.proposal)
    if intent.method not in ("open", "secret"):
        raise NotFound(NOT_HERE)
    return Reply(_lengths(uow, proposal, roll, intent.method, t), at=intent)


def _lengths(uow: UnitOfWork, proposal: Proposal, roll: Roll, method: str, t: Translator, problem: str = "") -> Screen:
    chosen = settings.of(uow, proposal.body)
    usual = chosen.ballot_minutes if proposal.meeting is not None else chosen.circulation_days
    offered = sorted({*(MINUTES if proposal.meeting is not None else DAYS), usual})
    return Screen(
        t("How long may institutions vote?"),
        context=(proposal.body_name, proposal.title, ballot_words.capital(decision_words.method(method, t))),
        problem=problem,
        paragraphs=(
            t("The ballot opens at once, and everybody who may vote is told. It closes by itself."),
            t("Afterwards it can only be made stricter, and only until somebody has voted."),
        ),
        facts=_roll(roll, t),
        actions=(
            *(
                (
                    Action(
                        t("Open for {length}", length=length(t, proposal, count)), OpenBallot(proposal.id, method, count),
                        weight="main" if count == usual else "",
                    ),
                )
                for count in offered
            ),
            (Action(t("Choose another way"), AskBallot(proposal.id)), to_home(t)),
        ),
    )  # fmt: skip


def _open(uow: UnitOfWork, _v: Visitor, person: Known, intent: OpenBallot, t: Translator) -> Reply:
    actor = Actor(person.id)
    proposal, roll = _may_open(uow, person, intent.proposal)
    count = min(intent.length, _MOST)
    try:
        if proposal.meeting is not None:
            made = ballot_opening.open_ballot(uow, actor, proposal.id, intent.method, minutes=count)
        else:
            until = rounds.end_of_day(uow, uow.today + timedelta(days=count)).astimezone(UTC)
            made = ballot_opening.open_ballot(uow, actor, proposal.id, intent.method, until=until)
    except (NotFound, Refused):
        raise
    except Invalid as wrong:
        screen = _lengths(uow, proposal, roll, intent.method, t, t.say(wrong))
        return Reply(screen, at=AskLength(proposal.id, intent.method), refusal=wrong)
    return shown(uow, person, made.id, t, notice=t("The ballot is open. Everybody who may vote is being told."))


# --- inside -----------------------------------------------------------------------------------------------------------


def _may_open(uow: UnitOfWork, person: Known, number: int) -> tuple[Proposal, Roll]:
    """Give a proposal on which the reader may open a ballot now, with who would vote.

    Raises:
        NotFound: there is no such proposal for this reader.
        Refused: there can be no ballot on it now, and why.
    """
    proposal = facts.get(uow, number)
    require(uow, Actor(person.id), ballot_opening.OPEN, body=proposal.body)
    ballot_opening.objected_round(uow, proposal)
    roll = ballot_opening.roll_now(uow, proposal)
    ballot_opening.require_quorum(proposal, rules.of(uow, proposal.body), roll)
    return proposal, roll


def _roll(roll: Roll, t: Translator) -> tuple[tuple[str, str], ...]:
    return ((t("May vote"), t("{present} of {entitled} institutions", present=len(roll.present), entitled=roll.entitled)),)


VISITS: Final[Mapping[type[Intent], Visit]] = {
    AskBallot: let_in(_how),
    AskLength: let_in(_how_long),
    OpenBallot: let_in(_open),
}
