"""Decisions: proposals, consensus rounds, ballots, the register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: In the order in which they may go.
TABLES = (
    "vote",
    "turnout",
    "decision_task",
    "decision_rule",
    "stance",
    "paper",
    "decision",
    "ballot_place",
    "round_place",
    "ballot",
    "consensus_round",
    "proposal_text",
    "proposal_comment",
    "proposal",
)
#: What a conversation may be about since then.
ABOUT = (("proposal_id", "proposal"), ("consensus_id", "consensus_round"), ("decision_id", "decision"))


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "proposal",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=True),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("answer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supersedes_id", ID, nullable=True),
        sa.Column("membership_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discussed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'rule') = (rule <> '')", name=op.f("ck_proposal_rule_says_which")),
        sa.CheckConstraint("kind in ('matter', 'rule')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint(
            "state in ('discussion', 'discussed', 'consensus', 'objected', 'ballot', 'undecided', 'adopted', 'rejected', 'withdrawn')",
            name=op.f("ck_proposal_state"),
        ),
        sa.CheckConstraint("(meeting_id is null) = (answer_until is not null)", name=op.f("ck_proposal_meeting_or_deadline")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_proposal_version")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_proposal_body_id_body")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_proposal_item_id_agenda_item")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_proposal_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_proposal_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposal_body_id", "proposal", ["body_id"], unique=False)
    op.create_index("ix_proposal_meeting_id", "proposal", ["meeting_id"], unique=False)
    op.create_table(
        "proposal_comment",
        sa.Column("id", ID, nullable=False),
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("membership_id", ID, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(body) between 1 and 2000", name=op.f("ck_proposal_comment_body_length")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_proposal_comment_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_comment_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_comment_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_comment")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposal_comment_proposal_id", "proposal_comment", ["proposal_id"], unique=False)
    op.create_table(
        "proposal_text",
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(body) between 1 and 4000", name=op.f("ck_proposal_text_body_length")),
        sa.CheckConstraint("length(title) between 1 and 200", name=op.f("ck_proposal_text_title_length")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_proposal_text_version")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_text_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_text_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("proposal_id", "version", name=op.f("pk_proposal_text")),
    )
    op.create_table(
        "consensus_round",
        sa.Column("id", ID, nullable=False),
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tacit", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("entitled", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.CheckConstraint("(closed_at is null) = (outcome = '')", name=op.f("ck_consensus_round_closed_with_outcome")),
        sa.CheckConstraint(
            "outcome in ('', 'adopted', 'objected', 'void', 'called_off')", name=op.f("ck_consensus_round_outcome")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_consensus_round_number")),
        sa.ForeignKeyConstraint(
            ["proposal_id", "version"], ["proposal_text.proposal_id", "proposal_text.version"], name="fk_consensus_round_text"
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_consensus_round_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensus_round")),
        sa.UniqueConstraint(
            "id", "proposal_id", "version", "outcome", name=op.f("uq_consensus_round_id_proposal_id_version_outcome")
        ),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_consensus_round_proposal_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_consensus_round_next_step_at",
        "consensus_round",
        ["next_step_at"],
        unique=False,
        sqlite_where=sa.text("next_step_at is not null"),
        postgresql_where=sa.text("next_step_at is not null"),
    )
    op.create_index(
        "uq_consensus_round_open",
        "consensus_round",
        ["proposal_id"],
        unique=True,
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "ballot",
        sa.Column("id", ID, nullable=False),
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("round_outcome", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("entitled", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("present_at_close", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("early", sa.Boolean(), nullable=False),
        sa.Column("chair_choice", sa.String(length=8), nullable=False),
        sa.Column("verdict", sa.String(length=6), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.CheckConstraint("(closed_at is null) = (verdict = '')", name=op.f("ck_ballot_closed_with_verdict")),
        sa.CheckConstraint("chair_choice in ('', 'for', 'against')", name=op.f("ck_ballot_chair_choice")),
        sa.CheckConstraint("method in ('open', 'secret', 'by_hand')", name=op.f("ck_ballot_method")),
        sa.CheckConstraint("round_outcome = 'objected'", name=op.f("ck_ballot_after_objection")),
        sa.CheckConstraint("verdict = '' or verdict in ('passed', 'failed', 'void')", name=op.f("ck_ballot_verdict")),
        sa.CheckConstraint("entitled >= 0 and present >= 0 and present <= entitled", name=op.f("ck_ballot_present_of_entitled")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ballot_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_ballot_proposal_id_proposal")),
        sa.ForeignKeyConstraint(
            ["round_id", "proposal_id", "version", "round_outcome"],
            ["consensus_round.id", "consensus_round.proposal_id", "consensus_round.version", "consensus_round.outcome"],
            name="fk_ballot_objected_round",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_ballot_next_step_at",
        "ballot",
        ["next_step_at"],
        unique=False,
        sqlite_where=sa.text("next_step_at is not null"),
        postgresql_where=sa.text("next_step_at is not null"),
    )
    op.create_index("ix_ballot_proposal_id", "ballot", ["proposal_id"], unique=False)
    op.create_index(
        "uq_ballot_open",
        "ballot",
        ["proposal_id"],
        unique=True,
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "round_place",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_round_place_membership_id_membership")),
        sa.ForeignKeyConstraint(["round_id"], ["consensus_round.id"], name=op.f("fk_round_place_round_id_consensus_round")),
        sa.PrimaryKeyConstraint("round_id", "membership_id", name=op.f("pk_round_place")),
    )
    op.create_table(
        "ballot_place",
        sa.Column("ballot_id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_place_ballot_id_ballot")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_ballot_place_membership_id_membership")),
        sa.PrimaryKeyConstraint("ballot_id", "membership_id", name=op.f("pk_ballot_place")),
    )
    op.create_table(
        "decision",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("meeting_id", ID, nullable=True),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("verdict", sa.String(length=6), nullable=False),
        sa.Column("round_id", ID, nullable=True),
        sa.Column("ballot_id", ID, nullable=True),
        sa.Column("supersedes_id", ID, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(method in ('consensus', 'tacit')) = (round_id is not null)", name=op.f("ck_decision_method_of_round")
        ),
        sa.CheckConstraint("method in ('consensus', 'tacit', 'open', 'secret', 'by_hand')", name=op.f("ck_decision_method")),
        sa.CheckConstraint("verdict in ('passed', 'failed', 'void')", name=op.f("ck_decision_verdict")),
        sa.CheckConstraint("(round_id is null) <> (ballot_id is null)", name=op.f("ck_decision_round_or_ballot")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_decision_number")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_decision_ballot_id_ballot")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_decision_body_id_body")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_decision_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["proposal_id", "version"], ["proposal_text.proposal_id", "proposal_text.version"], name="fk_decision_text"
        ),
        sa.ForeignKeyConstraint(["round_id"], ["consensus_round.id"], name=op.f("fk_decision_round_id_consensus_round")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decision.id"], name=op.f("fk_decision_supersedes_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("ballot_id", name=op.f("uq_decision_ballot_id")),
        sa.UniqueConstraint("body_id", "year", "number", name=op.f("uq_decision_body_id_year_number")),
        sa.UniqueConstraint("round_id", name=op.f("uq_decision_round_id")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_decision_supersedes_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_proposal_id", "decision", ["proposal_id"], unique=False)
    op.create_table(
        "paper",
        sa.Column("ballot_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.CheckConstraint("choice in ('for', 'against', 'abstain')", name=op.f("ck_paper_choice")),
        sa.CheckConstraint("length(id) = 32", name=op.f("ck_paper_random_id")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_paper_ballot_id_ballot")),
        sa.PrimaryKeyConstraint("ballot_id", "id", name=op.f("pk_paper")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stance",
        sa.Column("round_id", ID, autoincrement=False, nullable=False),
        sa.Column("membership_id", ID, autoincrement=False, nullable=False),
        sa.Column("stance", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stance <> 'object' or length(remedy) > 0", name=op.f("ck_stance_remedy_given")),
        sa.CheckConstraint("stance in ('agree', 'reserve', 'stand_aside', 'object')", name=op.f("ck_stance_stance")),
        sa.CheckConstraint("stance not in ('reserve', 'object') or length(reason) > 0", name=op.f("ck_stance_reason_given")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stance_person_id_person")),
        sa.ForeignKeyConstraint(
            ["round_id", "membership_id"], ["round_place.round_id", "round_place.membership_id"], name="fk_stance_round_place"
        ),
        sa.PrimaryKeyConstraint("round_id", "membership_id", name=op.f("pk_stance")),
    )
    op.create_table(
        "decision_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_decision_rule_body_id_body")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_rule_decision_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_rule")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_decision_rule_decision_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_rule_body_id", "decision_rule", ["body_id"], unique=False)
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
    op.create_table(
        "turnout",
        sa.Column("ballot_id", ID, autoincrement=False, nullable=False),
        sa.Column("membership_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id", "membership_id"],
            ["ballot_place.ballot_id", "ballot_place.membership_id"],
            name="fk_turnout_ballot_place",
        ),
        sa.PrimaryKeyConstraint("ballot_id", "membership_id", name=op.f("pk_turnout")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "vote",
        sa.Column("ballot_id", ID, autoincrement=False, nullable=False),
        sa.Column("membership_id", ID, autoincrement=False, nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("choice in ('for', 'against', 'abstain')", name=op.f("ck_vote_choice")),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_vote_rank")),
        sa.ForeignKeyConstraint(
            ["ballot_id", "membership_id"], ["ballot_place.ballot_id", "ballot_place.membership_id"], name="fk_vote_ballot_place"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vote_person_id_person")),
        sa.PrimaryKeyConstraint("ballot_id", "membership_id", name=op.f("pk_vote")),
    )
    for column, table in ABOUT:
        if op.get_bind().dialect.name == "sqlite":
            # Named with the column: SQLite would have to make the table anew to take a constraint of its own later.
            op.execute(
                f"alter table dialogue add column {column} integer constraint fk_dialogue_{column}_{table} references {table} (id)"
            )
        else:
            op.add_column("dialogue", sa.Column(column, ID, nullable=True))
            op.create_foreign_key(f"fk_dialogue_{column}_{table}", "dialogue", table, [column], ["id"])


def downgrade() -> None:
    """Take this revision back; the former program knows no decisions, nor conversations about them."""
    acts = "(substr(subject, 1, 9) = 'proposal.' or substr(subject, 1, 5) = 'rule.')"
    talks = f"select id from dialogue where proposal_id is not null or decision_id is not null or {acts}"
    op.execute(f"update person set dialogue_id = null where dialogue_id in ({talks})")
    op.execute(f"delete from dialogue_event where dialogue_id in ({talks})")
    op.execute(f"delete from dialogue where id in ({talks})")
    for column, table in ABOUT:
        if op.get_bind().dialect.name != "sqlite":
            op.drop_constraint(f"fk_dialogue_{column}_{table}", "dialogue", type_="foreignkey")
        op.execute(f"alter table dialogue drop column {column}")
    for table in TABLES:
        op.drop_table(table)
