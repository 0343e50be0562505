"""The first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database import UTCDateTime
from core.events import Xid8

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("events",)

# The log is appended to and read, by anybody; rows are never changed, whoever asks.
NOBODY_EDITS = """
CREATE FUNCTION {table}_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The table {table} is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER {table}_are_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_are_append_only();
CREATE TRIGGER {table}_are_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_are_append_only();
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    # Numbers of tickets: drawn without waiting for one another; a gap hurts nobody.
    op.execute("CREATE SEQUENCE ticket_numbers")
    op.create_table('calendar_days',
    sa.Column('calendar_key', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('openings', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('note', sa.String(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('calendar_key', 'day', name=op.f('pk_calendar_days'))
    )
    op.create_table('calendars',
    sa.Column('id', sa.Integer(), sa.Identity(always=True), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('definition', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('made_at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendars')),
    sa.UniqueConstraint('key', 'revision', name=op.f('uq_calendars_key_revision'))
    )
    op.create_table('events',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('xid', Xid8(), server_default=sa.text('pg_current_xact_id()'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('visibility', sa.String(), nullable=False),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('format', sa.SmallInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events'))
    )
    op.create_index('ix_events_subject_id', 'events', ['subject', 'id'], unique=False)
    op.create_index('ix_events_xid_id', 'events', ['xid', 'id'], unique=False)
    op.create_table('policies',
    sa.Column('id', sa.Integer(), sa.Identity(always=True), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('valid_from', UTCDateTime(), nullable=False),
    sa.Column('calendar_key', sa.String(), nullable=False),
    sa.Column('conditions', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('targets', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('steps', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('hold_pauses', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policies')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_policies_key_version'))
    )
    op.create_table('rulebook',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('revision', sa.BigInteger(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rulebook'))
    )
    op.create_table('sweepers',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_sweepers'))
    )
    op.create_table('deliveries',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('subscriber', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('leased_until', UTCDateTime(), nullable=True),
    sa.Column('attempts', sa.SmallInteger(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_deliveries_event_id')),
    sa.PrimaryKeyConstraint('event_id', 'subscriber', name=op.f('pk_deliveries'))
    )
    op.create_index('ix_deliveries_order', 'deliveries', ['subscriber', 'subject', 'event_id'], unique=False)
    op.create_index('ix_deliveries_subscriber_event', 'deliveries', ['subscriber', 'event_id'], unique=False)
    op.create_table('timers',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('metric', sa.String(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('target', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('started_at', UTCDateTime(), nullable=False),
    sa.Column('due_at', UTCDateTime(), nullable=True),
    sa.Column('promised_at', UTCDateTime(), nullable=True),
    sa.Column('paused_at', UTCDateTime(), nullable=True),
    sa.Column('stopped_at', UTCDateTime(), nullable=True),
    sa.Column('breached_at', UTCDateTime(), nullable=True),
    sa.Column('reading', sa.String(), nullable=False),
    sa.Column('cause', sa.String(), nullable=True),
    sa.Column('said', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('plan', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('next_action_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendars.id'], name=op.f('fk_timers_calendar_id')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_timers_policy_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timers')),
    sa.UniqueConstraint('subject', 'metric', 'cycle', name=op.f('uq_timers_subject_metric_cycle'))
    )
    op.create_index('ix_timers_breached', 'timers', [sa.literal_column('breached_at DESC'), sa.literal_column('id DESC')], unique=False, postgresql_where=sa.text('breached_at IS NOT NULL'))
    op.create_index('ix_timers_next_action', 'timers', ['next_action_at'], unique=False, postgresql_where=sa.text('next_action_at IS NOT NULL'))
    for table in APPEND_ONLY:
        op.execute(NOBODY_EDITS.format(table=table))
    op.execute("INSERT INTO rulebook (id, revision) VALUES (1, 1)")

