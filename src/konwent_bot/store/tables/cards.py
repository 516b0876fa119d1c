"""Card rounds, their frozen rolls, and the cards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant, one_of
from konwent_bot.store.tables.people import SEAT_ROLES


class CardRound(SQLModel, table=True):
    """One half-yearly collection of cooperation cards in a body (R8)."""

    __tablename__ = "card_round"
    __table_args__ = (
        UniqueConstraint("body_id", "period"),
        CheckConstraint(one_of("variant", "full", "short"), name="variant"),
        CheckConstraint("closes_at > opened_at", name="closes_after_opening"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body that asks.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: Half-year asked about, ``2026-H1`` or ``2026-H2``; one round a half-year (G15).
    period: str = Field(max_length=7)
    #: ``full`` (18 items) or ``short`` (items 1-8, 17, 18).
    variant: str = Field(max_length=5)
    #: The flow, pinned at opening.
    definition_id: int = Field(foreign_key="flow_definition.id", sa_type=Id)
    #: When it was opened and its roll frozen.
    opened_at: datetime = Field(sa_type=UtcInstant)
    #: Last local day on which a card may be filled in or changed.
    closes_on: date
    #: The end of that day as an instant, in the body's time zone.
    closes_at: datetime = Field(sa_type=UtcInstant)


class RoundRoll(SQLModel, table=True):
    """The institutions asked in a round, frozen at its opening."""

    __tablename__ = "round_roll"

    #: The round.
    round_id: int = Field(primary_key=True, foreign_key="card_round.id", sa_type=Id)
    #: The institution in the body.
    membership_id: int = Field(primary_key=True, foreign_key="membership.id", sa_type=Id)


class Card(SQLModel, table=True):
    """The card of one institution in one round; either representative fills it in, the last saved before closing counts (G16)."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("round_id", "membership_id"),
        CheckConstraint(one_of("role", *SEAT_ROLES), name="role"),
        CheckConstraint("version >= 1", name="version"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The round.
    round_id: int = Field(foreign_key="card_round.id", sa_type=Id)
    #: The institution in the body.
    membership_id: int = Field(foreign_key="membership.id", sa_type=Id)
    #: Answers by question id, as JSON (checked against the act's input model before).
    answers: str = Field(sa_type=Text)
    #: How many times it has been submitted.
    version: int = 1
    #: By whose seat it was last submitted.
    role: str = Field(max_length=12)
    #: Who last submitted it.
    person_id: int = Field(foreign_key="person.id", sa_type=Id)
    #: When it was last submitted.
    submitted_at: datetime = Field(sa_type=UtcInstant)


class CardVersion(SQLModel, table=True):
    """Every submitted version of a card, kept until the round's own rules delete it."""

    __tablename__ = "card_version"
    __table_args__ = (CheckConstraint(one_of("role", *SEAT_ROLES), name="role"),)

    #: The card.
    card_id: int = Field(primary_key=True, foreign_key="card.id", sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: 1, 2, 3...
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    #: Answers of that version, as JSON.
    answers: str = Field(sa_type=Text)
    #: By whose seat.
    role: str = Field(max_length=12)
    #: When.
    submitted_at: datetime = Field(sa_type=UtcInstant)
