"""Anna's network votes: ballots of each kind, decisions with a task; and in whose hands each button of them works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import update
from tests.conversations.network import JANOW, Network

from konwent_bot.office import task_acts
from konwent_bot.office.decisions import (
    ballot_opening,
    by_hand,
    consensus,
    discussion,
    proposals,
    register,
    rounds,
    rule_proposals,
    votes,
)
from konwent_bot.office.decisions.by_hand import ByTotals
from konwent_bot.office.decisions.rule_proposals import RuleChosen
from konwent_bot.office.meetings import attendance, convening, entering, facts
from konwent_bot.office.meetings.entering import MeetingEntered
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import ballot_intents as b
from konwent_bot.screens.intents import Intent
from konwent_bot.store.tables import MEETING

GOPS, OPS, LIBRARY = JANOW
TEXT: Final = "Prowadzimy jeden kalendarz szkoleń i warsztatów. Każda instytucja wpisuje swoje do 5. dnia miesiąca."


@dataclass(frozen=True)
class Balloted:
    """What was made, by number."""

    body: int
    gops: int
    #: Ballots that are open, by circulation: nobody has voted in the first two; in the third everybody has.
    open: int
    secret: int
    full: int
    #: Proposals somebody objected to: by circulation, and at a meeting under way.
    ready: int
    shown: int
    #: Decisions: by a show of hands at the meeting, with a task of GOPS; the body's rule, by consensus, since replaced.
    decision: int
    former: int
    task: int


def make_balloted(uow: UnitOfWork, network: Network, coordinator: int, heads: Mapping[str, int]) -> Balloted:
    """Let the network choose a rule in which the chair decides ties, open ballots, and take a decision by a show of hands.

    ``heads``: whoever heads each institution.
    """
    kinga, members = Actor(coordinator), network.memberships
    former = _rule(uow, kinga, network)
    opened, secret, full = (
        ballot_opening.open_ballot(uow, kinga, objected(uow, kinga, network, title), method).id
        for title, method in (("Wspólny kalendarz szkoleń", "open"), ("Przewodnictwo w sieci", "secret"), ("Nowe logo", "open"))
    )
    for name, head in heads.items():
        votes.cast(uow, Actor(head), full, members[name], "for")
    ready = objected(uow, kinga, network, "Regulamin sieci")
    meeting = under_way(uow, kinga, network)
    shown, hands = (objected(uow, kinga, network, title, meeting=meeting) for title in ("Dyżury w święta", "Targi pracy"))
    made = by_hand.note(uow, kinga, hands, ByTotals(2, 1, 0))
    (decision,) = register.of_proposal(uow, made.proposal.id)
    given = task_acts.TaskSet(
        what="Rezerwacja hali na targi", institution=(str(members[GOPS]),), due=uow.today + timedelta(days=9)
    )
    task = task_acts.attach(uow, kinga, Subject("decision.task", network.body, decision=decision.id), given).made
    assert task is not None
    return Balloted(network.body, members[GOPS], opened, secret, full, ready, shown, decision.id, former, task)


def objected(
    uow: UnitOfWork, coordinator: Actor, network: Network, title: str, *, meeting: int | None = None, text: str = TEXT
) -> int:  # fmt: skip
    """Let a proposal be made, discussed, and objected to by the library; give its number."""
    said = proposals.Entered(title=title, text=text)
    number = proposals.enter(uow, coordinator, Subject("proposal.enter", network.body, meeting=meeting), said).proposal
    assert number is not None
    _settle(uow, coordinator, number, network.memberships[LIBRARY])
    return number


def under_way(uow: UnitOfWork, coordinator: Actor, network: Network) -> int:
    """Call a strategic meeting that began half an hour ago; everybody is there."""
    given = {
        "kind": "strategic", "when": f"{uow.today + timedelta(days=30)}T10:00", "length": "m180", "mode": "in_person",
        "place": "Urząd Miejski, sala 7",
    }  # fmt: skip
    meeting = entering.enter(
        uow, coordinator, Subject("meeting.enter", network.body), MeetingEntered.model_validate(given)
    ).meeting
    assert meeting is not None
    convening.convene(uow, coordinator, meeting)
    begun = uow.now - timedelta(minutes=30)
    local = begun.astimezone(uow.house.zone)
    # No act moves a meeting to the past; its code is taken off, so that there is one meeting here to say "I am here" at.
    now = {"day": local.date(), "hour": f"{local:%H:%M}", "starts_at": begun, "ends_at": begun + timedelta(hours=3), "code": ""}
    uow.execute(update(MEETING).where(MEETING.c.id == meeting).values(**now, next_step_at=None))
    for membership in network.memberships.values():
        attendance.come(uow, coordinator, meeting, membership, "head")
    return facts.get(uow, meeting).id


def _rule(uow: UnitOfWork, coordinator: Actor, network: Network) -> int:
    """Let the body agree on a rule; give the decision."""
    said = RuleChosen(quorum="half", majority="simple", tie="chair")
    number = rule_proposals.propose(uow, coordinator, Subject("rule.propose", network.body), said).proposal
    assert number is not None
    _settle(uow, coordinator, number, None)
    return register.of_proposal(uow, number)[-1].id


def _settle(uow: UnitOfWork, coordinator: Actor, proposal: int, objects: int | None) -> None:
    """Close the discussion, and hold a round in which everybody speaks, and one institution (or none) objects."""
    discussion.close(uow, coordinator, proposal)
    held = consensus.open_round(uow, coordinator, proposal)
    for place in held.places:
        if place.membership == objects:
            consensus.note(uow, coordinator, held.id, place.membership, "object", "Brakuje nam na to ludzi", "Mniejszy zakres")
        else:
            consensus.note(uow, coordinator, held.id, place.membership, "agree")
    if rounds.get(uow, held.id).closes_at is None:
        consensus.call(uow, coordinator, held.id)
    consensus.close(uow, coordinator, held.id)


#: Button -> as it is valid for Anna's network. What uses things up stands last.
BUTTONS: Final[Mapping[type[Intent], Callable[[Balloted], list[Intent]]]] = {
    b.SeeBallot: lambda s: [b.SeeBallot(s.open), b.SeeBallot(s.secret), b.SeeBallot(s.full)],
    b.SeeVote: lambda s: [b.SeeVote(s.open, s.gops), b.SeeVote(s.secret, s.gops)],
    b.AskPaper: lambda s: [b.AskPaper(s.secret, s.gops, "for")],
    b.CastPaper: lambda s: [b.CastPaper(s.secret, s.gops, "for")],
    b.AskBallot: lambda s: [b.AskBallot(s.ready), b.AskBallot(s.shown)],
    b.AskLength: lambda s: [b.AskLength(s.ready, "open"), b.AskLength(s.shown, "secret")],
    b.AskHands: lambda s: [b.AskHands(s.shown, "names"), b.AskHands(s.shown, "totals")],
    b.NoteHands: lambda s: [b.NoteHands(s.shown, "totals", 0), b.NoteHands(s.shown, "names", 1)],
    b.AskTighten: lambda s: [b.AskTighten(s.open)],
    b.CastingVote: lambda s: [b.CastingVote(s.open, "against")],
    b.TightenBallot: lambda s: [b.TightenBallot(s.open, 0, 3), b.TightenBallot(s.open, 1, 0)],
    b.Vote: lambda s: [b.Vote(s.open, s.gops, "abstain")],
    b.OpenBallot: lambda s: [b.OpenBallot(s.ready, "secret", 7), b.OpenBallot(s.shown, "open", 10)],
    b.CloseBallot: lambda s: [b.CloseBallot(s.full)],
    b.SeeDecision: lambda s: [b.SeeDecision(s.decision), b.SeeDecision(s.former)],
    b.TakeDecision: lambda s: [b.TakeDecision(s.decision)],
    b.SeeRegister: lambda s: [b.SeeRegister(s.body), b.SeeRegister(s.body, 0, 7)],
    b.SearchRegister: lambda s: [b.SearchRegister(s.body)],
    b.TakeRegister: lambda s: [b.TakeRegister(s.body, "json"), b.TakeRegister(s.body, "xlsx")],
    b.SeeTasks: lambda s: [b.SeeTasks(s.body), b.SeeTasks(s.body, 7)],
    b.AttachTask: lambda s: [b.AttachTask(s.decision)],
    b.FinishTask: lambda s: [b.FinishTask(s.task)],
    b.ReopenTask: lambda s: [b.ReopenTask(s.task)],
}
#: What everybody who belongs to the network may see; what people say for GOPS; what they and whoever leads may say; the rest is the
#: coordinator's.
OPEN: Final[frozenset[type[Intent]]] = frozenset(
    {b.SeeBallot, b.SeeDecision, b.TakeDecision, b.SeeRegister, b.SearchRegister, b.TakeRegister, b.SeeTasks}
)
OF_GOPS: Final[frozenset[type[Intent]]] = frozenset({b.SeeVote, b.Vote, b.AskPaper, b.CastPaper})
OF_GOPS_OR_LED: Final[frozenset[type[Intent]]] = frozenset({b.FinishTask})
#: What counts once for an institution, or from its proper person first: seen elsewhere in several hands.
ONCE: Final[frozenset[type[Intent]]] = frozenset({b.Vote, b.CastPaper})
