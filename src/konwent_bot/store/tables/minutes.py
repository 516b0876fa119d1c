"""Minutes: a meeting's record as it is written, the versions that went out, what institutions answered. And tasks that come of it all.

What went out never changes: ``minutes_version`` refuses updates and deletions by triggers of the database (migration 0009), also of
somebody at its own prompt.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant, one_of

#: Where minutes stand: being written; gone out, and answered; accepted for good.
MINUTES_STATES = ("draft", "circulated", "final")
#: What a version is: one that asks for an answer, the one that was accepted, or a later correction of that.
VERSION_KINDS = ("circulated", "final", "annex")
#: What an institution answered: nothing yet, accepts, has remarks; or its silence, once the deadline passed.
MINUTES_ANSWERS = ("", "accepted", "remarks", "deemed")
#: What became of a remark.
REMARK_STATES = ("open", "accepted", "declined")


class Minutes(SQLModel, table=True):
    """The minutes of a meeting. What is not written down here is drafted anew from the facts whenever somebody looks."""

    __tablename__ = "minutes"
    __table_args__ = (
        UniqueConstraint("meeting_id"),
        UniqueConstraint("body_id", "year", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(one_of("state", *MINUTES_STATES), name="state"),
        CheckConstraint("edition >= 1", name="edition"),
        CheckConstraint("(state = 'draft') = (version = 0)", name="version_once_circulated"),
        CheckConstraint("(state = 'final') = (final_at is not null)", name="final_when"),
        Index(
            "ix_minutes_next_step_at",
            "next_step_at",
            sqlite_where=text("next_step_at is not null"),
            postgresql_where=text("next_step_at is not null"),
        ),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The meeting.
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=Id)
    #: Its body.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: Local year of the meeting.
    year: int
    #: 1, 2, 3... of the body in this year.
    number: int
    #: One of ``MINUTES_STATES``.
    state: str = Field(max_length=10)
    #: Goes up with whatever somebody writes, moves, attaches or takes away: what is circulated is what was looked over.
    edition: int = 1
    #: Points of the agenda in the order they were held, as JSON; empty: as they stand on the agenda.
    points: str = Field(default="", sa_type=Text)
    #: The newest version that went out; 0: none did.
    version: int = 0
    #: Until when institutions may answer to it.
    answer_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When something is next to be done without anybody asking; empty when nothing is.
    next_step_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When the final version was made.
    final_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: Who began them; empty where closing the meeting did.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    created_at: datetime = Field(sa_type=UtcInstant)


class MinutesNote(SQLModel, table=True):
    """A paragraph somebody wrote into the minutes, under a point."""

    __tablename__ = "minutes_note"
    __table_args__ = (
        CheckConstraint("length(body) between 1 and 4000", name="body_length"),
        CheckConstraint("revision >= 1", name="revision"),
        Index("ix_minutes_note_minutes_id", "minutes_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The minutes.
    minutes_id: int = Field(foreign_key="minutes.id", sa_type=Id)
    #: The point it stands under: ``item:12`` of the agenda, ``tasks``, or ``end`` after everything else.
    point: str = Field(max_length=30)
    #: Its place among the others of its point; two with the same stand in the order they were written.
    position: int
    #: What it says.
    body: str = Field(sa_type=Text)
    #: 1, and one more with every change: who changes it names the one they read.
    revision: int = 1
    #: Who wrote it last.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When it was written, and last changed.
    created_at: datetime = Field(sa_type=UtcInstant)
    #: When it was last changed.
    changed_at: datetime = Field(sa_type=UtcInstant)


class MinutesRival(SQLModel, table=True):
    """What the second of two editors wrote while the first one's text was saved: kept beside it until they choose."""

    __tablename__ = "minutes_rival"
    __table_args__ = (UniqueConstraint("note_id", "person_id"), NEVER_REUSE_IDS)

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The paragraph.
    note_id: int = Field(foreign_key="minutes_note.id", sa_type=Id, ondelete="CASCADE")
    #: Who wrote it.
    person_id: int = Field(foreign_key="person.id", sa_type=Id)
    #: What they wrote.
    body: str = Field(sa_type=Text)
    #: The revision they had read.
    revision: int
    #: When.
    created_at: datetime = Field(sa_type=UtcInstant)


class MinutesFile(SQLModel, table=True):
    """A file that goes with the minutes. One that was taken away stays for the versions that went out with it."""

    __tablename__ = "minutes_file"
    __table_args__ = (
        UniqueConstraint("minutes_id", "sha256"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The minutes.
    minutes_id: int = Field(foreign_key="minutes.id", sa_type=Id)
    #: Name of the file, made safe.
    name: str = Field(max_length=120)
    #: What it is, by its content.
    media_type: str = Field(max_length=100)
    #: SHA-256 of the content, in hexadecimal.
    sha256: str = Field(max_length=64)
    #: The file itself.
    content: bytes = Field(sa_type=LargeBinary)
    #: Who attached it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    added_at: datetime = Field(sa_type=UtcInstant)
    #: When it was taken away again.
    removed_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class MinutesVersion(SQLModel, table=True):
    """What went out, byte for byte, and what it was made of. Never changed, never deleted."""

    __tablename__ = "minutes_version"
    __table_args__ = (
        UniqueConstraint("pdf_sha256"),
        UniqueConstraint("code"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint(one_of("kind", *VERSION_KINDS), name="kind"),
        CheckConstraint("length(pdf_sha256) = 64", name="pdf_sha256"),
        CheckConstraint("length(content_sha256) = 64", name="content_sha256"),
    )

    #: The minutes.
    minutes_id: int = Field(primary_key=True, foreign_key="minutes.id", sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: 1, 2, 3...
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    #: One of ``VERSION_KINDS``.
    kind: str = Field(max_length=10)
    #: What it says, as canonical JSON (``documents.minutes.content``).
    content: str = Field(sa_type=Text)
    #: SHA-256 of that, in hexadecimal.
    content_sha256: str = Field(max_length=64)
    #: What its footer prints: the number of the minutes, the version, and the beginning of that hash.
    code: str = Field(max_length=40)
    #: The document as it was sent.
    pdf: bytes = Field(sa_type=LargeBinary)
    #: SHA-256 of the document, in hexadecimal.
    pdf_sha256: str = Field(max_length=64)
    #: Until when institutions were asked to answer; empty where nobody was asked.
    answer_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: Who sent it out; empty where the clock did.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    created_at: datetime = Field(sa_type=UtcInstant)


class MinutesPlace(SQLModel, table=True):
    """An institution a version was sent to: the roll of that moment, and what it answered."""

    __tablename__ = "minutes_place"
    __table_args__ = (
        ForeignKeyConstraint(
            ["minutes_id", "version"], ["minutes_version.minutes_id", "minutes_version.version"], name="fk_minutes_place_version"
        ),
        CheckConstraint(one_of("answer", *MINUTES_ANSWERS), name="answer"),
        CheckConstraint("(answer = '') = (answered_at is null)", name="answered_when"),
        Index("ix_minutes_place_membership_id", "membership_id"),
    )

    #: The minutes.
    minutes_id: int = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: The version.
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    #: The institution.
    membership_id: int = Field(
        primary_key=True, foreign_key="membership.id", sa_type=Id, sa_column_kwargs={"autoincrement": False}
    )
    #: When somebody of it first opened the minutes here.
    opened_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: One of ``MINUTES_ANSWERS``.
    answer: str = Field(default="", max_length=10)
    #: Who answered.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    answered_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class MinutesRemark(SQLModel, table=True):
    """What an institution would have otherwise in a version, and what became of that."""

    __tablename__ = "minutes_remark"
    __table_args__ = (
        ForeignKeyConstraint(
            ["minutes_id", "version", "membership_id"],
            ["minutes_place.minutes_id", "minutes_place.version", "minutes_place.membership_id"],
            name="fk_minutes_remark_place",
        ),
        CheckConstraint("length(body) between 1 and 2000", name="body_length"),
        CheckConstraint(one_of("state", *REMARK_STATES), name="state"),
        CheckConstraint("(state = 'open') = (settled_at is null)", name="settled_when"),
        CheckConstraint("state <> 'declined' or length(reason) > 0", name="declined_with_reason"),
        Index("ix_minutes_remark_minutes_id", "minutes_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The minutes.
    minutes_id: int = Field(sa_type=Id)
    #: The version it is about.
    version: int
    #: The institution.
    membership_id: int = Field(sa_type=Id)
    #: What it is about, a point of the version (``item:12``, ``attendance``...).
    point: str = Field(max_length=30)
    #: What it should say.
    body: str = Field(sa_type=Text)
    #: One of ``REMARK_STATES``.
    state: str = Field(default="open", max_length=10)
    #: Why it was declined; how it was taken up, if that was said.
    reason: str = Field(default="", sa_type=Text)
    #: Who said it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    created_at: datetime = Field(sa_type=UtcInstant)
    #: Who settled it.
    settled_by: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    settled_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class Task(SQLModel, table=True):
    """What is to be done because of a decision or of a meeting, by which institution and until when."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("length(what) between 1 and 500", name="what_length"),
        CheckConstraint("(decision_id is null) <> (minutes_id is null)", name="decision_or_minutes"),
        Index("ix_task_decision_id", "decision_id"),
        Index("ix_task_minutes_id", "minutes_id"),
        Index("ix_task_membership_id", "membership_id"),
        Index("ix_task_body_id", "body_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body it was given in.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: The decision it comes of (or ``minutes_id``).
    decision_id: int | None = Field(default=None, foreign_key="decision.id", sa_type=Id)
    #: The minutes it was written into (or ``decision_id``).
    minutes_id: int | None = Field(default=None, foreign_key="minutes.id", sa_type=Id)
    #: The point of these minutes it stands under (``item:12``, ``end``); empty for a decision's.
    point: str = Field(default="", max_length=30)
    #: What is to be done.
    what: str = Field(sa_type=Text)
    #: The institution that does it.
    membership_id: int = Field(foreign_key="membership.id", sa_type=Id)
    #: Until when, a local day.
    due_on: date
    #: When it was done.
    done_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: What was said of it then; may be empty.
    done_note: str = Field(default="", sa_type=Text)
    #: Who entered it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    created_at: datetime = Field(sa_type=UtcInstant)
