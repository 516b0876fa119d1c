"""People, the places they hold, and the invitations that let them in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, false, text, true
from sqlmodel import Field, SQLModel

from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant, one_of

#: Roles of a seat, in the order they are asked: the head (standing composition), the designated person, named substitutes (G23).
SEAT_ROLES = ("head", "delegate", "substitute")
#: Kinds of posts in a body.
POST_KINDS = ("coordinator", "case_manager", "chair", "vice_chair", "minute_taker")
#: Languages a person may choose.
LANGUAGES = ("pl", "en", "uk")
#: What notices reach a person by: Telegram, and e-mail where that is not connected or refused; e-mail first; or both.
CHANNELS = ("telegram", "mail", "both")
#: Local hours between which nothing that can wait is sent, unless a person chose others.
QUIET_FROM, QUIET_TO = 20, 7


class Person(SQLModel, table=True):
    """Somebody who speaks for an institution or serves a body. Never a person supported by the KIS."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("telegram_id"),
        CheckConstraint(one_of("language", *LANGUAGES), name="language"),
        CheckConstraint(one_of("reach", "unknown", "reachable", "blocked"), name="reach"),
        CheckConstraint("telegram_id is null or accepted_at is not null", name="telegram_only_after_acceptance"),
        CheckConstraint(one_of("channel", *CHANNELS), name="channel"),
        CheckConstraint("quiet_from between 0 and 23 and quiet_to between 0 and 23", name="quiet_hours"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number; audit entries name people only by it.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: First and last name as the roster gives it; may be empty.
    name: str = ""
    #: E-mail address in lower case, for notices; may be empty.
    email: str = ""
    #: When the person proved to read mail at ``email``; an address a roster gave is only believed within that roster's body.
    email_confirmed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When a mail server refused ``email`` for good; nothing is sent there until the address changes or proves to be read.
    mail_refused_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: Language of everything we say to this person.
    language: str = Field(default="pl", max_length=2)
    #: What notices reach this person by: one of ``CHANNELS``.
    channel: str = Field(default="telegram", max_length=10, sa_column_kwargs={"server_default": "telegram"})
    #: Reminders may come by e-mail; calls to a meeting come whatever this says.
    mail_reminders: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    #: What can wait comes once a day, gathered into one message.
    digest: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    #: Local hours between which nothing that can wait is sent; the same hour twice means there are none.
    quiet_from: int = Field(default=QUIET_FROM, sa_column_kwargs={"server_default": str(QUIET_FROM)})
    #: The hour at which it may be sent again.
    quiet_to: int = Field(default=QUIET_TO, sa_column_kwargs={"server_default": str(QUIET_TO)})
    #: Telegram's user id (up to 52 bits) once the person has accepted an invitation there.
    telegram_id: int | None = Field(default=None, sa_type=BigInteger)
    #: Whether Telegram takes our messages: ``blocked`` after a block (``my_chat_member`` or a 403), until they start the bot again.
    reach: str = Field(default="unknown", max_length=10)
    #: When the privacy notice was accepted; nothing is done on the person's behalf before.
    accepted_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: Which version of the privacy notice that was; a newer one is shown again.
    notice_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    #: When everything personal in this row was erased; the row stays because cards and audit entries name it by number.
    erased_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When the clockwork first saw that the person holds no place; whoever holds none for long is forgotten.
    placeless_since: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: The conversation the person was last shown; typed text belongs to it. Empty when they were shown anything else.
    dialogue_id: int | None = Field(default=None, sa_type=Id)
    #: When this row was made.
    created_at: datetime = Field(sa_type=UtcInstant)


class Seat(SQLModel, table=True):
    """A person's place for an institution in a body: head, designated person or substitute (R1). It may be vacant."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("membership_id", "role", "number"),
        CheckConstraint(one_of("role", *SEAT_ROLES), name="role"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("role = 'substitute' or number = 1", name="one_head_one_delegate"),
        CheckConstraint("meeting_id is null or role = 'substitute'", name="for_a_meeting"),
        Index("ix_seat_person_id", "person_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number; invitations are bound to it.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: Whose seat it is: an institution in a body.
    membership_id: int = Field(foreign_key="membership.id", sa_type=Id)
    #: ``head``, ``delegate`` or ``substitute``.
    role: str = Field(max_length=12)
    #: 1 for head and delegate; substitutes are counted.
    number: int = 1
    #: Position in the institution ("Stanowisko"), as the roster gives it.
    title: str = ""
    #: Whom the roster names for it; kept apart from the person, who may be known elsewhere under another address.
    name: str = ""
    #: Address the roster gives for it, in lower case.
    email: str = ""
    #: The one meeting a substitute was named for; empty for a place that is for good. It opens that meeting and nothing else.
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", sa_type=Id)
    #: Who holds it. Rights follow this column alone, so a hand-over ends the former holder's access at once.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)


class Post(SQLModel, table=True):
    """A function in a body: coordinator, case manager, chair, minute-taker. It may be vacant."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("body_id", "kind", "number"),
        CheckConstraint(one_of("kind", *POST_KINDS), name="kind"),
        CheckConstraint("number >= 1", name="number"),
        Index("ix_post_person_id", "person_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number; invitations may be bound to it.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body it serves.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: One of ``POST_KINDS``.
    kind: str = Field(max_length=20)
    #: Counts posts of one kind in a body.
    number: int = 1
    #: The institution the holder comes from, where the roster says so.
    membership_id: int | None = Field(default=None, foreign_key="membership.id", sa_type=Id)
    #: Position in words of the roster.
    title: str = ""
    #: Whom the roster names for it.
    name: str = ""
    #: Address the roster gives for it, in lower case.
    email: str = ""
    #: Who holds it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)


#: An invitation that may still be used (expiry is looked at on use).
LIVE = text("used_at is null and revoked_at is null")


class Invitation(SQLModel, table=True):
    """A single-use link to one seat or post. The link's token is never stored, only its hash."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("(seat_id is null) <> (post_id is null)", name="seat_or_post"),
        CheckConstraint("used_at is null or used_by is not null", name="used_by_somebody"),
        CheckConstraint("length(token_hash) = 64", name="hash_only"),
        # Re-issuing revokes the former link; two at once cannot both stay alive.
        Index("uq_invitation_live_seat", "seat_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("uq_invitation_live_post", "post_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: SHA-256 of the token, in hexadecimal.
    token_hash: str = Field(max_length=64)
    #: The seat it opens (or ``post_id``).
    seat_id: int | None = Field(default=None, foreign_key="seat.id", sa_type=Id)
    #: The post it opens (or ``seat_id``).
    post_id: int | None = Field(default=None, foreign_key="post.id", sa_type=Id)
    #: When it was issued.
    issued_at: datetime = Field(sa_type=UtcInstant)
    #: From when it is no longer accepted (30 days after issue).
    expires_at: datetime = Field(sa_type=UtcInstant)
    #: When it was used; a used link never opens again.
    used_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: Who used it.
    used_by: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When a newer link, a hand-over or the coordinator ended it.
    revoked_at: datetime | None = Field(default=None, sa_type=UtcInstant)
