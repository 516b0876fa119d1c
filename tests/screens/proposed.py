"""Anna's network looks for consensus: proposals at every step, by circulation and at a meeting; and in whose hands each button works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.conversations.network import JANOW, Network
from tests.screens.balloted import under_way

from konwent_bot.office.decisions import changing, consensus, discussion, proposals
from konwent_bot.office.rights import Actor
from konwent_bot.office.subjects import Subject
from konwent_bot.office.unit import UnitOfWork
from konwent_bot.screens import proposal_intents as w
from konwent_bot.screens.intents import Intent

GOPS, OPS, LIBRARY = JANOW
TEXT: Final = (
    "Od marca w każdy wtorek jedna z instytucji dyżuruje w urzędzie gminy, od 9:00 do 13:00.\n\nPlan dyżurów układa biblioteka."
)


@dataclass(frozen=True)
class Proposed:
    """What was made, by number."""

    body: int
    gops: int
    ops: int
    meeting: int
    #: By circulation: discussed with two texts and a comment, of GOPS; one whose discussion is closed; one that is withdrawn.
    open: int
    ready: int
    withdrawn: int
    #: At the meeting: being discussed; asked about at this moment, the library has a reservation; asked aloud, with an objection.
    waiting: int
    asked: int
    called: int
    #: Rounds: the two of the meeting, and one by circulation.
    round: int
    called_round: int
    far_round: int


def make_proposed(uow: UnitOfWork, network: Network, coordinator: int, anna: int) -> Proposed:
    """Let proposals be entered, discussed, amended and asked about."""
    kinga, head, members = Actor(coordinator), Actor(anna), network.memberships
    meeting = under_way(uow, kinga, network)
    opened = _entered(uow, head, network, "Dyżury we wtorki", membership=members[GOPS])
    discussion.comment(
        uow, kinga, Subject("proposal.comment", network.body, proposal=opened), discussion.Comment(text="A co w wakacje?")
    )
    changed = changing.Amended(
        title="Dyżury we wtorki", text=f"{TEXT}\n\nW lipcu i sierpniu dyżurów nie ma.", reason="Pytanie o wakacje."
    )
    changing.amend(uow, head, Subject("proposal.amend", network.body, proposal=opened), changed)
    ready, withdrawn, far = (_entered(uow, kinga, network, title) for title in ("Wspólna skrzynka", "Konkurs", "Jedna ulotka"))
    changing.withdraw(uow, kinga, withdrawn)
    for one in (ready, far):
        discussion.close(uow, kinga, one)
    waiting, asked, called = (
        _entered(uow, kinga, network, title, meeting=meeting) for title in ("Szkolenie z dostępności", "Punkt informacyjny", "Bal w karnawale")
    )  # fmt: skip
    for one in (asked, called):
        discussion.close(uow, kinga, one)
    rounds = [consensus.open_round(uow, kinga, one).id for one in (asked, called, far)]
    consensus.note(uow, kinga, rounds[0], members[LIBRARY], "reserve", "Potrzebny jest drugi pokój.")
    consensus.note(uow, kinga, rounds[1], members[OPS], "object", "Nie ma na to pieniędzy.", "Zrzutka albo sponsor")
    consensus.call(uow, kinga, rounds[1])
    return Proposed(
        network.body, members[GOPS], members[OPS], meeting, opened, ready, withdrawn, waiting, asked, called, *rounds
    )  # fmt: skip


def _entered(
    uow: UnitOfWork, actor: Actor, network: Network, title: str, *, meeting: int | None = None, membership: int | None = None
) -> int:
    subject = Subject("proposal.enter", network.body, meeting=meeting, membership=membership)
    made = proposals.enter(uow, actor, subject, proposals.Entered(title=title, text=TEXT)).proposal
    assert made is not None
    return made


#: Button -> as it is valid for Anna's network. What uses things up stands last.
BUTTONS: Final[Mapping[type[Intent], Callable[[Proposed], list[Intent]]]] = {
    w.SeeMotions: lambda s: [w.SeeMotions(s.body), w.SeeMotions(s.body, 1), w.SeeMotions(s.body, 0, 7)],
    w.SeeMeetingMotions: lambda s: [w.SeeMeetingMotions(s.meeting), w.SeeMeetingMotions(s.meeting, 7)],
    w.SeeMotion: lambda s: [w.SeeMotion(one) for one in (s.open, s.ready, s.withdrawn, s.waiting, s.asked, s.called)],
    w.SeeMotionText: lambda s: [w.SeeMotionText(s.open, 1), w.SeeMotionText(s.open, 77)],
    w.SeeDiscussion: lambda s: [w.SeeDiscussion(s.open), w.SeeDiscussion(s.ready, 7)],
    w.SeeRound: lambda s: [w.SeeRound(s.round), w.SeeRound(s.called_round), w.SeeRound(s.far_round)],
    w.SeeStances: lambda s: [w.SeeStances(s.round), w.SeeStances(s.called_round, 7)],
    w.SeeRule: lambda s: [w.SeeRule(s.body), w.SeeRule(s.body, s.meeting)],
    w.EnterMotion: lambda s: [w.EnterMotion(s.body, 0, s.gops), w.EnterMotion(s.body, s.meeting, s.gops)],
    w.ProposeRule: lambda s: [w.ProposeRule(s.body, 0, s.gops), w.ProposeRule(s.body, s.meeting, s.gops)],
    w.CommentMotion: lambda s: [w.CommentMotion(s.open, s.gops)],
    w.AskStance: lambda s: [w.AskStance(s.round, s.gops)],
    w.ReserveStance: lambda s: [w.ReserveStance(s.round, s.gops)],
    w.ObjectStance: lambda s: [w.ObjectStance(s.round, s.gops)],
    w.AskNote: lambda s: [w.AskNote(s.round, s.ops)],
    w.AskNoteWords: lambda s: [w.AskNoteWords(s.round, s.ops, "object"), w.AskNoteWords(s.round, s.ops, "reserve")],
    w.NoteStance: lambda s: [w.NoteStance(s.round, s.ops, "stand_aside")],
    w.TakeStance: lambda s: [w.TakeStance(s.round, s.gops, "agree"), w.TakeStance(s.round, s.gops, "stand_aside")],
    w.AmendMotion: lambda s: [w.AmendMotion(s.open)],
    w.AskWithdraw: lambda s: [w.AskWithdraw(s.open)],
    w.SeeDecisionSettings: lambda s: [w.SeeDecisionSettings(s.body)],
    w.ChooseDecisionSetting: lambda s: [w.ChooseDecisionSetting(s.body, "circulation_days", "14")],
    w.CallRound: lambda s: [w.CallRound(s.round)],
    w.AskCloseRound: lambda s: [w.AskCloseRound(s.called_round), w.AskCloseRound(s.round)],
    w.CloseRound: lambda s: [w.CloseRound(s.called_round)],
    w.OpenRound: lambda s: [w.OpenRound(s.ready)],
    w.ReopenDiscussion: lambda s: [w.ReopenDiscussion(s.called)],
    w.PostponeMotion: lambda s: [w.PostponeMotion(s.waiting)],
    w.CloseDiscussion: lambda s: [w.CloseDiscussion(s.open)],
    w.WithdrawMotion: lambda s: [w.WithdrawMotion(s.open)],
}
#: What everybody who belongs to the network may see; what people say for GOPS; what they and whoever leads do with its proposal; the
#: rest is for whoever leads.
OPEN: Final[frozenset[type[Intent]]] = frozenset(
    {w.SeeMotions, w.SeeMeetingMotions, w.SeeMotion, w.SeeMotionText, w.SeeDiscussion, w.SeeRound, w.SeeStances, w.SeeRule}
)
OF_GOPS: Final[frozenset[type[Intent]]] = frozenset(
    {w.EnterMotion, w.ProposeRule, w.CommentMotion, w.AskStance, w.ReserveStance, w.ObjectStance, w.TakeStance}
)
OF_GOPS_OR_LED: Final[frozenset[type[Intent]]] = frozenset({w.AmendMotion, w.AskWithdraw, w.WithdrawMotion})
#: What is said by an institution's proper person first, and by its second not any more: seen elsewhere in several hands.
ONCE: Final[frozenset[type[Intent]]] = frozenset({w.TakeStance})
#: What comes of a press that changes what other scenes look at: shown after it.
AFTER: Final[Mapping[type[Intent], Callable[[Proposed], tuple[tuple[Intent, ...], Intent]]]] = {
    w.SeeMotion: lambda s: ((w.CloseRound(s.called_round),), w.SeeMotion(s.called)),
    w.SeeRound: lambda s: ((w.CloseRound(s.called_round),), w.SeeRound(s.called_round)),
    w.ReopenDiscussion: lambda s: ((w.CloseRound(s.called_round),), w.ReopenDiscussion(s.called)),
    w.CloseRound: lambda s: ((w.NoteStance(s.round, s.ops, "agree"), w.CallRound(s.round)), w.CloseRound(s.round)),
}
