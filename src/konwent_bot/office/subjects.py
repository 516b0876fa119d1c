"""What a conversation is about, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

#: The act a card is submitted to.
CARD = "card.submit"
#: What a conversation may be about beside a round, an institution and a meeting, each by its number: the names of ``Subject``'s fields.
THINGS = ("proposal", "consensus", "decision", "minutes", "item", "note", "revision", "remark", "task")
#: Acts that are about a proposal, a meeting, or a body without one.
_ABOUT_SEVERAL = frozenset({"proposal.enter", "rule.propose"})


@dataclass(frozen=True, slots=True)
class Subject:
    """The act a conversation submits to, and the numbers of what it is about."""

    act: str
    body: int
    #: The card round, for a card.
    round: int | None = None
    #: The meeting, where it is about one.
    meeting: int | None = None
    #: The institution spoken for, where it speaks for one.
    membership: int | None = None
    #: The proposal, where it is about one.
    proposal: int | None = None
    #: The round of consensus, where an institution takes a stance in one.
    consensus: int | None = None
    #: The decision, where it is about one.
    decision: int | None = None
    #: The minutes, where it is about some; their point of the agenda (0: after all of it); the paragraph, or the remark, it is about.
    minutes: int | None = None
    item: int | None = None
    note: int | None = None
    #: The revision of the paragraph whose text the conversation began with. Whatever others write meanwhile, it stays.
    revision: int | None = None
    remark: int | None = None
    #: The task, where it is about one.
    task: int | None = None

    @property
    def about(self) -> str:
        """The things it is about as words, for the store: ``proposal:5 consensus:7``."""
        return " ".join(f"{name}:{number}" for name in THINGS if (number := getattr(self, name)) is not None)

    @property
    def key(self) -> str:
        """The subject as one word; a person has one conversation about each."""
        about = (
            self.round
            or self.consensus
            or self.proposal
            or self.decision
            or self.task
            or self.minutes
            or self.meeting
            or self.body
        )
        numbers = (f"{self._kind}{about}", self.membership, self.note or self.remark or self.item)
        return ":".join([self.act, *(str(number) for number in numbers if number is not None)])

    @property
    def _kind(self) -> str:
        """Say of which kind the number is, of an act that may be about several: a meeting and a body may have the same one."""
        if self.act not in _ABOUT_SEVERAL:
            return ""
        return "p" if self.proposal is not None else "m" if self.meeting is not None else "b"


def things(about: str) -> dict[str, int]:
    """Read the words of ``Subject.about``."""
    return {name: int(number) for name, _, number in (word.partition(":") for word in about.split())}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a submitted conversation, for the screen that says so."""

    body: int
    #: The meeting it made or changed.
    meeting: int | None = None
    #: Something else it made, by its number.
    made: int | None = None
    #: The proposal it made or is about.
    proposal: int | None = None
    #: The decision it is about.
    decision: int | None = None
    #: The minutes it is about.
    minutes: int | None = None
