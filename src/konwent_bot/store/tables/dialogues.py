"""Conversations under way, what was said in them, and the updates already seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant, one_of


class FlowDefinition(SQLModel, table=True):
    """The full text of a flow as published: a running conversation keeps the structure it began with."""

    __tablename__ = "flow_definition"
    __table_args__ = (UniqueConstraint("flow", "version", "structure"), NEVER_REUSE_IDS)

    #: Opaque number; rounds and conversations name their flow by it.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: Id in the flow file, for example ``karta-wspolpracy``.
    flow: str = Field(max_length=60)
    #: Version in the flow file.
    version: int
    #: Fingerprint of the structure (questions, types, choices, conditions).
    structure: str = Field(max_length=64)
    #: Fingerprint of the wording at the time of publishing.
    wording: str = Field(max_length=64)
    #: The file's text, word for word.
    source: str = Field(sa_type=Text)
    #: When it was first used here.
    published_at: datetime = Field(sa_type=UtcInstant)


class Dialogue(SQLModel, table=True):
    """One person's conversation about one subject: the card of one institution in one round, the plan of a body's year..."""

    __tablename__ = "dialogue"
    __table_args__ = (
        UniqueConstraint("person_id", "subject"),
        CheckConstraint(one_of("status", "open", "done"), name="status"),
        CheckConstraint("turn >= 0", name="turn"),
        CheckConstraint(
            "substr(subject, 1, 12) <> 'card.submit:' or (round_id is not null and membership_id is not null)", name="card_of"
        ),
        Index("ix_dialogue_membership_id", "membership_id"),
        Index("ix_dialogue_meeting_id", "meeting_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number; callback data names the conversation by it (and it is checked to be the sender's own).
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: Whose conversation it is.
    person_id: int = Field(foreign_key="person.id", sa_type=Id)
    #: The flow it follows.
    definition_id: int = Field(foreign_key="flow_definition.id", sa_type=Id)
    #: What it is about, opaque: the act it submits to and the numbers of its things, ``card.submit:12:5``. One conversation each.
    subject: str = Field(max_length=80)
    #: The body it concerns.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: The card round it is about, if it is about a card.
    round_id: int | None = Field(default=None, foreign_key="card_round.id", sa_type=Id)
    #: The institution it speaks for, if it speaks for one.
    membership_id: int | None = Field(default=None, foreign_key="membership.id", sa_type=Id)
    #: The meeting it is about, if it is about one.
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", sa_type=Id)
    #: What else it is about, as words in a fixed order: ``proposal:5 consensus:7`` (``office.subjects``).
    about: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": text("''")})
    #: The engine's state as JSON; draft answers live here until they are submitted, then they are purged.
    state: str = Field(sa_type=Text)
    #: The state's turn; only a touch that carries it changes anything. Never goes back, not even when the card is opened again.
    turn: int
    #: ``open`` while there is something to answer, ``done`` after submitting.
    status: str = Field(default="open", max_length=10)
    #: Telegram's id of the message that shows the current question; a text older than it answers an earlier question.
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    #: When the current question came up; a text written before it answers an earlier question.
    turned_at: datetime = Field(sa_type=UtcInstant)
    #: An answer that came by a page after its session had expired, as JSON; it is shown in the form again, and counts once sent.
    kept: str | None = Field(default=None, sa_type=Text)
    #: When the conversation began.
    created_at: datetime = Field(sa_type=UtcInstant)


class DialogueEvent(SQLModel, table=True):
    """A step of a conversation: time per question, drop-off and corrections come from here. Values are purged on submit."""

    __tablename__ = "dialogue_event"
    __table_args__ = (UniqueConstraint("dialogue_id", "turn"), NEVER_REUSE_IDS)

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The conversation.
    dialogue_id: int = Field(foreign_key="dialogue.id", sa_type=Id, ondelete="CASCADE")
    #: The turn this step answered; one step a turn, whoever sends what twice.
    turn: int
    #: What kind of step: ``answer``, ``mark``, ``skip``, ``back``, ``edit``, ``confirm``...
    kind: str = Field(max_length=12)
    #: The question it was about; empty for the review.
    question: str = Field(default="", max_length=60)
    #: The value given, as JSON; emptied when the card is submitted.
    value: str | None = Field(default=None, sa_type=Text)
    #: Telegram's id of the message that gave the answer, so that editing that message edits that answer.
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    #: When it was taken.
    at: datetime = Field(sa_type=UtcInstant)


class SeenUpdate(SQLModel, table=True):
    """An update of a messenger that has been handled. Kept 48 h: Telegram repeats for 24 h at most and may re-draw its ids."""

    __tablename__ = "seen_update"
    __table_args__ = (Index("ix_seen_update_at", "at"),)

    #: The bot that received it (Telegram's bot id).
    bot_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    #: Telegram's update id.
    update_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    #: When it was handled.
    at: datetime = Field(sa_type=UtcInstant)
