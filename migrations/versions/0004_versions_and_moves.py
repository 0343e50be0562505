"""Calendars as drafts, policies that bind what is open, and how far a publishing has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "policies",
        sa.Column("for_open", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("begins_at", UTCDateTime(), nullable=False),
        sa.Column("worked_at", UTCDateTime(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), server_default="0", nullable=False),
        sa.Column("moved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("later", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("after", sa.String(), server_default="", nullable=False),
        sa.Column("held", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
    )
    op.create_index(
        "ix_moves_waiting",
        "moves",
        ["begins_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "calendar_drafts",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("week", postgresql.JSONB(), nullable=False),
        sa.Column("holidays", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("joint_leave", sa.Boolean(), server_default="true", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_drafts")),
        sa.UniqueConstraint("key", name=op.f("uq_calendar_drafts_key")),
    )
    op.create_table(
        "calendar_spans",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("calendar_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("week", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_spans")),
    )
    op.create_index("ix_calendar_spans_key", "calendar_spans", ["calendar_key", "first"])
