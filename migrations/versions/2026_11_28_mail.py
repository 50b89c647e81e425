"""Mail: what became of each message of the outbox. Those written so far were never sent: they stay to be read."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_mail"
down_revision = "2026_11_28_lpm"
branch_labels = None
depends_on = None



def _new() -> tuple[sa.Column, ...]:
    return (
        sa.Column("once", sa.String(length=200), nullable=True),
        sa.Column("about", sa.String(length=20), nullable=True),
        sa.Column("blank_when_sent", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("state", sa.String(length=10), nullable=False, server_default="kept"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("is_unsure", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=300), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=True),
        sa.Column("channel_reference", sa.String(length=100), nullable=True),
    )


def upgrade() -> None:
    with op.batch_alter_table("outbox_messages") as batch_op:
        for column in _new():
            batch_op.add_column(column)
    with op.batch_alter_table("outbox_messages") as batch_op:
        for column in _new():
            if not column.nullable:
                batch_op.alter_column(column.name, server_default=None)
        batch_op.create_unique_constraint("uq_outbox_messages_once", ["once"])
        batch_op.create_index("ix_outbox_messages_about", ["about"])
    op.create_index(
        "ix_outbox_messages_waiting",
        "outbox_messages",
        ["id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_messages_waiting", table_name="outbox_messages")
    with op.batch_alter_table("outbox_messages") as batch_op:
        batch_op.drop_index("ix_outbox_messages_about")
        batch_op.drop_constraint("uq_outbox_messages_once", type_="unique")
        for column in reversed(_new()):
            batch_op.drop_column(column.name)
