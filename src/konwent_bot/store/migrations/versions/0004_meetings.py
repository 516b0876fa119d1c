"""Meetings; conversations about more than cards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SUBJECT = "'card.submit:' || round_id || ':' || membership_id"
_BODY = "(select body_id from card_round where card_round.id = round_id)"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_calendar_feed_hash_only")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_table(
        "chat_group",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_chat_group_body_id_body")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_chat_group_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_group")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_chat_group_body",
        "chat_group",
        ["body_id"],
        unique=True,
        sqlite_where=sa.text("unlinked_at is null"),
        postgresql_where=sa.text("unlinked_at is null"),
    )
    op.create_index(
        "uq_chat_group_chat",
        "chat_group",
        ["chat_id"],
        unique=True,
        sqlite_where=sa.text("unlinked_at is null"),
        postgresql_where=sa.text("unlinked_at is null"),
    )

    op.create_table(
        "working_group",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("term_on", sa.Date(), nullable=False),
        sa.Column("monthly", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) between 1 and 200", name=op.f("ck_working_group_name_length")),
        sa.CheckConstraint("length(scope) between 1 and 1000", name=op.f("ck_working_group_scope_length")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_working_group_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_group")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_working_group_body_id", "working_group", ["body_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.String(length=5), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("chair", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("agenda_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agenda_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("poll_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("convened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "chair in ('coordinator', 'case_manager', 'chair', 'vice_chair', 'minute_taker')", name=op.f("ck_meeting_chair")
        ),
        sa.CheckConstraint("group_id is null or kind = 'operational'", name=op.f("ck_meeting_groups_meet_operationally")),
        sa.CheckConstraint("kind in ('strategic', 'operational', 'networking', 'central')", name=op.f("ck_meeting_kind")),
        sa.CheckConstraint("mode in ('in_person', 'online', 'hybrid')", name=op.f("ck_meeting_mode")),
        sa.CheckConstraint("status in ('proposed', 'planned', 'convened', 'held', 'cancelled')", name=op.f("ck_meeting_status")),
        sa.CheckConstraint(
            "status not in ('proposed', 'planned') or convened_at is null", name=op.f("ck_meeting_not_yet_convened")
        ),
        sa.CheckConstraint("(convened_at is null) = (revision = 0)", name=op.f("ck_meeting_convened_with_revision")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_ends_after_start")),
        sa.CheckConstraint("minutes between 15 and 720", name=op.f("ck_meeting_minutes")),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_meeting_revision")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_meeting_body_id_body")),
        sa.ForeignKeyConstraint(["group_id"], ["working_group.id"], name=op.f("fk_meeting_group_id_working_group")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_meeting_body_id_starts_at", "meeting", ["body_id", "starts_at"], unique=False)
    op.create_index(
        "ix_meeting_next_step_at",
        "meeting",
        ["next_step_at"],
        unique=False,
        sqlite_where=sa.text("next_step_at is not null"),
        postgresql_where=sa.text("next_step_at is not null"),
    )

    op.create_table(
        "agenda_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("from_id", ID, nullable=True),
        sa.Column("membership_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('opening_and_quorum', 'adoption_of_agenda', 'status_report', 'card_conclusions', 'carried', 'own', 'free_motions', 'next_date')",
            name=op.f("ck_agenda_item_kind"),
        ),
        sa.CheckConstraint(
            "kind not in ('own', 'carried') or length(title) > 0", name=op.f("ck_agenda_item_own_items_have_titles")
        ),
        sa.CheckConstraint("outcome in ('', 'done', 'open', 'carried')", name=op.f("ck_agenda_item_outcome")),
        sa.CheckConstraint("state in ('proposed', 'accepted', 'declined')", name=op.f("ck_agenda_item_state")),
        sa.ForeignKeyConstraint(["from_id"], ["agenda_item.id"], name=op.f("fk_agenda_item_from_id_agenda_item")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_agenda_item_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agenda_item_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_agenda_item_meeting_id", "agenda_item", ["meeting_id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=6), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.CheckConstraint("role in ('head', 'delegate', 'substitute')", name=op.f("ck_attendance_role")),
        sa.CheckConstraint("source in ('ticked', 'code')", name=op.f("ck_attendance_source")),
        sa.CheckConstraint("left_at is null or left_at >= arrived_at", name=op.f("ck_attendance_leaves_after_arriving")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_attendance_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attendance_meeting_id", "attendance", ["meeting_id"], unique=False)
    op.create_index(
        "uq_attendance_present",
        "attendance",
        ["meeting_id", "membership_id"],
        unique=True,
        sqlite_where=sa.text("left_at is null"),
        postgresql_where=sa.text("left_at is null"),
    )

    op.create_table(
        "material",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_material_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_material_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("meeting_id", "sha256", name=op.f("uq_material_meeting_id_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_material_meeting_id", "material", ["meeting_id"], unique=False)

    op.create_table(
        "meeting_guest",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("answer", sa.String(length=3), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer in ('', 'yes', 'no')", name=op.f("ck_meeting_guest_answer")),
        sa.CheckConstraint("language in ('pl', 'en', 'uk')", name=op.f("ck_meeting_guest_language")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_guest_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_guest")),
        sa.UniqueConstraint("meeting_id", "email", name=op.f("uq_meeting_guest_meeting_id_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "poll_date",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_poll_date_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_date")),
        sa.UniqueConstraint("meeting_id", "day", "hour", name=op.f("uq_poll_date_meeting_id_day_hour")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reminder_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_reminder_run_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_run_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_run")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reminder_run_meeting_id", "reminder_run", ["meeting_id"], unique=False)

    op.create_table(
        "status_report",
        sa.Column("meeting_id", ID, autoincrement=False, nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_status_report_version")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_status_report_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_status_report_person_id_person")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_status_report")),
    )
    op.create_table(
        "group_seat",
        sa.Column("group_id", ID, nullable=False),
        sa.Column("seat_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["working_group.id"], name=op.f("fk_group_seat_group_id_working_group")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_group_seat_seat_id_seat")),
        sa.PrimaryKeyConstraint("group_id", "seat_id", name=op.f("pk_group_seat")),
    )
    op.create_index("ix_group_seat_seat_id", "group_seat", ["seat_id"], unique=False)

    op.create_table(
        "meeting_answer",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seat_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(answer = 'substitute') = (seat_id is not null)", name=op.f("ck_meeting_answer_substitute_named")),
        sa.CheckConstraint("answer in ('yes', 'no', 'substitute')", name=op.f("ck_meeting_answer_answer")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_answer_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_meeting_answer_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_answer_person_id_person")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_meeting_answer_seat_id_seat")),
        sa.PrimaryKeyConstraint("meeting_id", "membership_id", name=op.f("pk_meeting_answer")),
    )
    op.create_index("ix_meeting_answer_membership_id", "meeting_answer", ["membership_id"], unique=False)

    op.create_table(
        "meeting_call",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("seat_id", ID, nullable=True),
        sa.Column("guest_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(seat_id is null) <> (guest_id is null)", name=op.f("ck_meeting_call_seat_or_guest")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_meeting_call_revision")),
        sa.ForeignKeyConstraint(["guest_id"], ["meeting_guest.id"], name=op.f("fk_meeting_call_guest_id_meeting_guest")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_call_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_call_person_id_person")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_meeting_call_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_call")),
        sa.UniqueConstraint("meeting_id", "guest_id", name=op.f("uq_meeting_call_meeting_id_guest_id")),
        sa.UniqueConstraint("meeting_id", "seat_id", name=op.f("uq_meeting_call_meeting_id_seat_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_meeting_call_seat_id", "meeting_call", ["seat_id"], unique=False)

    op.create_table(
        "poll_answer",
        sa.Column("date_id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer in ('yes', 'if_need_be', 'no')", name=op.f("ck_poll_answer_answer")),
        sa.ForeignKeyConstraint(["date_id"], ["poll_date.id"], name=op.f("fk_poll_answer_date_id_poll_date")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_poll_answer_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_poll_answer_person_id_person")),
        sa.PrimaryKeyConstraint("date_id", "membership_id", name=op.f("pk_poll_answer")),
    )
    op.create_index("ix_poll_answer_membership_id", "poll_answer", ["membership_id"], unique=False)
    op.add_column("body", sa.Column("checked_on", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        # Named with the column: SQLite would have to make the table anew to take a constraint of its own later.
        op.execute(
            "alter table seat add column meeting_id integer"
            " constraint ck_seat_for_a_meeting check (meeting_id is null or role = 'substitute')"
            " constraint fk_seat_meeting_id_meeting references meeting (id)"
        )
        _anew(general=True)
        return
    op.add_column("seat", sa.Column("meeting_id", ID, nullable=True))
    op.create_foreign_key("fk_seat_meeting_id_meeting", "seat", "meeting", ["meeting_id"], ["id"])
    op.create_check_constraint(op.f("ck_seat_for_a_meeting"), "seat", "meeting_id is null or role = 'substitute'")
    op.add_column("dialogue", sa.Column("subject", sa.String(length=80), nullable=True))
    op.add_column("dialogue", sa.Column("body_id", ID, nullable=True))
    op.add_column("dialogue", sa.Column("meeting_id", ID, nullable=True))
    op.execute(f"update dialogue set subject = {_SUBJECT}, body_id = {_BODY}")
    op.alter_column("dialogue", "subject", nullable=False)
    op.alter_column("dialogue", "body_id", nullable=False)
    op.alter_column("dialogue", "round_id", nullable=True)
    op.alter_column("dialogue", "membership_id", nullable=True)
    op.drop_constraint("uq_dialogue_person_id_round_id_membership_id", "dialogue", type_="unique")
    op.create_unique_constraint("uq_dialogue_person_id_subject", "dialogue", ["person_id", "subject"])
    op.create_foreign_key("fk_dialogue_body_id_body", "dialogue", "body", ["body_id"], ["id"])
    op.create_foreign_key("fk_dialogue_meeting_id_meeting", "dialogue", "meeting", ["meeting_id"], ["id"])
    op.create_check_constraint(op.f("ck_dialogue_card_of"), "dialogue", _CARD_OF)
    op.create_index("ix_dialogue_meeting_id", "dialogue", ["meeting_id"], unique=False)


def downgrade() -> None:
    """Go back to the former revision. Conversations about anything but cards are lost, and so are meetings.

    Places for one meeting are vacant afterwards and nothing opens them: the former program would take them for places for good.
    """
    named = "select id from seat where meeting_id is not null"
    op.execute(
        f"update invitation set revoked_at = issued_at where used_at is null and revoked_at is null and seat_id in ({named})"
    )
    op.execute("update seat set person_id = null, name = '', email = '', title = '' where meeting_id is not null")
    op.execute("delete from dialogue_event where dialogue_id in (select id from dialogue where round_id is null)")
    op.execute("delete from dialogue where round_id is null")
    if op.get_bind().dialect.name == "sqlite":
        _anew(general=False)
        op.execute("alter table seat drop column meeting_id")
    else:
        op.drop_index("ix_dialogue_meeting_id", "dialogue")
        op.drop_constraint(op.f("ck_dialogue_card_of"), "dialogue", type_="check")
        op.drop_constraint("uq_dialogue_person_id_subject", "dialogue", type_="unique")
        op.create_unique_constraint(
            "uq_dialogue_person_id_round_id_membership_id", "dialogue", ["person_id", "round_id", "membership_id"]
        )
        op.alter_column("dialogue", "membership_id", nullable=False)
        op.alter_column("dialogue", "round_id", nullable=False)
        for column in ("meeting_id", "body_id", "subject"):
            op.drop_column("dialogue", column)
        op.drop_constraint(op.f("ck_seat_for_a_meeting"), "seat", type_="check")
        op.drop_column("seat", "meeting_id")
    op.drop_column("body", "checked_on")

    op.drop_index("ix_poll_answer_membership_id", "poll_answer")

    op.drop_table("poll_answer")
    op.drop_index("ix_meeting_call_seat_id", "meeting_call")

    op.drop_table("meeting_call")
    op.drop_index("ix_meeting_answer_membership_id", "meeting_answer")

    op.drop_table("meeting_answer")
    op.drop_index("ix_group_seat_seat_id", "group_seat")

    op.drop_table("group_seat")
    op.drop_table("status_report")
    op.drop_index("ix_reminder_run_meeting_id", "reminder_run")

    op.drop_table("reminder_run")
    op.drop_table("poll_date")
    op.drop_table("meeting_guest")
    op.drop_index("ix_material_meeting_id", "material")

    op.drop_table("material")
    op.drop_index(
        "uq_attendance_present",
        "attendance",
        sqlite_where=sa.text("left_at is null"),
        postgresql_where=sa.text("left_at is null"),
    )
    op.drop_index("ix_attendance_meeting_id", "attendance")

    op.drop_table("attendance")
    op.drop_index("ix_agenda_item_meeting_id", "agenda_item")

    op.drop_table("agenda_item")
    op.drop_index(
        "ix_meeting_next_step_at",
        "meeting",
        sqlite_where=sa.text("next_step_at is not null"),
        postgresql_where=sa.text("next_step_at is not null"),
    )
    op.drop_index("ix_meeting_body_id_starts_at", "meeting")

    op.drop_table("meeting")
    op.drop_index("ix_working_group_body_id", "working_group")

    op.drop_table("working_group")
    op.drop_index(
        "uq_chat_group_chat",
        "chat_group",
        sqlite_where=sa.text("unlinked_at is null"),
        postgresql_where=sa.text("unlinked_at is null"),
    )
    op.drop_index(
        "uq_chat_group_body",
        "chat_group",
        sqlite_where=sa.text("unlinked_at is null"),
        postgresql_where=sa.text("unlinked_at is null"),
    )

    op.drop_table("chat_group")
    op.drop_table("calendar_feed")


_CARD_OF = "substr(subject, 1, 12) <> 'card.submit:' or (round_id is not null and membership_id is not null)"
_KEPT = "id, person_id, definition_id, round_id, membership_id, state, turn, status, message_id, turned_at, kept, created_at"


def _anew(*, general: bool) -> None:
    """Make the tables of conversations anew on SQLite, which cannot let a column become empty.

    The old ones are renamed first and dropped last, events before conversations: dropping a table that others refer to would
    delete what refers to it. The counters of ids go on where they were.
    """
    op.drop_index("ix_dialogue_membership_id", "dialogue")
    if not general:
        op.drop_index("ix_dialogue_meeting_id", "dialogue")
    op.execute("alter table dialogue_event rename to old_dialogue_event")
    op.execute("alter table dialogue rename to old_dialogue")
    of_a_card: list[sa.Column[object]] = [
        sa.Column("round_id", ID, nullable=general),
        sa.Column("membership_id", ID, nullable=general),
    ]
    of_anything: list[sa.Column[object]] = [
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=True),
    ]
    rules: list[sa.Constraint] = [
        sa.ForeignKeyConstraint(
            ["definition_id"], ["flow_definition.id"], name=op.f("fk_dialogue_definition_id_flow_definition")
        ),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_dialogue_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dialogue_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["card_round.id"], name=op.f("fk_dialogue_round_id_card_round")),
    ]
    if general:
        rules += [
            sa.CheckConstraint(_CARD_OF, name=op.f("ck_dialogue_card_of")),
            sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_dialogue_body_id_body")),
            sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_dialogue_meeting_id_meeting")),
            sa.UniqueConstraint("person_id", "subject", name=op.f("uq_dialogue_person_id_subject")),
        ]
    else:
        rules.append(
            sa.UniqueConstraint(
                "person_id", "round_id", "membership_id", name=op.f("uq_dialogue_person_id_round_id_membership_id")
            )
        )
    op.create_table(
        "dialogue",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("definition_id", ID, nullable=False),
        *of_a_card,
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.Text(), nullable=True),
        *(of_anything if general else ()),  # in PostgreSQL's order: a backup of either engine reads the same
        sa.CheckConstraint("status in ('open', 'done')", name=op.f("ck_dialogue_status")),
        sa.CheckConstraint("turn >= 0", name=op.f("ck_dialogue_turn")),
        *rules,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
        sqlite_autoincrement=True,
    )
    if general:
        op.execute(f"insert into dialogue ({_KEPT}, subject, body_id) select {_KEPT}, {_SUBJECT}, {_BODY} from old_dialogue")
    else:
        op.execute(f"insert into dialogue ({_KEPT}) select {_KEPT} from old_dialogue")
    op.create_table(
        "dialogue_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("dialogue_id", ID, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_event_dialogue_id_dialogue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_event")),
        sa.UniqueConstraint("dialogue_id", "turn", name=op.f("uq_dialogue_event_dialogue_id_turn")),
        sqlite_autoincrement=True,
    )
    columns = "id, dialogue_id, turn, kind, question, value, message_id, at"
    op.execute(f"insert into dialogue_event ({columns}) select {columns} from old_dialogue_event")
    for table in ("dialogue", "dialogue_event"):
        op.execute(f"delete from sqlite_sequence where name = '{table}'")
        op.execute(
            f"insert into sqlite_sequence (name, seq) select '{table}', seq from sqlite_sequence where name = 'old_{table}'"
        )
        # the counter of a renamed table is renamed with it
    op.drop_table("old_dialogue_event")
    op.drop_table("old_dialogue")
    op.create_index("ix_dialogue_membership_id", "dialogue", ["membership_id"], unique=False)
    if general:
        op.create_index("ix_dialogue_meeting_id", "dialogue", ["meeting_id"], unique=False)
