"""Meetings: what is planned, who was called, what they answered, who was there. Working groups and their task composition."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from konwent_bot.domain.meetings.words import ANSWERS, MEETING_KINDS, MEETING_MODES, MEETING_STATUSES
from konwent_bot.store.columns import NEVER_REUSE_IDS, Id, UtcInstant, one_of
from konwent_bot.store.tables.people import LANGUAGES, POST_KINDS, SEAT_ROLES

#: What an agenda item is about; items of people's own are ``own``.
ITEM_KINDS = (
    "opening_and_quorum", "adoption_of_agenda", "status_report", "card_conclusions", "carried", "own", "free_motions", "next_date",
)  # fmt: skip


class WorkingGroup(SQLModel, table=True):
    """A working group of a body: what it is to do and until when (R15: "wyznaczając zakres zadań i czas ich wykonania")."""

    __tablename__ = "working_group"
    __table_args__ = (
        CheckConstraint("length(name) between 1 and 200", name="name_length"),
        CheckConstraint("length(scope) between 1 and 1000", name="scope_length"),
        Index("ix_working_group_body_id", "body_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body it works for.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: What it is called.
    name: str
    #: What it is to do.
    scope: str = Field(sa_type=Text)
    #: Last local day of its term.
    term_on: date
    #: It owes a meeting of its own every month (G13), and not only the body does.
    monthly: bool = False
    #: When it was set up.
    created_at: datetime = Field(sa_type=UtcInstant)


class GroupSeat(SQLModel, table=True):
    """A place that belongs to a working group: its task composition ("skład zadaniowy", 004:2547-2551)."""

    __tablename__ = "group_seat"
    __table_args__ = (Index("ix_group_seat_seat_id", "seat_id"),)

    #: The group.
    group_id: int = Field(primary_key=True, foreign_key="working_group.id", sa_type=Id)
    #: The place of an institution.
    seat_id: int = Field(primary_key=True, foreign_key="seat.id", sa_type=Id)


class Meeting(SQLModel, table=True):
    """A meeting of a body. What is planned is local wall time with its zone; the instants are derived from it."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("uid"),
        CheckConstraint(one_of("kind", *MEETING_KINDS), name="kind"),
        CheckConstraint(one_of("status", *MEETING_STATUSES), name="status"),
        CheckConstraint(one_of("mode", *MEETING_MODES), name="mode"),
        CheckConstraint(one_of("chair", *POST_KINDS), name="chair"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("minutes between 15 and 720", name="minutes"),
        CheckConstraint("revision >= 0", name="revision"),
        CheckConstraint("(convened_at is null) = (revision = 0)", name="convened_with_revision"),
        CheckConstraint("status not in ('proposed', 'planned') or convened_at is null", name="not_yet_convened"),
        CheckConstraint("group_id is null or kind = 'operational'", name="groups_meet_operationally"),
        Index("ix_meeting_body_id_starts_at", "body_id", "starts_at"),
        # What the clock has to do something for: a handful of rows among all meetings of all years.
        Index(
            "ix_meeting_next_step_at",
            "next_step_at",
            sqlite_where=text("next_step_at is not null"),
            postgresql_where=text("next_step_at is not null"),
        ),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body that meets.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: The working group that meets, if it is one's.
    group_id: int | None = Field(default=None, foreign_key="working_group.id", sa_type=Id)
    #: One of ``MEETING_KINDS``.
    kind: str = Field(max_length=12)
    #: One of ``MEETING_STATUSES``.
    status: str = Field(max_length=10)
    #: Local day.
    day: date
    #: Local wall time at which it begins, ``10:00``.
    hour: str = Field(max_length=5)
    #: How long it is to last.
    minutes: int
    #: The zone ``day`` and ``hour`` are meant in.
    zone: str = Field(max_length=60)
    #: The same as an instant, derived.
    starts_at: datetime = Field(sa_type=UtcInstant)
    #: When it is to end, derived.
    ends_at: datetime = Field(sa_type=UtcInstant)
    #: One of ``MODES``.
    mode: str = Field(max_length=10)
    #: Where, in words; empty for an online one.
    place: str = Field(default="", sa_type=Text)
    #: Address of the online room; empty where there is none.
    link: str = Field(default="", sa_type=Text)
    #: By which post it is chaired (G8: the coordinator unless it is said otherwise).
    chair: str = Field(default="coordinator", max_length=20)
    #: What it is about, in a few words; may be empty.
    topic: str = Field(default="", sa_type=Text)
    #: UID of its calendar entry, the same for the meeting's whole life (RFC 5545 §3.8.4.7).
    uid: str = Field(max_length=80)
    #: 0 until it is convened; 1 by convening, and one more with every change and with cancelling.
    revision: int = 0
    #: SEQUENCE of the next calendar file: it rises with whatever makes an earlier file of anybody's untrue (RFC 5545 §3.8.7.4).
    sequence: int = 0
    #: Why it was last changed, or cancelled.
    reason: str = Field(default="", sa_type=Text)
    #: When it was to begin before it was last moved, as far as people were told.
    moved_from: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: The code people show they are there with ("Jestem"), six digits; empty until it is convened.
    code: str = Field(default="", max_length=6)
    #: Until when members may propose agenda items; empty until it is convened.
    agenda_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When the agenda went out to those who will come.
    agenda_sent_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: How many automatic reminders of the plan have had their time.
    reminded: int = 0
    #: When something is next to be done for it without anybody asking; empty when nothing is.
    next_step_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: A date is being looked for until then (``poll_date``); empty when there is no poll or it is over.
    poll_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When members were called to the date it has now.
    convened_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When it was noted that it took place, or that it will not.
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: Who entered it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When it was entered.
    created_at: datetime = Field(sa_type=UtcInstant)
    #: The day a rule of the year's plan gave it, also where it had to move from that day; empty for one entered by itself.
    ruled_on: date | None = None
    #: When it was put on the plan members are told of; empty for one they first hear of by being called.
    planned_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When it was last changed after that, before anybody was called.
    changed_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class MeetingGuest(SQLModel, table=True):
    """Somebody from outside who is invited and informed: no vote, not in the quorum (a mayor, ROPS, an expert)."""

    __tablename__ = "meeting_guest"
    __table_args__ = (
        UniqueConstraint("meeting_id", "email"),
        CheckConstraint(one_of("language", *LANGUAGES), name="language"),
        CheckConstraint("answer in ('', 'yes', 'no')", name="answer"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number; notices name a guest by it.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The meeting.
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=Id)
    #: Name, or what stands for one.
    name: str
    #: Function or institution ("burmistrz", "ROPS w Lublinie").
    function: str = ""
    #: Address in lower case.
    email: str
    #: Language of what is written to them.
    language: str = Field(default="pl", max_length=2)
    #: What they answered, as the coordinator noted it: ``yes``, ``no`` or nothing yet.
    answer: str = Field(default="", max_length=3)
    #: When they were taken off the list again.
    removed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: When they were entered.
    created_at: datetime = Field(sa_type=UtcInstant)


class MeetingCall(SQLModel, table=True):
    """Who was called to a meeting, and what they were last told. The place is called; whoever held it then was told."""

    __tablename__ = "meeting_call"
    __table_args__ = (
        UniqueConstraint("meeting_id", "seat_id"),
        UniqueConstraint("meeting_id", "guest_id"),
        CheckConstraint("(seat_id is null) <> (guest_id is null)", name="seat_or_guest"),
        CheckConstraint("revision >= 1", name="revision"),
        Index("ix_meeting_call_seat_id", "seat_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The meeting.
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=Id)
    #: The place of an institution (or ``guest_id``).
    seat_id: int | None = Field(default=None, foreign_key="seat.id", sa_type=Id)
    #: The guest (or ``seat_id``).
    guest_id: int | None = Field(default=None, foreign_key="meeting_guest.id", sa_type=Id)
    #: Who held the place when it was told; empty when nobody did.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: Their address as it was then: a calendar entry is taken back from where it was sent.
    email: str = ""
    #: The meeting's revision they were last told of.
    revision: int
    #: How often this place was told anything; the revision of its notices.
    told: int = 1
    #: When they were told that they are not called any more.
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class MeetingAnswer(SQLModel, table=True):
    """What an institution answered to a call: one answer an institution, by whichever of its people last gave it."""

    __tablename__ = "meeting_answer"
    __table_args__ = (
        CheckConstraint(one_of("answer", *ANSWERS), name="answer"),
        CheckConstraint("(answer = 'substitute') = (seat_id is not null)", name="substitute_named"),
        Index("ix_meeting_answer_membership_id", "membership_id"),
    )

    #: The meeting.
    meeting_id: int = Field(primary_key=True, foreign_key="meeting.id", sa_type=Id)
    #: The institution.
    membership_id: int = Field(primary_key=True, foreign_key="membership.id", sa_type=Id)
    #: One of ``ANSWERS``.
    answer: str = Field(max_length=10)
    #: Why not, if they said so.
    reason: str = Field(default="", sa_type=Text)
    #: The substitute who comes.
    seat_id: int | None = Field(default=None, foreign_key="seat.id", sa_type=Id)
    #: Who answered; empty when the coordinator noted it at the operator's command line.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    answered_at: datetime = Field(sa_type=UtcInstant)


#: What is on every agenda of its kind of meeting, and what came from an earlier meeting.
STANDING = text("kind not in ('own', 'carried')")
CARRIED = text("from_id is not null")


class AgendaItem(SQLModel, table=True):
    """A point of a meeting's agenda."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        CheckConstraint(one_of("kind", *ITEM_KINDS), name="kind"),
        CheckConstraint(one_of("state", "proposed", "accepted", "declined"), name="state"),
        CheckConstraint(one_of("outcome", "", "done", "open", "carried"), name="outcome"),
        CheckConstraint("kind not in ('own', 'carried') or length(title) > 0", name="own_items_have_titles"),
        Index("ix_agenda_item_meeting_id", "meeting_id"),
        # Whoever settles an agenda at the same moment as somebody else: a standing item stands once, a matter is carried over once.
        Index("uq_agenda_item_standing", "meeting_id", "kind", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
        Index("uq_agenda_item_carried", "from_id", unique=True, sqlite_where=CARRIED, postgresql_where=CARRIED),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The meeting.
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=Id)
    #: Its place among the others; two with the same stand in the order they were entered.
    position: int
    #: One of ``ITEM_KINDS``.
    kind: str = Field(max_length=20)
    #: What it is called; of the standing ones, which the reader's language names, only the conclusions have one: their half-year.
    title: str = Field(default="", sa_type=Text)
    #: What is to be known beforehand; may be empty.
    detail: str = Field(default="", sa_type=Text)
    #: ``proposed`` by a member, ``accepted`` (also what the coordinator enters), ``declined``.
    state: str = Field(default="accepted", max_length=10)
    #: Why it was declined, in the coordinator's words.
    reason: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    #: What became of it at the meeting: nothing noted yet, ``done``, still ``open``, or ``carried`` over to another meeting.
    outcome: str = Field(default="", max_length=10)
    #: The item of an earlier meeting it was carried over from.
    from_id: int | None = Field(default=None, foreign_key="agenda_item.id", sa_type=Id)
    #: The institution that proposed it.
    membership_id: int | None = Field(default=None, foreign_key="membership.id", sa_type=Id)
    #: Who entered it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    created_at: datetime = Field(sa_type=UtcInstant)


class Material(SQLModel, table=True):
    """A file for a meeting."""

    __tablename__ = "material"
    __table_args__ = (
        UniqueConstraint("meeting_id", "sha256"),
        Index("ix_material_meeting_id", "meeting_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The meeting.
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=Id)
    #: Name of the file, made safe.
    name: str = Field(max_length=120)
    #: What it is, by its content.
    media_type: str = Field(max_length=100)
    #: SHA-256 of its bytes, in hexadecimal.
    sha256: str = Field(max_length=64)
    #: Its bytes.
    content: bytes
    #: Who attached it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    added_at: datetime = Field(sa_type=UtcInstant)


#: Somebody who has come and not left.
PRESENT = text("left_at is null")


class Attendance(SQLModel, table=True):
    """An institution's presence at a meeting, from arriving to leaving; who left may come back, which is another row."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint(one_of("role", *SEAT_ROLES), name="role"),
        CheckConstraint(one_of("source", "ticked", "code"), name="source"),
        CheckConstraint("left_at is null or left_at >= arrived_at", name="leaves_after_arriving"),
        # One presence at a time, whoever ticks and whoever shows a code at the same moment.
        Index(
            "uq_attendance_present", "meeting_id", "membership_id", unique=True, sqlite_where=PRESENT, postgresql_where=PRESENT
        ),
        Index("ix_attendance_meeting_id", "meeting_id"),
        NEVER_REUSE_IDS,
    )

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The meeting.
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=Id)
    #: The institution.
    membership_id: int = Field(foreign_key="membership.id", sa_type=Id)
    #: By whose place: ``head``, ``delegate`` or ``substitute``.
    role: str = Field(max_length=12)
    #: Since when it is there.
    arrived_at: datetime = Field(sa_type=UtcInstant)
    #: Until when; empty while it is there, or if it stayed to the end.
    left_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    #: ``ticked`` by the coordinator, or shown with the day's ``code``.
    source: str = Field(max_length=6)
    #: Who ticked or showed.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)


class StatusReport(SQLModel, table=True):
    """The case manager's report for a strategic meeting (R5): counts and categories only, never about one person."""

    __tablename__ = "status_report"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)

    #: The meeting it is for.
    meeting_id: int = Field(primary_key=True, foreign_key="meeting.id", sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: Answers by question id, as JSON.
    answers: str = Field(sa_type=Text)
    #: How many times it has been submitted.
    version: int = 1
    #: Who last submitted it.
    person_id: int = Field(foreign_key="person.id", sa_type=Id)
    #: When.
    submitted_at: datetime = Field(sa_type=UtcInstant)


class ReminderRun(SQLModel, table=True):
    """A press of "Przypomnij": the coordinator's trigger. Its number is the revision of the reminders it sent."""

    __tablename__ = "reminder_run"
    __table_args__ = (Index("ix_reminder_run_meeting_id", "meeting_id"), NEVER_REUSE_IDS)

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The meeting.
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=Id)
    #: Who pressed.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    at: datetime = Field(sa_type=UtcInstant)


class PollDate(SQLModel, table=True):
    """A day and hour that is asked about before a meeting's date is fixed."""

    __tablename__ = "poll_date"
    __table_args__ = (UniqueConstraint("meeting_id", "day", "hour"), NEVER_REUSE_IDS)

    #: Opaque number.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The meeting.
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=Id)
    #: Local day.
    day: date
    #: Local wall time, ``10:00``.
    hour: str = Field(max_length=5)


class PollAnswer(SQLModel, table=True):
    """What an institution says to one of these dates."""

    __tablename__ = "poll_answer"
    __table_args__ = (
        CheckConstraint(one_of("answer", "yes", "if_need_be", "no"), name="answer"),
        Index("ix_poll_answer_membership_id", "membership_id"),
    )

    #: The date.
    date_id: int = Field(primary_key=True, foreign_key="poll_date.id", sa_type=Id)
    #: The institution.
    membership_id: int = Field(primary_key=True, foreign_key="membership.id", sa_type=Id)
    #: ``yes``, ``if_need_be`` or ``no``.
    answer: str = Field(max_length=10)
    #: Who answered.
    person_id: int = Field(foreign_key="person.id", sa_type=Id)
    #: When.
    answered_at: datetime = Field(sa_type=UtcInstant)


class ChatGroup(SQLModel, table=True):
    """A group chat of a body's people. The secretariat announces there, and nothing else."""

    __tablename__ = "chat_group"
    __table_args__ = (
        # One living link of a chat, and one living chat of a body.
        Index(
            "uq_chat_group_chat", "chat_id", unique=True,
            sqlite_where=text("unlinked_at is null"), postgresql_where=text("unlinked_at is null"),
        ),
        Index(
            "uq_chat_group_body", "body_id", unique=True,
            sqlite_where=text("unlinked_at is null"), postgresql_where=text("unlinked_at is null"),
        ),
        NEVER_REUSE_IDS,
    )  # fmt: skip

    #: Opaque number; notices name a group by it.
    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    #: The body.
    body_id: int = Field(foreign_key="body.id", sa_type=Id)
    #: Telegram's number of the chat; another one once the group becomes a supergroup.
    chat_id: int = Field(sa_type=Id)
    #: What the group is called there.
    title: str = ""
    #: Who linked it.
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=Id)
    #: When.
    linked_at: datetime = Field(sa_type=UtcInstant)
    #: When the bot was removed from it, or it was linked no more.
    unlinked_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class CalendarFeed(SQLModel, table=True):
    """The secret address of a person's calendar. Only its hash is kept; a new one ends the former."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("token_hash"), CheckConstraint("length(token_hash) = 64", name="hash_only"))

    #: Whose calendar it is.
    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=Id, sa_column_kwargs={"autoincrement": False})
    #: SHA-256 of the token, in hexadecimal.
    token_hash: str = Field(max_length=64)
    #: When it was made.
    created_at: datetime = Field(sa_type=UtcInstant)
