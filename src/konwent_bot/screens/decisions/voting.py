"""Voting for an institution. In an open ballot one press counts and may be changed; in a secret one it is asked first, and counts for good.

The choice in a secret ballot travels in what a button carries or in a field of a form, never in an address, and no screen shows it once
the vote is cast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from konwent_bot.documents.decision_words import rule_sentence
from konwent_bot.domain.decisions.tally import CHOICES
from konwent_bot.errors import N_, Invalid, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import ballots, papers, votes
from konwent_bot.office.decisions.ballots import Ballot, Place
from konwent_bot.office.meetings.facts import NOT_HERE
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import AskPaper, CastPaper, SeeBallot, SeeVote, Vote
from konwent_bot.screens.decisions import ballot_words
from konwent_bot.screens.decisions.ballot import about, choosing, shown
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent, OpenPage, place_of
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Field, Form, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

_ABSENT: Final = N_("The institution was not there when this ballot was opened, so it cannot vote in it.")
_CHOOSE: Final = N_("Please choose first what your institution votes.")


# --- an open ballot ---------------------------------------------------------------------------------------------------


def _see(uow: UnitOfWork, visitor: Visitor, person: Known, intent: SeeVote, t: Translator) -> Reply:
    ballot, place, own = _mine(uow, person, intent)
    if not ballot.takes_votes(uow.now) or (ballot.secret and own.voted):
        return shown(uow, person, ballot.id, t)
    return _asked(uow, visitor, ballot, place, own, t)


def _asked(
    uow: UnitOfWork, visitor: Visitor, ballot: Ballot, place: Place, own: votes.Own, t: Translator, wrong: Invalid | None = None
) -> Reply:
    """Show what an institution may vote, with what to know before."""
    if ballot.secret:
        form, buttons = _papers(ballot, place, t)
        says = _known_before(t, page=visitor.page)
    else:
        form, buttons = choosing(ballot, place, own.choice, t)
        says = (t("Your vote can be changed until the ballot is closed."),)
    proposal, here = ballot.proposal, SeeVote(ballot.id, place.membership)
    if wrong is not None:
        form = replace(form, fields=tuple(replace(one, problem=t.say(wrong)) for one in form.fields))
    screen = Screen(
        t("Ballot: {title}", title=proposal.title),
        context=(*about(ballot, t), place.name),
        problem="" if wrong is None else t.say(wrong),
        paragraphs=(proposal.text, rule_sentence(ballot.rule, t), *says),
        facts=((t("Votes until"), ballot_words.ends(t, ballot, uow.now)),),
        form=form,
        actions=(*buttons, (Action(t("Back to the ballot"), SeeBallot(ballot.id)), to_home(t))),
    )
    return Reply(screen, at=here, refusal=wrong)


def _vote(uow: UnitOfWork, visitor: Visitor, person: Known, intent: Vote, t: Translator) -> Reply:
    ballot, place, own = _mine(uow, person, intent)
    choice = _chosen(visitor, intent)
    if not choice:
        return _asked(uow, visitor, ballot, place, own, t, Invalid(_CHOOSE))
    try:
        votes.cast(uow, Actor(person.id), ballot.id, place.membership, choice)
    except NotFound:
        raise
    except Refused as wrong:
        return shown(uow, person, ballot.id, t, refused=wrong)
    said = t("Saved: {institution}, {vote}.", institution=place.name, vote=ballot_words.said(t, choice))
    return shown(uow, person, ballot.id, t, notice=said)


# --- a secret one -----------------------------------------------------------------------------------------------------


def _papers(ballot: Ballot, place: Place, t: Translator) -> tuple[Form, list[tuple[Action, ...]]]:
    """Offer the choices: radios on a page, buttons in a chat, and from there the way to the page."""
    options = tuple((choice, ballot_words.pressed(t, choice)) for choice in CHOICES)
    field = Field("choice", t("The vote of your institution: {name}", name=place.name), kind="choice", options=options)
    here = SeeVote(ballot.id, place.membership)
    form = Form(AskPaper(ballot.id, place.membership, ""), (field,), t("Go on"), here, only="page")
    buttons = [(Action(label, AskPaper(ballot.id, place.membership, choice), only="chat"),) for choice, label in options]
    return form, [*buttons, (Action(t("Vote in the browser"), OpenPage(place_of(here)), only="chat"),)]


def _known_before(t: Translator, *, page: bool) -> tuple[str, ...]:
    passes = t("In the chat, the press passes through Telegram. Whoever does not want that votes in the browser.")
    return (
        t("The first vote of an institution counts. It cannot be changed, and it is shown to nobody afterwards, not even to you."),
        t("Nobody sees how many have voted, or the result, before the ballot is closed."),
        t("Until the close, secrecy trusts the operator of the server, who could look into the database. At the close what ties votes to institutions is wiped out."),
        *(() if page else (passes,)),
    )  # fmt: skip


def _ask(uow: UnitOfWork, visitor: Visitor, person: Known, intent: AskPaper, t: Translator) -> Reply:
    """Ask once more, so that a slip is no vote. Nothing is kept of the answer so far."""
    ballot, place, own = _mine(uow, person, intent)
    if not ballot.secret or not ballot.takes_votes(uow.now) or own.voted:
        return shown(uow, person, ballot.id, t)
    choice = _chosen(visitor, intent)
    if not choice:
        return _asked(uow, visitor, ballot, place, own, t, Invalid(_CHOOSE))
    sure = t("Yes, cast this vote")
    hidden = Field("choice", "", kind="hidden", value=choice)
    here = SeeVote(ballot.id, place.membership)
    form = Form(CastPaper(ballot.id, place.membership, ""), (hidden,), sure, here, only="page")
    screen = Screen(
        t("Cast this vote?"),
        context=(*about(ballot, t), place.name),
        facts=((t("The vote"), ballot_words.pressed(t, choice)),),
        paragraphs=(ballot.proposal.title, t("It counts for good, and is not shown any more afterwards.")),
        form=form,
        actions=(
            (Action(sure, CastPaper(ballot.id, place.membership, choice), only="chat", weight="main"),),
            (Action(t("Choose again"), here),),
        ),
    )
    return Reply(screen)


def _cast(uow: UnitOfWork, visitor: Visitor, person: Known, intent: CastPaper, t: Translator) -> Reply:
    ballot, place, _ = _mine(uow, person, intent)
    choice = _chosen(visitor, intent)
    if not choice:
        raise NotFound(NOT_HERE)
    try:
        papers.cast_secret(uow, Actor(person.id), ballot.id, place.membership, choice)
    except NotFound:
        raise
    except Refused as wrong:
        return shown(uow, person, ballot.id, t, refused=wrong)
    return shown(uow, person, ballot.id, t, notice=t("The vote is cast: {institution}. Thank you.", institution=place.name))


# --- inside -----------------------------------------------------------------------------------------------------------


def _mine(
    uow: UnitOfWork, person: Known, intent: SeeVote | Vote | AskPaper | CastPaper
) -> tuple[Ballot, Place, votes.Own]:  # fmt: skip
    """Give a ballot with an institution of the reader's that is on its roll, and whether it has voted.

    Raises:
        NotFound: there is no such ballot, or the reader does not speak for this institution in it.
        Refused: the institution was not there when it was opened.
    """
    own = votes.own_vote(uow, Actor(person.id), intent.ballot, intent.membership)
    ballot = ballots.see(uow, Actor(person.id), intent.ballot)
    place = next((one for one in ballots.own(uow, person.id, ballot) if one.membership == intent.membership), None)
    if place is None:
        raise Refused(_ABSENT)
    return ballot, place, own


def _chosen(visitor: Visitor, intent: Vote | AskPaper | CastPaper) -> str:
    """Give the choice that came: with a button of a chat, or in the field of a page's form; empty where none did.

    Raises:
        NotFound: it is none, or it stands in an address, where logs would keep it.
    """
    choice = visitor.given.fields.get("choice", "") if visitor.page else intent.choice
    if (visitor.page and intent.choice) or choice not in ("", *CHOICES):
        raise NotFound(NOT_HERE)
    return choice


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeVote: let_in(_see),
    Vote: let_in(_vote),
    AskPaper: let_in(_ask),
    CastPaper: let_in(_cast),
}
