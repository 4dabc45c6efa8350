"""What a model would have decided that runs beside the serving one."""

import sqlalchemy as sa
from alembic import op

import bot.store.tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "shadows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("triage_id", sa.Integer(), nullable=False),
        sa.Column("at", bot.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("begun_at", bot.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("model_id", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=True),
        sa.Column("urgency", sa.String(length=10), nullable=True),
        sa.Column("serving_id", sa.String(length=80), nullable=False),
        sa.Column("serving_department", sa.String(length=40), nullable=False),
        sa.Column("serving_urgency", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_shadows_case_id")),
        sa.ForeignKeyConstraint(["triage_id"], ["triages.id"], name=op.f("fk_shadows_triage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadows")),
        sa.UniqueConstraint("begun_at", "triage_id", name=op.f("uq_shadows_begun_at_triage_id")),
    )
    with op.batch_alter_table("shadows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shadows_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_shadows_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("shadows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shadows_case_id"))
        batch_op.drop_index(batch_op.f("ix_shadows_at"))

    op.drop_table("shadows")
