"""Bodies, institutions and who belongs to what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant, one_of

#: A membership that has not ended.
LIVING = text("left_on is null")


class Body(SQLModel, table=True):
    """Any forum, convent, pact or platform (domain.md §3: one ``Body(kind, level, parent)`` for three generations of the idea)."""

    __tablename__ = "body"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint(one_of("level", "local", "county", "regional", "national"), name="level"),
        CheckConstraint("parent_id is null or parent_id <> id", name="not_own_parent"),
        CheckConstraint("length(name) between 1 and 300", name="name_length"),
        # Whose turn it is to be looked at; on most ticks nobody's.
        Index("ix_body_checked_on", "checked_on"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number; stands in links, audit entries and callback data.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: Short word the command line names the body by, for example ``lsr-janow``.
    slug: str = Field(max_length=60)
    #: Full name as printed, for example "Lokalna Sieć na rzecz Reintegracji w Janowie Lubelskim".
    name: str
    #: What it is: ``lsr``, later ``pact``, ``platform``, ``convent``... (kinds are data, so no CHECK here).
    kind: str = Field(max_length=40)
    #: Where it stands on the ladder.
    level: str = Field(max_length=20)
    #: The body above, if it belongs to one.
    parent_id: int | None = Field(default=None, foreign_key="body.id", sa_type=Id)
    #: Rules this body chose for itself (defaults G1-G28 apply where a key is missing).
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    #: Local day on which the clock last looked whether a meeting is owed that nobody has planned.
    checked_on: date | None = None
    #: When it was entered here.
    created_at: datetime = Field(sa_type=UtcInstant)


class Institution(SQLModel, table=True):
    """An institution or organisation. It belongs to bodies by memberships; the same one may sit in several."""

    __tablename__ = "institution"
    __table_args__ = (CheckConstraint("length(name) between 1 and 300", name="name_length"), NEVER_REUSE_IDS)

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: Full name as the roster gives it.
    name: str
    #: Name short enough for a button; the full name where the roster gives none.
    short_name: str
    #: Town or village of its seat ("Miejscowość").
    place: str = ""
    #: When it was entered here.
    created_at: datetime = Field(sa_type=UtcInstant)


class Membership(SQLModel, table=True):
    """An institution's place in a body, from joining to leaving (R11: joining and leaving are always possible)."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(one_of("stakeholder_type", "A", "B", "C"), name="stakeholder_type"),
        CheckConstraint("left_on is null or left_on >= joined_on", name="leaves_after_joining"),
        CheckConstraint("length(folded_name) > 0", name="folded_name"),
        # One living membership of one institution in one body, whoever imports at the same time.
        Index("uq_membership_living", "body_id", "folded_name", unique=True, sqlite_where=LIVING, postgresql_where=LIVING),
        NEVER_REUSE_IDS,
    )

    #: Opaque number; the roll of a round names memberships.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: The institution.
    institution_id: int = Field(foreign_key="institution.id", sa_type=Id)
    #: Name without case, diacritics and double spaces: by this a repeated roster finds the institution in this body.
    folded_name: str
    #: Reintegration is its main (A), one (B) or no (C) statutory goal (KSR White Book §1.1, 004:684-707).
    stakeholder_type: str = Field(max_length=1)
    #: Field of work in words of the roster ("pomoc społeczna", "edukacja").
    sector: str = ""
    #: Local date from which it belongs.
    joined_on: date
    #: Local date from which it no longer belongs; empty while it does.
    left_on: date | None = None
