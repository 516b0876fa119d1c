"""What the secretariat sends of its own accord, and every try to deliver it: together the ledger a coordinator looks at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant, one_of

#: A notice nobody has dealt with yet.
WAITING = text("settled_at is null")
#: What carries a notice.
CHANNELS = ("telegram", "mail")


class Notice(SQLModel, table=True):
    """Something to be told to somebody, once: unique by recipient, occasion, subject and revision."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("recipient", "occasion", "subject", "revision"),
        CheckConstraint("(settled_at is null) = (outcome is null)", name="settled_with_outcome"),
        CheckConstraint(
            "outcome is null or " + one_of("outcome", "sent", "refused", "failed", "unwanted", "uncertain"), name="outcome"
        ),
        CheckConstraint("channel in ('', 'telegram', 'mail')", name="channel"),
        # What is due in a channel is a range at its beginning, however much is planned for later.
        Index("ix_notice_channel_due_at", "channel", "due_at", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_notice_subject", "subject"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: Who gets it, opaque: ``person:12``, ``seat:5``, ``post:2``, ``group:3`` (a group chat), ``guest:7``, or ``request:`` and a number
    #: for an address somebody typed.
    recipient: str = Field(max_length=80)
    #: What it is about: ``invitation``, ``sign_in``, ``confirm_email``...
    occasion: str = Field(max_length=40)
    #: The thing it is about, opaque: ``seat:5``, ``body:1``.
    subject: str = Field(default="", max_length=80)
    #: 1, 2, 3...: a newer one supersedes what was not sent yet.
    revision: int = 1
    #: The body it concerns, if it concerns one.
    body_id: int | None = Field(default=None, foreign_key="body.id", sa_type=Id)
    #: The address to use instead of the one on record (a typed request); emptied when the notice is settled.
    address: str = ""
    #: When it came to be.
    created_at: datetime = Field(sa_type=UtcInstant)
    #: When it is to be sent; later than it was meant where the reader's quiet hours or their daily message moved it.
    due_at: datetime = Field(sa_type=UtcInstant)
    #: What is to carry it next: one of ``CHANNELS``; empty until it is due and somebody has looked who reads it through what.
    channel: str = Field(default="", max_length=10, sa_column_kwargs={"server_default": text("''")})
    #: When nothing more was to be done for it.
    settled_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: How it ended: ``sent``; ``refused`` (the address takes nothing); ``failed`` (given up); ``unwanted`` (no longer needed, or
    #: nobody has that address); ``uncertain`` (may have arrived, and is not repeated).
    outcome: str | None = Field(default=None, max_length=10)


class Delivery(SQLModel, table=True):
    """One try to deliver a notice in one channel."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel", "attempt"),
        CheckConstraint(one_of("channel", *CHANNELS), name="channel"),
        CheckConstraint(one_of("state", "sending", "sent", "refused", "failed", "uncertain"), name="state"),
        CheckConstraint("attempt >= 1", name="attempt"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The notice.
    notice_id: int = Field(foreign_key="notice.id", sa_type=Id, ondelete="CASCADE")
    #: One of ``CHANNELS``.
    channel: str = Field(max_length=10)
    #: 1, 2, 3... in this channel.
    attempt: int
    #: ``sending`` while a process holds it; then how the try ended.
    state: str = Field(max_length=10)
    #: Until when whoever is sending may be believed to be at it; after that the try counts as uncertain.
    lease_until: datetime = Field(sa_type=UtcInstant)
    #: When it was begun, and when it ended.
    begun_at: datetime = Field(sa_type=UtcInstant)
    #: When it ended.
    ended_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: The channel's own name for what was sent (the letter's Message-ID, the message's number in the chat).
    message: str = Field(default="", max_length=200)
    #: SHA-256 of the bytes that went out, in hexadecimal.
    content_hash: str = Field(default="", max_length=64)
    #: What the other side said when it did not take it: a code or a class, never an address or a text.
    reason: str = Field(default="", sa_type=Text)


class Enclosure(SQLModel, table=True):
    """A file that goes with a notice: the bytes the act made, the same for whoever asks later (calendar files, minutes)."""

    __tablename__ = "enclosure"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index("ix_enclosure_notice_id", "notice_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number; files of a notice go in its order.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The notice.
    notice_id: int = Field(foreign_key="notice.id", sa_type=Id, ondelete="CASCADE")
    #: What it is called when it is saved.
    name: str = Field(max_length=200)
    #: What it is (RFC 6838), for example ``application/pdf``.
    media_type: str = Field(max_length=100)
    #: What a calendar file asks of whoever opens it (RFC 5546): ``REQUEST``, ``CANCEL``; empty for any other file.
    method: str = Field(default="", max_length=20)
    #: SHA-256 of the content, in hexadecimal.
    sha256: str = Field(max_length=64)
    #: The file itself.
    content: bytes = Field(sa_type=LargeBinary)


class SentFile(SQLModel, table=True):
    """A file Telegram has already got from a bot: it is sent again by name, not by its bytes."""

    __tablename__ = "sent_file"

    #: The bot; a name counts for one bot only.
    bot_id: int = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: SHA-256 of the content, in hexadecimal.
    sha256: str = Field(primary_key=True, max_length=64)
    #: Telegram's name for it.
    file_id: str = Field(sa_type=Text)


class SendingPause(SQLModel, table=True):
    """A channel that asked for a pause: nothing goes out there before, whichever process or library would send it."""

    __tablename__ = "sending_pause"
    __table_args__ = (CheckConstraint(one_of("channel", *CHANNELS), name="channel"),)

    #: One of ``CHANNELS``.
    channel: str = Field(primary_key=True, max_length=10)
    #: Until when, in real time.
    until: datetime = Field(sa_type=UtcInstant)
    #: What it was asked for, a word.
    reason: str = Field(max_length=40)
