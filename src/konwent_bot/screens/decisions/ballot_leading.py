"""What whoever leads does with a ballot that takes votes: closes it, makes it stricter, says what a tie means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from konwent_bot.errors import Invalid, KonwentError, NotFound, Refused
from konwent_bot.i18n import Translator
from konwent_bot.office import rounds
from konwent_bot.office.decisions import ballot_opening, ballots, closing
from konwent_bot.office.decisions.ballots import Ballot
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor, require
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.ballot_intents import AskTighten, CastingVote, CloseBallot, SeeBallot, TightenBallot
from konwent_bot.screens.decisions import ballot_words
from konwent_bot.screens.decisions.ballot import about, shown
from konwent_bot.screens.decisions.ballot_opening import DAYS, MINUTES, length
from konwent_bot.screens.home import to_home
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.screen import Action, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: As in ``ballot_opening``: a forged button names no instant beyond all calendars.
_MOST: Final = 10_000


def _close(uow: UnitOfWork, _v: Visitor, person: Known, intent: CloseBallot, t: Translator) -> Reply:
    try:
        closing.close(uow, Actor(person.id), intent.ballot)
    except NotFound:
        raise
    except Refused as wrong:
        return shown(uow, person, intent.ballot, t, refused=wrong)
    return shown(uow, person, intent.ballot, t, notice=t("The ballot is closed. Everybody is being told of the result."))


def _casting(uow: UnitOfWork, _v: Visitor, person: Known, intent: CastingVote, t: Translator) -> Reply:
    try:
        closing.casting_vote(uow, Actor(person.id), intent.ballot, intent.choice)
    except NotFound:
        raise
    except Refused as wrong:
        return shown(uow, person, intent.ballot, t, refused=wrong)
    said = ballot_words.said(t, intent.choice)
    return shown(uow, person, intent.ballot, t, notice=t("Saved: in a tie the chair votes {choice}.", choice=said))


def _how(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskTighten, t: Translator) -> Reply:
    require(uow, Actor(person.id), ballot_opening.OPEN, body=ballots.get(uow, intent.ballot).proposal.body)
    ballot = ballots.see(uow, Actor(person.id), intent.ballot)
    if not ballot.takes_votes(uow.now) or ballot.secret:
        return shown(uow, person, ballot.id, t)
    return Reply(_offered(uow, ballot, t), at=intent)


def _offered(uow: UnitOfWork, ballot: Ballot, t: Translator, wrong: KonwentError | None = None) -> Screen:
    shorter = [
        count for count in (DAYS if ballot.by_circulation else MINUTES) if _closes(uow, ballot, count) < ballot.closes_at
    ]  # fmt: skip
    return Screen(
        t("Make the ballot stricter?"),
        context=(*about(ballot, t), ballot.proposal.title),
        problem="" if wrong is None else t.say(wrong),
        paragraphs=(
            t("This works only until somebody has voted. Everybody is told anew. It cannot be undone."),
        ),
        facts=((t("Votes until"), ballot_words.ends(t, ballot, uow.now)),),
        actions=(
            (Action(t("Make it secret"), TightenBallot(ballot.id, 1, 0)),),
            *(
                (
                    Action(
                        t("Close it in {length}", length=length(t, ballot.proposal, count)), TightenBallot(ballot.id, 0, count)
                    ),
                )
                for count in shorter
            ),
            (Action(t("Leave it as it is"), SeeBallot(ballot.id)), to_home(t)),
        ),
    )  # fmt: skip


def _closes(uow: UnitOfWork, ballot: Ballot, count: int) -> datetime:
    if ballot.by_circulation:
        return rounds.end_of_day(uow, uow.today + timedelta(days=count)).astimezone(UTC)
    return uow.now + timedelta(minutes=count)


def _tighten(uow: UnitOfWork, _v: Visitor, person: Known, intent: TightenBallot, t: Translator) -> Reply:
    actor = Actor(person.id)
    require(uow, actor, ballot_opening.OPEN, body=ballots.get(uow, intent.ballot).proposal.body)
    ballot = ballots.see(uow, actor, intent.ballot)
    until = _closes(uow, ballot, min(intent.length, _MOST)) if intent.length else None
    try:
        ballot_opening.tighten(uow, actor, ballot.id, secret=intent.secret == 1, until=until)
    except NotFound:
        raise
    except Invalid as wrong:
        return Reply(_offered(uow, ballot, t, wrong), at=AskTighten(ballot.id), refusal=wrong)
    except Refused as wrong:
        return shown(uow, person, ballot.id, t, refused=wrong)
    return shown(uow, person, ballot.id, t, notice=t("The ballot is stricter now. Everybody who may vote is being told."))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    CloseBallot: let_in(_close),
    CastingVote: let_in(_casting),
    AskTighten: let_in(_how),
    TightenBallot: let_in(_tighten),
}
