"""Patterns for supervisors to look at, causes of missed promises, and who brought a report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database import UTCDateTime

revision = "0008"
down_revision = "0010"
branch_labels = None
depends_on = None

# As helpdesk.rules.requesters tells it of what is filed from now on.
WHO_BROUGHT_IT = """
UPDATE tickets SET requester_kind = CASE
    WHEN channel = 'IMPORT' THEN 'UNKNOWN'
    WHEN channel IN ('COUNTER', 'PHONE') THEN 'ON_BEHALF'
    WHEN coalesce(requester_name, '') = '' AND phone_key IS NULL AND email_key IS NULL
        THEN 'ANONYMOUS'
    ELSE 'GUEST' END
"""
KEPT_IN_MEMORY = """
INSERT INTO marks (name, mark) VALUES ('looked_for', 1);
CREATE TRIGGER looked_for_another_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON looked_for
    FOR EACH STATEMENT EXECUTE FUNCTION another_mark();
"""


def upgrade() -> None:
    op.add_column(
        "tickets",
        sa.Column("requester_kind", sa.String(), server_default="GUEST", nullable=False),
    )
    op.execute(WHO_BROUGHT_IT)
    _sightings()
    _how_they_are_judged()
    _causes()


def _sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("evidence", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("metric", sa.String(), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("later_at", UTCDateTime(), nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_sightings_ticket_id")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_sightings_queue_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["users.id"], name=op.f("fk_sightings_seen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
    )
    op.create_index(
        "uq_sightings_event_pattern", "sightings", ["event_id", "pattern"], unique=True
    )
    op.create_index("ix_sightings_at", "sightings", [sa.text("at DESC"), sa.text("id DESC")])
    op.create_index("ix_sightings_ticket", "sightings", ["ticket_id"])
    op.create_index(
        "ix_sightings_unseen",
        "sightings",
        [sa.text("at DESC")],
        postgresql_where=sa.text("seen_at IS NULL"),
    )


def _how_they_are_judged() -> None:
    op.create_table(
        "looked_for",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("near", "short", "letters", "waiting", "pauses", "settlings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looked_for")),
    )
    op.execute(KEPT_IN_MEMORY)
    op.create_table(
        "places_in_log",
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_places_in_log")),
    )


def _causes() -> None:
    op.create_table(
        "breach_causes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("excuse", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name=op.f("fk_breach_causes_given_by")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["users.id"], name=op.f("fk_breach_causes_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_causes")),
    )
    op.create_index(
        "uq_breach_causes_given",
        "breach_causes",
        ["subject", "metric", "cycle", "excuse"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index("ix_breach_causes_subject", "breach_causes", ["subject"])
