"""Reports that climb to a level of the office, become one, or become two."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.database import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_escalations_ticket_id")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["users.id"], name=op.f("fk_escalations_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    waits = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_escalations_ticket", "escalations", ["ticket_id"], postgresql_where=waits
    )
    op.create_index(
        "ix_escalations_inbox",
        "escalations",
        ["level", "due_at", "id"],
        postgresql_where=waits,
    )
    op.add_column(
        "timers", sa.Column("promised_to", JSONB(), server_default="{}", nullable=False)
    )
    for name in ("merged_into", "split_from"):
        op.add_column("tickets", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_tickets_{name}"), "tickets", "tickets", [name], ["id"])
    op.add_column(
        "tickets",
        sa.Column("confidential", sa.Boolean(), server_default="false", nullable=False),
    )
    for name in ("merged_at", "snoozed_until"):
        op.add_column("tickets", sa.Column(name, UTCDateTime(), nullable=True))
    op.add_column("messages", sa.Column("split_into", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_messages_split_into"), "messages", "tickets", ["split_into"], ["id"]
    )
    op.create_table(
        "held_replies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("leaves_at", UTCDateTime(), nullable=False),
        sa.Column("client_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_held_replies_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_replies")),
        sa.UniqueConstraint(
            "ticket_id", "client_key", name=op.f("uq_held_replies_ticket_id_client_key")
        ),
    )
    op.create_index("ix_held_replies_leaves", "held_replies", ["leaves_at"])
