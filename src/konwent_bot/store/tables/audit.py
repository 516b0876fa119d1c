"""What was done, in opaque ids only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant


class AuditEntry(SQLModel, table=True):
    """One act that took effect. Holds no personal data, so erasing a person leaves the chain intact.

    Acts append entries unchained (chaining inside each act would serialise the body); ``office.audit.seal`` chains them in order.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("body_id", "number"),
        CheckConstraint("(number is null) = (seal is null)", name="sealed_with_number"),
        Index("ix_audit_entry_unsealed", "body_id", "id"),
        NEVER_REUSE_IDS,
    )

    #: Order of writing.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body it concerns; empty for acts of the whole installation.
    body_id: int | None = Field(default=None, foreign_key="body.id", sa_type=Id)
    #: Name of the act, for example ``card.submit``.
    act: str = Field(max_length=40)
    #: Who did it (person id); empty for the operator's command line and the clock.
    person_id: int | None = Field(default=None, sa_type=Id)
    #: What it was done to, opaque: ``card:12 version:2``.
    subject: str = Field(default="", max_length=120)
    #: When.
    at: datetime = Field(sa_type=UtcInstant)
    #: Place in the body's chain, once sealed.
    number: int | None = None
    #: SHA-256 over the former seal and this entry, once sealed.
    seal: str | None = Field(default=None, max_length=64)
