"""A proposal's own screen: how far it has come, what it says, what came of its rounds, and what may be done with it now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from konwent_bot.i18n import Translator
from konwent_bot.office.decisions import ballots, changing, discussion, facts, reading, register, rounds
from konwent_bot.office.decisions.facts import Proposal
from konwent_bot.office.decisions.reading import Can
from konwent_bot.office.decisions.rounds import Round
from konwent_bot.office.people import Known
from konwent_bot.office.rights import Actor
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens.agenda_intents import SeeItem
from konwent_bot.screens.ballot_intents import AskBallot, SeeBallot, SeeDecision
from konwent_bot.screens.decisions import proposal_words as words
from konwent_bot.screens.decisions.ways_back import trail
from konwent_bot.screens.intents import Intent
from konwent_bot.screens.let_in import let_in
from konwent_bot.screens.proposal_intents import (
    AmendMotion,
    AskWithdraw,
    CloseDiscussion,
    CommentMotion,
    OpenRound,
    PostponeMotion,
    ReopenDiscussion,
    SeeDiscussion,
    SeeMotion,
    SeeMotionText,
    SeeRound,
    WithdrawMotion,
)
from konwent_bot.screens.screen import Action, Row, Screen
from konwent_bot.screens.visiting import Reply, Visit, Visitor

#: Characters of a proposal's own text that its screen shows; a phone shows a message of 4096.
_SHOWN: Final = 1500

# --- screens ----------------------------------------------------------------------------------------------------------


def show(uow: UnitOfWork, person: Known, proposal: Proposal, t: Translator, *, notice: str = "") -> Screen:
    """Show a proposal to somebody who may see it."""
    held = rounds.of(uow, proposal.id)
    may = reading.can(uow, Actor(person.id), proposal)
    return Screen(
        proposal.title,
        context=(words.where(uow, proposal, t), proposal.body_name),
        notice=notice,
        paragraphs=words.paragraphs(words.cut(words.text(t, proposal), _SHOWN)),
        facts=tuple(_known(uow, proposal, held, t)),
        rows=tuple(
            Row(
                t("Check of consensus, round {n}", n=one.number),
                words.outcome(t, one),
                Action(t("See"), SeeRound(one.id)),
            )
            for one in held
            if not one.open
        ),
        actions=(*_asked_now(held, may, t), *_deciding(uow, proposal, t), *_speaking(uow, person, proposal, may, t), *_steps(proposal, may, t), *_texts(proposal, t)),
        trail=trail(t, proposal),
    )  # fmt: skip


def _known(uow: UnitOfWork, proposal: Proposal, held: tuple[Round, ...], t: Translator) -> list[tuple[str, str]]:
    lines = [(t("State"), words.state(t, proposal))]
    if ahead := words.next_step(uow, proposal, t):
        lines.append((t("What happens next"), ahead))
    lines.append((t("Who proposes"), words.proposer(t, proposal)))
    if proposal.version > 1:
        lines.append((t("Text"), t("version {n}", n=proposal.version)))
        lines.append((t("Why it was changed"), words.cut(proposal.reason, 300)))
    running = next((one for one in held if one.open), None)
    if proposal.answer_until is not None and running is None and proposal.state in ("discussion", "discussed"):
        lines.append((t("Answers until"), words.deadline(uow, proposal.answer_until, t)))
    if proposal.supersedes is not None:
        before = register.get(uow, proposal.supersedes)
        lines.append((t("Takes the place of the decision"), f"{before.name}: {before.title}"))
    return lines


def _asked_now(held: tuple[Round, ...], may: frozenset[Can], t: Translator) -> list[tuple[Action, ...]]:
    """Lead to the round that is open: whoever is asked answers there, others look."""
    running = next((one for one in held if one.open), None)
    if running is None:
        return []
    label = t("Say whether you agree") if "stance" in may else t("See who has answered what")
    return [(Action(label, SeeRound(running.id), weight="main"),)]


def _deciding(uow: UnitOfWork, proposal: Proposal, t: Translator) -> list[tuple[Action, ...]]:
    """Lead to the ballot that is open, and to the decision that was taken."""
    if proposal.state == "ballot" and (ballot := ballots.current(uow, proposal.id)) is not None:
        return [(Action(t("See the ballot"), SeeBallot(ballot.id), weight="main"),)]
    return [
        (Action(t("See the decision {number}", number=one.name), SeeDecision(one.id)),)
        for one in register.of_proposal(uow, proposal.id)
    ]


def _speaking(uow: UnitOfWork, person: Known, proposal: Proposal, may: frozenset[Can], t: Translator) -> list[tuple[Action, ...]]:
    rows: list[tuple[Action, ...]] = []
    if "comment" in may:
        mine = facts.own(uow, person.id, proposal)
        leads = changing.leads(uow, Actor(person.id), proposal.body)
        for one in mine:
            label = words.labelled(t, t("Say something about it"), one.name, several=len(mine) > 1 or leads)
            rows.append((Action(label, CommentMotion(proposal.id, one.membership)),))
        if leads:
            label = words.labelled(t, t("Say something about it"), words.lead(t), several=bool(mine))
            rows.append((Action(label[:1].upper() + label[1:], CommentMotion(proposal.id, 0)),))
    said = len(discussion.comments(uow, Actor(person.id), proposal.id))
    if said:
        rows.append((Action(t("Discussion ({n})", n=said), SeeDiscussion(proposal.id)),))
    return rows


def _steps(proposal: Proposal, may: frozenset[Can], t: Translator) -> list[tuple[Action, ...]]:
    """Offer what whoever leads, or whoever proposed, may do now."""
    offered: tuple[tuple[Can, Action], ...] = (
        ("close_discussion", Action(t("Close the discussion"), CloseDiscussion(proposal.id), weight="main")),
        ("open_round", Action(t("Ask whether anybody objects"), OpenRound(proposal.id), weight="main")),
        (
            "amend",
            Action(t("Change the text") if proposal.kind == "matter" else t("Choose another rule"), AmendMotion(proposal.id)),
        ),
        ("reopen", Action(t("Open the discussion again"), ReopenDiscussion(proposal.id))),
        ("postpone", Action(t("Put it off to the next meeting"), PostponeMotion(proposal.id))),
        ("ballot", Action(t("Put it to a ballot"), AskBallot(proposal.id))),
        ("withdraw", Action(t("Withdraw the proposal"), AskWithdraw(proposal.id))),
    )
    return [(action,) for word, action in offered if word in may]


def _texts(proposal: Proposal, t: Translator) -> list[tuple[Action, ...]]:
    rows: list[tuple[Action, ...]] = []
    if len(proposal.text) > _SHOWN:
        rows.append((Action(t("The whole text"), SeeMotionText(proposal.id, proposal.version)),))
    if proposal.version > 1:
        rows.append((Action(t("Earlier texts"), SeeMotionText(proposal.id, proposal.version - 1)),))
    if proposal.item is not None:
        rows.append((Action(t("The item of the agenda"), SeeItem(proposal.item)),))
    return rows


# --- visits -----------------------------------------------------------------------------------------------------------


def _shown(uow: UnitOfWork, person: Known, proposal: Proposal, t: Translator, notice: str = "") -> Reply:
    return Reply(show(uow, person, proposal, t, notice=notice), at=SeeMotion(proposal.id))


def _see(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMotion, t: Translator) -> Reply:
    return _shown(uow, person, facts.see(uow, Actor(person.id), intent.proposal), t)


def _text(uow: UnitOfWork, _v: Visitor, person: Known, intent: SeeMotionText, t: Translator) -> Reply:
    proposal = facts.see(uow, Actor(person.id), intent.proposal)
    found = reading.texts(uow, proposal)
    one = next((text for text in found if text.version == intent.version), found[0])
    others = [text.version for text in found if text.version != one.version]
    lines = [(t("Text"), t("version {n} of {all}", n=one.version, all=len(found))), (t("Written on"), t.instant(one.created_at))]
    if one.reason:
        lines.append((t("Why it was changed"), one.reason))
    screen = Screen(
        one.title,
        context=(words.where(uow, proposal, t), proposal.body_name),
        facts=tuple(lines),
        paragraphs=words.paragraphs(one.text),
        actions=tuple((Action(t("Version {n}", n=n), SeeMotionText(proposal.id, n)),) for n in others[:8]),
        trail=trail(t, proposal, at=True),
    )
    return Reply(screen, at=SeeMotionText(proposal.id, one.version))


def _ask_withdraw(uow: UnitOfWork, _v: Visitor, person: Known, intent: AskWithdraw, t: Translator) -> Reply:
    actor = Actor(person.id)
    proposal = facts.get(uow, intent.proposal)
    changing.require_own(uow, actor, proposal)
    if "withdraw" not in reading.can(uow, actor, proposal):
        return _shown(uow, person, proposal, t)
    asked = (
        (t("Institutions are being asked about it at this moment. That ends without a result."),)
        if proposal.state == "consensus"
        else ()
    )
    screen = Screen(
        t("Withdraw the proposal?"),
        context=(proposal.title, proposal.body_name),
        paragraphs=(t("It will not be decided, and everybody entitled is told so. What was said about it stays. This cannot be taken back; the same can be proposed anew."), *asked),
        actions=(
            (Action(t("Yes, withdraw it"), WithdrawMotion(proposal.id), weight="danger"),),
            (Action(t("No, keep it"), SeeMotion(proposal.id)),),
        ),
    )  # fmt: skip
    return Reply(screen, at=intent)


def _withdraw(uow: UnitOfWork, _v: Visitor, person: Known, intent: WithdrawMotion, t: Translator) -> Reply:
    return _shown(uow, person, changing.withdraw(uow, Actor(person.id), intent.proposal), t, t("The proposal is withdrawn."))


def _postpone(uow: UnitOfWork, _v: Visitor, person: Known, intent: PostponeMotion, t: Translator) -> Reply:
    proposal = changing.postpone(uow, Actor(person.id), intent.proposal)
    return _shown(uow, person, proposal, t, t("It is put off: it goes on the agenda of the next meeting, and its discussion is open again."))  # fmt: skip


def _close_discussion(uow: UnitOfWork, _v: Visitor, person: Known, intent: CloseDiscussion, t: Translator) -> Reply:
    proposal = discussion.close(uow, Actor(person.id), intent.proposal)
    return _shown(uow, person, proposal, t, t("The discussion is closed."))


def _reopen(uow: UnitOfWork, _v: Visitor, person: Known, intent: ReopenDiscussion, t: Translator) -> Reply:
    proposal = discussion.reopen(uow, Actor(person.id), intent.proposal)
    return _shown(uow, person, proposal, t, t("The discussion is open again."))


VISITS: Final[Mapping[type[Intent], Visit]] = {
    SeeMotion: let_in(_see),
    SeeMotionText: let_in(_text),
    AskWithdraw: let_in(_ask_withdraw),
    WithdrawMotion: let_in(_withdraw),
    PostponeMotion: let_in(_postpone),
    CloseDiscussion: let_in(_close_discussion),
    ReopenDiscussion: let_in(_reopen),
}
