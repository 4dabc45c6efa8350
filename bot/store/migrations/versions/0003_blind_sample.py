"""The blind sample: which cases are drawn, who has seen their guess, and what people say who have not."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "blind_sample",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_blind_sample_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_blind_sample")),
    )
    op.create_table(
        "blind_seen",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_blind_seen_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_blind_seen_staff_id")),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_blind_seen")),
    )
    op.create_table(
        "blind_verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(length=40), nullable=True),
        sa.Column("urgency", sa.String(length=10), nullable=True),
        sa.Column("guessed_department", sa.String(length=40), nullable=False),
        sa.Column("guessed_urgency", sa.String(length=10), nullable=False),
        sa.Column("guessed_sure", sa.Boolean(), nullable=False),
        sa.Column("model_id", sa.String(length=80), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_blind_verdicts_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_blind_verdicts_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_verdicts")),
    )
    standing = sa.text("undone_at IS NULL")
    op.create_index(
        op.f("ix_blind_verdicts_once"),
        "blind_verdicts",
        ["case_id", "staff_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("blind_verdicts")
    op.drop_table("blind_seen")
    op.drop_table("blind_sample")
