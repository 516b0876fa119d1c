"""Getting in by a browser: personal links, the sessions they become, and how often anybody may try."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant, one_of

#: What a personal link is for: ``enter`` opens a session in a browser, ``connect`` joins a Telegram account to the person,
#: ``email`` confirms a new address, ``group`` links a group chat to a body, ``stop`` ends reminders by e-mail. A link does nothing but its
#: purpose.
PURPOSES = ("enter", "connect", "email", "group", "stop")


class PersonalLink(SQLModel, table=True):
    """A single-use link that proves to be in a person's hands. Its token is never stored, only the token's hash."""

    __tablename__ = "personal_link"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint(one_of("purpose", *PURPOSES), name="purpose"),
        CheckConstraint("length(token_hash) = 64", name="hash_only"),
        CheckConstraint("(purpose = 'email') = (email <> '')", name="address_to_confirm"),
        Index("ix_personal_link_person_id", "person_id"),
        Index("ix_personal_link_expires_at", "expires_at"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: SHA-256 of the token, in hexadecimal.
    token_hash: str = Field(max_length=64)
    #: One of ``PURPOSES``.
    purpose: str = Field(max_length=10)
    #: Whose link it is.
    person_id: int = Field(foreign_key="person.id", sa_type=Id, ondelete="CASCADE")
    #: The intent it leads on to, as ``screens.intents`` writes it; empty: home. Of purpose ``group``: the body (``body:3``).
    place: str = Field(default="", max_length=64)
    #: The address to confirm (purpose ``email``), otherwise empty.
    email: str = ""
    #: When it was issued.
    issued_at: datetime = Field(sa_type=UtcInstant)
    #: From when it is no longer accepted.
    expires_at: datetime = Field(sa_type=UtcInstant)
    #: When it was used; a used link never opens again, except to the browser that used it (a double tap).
    used_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When a hand-over, leaving or a newer link ended it.
    revoked_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class WebSession(SQLModel, table=True):
    """A browser in which a person has been let in. The cookie's token is never stored, only its hash."""

    __tablename__ = "web_session"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("length(token_hash) = 64", name="hash_only"),
        CheckConstraint("expires_at > begun_at", name="expires_after_beginning"),
        Index("ix_web_session_person_id", "person_id"),
        Index("ix_web_session_expires_at", "expires_at"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: SHA-256 of the cookie's token, in hexadecimal.
    token_hash: str = Field(max_length=64)
    #: Whose session it is.
    person_id: int = Field(foreign_key="person.id", sa_type=Id, ondelete="CASCADE")
    #: SHA-256 of the cookie this browser had before it was let in: the same form sent twice is answered twice the same.
    grown_from: str = Field(default="", max_length=64)
    #: The link or invitation it came by (``link:12``, ``invitation:7``), so that only that is answered again.
    came_by: str = Field(default="", max_length=40)
    #: When it began.
    begun_at: datetime = Field(sa_type=UtcInstant)
    #: When the person last did something; a session that is idle for too long is over.
    seen_at: datetime = Field(sa_type=UtcInstant)
    #: From when it is over however busy it was.
    expires_at: datetime = Field(sa_type=UtcInstant)
    #: When the person, a hand-over or leaving ended it: nothing is kept for such a session.
    ended_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class Throttle(SQLModel, table=True):
    """How often something was tried in the current window, by a hashed key, so that a restart forgets no attempt."""

    __tablename__ = "throttle"
    __table_args__ = (CheckConstraint("tries >= 1", name="tries"), Index("ix_throttle_since", "since"))

    #: What is tried, and a SHA-256 of who tries (an address of a browser or of e-mail): ``link:3f5a...``.
    key: str = Field(primary_key=True, max_length=90)
    #: When the window began.
    since: datetime = Field(sa_type=UtcInstant)
    #: How many times since then.
    tries: int


class Upload(SQLModel, table=True):
    """A file somebody is looking over before it counts (a roster). Kept for an hour, then forgotten."""

    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256"), Index("ix_upload_at", "at"), NEVER_REUSE_IDS)

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body it is for.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: Who sent it; nobody else may confirm it.
    person_id: int = Field(foreign_key="person.id", sa_type=Id, ondelete="CASCADE")
    #: SHA-256 of the content, in hexadecimal: what is confirmed is what was looked over.
    sha256: str = Field(max_length=64)
    #: The file itself.
    content: bytes = Field(sa_type=LargeBinary)
    #: When it came.
    at: datetime = Field(sa_type=UtcInstant)
