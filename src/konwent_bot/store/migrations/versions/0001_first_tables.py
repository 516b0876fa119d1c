"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "body",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level in ('local', 'county', 'regional', 'national')", name=op.f("ck_body_level")),
        sa.CheckConstraint("length(name) between 1 and 300", name=op.f("ck_body_name_length")),
        sa.CheckConstraint("parent_id is null or parent_id <> id", name=op.f("ck_body_not_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["body.id"], name=op.f("fk_body_parent_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("slug", name=op.f("uq_body_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "flow_definition",
        sa.Column("id", ID, nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("structure", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_definition")),
        sa.UniqueConstraint("flow", "version", "structure", name=op.f("uq_flow_definition_flow_version_structure")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "institution",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) between 1 and 300", name=op.f("ck_institution_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "person",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("reach", sa.String(length=10), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dialogue_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language in ('pl', 'en', 'uk')", name=op.f("ck_person_language")),
        sa.CheckConstraint("reach in ('unknown', 'reachable', 'blocked')", name=op.f("ck_person_reach")),
        sa.CheckConstraint(
            "telegram_id is null or accepted_at is not null", name=op.f("ck_person_telegram_only_after_acceptance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_person_telegram_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "seen_update",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_seen_update")),
    )
    with op.batch_alter_table("seen_update", schema=None) as batch_op:
        batch_op.create_index("ix_seen_update_at", ["at"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(number is null) = (seal is null)", name=op.f("ck_audit_entry_sealed_with_number")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_audit_entry_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("body_id", "number", name=op.f("uq_audit_entry_body_id_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_unsealed", ["body_id", "id"], unique=False)

    op.create_table(
        "card_round",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("variant", sa.String(length=5), nullable=False),
        sa.Column("definition_id", ID, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("variant in ('full', 'short')", name=op.f("ck_card_round_variant")),
        sa.CheckConstraint("closes_at > opened_at", name=op.f("ck_card_round_closes_after_opening")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_card_round_body_id_body")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["flow_definition.id"], name=op.f("fk_card_round_definition_id_flow_definition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_round")),
        sa.UniqueConstraint("body_id", "period", name=op.f("uq_card_round_body_id_period")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "membership",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("institution_id", ID, nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("stakeholder_type", sa.String(length=1), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint("stakeholder_type in ('A', 'B', 'C')", name=op.f("ck_membership_stakeholder_type")),
        sa.CheckConstraint("left_on is null or left_on >= joined_on", name=op.f("ck_membership_leaves_after_joining")),
        sa.CheckConstraint("length(folded_name) > 0", name=op.f("ck_membership_folded_name")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_membership_body_id_body")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_membership_institution_id_institution")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(
            "uq_membership_living",
            ["body_id", "folded_name"],
            unique=True,
            sqlite_where=sa.text("left_on is null"),
            postgresql_where=sa.text("left_on is null"),
        )

    op.create_table(
        "card",
        sa.Column("id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('head', 'delegate', 'substitute')", name=op.f("ck_card_role")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_card_version")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_card_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["card_round.id"], name=op.f("fk_card_round_id_card_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("round_id", "membership_id", name=op.f("uq_card_round_id_membership_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "dialogue",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("definition_id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status in ('open', 'done')", name=op.f("ck_dialogue_status")),
        sa.CheckConstraint("turn >= 0", name=op.f("ck_dialogue_turn")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["flow_definition.id"], name=op.f("fk_dialogue_definition_id_flow_definition")
        ),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_dialogue_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dialogue_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["card_round.id"], name=op.f("fk_dialogue_round_id_card_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
        sa.UniqueConstraint("person_id", "round_id", "membership_id", name=op.f("uq_dialogue_person_id_round_id_membership_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("dialogue", schema=None) as batch_op:
        batch_op.create_index("ix_dialogue_membership_id", ["membership_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("membership_id", ID, nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.CheckConstraint(
            "kind in ('coordinator', 'case_manager', 'chair', 'vice_chair', 'minute_taker')", name=op.f("ck_post_kind")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_post_number")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_post_body_id_body")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_post_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("body_id", "kind", "number", name=op.f("uq_post_body_id_kind_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_person_id", ["person_id"], unique=False)

    op.create_table(
        "round_roll",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_round_roll_membership_id_membership")),
        sa.ForeignKeyConstraint(["round_id"], ["card_round.id"], name=op.f("fk_round_roll_round_id_card_round")),
        sa.PrimaryKeyConstraint("round_id", "membership_id", name=op.f("pk_round_roll")),
    )
    op.create_table(
        "seat",
        sa.Column("id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.CheckConstraint("role = 'substitute' or number = 1", name=op.f("ck_seat_one_head_one_delegate")),
        sa.CheckConstraint("role in ('head', 'delegate', 'substitute')", name=op.f("ck_seat_role")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_seat_number")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_seat_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("membership_id", "role", "number", name=op.f("uq_seat_membership_id_role_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index("ix_seat_person_id", ["person_id"], unique=False)

    op.create_table(
        "card_version",
        sa.Column("card_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('head', 'delegate', 'substitute')", name=op.f("ck_card_version_role")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_version_card_id_card")),
        sa.PrimaryKeyConstraint("card_id", "version", name=op.f("pk_card_version")),
    )
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
    op.create_table(
        "invitation",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("seat_id", ID, nullable=True),
        sa.Column("post_id", ID, nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", ID, nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(seat_id is null) <> (post_id is null)", name=op.f("ck_invitation_seat_or_post")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_invitation_hash_only")),
        sa.CheckConstraint("used_at is null or used_by is not null", name=op.f("ck_invitation_used_by_somebody")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_invitation_post_id_post")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_invitation_seat_id_seat")),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name=op.f("fk_invitation_used_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(
            "uq_invitation_live_post",
            ["post_id"],
            unique=True,
            sqlite_where=sa.text("used_at is null and revoked_at is null"),
            postgresql_where=sa.text("used_at is null and revoked_at is null"),
        )
        batch_op.create_index(
            "uq_invitation_live_seat",
            ["seat_id"],
            unique=True,
            sqlite_where=sa.text("used_at is null and revoked_at is null"),
            postgresql_where=sa.text("used_at is null and revoked_at is null"),
        )


def downgrade() -> None:
    """Go back to the former revision."""
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invitation_live_seat",
            sqlite_where=sa.text("used_at is null and revoked_at is null"),
            postgresql_where=sa.text("used_at is null and revoked_at is null"),
        )
        batch_op.drop_index(
            "uq_invitation_live_post",
            sqlite_where=sa.text("used_at is null and revoked_at is null"),
            postgresql_where=sa.text("used_at is null and revoked_at is null"),
        )

    op.drop_table("invitation")
    op.drop_table("dialogue_event")
    op.drop_table("card_version")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index("ix_seat_person_id")

    op.drop_table("seat")
    op.drop_table("round_roll")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_person_id")

    op.drop_table("post")
    with op.batch_alter_table("dialogue", schema=None) as batch_op:
        batch_op.drop_index("ix_dialogue_membership_id")

    op.drop_table("dialogue")
    op.drop_table("card")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_living", sqlite_where=sa.text("left_on is null"), postgresql_where=sa.text("left_on is null")
        )

    op.drop_table("membership")
    op.drop_table("card_round")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_unsealed")

    op.drop_table("audit_entry")
    with op.batch_alter_table("seen_update", schema=None) as batch_op:
        batch_op.drop_index("ix_seen_update_at")

    op.drop_table("seen_update")
    op.drop_table("person")
    op.drop_table("institution")
    op.drop_table("flow_definition")
    op.drop_table("body")
