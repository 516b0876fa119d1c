"""What minutes are drafted from: plain facts of one meeting, gathered by the office.

Minutes name institutions and roles, never persons. Hours are local wall time of the meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal, TypeAlias, get_args

from konwent_bot.domain.decisions.consensus import RoundResult, StanceWord
from konwent_bot.domain.decisions.tally import Result, Verdict
from konwent_bot.domain.meetings.agenda import ItemKind
from konwent_bot.domain.meetings.status_report import ProblemKind, Shown
from konwent_bot.domain.meetings.words import MeetingKind, MeetingMode

#: How a decision was reached.
Method: TypeAlias = Literal["consensus", "tacit", "open", "secret", "by_hand"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
#: What became of a point: nothing noted, done, left open, carried over to another meeting.
Outcome: TypeAlias = Literal["", "done", "open", "carried"]


@dataclass(frozen=True, slots=True)
class Span:
    """An institution being there, from arriving to leaving."""

    arrived: time
    #: ``None``: it stayed to the end.
    left: time | None
    #: By whose place: ``head``, ``delegate`` or ``substitute``.
    role: str


@dataclass(frozen=True, slots=True)
class Attended:
    """An institution that was there, if only for a while."""

    membership: int
    institution: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """An institution that was not. Its reasons are its own."""

    membership: int
    institution: str
    #: It had answered that it would not come.
    announced: bool


@dataclass(frozen=True, slots=True)
class Quorum:
    """Institutions when the meeting was to begin, and the stretches of it with a quorum."""

    present: int
    entitled: int
    needed: int
    #: From one hour to before another; without the second one to the end.
    spans: tuple[tuple[time, time | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Stance:
    """What an institution said in a round, in the words it agreed to."""

    membership: int
    institution: str
    stance: StanceWord
    reason: str = ""
    #: What would help, of an objection.
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """An entry of the register."""

    id: int
    #: "3/2026".
    number: str
    title: str
    text: str
    method: Method
    verdict: Verdict
    #: For, against, abstained; ``None`` where nobody voted because nobody objected.
    votes: tuple[int, int, int] | None = None
    #: Number of the decision it takes the place of.
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A check of consensus that is over."""

    id: int
    #: 1, 2, 3... of its proposal.
    number: int
    #: ``None`` where it was called off.
    result: RoundResult | None
    #: Those with a reason are told; others need not be given.
    stances: tuple[Stance, ...] = ()
    #: What it came to in the register.
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot that is over; its rule and the quorum stand in its result."""

    id: int
    #: ``open``, ``secret`` or ``by_hand``.
    method: Method
    result: Result
    #: Closed before its time, because nothing could change the result any more.
    early: bool = False
    #: What it came to in the register, void ones too.
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something the meeting was asked to decide, with the rounds and ballots about it, in order."""

    id: int
    title: str
    text: str
    #: The institution that proposes; empty where a post does.
    proposer: str
    #: Where it stands (``store.tables.decisions.PROPOSAL_STATES``).
    state: str
    acts: tuple[Round | Ballot, ...] = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What it came to, in order: a ballot without a quorum is entered too, and may be followed by another one."""
        return tuple(act.decision for act in self.acts if act.decision is not None)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the agenda as it was held."""

    #: ``item:12``; of the computed point of open tasks ``open_tasks``.
    key: str
    kind: ItemKind | Literal["open_tasks"]
    #: What it is called; of conclusions of cards their half-year (``2026-H1``); of other standing points empty.
    title: str = ""
    detail: str = ""
    #: The institution that entered it.
    proposer: str = ""
    outcome: Outcome = ""
    #: The day of the meeting it was carried over from.
    carried_from: date | None = None
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The case manager's report, in numbers that tell of nobody (R16)."""

    since: date
    until: date
    in_process: Shown
    joined: Shown
    finished: Shown
    problems: tuple[ProblemKind, ...]
    problems_other: str = ""
    requests: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What an institution is to do."""

    id: int
    what: str
    institution: str
    due: date
    #: Number of the decision it comes of; empty for one that stands in minutes only.
    decision: str = ""
    #: The point it was written under, of one in minutes.
    point: str = ""
    done_on: date | None = None
    done_note: str = ""


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """When the body, or the group, meets next."""

    kind: MeetingKind
    day: date
    starts: time
    ends: time
    place: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph somebody wrote under a point."""

    id: int
    #: Key of the point; one that is not there stands at the end, so that nothing is lost.
    point: str
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with the minutes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """Everything minutes say by themselves."""

    body: str
    kind: MeetingKind
    mode: MeetingMode
    #: Of the minutes: "3/2026".
    number: str
    day: date
    #: As it was planned.
    starts: time
    ends: time
    attended: tuple[Attended, ...]
    absent: tuple[Absent, ...]
    quorum: Quorum
    #: In the order in which they were held.
    points: tuple[Point, ...]
    place: str = ""
    #: The working group that met; empty where the body did.
    group: str = ""
    topic: str = ""
    #: The post that chaired it.
    chair: str = "coordinator"
    #: When it ended, if that was noted on the day.
    ended: time | None = None
    #: Functions or institutions of guests who said that they would come.
    guests: tuple[str, ...] = ()
    report: Report | None = None
    #: Proposals of the meeting that belong to no point of its agenda.
    proposals: tuple[Proposal, ...] = ()
    #: What it gave somebody to do, by a decision or by these minutes.
    tasks: tuple[Task, ...] = ()
    #: What earlier meetings had, and was open when this one began.
    reviewed: tuple[Task, ...] = ()
    next_meeting: NextMeeting | None = None
    notes: tuple[Note, ...] = ()
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnexFacts:
    """A correction of minutes that are final."""

    body: str
    kind: MeetingKind
    #: Of the minutes: "3/2026".
    minutes: str
    #: 1, 2, 3... of these minutes.
    number: int
    #: The day of the meeting.
    day: date
    text: str
    group: str = ""
    #: The heading of the point it is about; empty where it is about the whole.
    point: str = ""
