"""Minutes: written, sent out, answered; tasks, of decisions and of minutes alike. What a conversation is about, in one column."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: In the order in which they may go.
TABLES = (
    "task",
    "minutes_remark",
    "minutes_place",
    "minutes_version",
    "minutes_rival",
    "minutes_note",
    "minutes_file",
    "minutes",
)
#: What a conversation could be about before, each in a column of its own, with the table it referred to.
ABOUT = (("proposal", "proposal"), ("consensus", "consensus_round"), ("decision", "decision"))
#: What went out resists everybody, also somebody at the database's own prompt.
STANDS = {
    "sqlite": (
        *(
            f"create trigger minutes_version_no_{act} before {act} on minutes_version"
            " begin select raise(abort, 'what was circulated is never changed'); end"
            for act in ("update", "delete")
        ),
        # "insert or replace" deletes what is in its way without asking the trigger of deletions.
        "create trigger minutes_version_no_replace before insert on minutes_version when exists (select 1 from minutes_version"
        " where (minutes_id = new.minutes_id and version = new.version) or code = new.code or pdf_sha256 = new.pdf_sha256)"
        " begin select raise(abort, 'what was circulated is never changed'); end",
    ),
    "postgresql": (
        "create or replace function minutes_version_stands() returns trigger language plpgsql as"
        " $$ begin raise exception 'what was circulated is never changed'; end $$",
        "create trigger minutes_version_stands before update or delete or truncate on minutes_version"
        " for each statement execute function minutes_version_stands()",
    ),
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "minutes",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (version = 0)", name=op.f("ck_minutes_version_once_circulated")),
        sa.CheckConstraint("(state = 'final') = (final_at is not null)", name=op.f("ck_minutes_final_when")),
        sa.CheckConstraint("state in ('draft', 'circulated', 'final')", name=op.f("ck_minutes_state")),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_minutes_edition")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_minutes_number")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_minutes_body_id_body")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("body_id", "year", "number", name=op.f("uq_minutes_body_id_year_number")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_minutes_meeting_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_minutes_next_step_at",
        "minutes",
        ["next_step_at"],
        unique=False,
        sqlite_where=sa.text("next_step_at is not null"),
        postgresql_where=sa.text("next_step_at is not null"),
    )
    op.create_table(
        "minutes_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("minutes_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_minutes_file_sha256")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_file_minutes_id_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_file_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_file")),
        sa.UniqueConstraint("minutes_id", "sha256", name=op.f("uq_minutes_file_minutes_id_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "minutes_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("minutes_id", ID, nullable=False),
        sa.Column("point", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(body) between 1 and 4000", name=op.f("ck_minutes_note_body_length")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_minutes_note_revision")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_note_minutes_id_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_note_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_note")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_minutes_note_minutes_id", "minutes_note", ["minutes_id"], unique=False)
    op.create_table(
        "minutes_version",
        sa.Column("minutes_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("answer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('circulated', 'final', 'annex')", name=op.f("ck_minutes_version_kind")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_minutes_version_content_sha256")),
        sa.CheckConstraint("length(pdf_sha256) = 64", name=op.f("ck_minutes_version_pdf_sha256")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_minutes_version_version")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_version_minutes_id_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_version_person_id_person")),
        sa.PrimaryKeyConstraint("minutes_id", "version", name=op.f("pk_minutes_version")),
        sa.UniqueConstraint("code", name=op.f("uq_minutes_version_code")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_minutes_version_pdf_sha256")),
    )
    op.create_table(
        "minutes_place",
        sa.Column("minutes_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("membership_id", ID, autoincrement=False, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answer = '') = (answered_at is null)", name=op.f("ck_minutes_place_answered_when")),
        sa.CheckConstraint("answer in ('', 'accepted', 'remarks', 'deemed')", name=op.f("ck_minutes_place_answer")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_minutes_place_membership_id_membership")),
        sa.ForeignKeyConstraint(
            ["minutes_id", "version"], ["minutes_version.minutes_id", "minutes_version.version"], name="fk_minutes_place_version"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_place_person_id_person")),
        sa.PrimaryKeyConstraint("minutes_id", "version", "membership_id", name=op.f("pk_minutes_place")),
    )
    op.create_index("ix_minutes_place_membership_id", "minutes_place", ["membership_id"], unique=False)
    op.create_table(
        "minutes_rival",
        sa.Column("id", ID, nullable=False),
        sa.Column("note_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["minutes_note.id"], name=op.f("fk_minutes_rival_note_id_minutes_note"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_rival_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_rival")),
        sa.UniqueConstraint("note_id", "person_id", name=op.f("uq_minutes_rival_note_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "minutes_remark",
        sa.Column("id", ID, nullable=False),
        sa.Column("minutes_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("point", sa.String(length=30), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (settled_at is null)", name=op.f("ck_minutes_remark_settled_when")),
        sa.CheckConstraint("state <> 'declined' or length(reason) > 0", name=op.f("ck_minutes_remark_declined_with_reason")),
        sa.CheckConstraint("state in ('open', 'accepted', 'declined')", name=op.f("ck_minutes_remark_state")),
        sa.CheckConstraint("length(body) between 1 and 2000", name=op.f("ck_minutes_remark_body_length")),
        sa.ForeignKeyConstraint(
            ["minutes_id", "version", "membership_id"],
            ["minutes_place.minutes_id", "minutes_place.version", "minutes_place.membership_id"],
            name="fk_minutes_remark_place",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_remark_person_id_person")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_minutes_remark_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_remark")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_minutes_remark_minutes_id", "minutes_remark", ["minutes_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=True),
        sa.Column("minutes_id", ID, nullable=True),
        sa.Column("point", sa.String(length=30), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(decision_id is null) <> (minutes_id is null)", name=op.f("ck_task_decision_or_minutes")),
        sa.CheckConstraint("length(what) between 1 and 500", name=op.f("ck_task_what_length")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_task_body_id_body")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_task_decision_id_decision")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_task_membership_id_membership")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_task_minutes_id_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_task_body_id", "task", ["body_id"], unique=False)
    op.create_index("ix_task_decision_id", "task", ["decision_id"], unique=False)
    op.create_index("ix_task_membership_id", "task", ["membership_id"], unique=False)
    op.create_index("ix_task_minutes_id", "task", ["minutes_id"], unique=False)
    for statement in STANDS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute(
        "insert into task (id, body_id, decision_id, point, what, membership_id, due_on, done_at, done_note, person_id, created_at)"
        " select t.id, d.body_id, t.decision_id, '', t.what, t.membership_id, t.due_on, t.done_at, '', t.person_id, t.created_at"
        " from decision_task t join decision d on d.id = t.decision_id"
    )
    _count_on("decision_task", "task")
    op.drop_table("decision_task")
    op.add_column("dialogue", sa.Column("about", sa.String(length=200), server_default=sa.text("''"), nullable=False))
    words = " || ".join(f"coalesce('{name}:' || {name}_id || ' ', '')" for name, _ in ABOUT)
    op.execute(f"update dialogue set about = trim({words})")
    for name, table in ABOUT:
        if op.get_bind().dialect.name != "sqlite":
            op.drop_constraint(f"fk_dialogue_{name}_id_{table}", "dialogue", type_="foreignkey")
        op.execute(f"alter table dialogue drop column {name}_id")


def downgrade() -> None:
    """Take this revision back; the former program knows no minutes, nor their tasks, nor conversations about them."""
    talks = "select id from dialogue where substr(subject, 1, 8) = 'minutes.' or substr(subject, 1, 5) = 'task.'"
    op.execute(f"update person set dialogue_id = null where dialogue_id in ({talks})")
    op.execute(f"delete from dialogue_event where dialogue_id in ({talks})")
    op.execute(f"delete from dialogue where id in ({talks})")
    for name, table in ABOUT:
        column = f"{name}_id"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"alter table dialogue add column {column} integer constraint fk_dialogue_{column}_{table} references {table} (id)"
            )
        else:
            op.add_column("dialogue", sa.Column(column, ID, nullable=True))
            op.create_foreign_key(f"fk_dialogue_{column}_{table}", "dialogue", table, [column], ["id"])
    _read_about()
    op.execute("alter table dialogue drop column about")
    op.create_table(
        "decision_task",
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(what) between 1 and 500", name=op.f("ck_decision_task_what_length")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_task_decision_id_decision")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_decision_task_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_decision_task_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_task")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_task_decision_id", "decision_task", ["decision_id"], unique=False)
    op.create_index("ix_decision_task_membership_id", "decision_task", ["membership_id"], unique=False)
    columns = "id, decision_id, what, membership_id, due_on, done_at, person_id, created_at"
    op.execute(f"insert into decision_task ({columns}) select {columns} from task where decision_id is not null")
    _count_on("task", "decision_task")
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function minutes_version_stands()")


def _read_about() -> None:
    """Give the things a conversation is about their columns back."""
    bind = op.get_bind()
    for row in bind.execute(sa.text("select id, about from dialogue where about <> ''")).all():
        for word in row.about.split():
            name, _, number = word.partition(":")
            if name in dict(ABOUT):
                bind.execute(
                    sa.text(f"update dialogue set {name}_id = :number where id = :id"), {"number": int(number), "id": row.id}
                )


def _count_on(former: str, new: str) -> None:
    """Let the numbers of a table go on where those of its former self ended."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"delete from sqlite_sequence where name = '{new}'")
        op.execute(f"insert into sqlite_sequence (name, seq) select '{new}', seq from sqlite_sequence where name = '{former}'")
    else:
        op.execute(
            f"select setval(pg_get_serial_sequence('{new}', 'id'), nextval(pg_get_serial_sequence('{former}', 'id')), false)"
        )
