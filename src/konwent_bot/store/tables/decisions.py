"""Decisions: proposals and their texts, consensus rounds, ballots, the register. KSR White Book §1.3.7; domain.md §4.3, R6, G1-G8.

The order of the procedure is held by foreign keys: a ballot refers to a closed round, **its text and its outcome**, so there is none without
a recorded objection to the very text that is voted on, by no route. Who may take part is frozen in ``round_place`` and ``ballot_place`` when a round or a ballot opens.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant, one_of

#: What a proposal is about: a matter of the body, or the rule by which it decides.
PROPOSAL_KINDS = ("matter", "rule")
#: Where a proposal stands. ``undecided``: its ballot was void or tied, so it may be put again.
PROPOSAL_STATES = (
    "discussion", "discussed", "consensus", "objected", "ballot", "undecided", "adopted", "rejected", "withdrawn",
)  # fmt: skip
#: Where one stands that is not decided, and about which nobody is asked at this moment.
PENDING = ("discussion", "discussed", "objected", "undecided")
#: What an institution may say in a consensus round.
STANCES = ("agree", "reserve", "stand_aside", "object")
#: What a round came to; empty while it is open. ``void``: no quorum.
ROUND_OUTCOMES = ("", "adopted", "objected", "void", "called_off")
#: What an institution may vote.
CHOICES = ("for", "against", "abstain")
#: What a ballot came to.
VERDICTS = ("passed", "failed", "void")
#: How a decision was reached.
METHODS = ("consensus", "tacit", "open", "secret", "by_hand")

OPEN_ROUND = text("closed_at is null")
OPEN_BALLOT = text("closed_at is null")
HAS_STEP = text("next_step_at is not null")


class Proposal(SQLModel, table=True):
    """Something a body is asked to decide, in a meeting or by circulation ("tryb obiegowy")."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(one_of("kind", *PROPOSAL_KINDS), name="kind"),
        CheckConstraint(one_of("state", *PROPOSAL_STATES), name="state"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(kind = 'rule') = (rule <> '')", name="rule_says_which"),
        CheckConstraint("(meeting_id is null) = (answer_until is not null)", name="meeting_or_deadline"),
        Index("ix_proposal_body_id", "body_id"),
        Index("ix_proposal_meeting_id", "meeting_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body that is asked.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: The meeting it is decided at; empty for one decided by circulation.
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", sa_type=Id)
    #: The point of that meeting's agenda it belongs to.
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", sa_type=Id)
    #: One of ``PROPOSAL_KINDS``.
    kind: str = Field(max_length=10)
    #: One of ``PROPOSAL_STATES``.
    state: str = Field(default="discussion", max_length=10)
    #: Number of its present text.
    version: int = 1
    #: The rule it asks for, as JSON (``domain.decisions.rule.written``); empty for a matter.
    rule: str = Field(default="", sa_type=Text)
    #: By circulation: until when institutions may take a stance.
    answer_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: The decision it would take the place of (by its number: decisions refer to proposals, and tables do not refer in circles).
    supersedes_id: int | None = Field(default=None, sa_type=Id)
    #: The institution that proposes; empty where a post does (coordinator, chair).
    membership_id: int | None = Field(default=None, foreign_key="membership.id", sa_type=Id)
    #: Who entered it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    created_at: datetime = Field(sa_type=UtcInstant)
    #: When its discussion was closed; empty while it is open (an amendment opens it again).
    discussed_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class ProposalText(SQLModel, table=True):
    """A text of a proposal. An amendment makes a new one; none is ever changed."""

    __tablename__ = "proposal_text"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("length(title) between 1 and 200", name="title_length"),
        CheckConstraint("length(body) between 1 and 4000", name="body_length"),
    )

    #: The proposal.
    proposal_id: int = Field(primary_key=True, foreign_key="proposal.id", sa_type=Id)
    #: 1, 2, 3...
    version: int = Field(primary_key=True)
    #: What it is called.
    title: str = Field(sa_type=Text)
    #: What is to be decided, word for word.
    body: str = Field(sa_type=Text)
    #: Why it was amended; empty for the first one.
    reason: str = Field(default="", sa_type=Text)
    #: Who wrote it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    created_at: datetime = Field(sa_type=UtcInstant)


class ProposalComment(SQLModel, table=True):
    """What an institution said in the discussion."""

    __tablename__ = "proposal_comment"
    __table_args__ = (
        CheckConstraint("length(body) between 1 and 2000", name="body_length"),
        Index("ix_proposal_comment_proposal_id", "proposal_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The proposal.
    proposal_id: int = Field(foreign_key="proposal.id", sa_type=Id)
    #: Number of the text it was said about.
    version: int
    #: The institution; empty where a post speaks (coordinator, chair).
    membership_id: int | None = Field(default=None, foreign_key="membership.id", sa_type=Id)
    #: What it said.
    body: str = Field(sa_type=Text)
    #: Who wrote it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    created_at: datetime = Field(sa_type=UtcInstant)


class ConsensusRound(SQLModel, table=True):
    """A check of consensus on one text of a proposal: whether anybody objects (G6)."""

    __tablename__ = "consensus_round"
    __table_args__ = (
        UniqueConstraint("proposal_id", "number"),
        # What a ballot refers to: this round, the text it asked about, and what it came to.
        UniqueConstraint("id", "proposal_id", "version", "outcome"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(one_of("outcome", *ROUND_OUTCOMES), name="outcome"),
        CheckConstraint("(closed_at is null) = (outcome = '')", name="closed_with_outcome"),
        ForeignKeyConstraint(
            ["proposal_id", "version"],
            ["proposal_text.proposal_id", "proposal_text.version"],
            name="fk_consensus_round_text",
        ),
        Index(
            "uq_consensus_round_open", "proposal_id", unique=True, sqlite_where=OPEN_ROUND, postgresql_where=OPEN_ROUND,
        ),
        Index("ix_consensus_round_next_step_at", "next_step_at", sqlite_where=HAS_STEP, postgresql_where=HAS_STEP),
        NEVER_REUSE_IDS,
    )  # fmt: skip

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The proposal.
    proposal_id: int = Field(foreign_key="proposal.id", sa_type=Id)
    #: 1, 2, 3... of this proposal.
    number: int
    #: Number of the text that is asked about.
    version: int
    #: Silence until the deadline is consent.
    tacit: bool = False
    #: The rule that says what its quorum is, as JSON, frozen.
    rule: str = Field(sa_type=Text)
    #: Institutions entitled when it opened; those asked stand in ``round_place``.
    entitled: int
    #: When it opened.
    opened_at: datetime = Field(sa_type=UtcInstant)
    #: When the final call was made: whether anybody objects.
    called_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When it closes by itself; empty in a meeting.
    closes_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When the clock has something to do for it.
    next_step_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When it was closed.
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: One of ``ROUND_OUTCOMES``.
    outcome: str = Field(default="", max_length=10)
    #: Its numbers as JSON (``domain.decisions``), frozen when it closed.
    result: str = Field(default="", sa_type=Text)


class RoundPlace(SQLModel, table=True):
    """An institution on the roll of a round."""

    __tablename__ = "round_place"

    #: The round.
    round_id: int = Field(primary_key=True, foreign_key="consensus_round.id", sa_type=Id)
    #: The institution.
    membership_id: int = Field(primary_key=True, foreign_key="membership.id", sa_type=Id)


class Stance(SQLModel, table=True):
    """What an institution on the roll says: one stance a round, by whichever of its people is proper."""

    __tablename__ = "stance"
    __table_args__ = (
        CheckConstraint(one_of("stance", *STANCES), name="stance"),
        CheckConstraint("stance not in ('reserve', 'object') or length(reason) > 0", name="reason_given"),
        CheckConstraint("stance <> 'object' or length(remedy) > 0", name="remedy_given"),
        ForeignKeyConstraint(
            ["round_id", "membership_id"], ["round_place.round_id", "round_place.membership_id"], name="fk_stance_round_place"
        ),
    )

    #: The round.
    round_id: int = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: The institution.
    membership_id: int = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: One of ``STANCES``.
    stance: str = Field(max_length=12)
    #: Why, of a reservation or an objection.
    reason: str = Field(default="", sa_type=Text)
    #: What would help, of an objection.
    remedy: str = Field(default="", sa_type=Text)
    #: 0 from the proper person, 1 from the next...: a lower one prevails over a higher one.
    rank: int
    #: Who took it; empty where it was noted by the coordinator at the command line.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    taken_at: datetime = Field(sa_type=UtcInstant)


class Ballot(SQLModel, table=True):
    """A vote on a proposal, after a recorded objection."""

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("round_outcome = 'objected'", name="after_objection"),
        ForeignKeyConstraint(
            ["round_id", "proposal_id", "version", "round_outcome"],
            ["consensus_round.id", "consensus_round.proposal_id", "consensus_round.version", "consensus_round.outcome"],
            name="fk_ballot_objected_round",
        ),
        CheckConstraint(one_of("method", "open", "secret", "by_hand"), name="method"),
        CheckConstraint("verdict = '' or " + one_of("verdict", *VERDICTS), name="verdict"),
        CheckConstraint("(closed_at is null) = (verdict = '')", name="closed_with_verdict"),
        CheckConstraint("entitled >= 0 and present >= 0 and present <= entitled", name="present_of_entitled"),
        CheckConstraint("chair_choice in ('', 'for', 'against')", name="chair_choice"),
        Index("ix_ballot_proposal_id", "proposal_id"),
        Index("uq_ballot_open", "proposal_id", unique=True, sqlite_where=OPEN_BALLOT, postgresql_where=OPEN_BALLOT),
        Index("ix_ballot_next_step_at", "next_step_at", sqlite_where=HAS_STEP, postgresql_where=HAS_STEP),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The proposal.
    proposal_id: int = Field(foreign_key="proposal.id", sa_type=Id)
    #: The round that ended with an objection, and that it did.
    round_id: int = Field(sa_type=Id)
    #: Always ``objected``: the foreign key compares it with the round.
    round_outcome: str = Field(default="objected", max_length=10)
    #: Number of the text that is voted on.
    version: int
    #: ``open``, ``secret``, or ``by_hand`` (a show of hands somebody noted).
    method: str = Field(max_length=8)
    #: The rule, as JSON, frozen.
    rule: str = Field(sa_type=Text)
    #: Institutions entitled when it opened; those who may vote stand in ``ballot_place``.
    entitled: int
    #: Institutions present when it opened: who may vote. By circulation all who are entitled may.
    present: int
    #: Of them, present when it closed (by circulation: who voted).
    present_at_close: int | None = None
    #: When it opened.
    opened_at: datetime = Field(sa_type=UtcInstant)
    #: When it closes by itself.
    closes_at: datetime = Field(sa_type=UtcInstant)
    #: When the clock has something to do for it.
    next_step_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When it was closed.
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: Closed before its time, because nothing could change the result any more.
    early: bool = False
    #: The chair's casting vote on a tie, where the rule knows one.
    chair_choice: str = Field(default="", max_length=8)
    #: One of ``VERDICTS``; empty while it is open.
    verdict: str = Field(default="", max_length=6)
    #: Its numbers as JSON (``domain.decisions.tally``), frozen when it closed; nothing of it is known before.
    result: str = Field(default="", sa_type=Text)
    #: Who opened it, or noted the hands.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)


class BallotPlace(SQLModel, table=True):
    """An institution that may vote in a ballot: the roll, frozen when it opened."""

    __tablename__ = "ballot_place"

    #: The ballot.
    ballot_id: int = Field(primary_key=True, foreign_key="ballot.id", sa_type=Id)
    #: The institution.
    membership_id: int = Field(primary_key=True, foreign_key="membership.id", sa_type=Id)


class Vote(SQLModel, table=True):
    """A vote in an open ballot: one an institution, the latest of its properest person."""

    __tablename__ = "vote"
    __table_args__ = (
        CheckConstraint(one_of("choice", *CHOICES), name="choice"),
        CheckConstraint("rank >= 0", name="rank"),
        ForeignKeyConstraint(
            ["ballot_id", "membership_id"], ["ballot_place.ballot_id", "ballot_place.membership_id"], name="fk_vote_ballot_place"
        ),
    )

    #: The ballot.
    ballot_id: int = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: The institution.
    membership_id: int = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: One of ``CHOICES``.
    choice: str = Field(max_length=8)
    #: 0 from the proper person, 1 from the next...: a lower one prevails over a higher one.
    rank: int
    #: Who cast it, or noted it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    cast_at: datetime = Field(sa_type=UtcInstant)


class Turnout(SQLModel, table=True):
    """That an institution has voted in a secret ballot; neither what, nor when, nor by whom."""

    __tablename__ = "turnout"
    __table_args__ = (
        ForeignKeyConstraint(
            ["ballot_id", "membership_id"],
            ["ballot_place.ballot_id", "ballot_place.membership_id"],
            name="fk_turnout_ballot_place",
        ),
        {"sqlite_with_rowid": False},
    )

    #: The ballot.
    ballot_id: int = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: The institution.
    membership_id: int = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})


class Paper(SQLModel, table=True):
    """What somebody voted in a secret ballot; by no key to be joined with who. Its number is random, so it stands in no order."""

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint(one_of("choice", *CHOICES), name="choice"),
        CheckConstraint("length(id) = 32", name="random_id"),
        {"sqlite_with_rowid": False},
    )

    #: The ballot.
    ballot_id: int = Field(primary_key=True, foreign_key="ballot.id", sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: 128 random bits, in hexadecimal.
    id: str = Field(primary_key=True, max_length=32)
    #: One of ``CHOICES``.
    choice: str = Field(max_length=8)


class Decision(SQLModel, table=True):
    """An entry of a body's register: what a proposal came to. Frozen; a later decision may supersede it."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("body_id", "year", "number"),
        UniqueConstraint("round_id"),
        UniqueConstraint("ballot_id"),
        UniqueConstraint("supersedes_id"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(one_of("method", *METHODS), name="method"),
        CheckConstraint(one_of("verdict", *VERDICTS), name="verdict"),
        CheckConstraint("(round_id is null) <> (ballot_id is null)", name="round_or_ballot"),
        ForeignKeyConstraint(
            ["proposal_id", "version"], ["proposal_text.proposal_id", "proposal_text.version"], name="fk_decision_text"
        ),
        CheckConstraint("(method in ('consensus', 'tacit')) = (round_id is not null)", name="method_of_round"),
        Index("ix_decision_proposal_id", "proposal_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: Local year it was taken in.
    year: int
    #: 1, 2, 3... of the body in this year.
    number: int
    #: The proposal.
    proposal_id: int = Field(sa_type=Id)
    #: Number of the text.
    version: int
    #: The meeting it was taken at; empty by circulation.
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", sa_type=Id)
    #: One of ``METHODS``.
    method: str = Field(max_length=10)
    #: One of ``VERDICTS``.
    verdict: str = Field(max_length=6)
    #: The round that adopted it (or ``ballot_id``).
    round_id: int | None = Field(default=None, foreign_key="consensus_round.id", sa_type=Id)
    #: The ballot (or ``round_id``).
    ballot_id: int | None = Field(default=None, foreign_key="ballot.id", sa_type=Id)
    #: The decision it takes the place of.
    supersedes_id: int | None = Field(default=None, foreign_key="decision.id", sa_type=Id)
    #: When it was taken.
    taken_at: datetime = Field(sa_type=UtcInstant)


class DecisionRuleRow(SQLModel, table=True):
    """A rule a body decided to decide by. The newest is in force; a body without one has the defaults (domain.md G1-G8)."""

    __tablename__ = "decision_rule"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        Index("ix_decision_rule_body_id", "body_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: The decision that chose it.
    decision_id: int = Field(foreign_key="decision.id", sa_type=Id)
    #: The rule, as JSON (``domain.decisions.rule.written``).
    rule: str = Field(sa_type=Text)
    #: Since when it is in force.
    since: datetime = Field(sa_type=UtcInstant)
