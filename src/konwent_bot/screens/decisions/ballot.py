"""A ballot that takes votes: what it is about, by which rule, what the reader's institutions have said, how many have voted if it is open.

Of the result nothing is shown before the close; a ballot that is closed is shown as the decision it led to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from konwent_bot.documents import decision_words
from konwent_bot.domain.decisions.tally import CHOICES
from konwent_bot.errors import KonwentError
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import ballots, register, votes
from konwent_bot.office.decisions.ballots import Ballot, Place
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, offices
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import AskTighten, CastingVote, CloseBallot, SeeBallot, SeeDecision, SeeVote, Vote
from konwent_bot.screens.decisions import ballot_words, decision
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.meetings.offering import may
from konwent_bot.screens.proposal_intents import SeeMotion
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor


def shown(
    uow: UnitOfWork, person: Known, number: int, t: Translator, *, notice: str = "", refused: KonwentError | None = None
) -> Reply:  # fmt: skip
    """Show a ballot to somebody who may see it; once it is closed, the decision it led to. ``refused``: why nothing was done just now."""
    ballot = ballots.see(uow, Actor(person.id), number)
    problem = "" if refused is None else t.say(refused)
    if not ballot.open:
        entry = next(one for one in register.of_proposal(uow, ballot.proposal.id) if one.ballot == ballot.id)
        screen = decision.show(uow, person, entry, t, notice=notice, problem=problem)
        return Reply(screen, at=SeeDecision(entry.id), refusal=refused)
    return Reply(_open(uow, person, ballot, t, notice=notice, problem=problem), at=SeeBallot(ballot.id), refusal=refused)


def about(ballot: Ballot, t: Translator) -> tuple[str, ...]:
    """Say of which body a ballot is, and of which kind."""
    return (ballot.proposal.body_name, ballot_words.capital(decision_words.method(ballot.method, t)))


def choosing(ballot: Ballot, place: Place, now: str, t: Translator) -> tuple[Form, list[tuple[Action, ...]]]:
    """Offer the three choices of an open ballot: radios on a page, buttons in a chat. ``now``: the choice that stands."""
    options = tuple((choice, ballot_words.pressed(t, choice)) for choice in CHOICES)
    vote = Field("choice", t("The vote of your institution: {name}", name=place.name), kind="choice", value=now, options=options)
    form = Form(
        Vote(ballot.id, place.membership, ""), (vote,), t("Vote"), SeeVote(ballot.id, place.membership), only="page"
    )  # fmt: skip
    buttons: list[tuple[Action, ...]] = [
        (Action(("✓ " if choice == now else "") + label, Vote(ballot.id, place.membership, choice), only="chat"),)
        for choice, label in options
    ]
    return form, buttons


# --- inside -----------------------------------------------------------------------------------------------------------


def _open(uow: UnitOfWork, person: Known, ballot: Ballot, t: Translator, *, notice: str, problem: str) -> Screen:
    actor, proposal = Actor(person.id), ballot.proposal
    live, mine = votes.live(uow, actor, ballot.id), ballots.own(uow, person.id, ballot)
    taking = ballot.takes_votes(uow.now)
    facts = [(t("Votes until"), ballot_words.ends(t, ballot, uow.now))]
    if live.voted is not None:
        facts.append((t("Voted so far"), t("{voted} of {asked}", voted=live.voted, asked=live.asked)))
    standing = {place: votes.own_vote(uow, actor, ballot.id, place.membership) for place in mine}
    facts += [(place.name, _own(ballot, own, t)) for place, own in standing.items()]
    form, rows = _ways(ballot, standing, t) if taking else (None, [])
    rows += _leading(ballot, offices(uow, actor, proposal.body), t, taking=taking)
    return Screen(
        t("Ballot: {title}", title=proposal.title),
        context=about(ballot, t),
        notice=notice,
        problem=problem,
        paragraphs=(
            proposal.text,
            decision_words.rule_sentence(ballot.rule, t),
            *_says(ballot, t, taking=taking, asked=bool(mine)),
        ),
        facts=tuple(facts),
        form=form,
        actions=(
            *rows,
            (Action(t("Look again"), SeeBallot(ballot.id)), Action(t("The proposal"), SeeMotion(proposal.id))),
            (to_home(t),),
        ),
    )


def _own(ballot: Ballot, own: votes.Own, t: Translator) -> str:
    if ballot.secret:
        return t("has voted") if own.voted else t("has not voted yet")
    return ballot_words.said(t, own.choice) if own.voted else t("has not voted yet")


def _says(ballot: Ballot, t: Translator, *, taking: bool, asked: bool) -> tuple[str, ...]:
    if not taking:
        return (t("The time for voting is over. The result will be here in a moment."),)
    known = (
        t("Nobody sees how many have voted, or the result, before the ballot is closed.")
        if ballot.secret
        else t("Nobody sees the result before the ballot is closed. Then it is shown how each institution voted.")
    )
    if asked and not ballot.secret:
        return (known, t("Your vote can be changed until then."))
    return (known,)


def _ways(
    ballot: Ballot, standing: Mapping[Place, votes.Own], t: Translator
) -> tuple[Form | None, list[tuple[Action, ...]]]:  # fmt: skip
    """Offer to vote: at once where one institution of the reader votes in the open, else one institution at a time."""
    if len(standing) == 1 and not ballot.secret:
        ((place, own),) = standing.items()
        return choosing(ballot, place, own.choice, t)
    rows: list[tuple[Action, ...]] = []
    for place, own in standing.items():
        if ballot.secret and own.voted:
            continue
        label = t("Change the vote") if own.voted else t("Vote")
        label = f"{place.name}: {label}" if len(standing) > 1 else label
        rows.append((Action(label, SeeVote(ballot.id, place.membership), weight="" if own.voted else "main"),))
    return None, rows


def _leading(ballot: Ballot, held: Collection[str], t: Translator, *, taking: bool) -> list[tuple[Action, ...]]:
    """Offer what whoever leads may do. Closing is always offered: whether it would be refused must tell nothing."""
    rows: list[tuple[Action, ...]] = []
    if taking and ballot.rule.tie == "chair" and may(held, "ballot.casting"):
        now = ballot.chair_choice
        labels = {"for": t("In a tie: for"), "against": t("In a tie: against")}
        rows.append(
            tuple(
                Action(("✓ " if choice == now else "") + label, CastingVote(ballot.id, choice))
                for choice, label in labels.items()
            )
        )
    if may(held, "ballot.close"):
        rows.append((Action(t("Close the ballot"), CloseBallot(ballot.id)),))
    if taking and not ballot.secret and may(held, "ballot.open"):
        rows.append((Action(t("Make it stricter"), AskTighten(ballot.id)),))
    return rows


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeBallot, t: Translator) -> Reply:
    return shown(uow, person, intent.ballot, t)


VISITS: Final[Mapping[type[Intent], Visit]] = {SeeBallot: let_in(_see)}
