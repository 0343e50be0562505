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

# Small tables that processes keep in memory: each change gives them another mark.
WATCHED = (
    "policies", "calendars", "users", "queues", "queue_members", "categories", "routes", "places",
)
ANOTHER_MARK = """
CREATE FUNCTION another_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE marks SET mark = (random() * 9007199254740991)::bigint WHERE name = TG_TABLE_NAME;
    RETURN NULL;
END $$;
"""
WATCH = """
INSERT INTO marks (name, mark) VALUES ('{table}', 1);
CREATE TRIGGER {table}_another_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION another_mark();
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    # Numbers of tickets: drawn without waiting for one another; a gap hurts nobody.
    op.execute("CREATE SEQUENCE ticket_numbers")
    op.create_table('attempts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('key_hash', sa.LargeBinary(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts'))
    )
    op.create_index('ix_attempts_at', 'attempts', ['at'], unique=False)
    op.create_index('ix_attempts_what_key_at', 'attempts', ['what', 'key_hash', 'at'], unique=False)
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
    op.create_table('categories',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_id', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('example_id', sa.String(), server_default='', nullable=False),
    sa.Column('example_en', sa.String(), server_default='', nullable=False),
    sa.Column('ticket_class', sa.String(), nullable=True),
    sa.Column('supervisory', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_categories')),
    sa.UniqueConstraint('key', name=op.f('uq_categories_key'))
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
    op.create_table('guest_sessions',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('ref', sa.String(), nullable=False),
    sa.Column('receipt', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('expires_at', UTCDateTime(), nullable=False),
    sa.Column('ended_at', UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_guest_sessions'))
    )
    op.create_index('ix_guest_sessions_expires_at', 'guest_sessions', ['expires_at'], unique=False)
    op.create_index(op.f('ix_guest_sessions_ref'), 'guest_sessions', ['ref'], unique=False)
    op.create_table('permit_types',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_id', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('sector', sa.String(), nullable=False),
    sa.Column('requirements', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('renewal_requirements', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('processing_working_days', sa.Integer(), nullable=False),
    sa.Column('fee', sa.String(), nullable=False),
    sa.Column('fee_basis', sa.String(), nullable=False),
    sa.Column('verifying_agency', sa.String(), nullable=False),
    sa.Column('field_inspection', sa.Boolean(), nullable=False),
    sa.Column('validity', sa.String(), nullable=False),
    sa.Column('output', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('confidence', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('synonyms', postgresql.ARRAY(sa.TEXT()), nullable=False),
    sa.Column('search', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_permit_types'))
    )
    op.create_index('ix_permit_types_search', 'permit_types', ['search'], unique=False, postgresql_using='gin', postgresql_ops={'search': 'gin_trgm_ops'})
    op.create_table('places',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('kelurahan', sa.String(), nullable=False),
    sa.Column('kecamatan', sa.String(), nullable=False),
    sa.Column('postcode', sa.String(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_places'))
    )
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
    op.create_table('queues',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queues')),
    sa.UniqueConstraint('key', name=op.f('uq_queues_key'))
    )
    op.create_table('marks',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('mark', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_marks'))
    )
    op.create_table('sockets',
    sa.Column('sid', sa.String(), nullable=False),
    sa.Column('session_key', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('sid', name=op.f('pk_sockets'))
    )
    op.create_index(op.f('ix_sockets_session_key'), 'sockets', ['session_key'], unique=False)
    op.create_table('sweepers',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('jump', sa.BigInteger(), nullable=True),
    sa.Column('jumped_by', sa.Float(), nullable=True),
    sa.Column('confirmed', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_sweepers'))
    )
    op.create_table('users',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('roles', postgresql.ARRAY(sa.TEXT()), server_default='{}', nullable=False),
    sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('locale', sa.String(), server_default='id', nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email'))
    )
    op.create_table('deliveries',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('subscriber', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('leased_until', UTCDateTime(), nullable=True),
    sa.Column('attempts', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('since', UTCDateTime(), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_deliveries_event_id')),
    sa.PrimaryKeyConstraint('event_id', 'subscriber', name=op.f('pk_deliveries'))
    )
    op.create_index('ix_deliveries_order', 'deliveries', ['subscriber', 'subject', 'event_id'], unique=False)
    op.create_index('ix_deliveries_subscriber_event', 'deliveries', ['subscriber', 'event_id'], unique=False)
    op.create_table('mails',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('state', sa.String(), server_default='WAITING', nullable=False),
    sa.Column('tries', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('posted_at', UTCDateTime(), nullable=False),
    sa.Column('send_at', UTCDateTime(), nullable=False),
    sa.Column('sent_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_mails_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails')),
    sa.UniqueConstraint('event_id', 'recipient', 'kind', name=op.f('uq_mails_event_id_recipient_kind'))
    )
    op.create_index('ix_mails_waiting', 'mails', ['send_at'], unique=False, postgresql_where=sa.text("state = 'WAITING'"))
    op.create_table('queue_members',
    sa.Column('queue_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['queue_id'], ['queues.id'], name=op.f('fk_queue_members_queue_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_queue_members_user_id')),
    sa.PrimaryKeyConstraint('queue_id', 'user_id', name=op.f('pk_queue_members'))
    )
    op.create_index(op.f('ix_queue_members_user_id'), 'queue_members', ['user_id'], unique=False)
    op.create_table('routes',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('ticket_class', sa.String(), nullable=True),
    sa.Column('category_id', sa.Integer(), nullable=True),
    sa.Column('queue_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_routes_category_id')),
    sa.ForeignKeyConstraint(['queue_id'], ['queues.id'], name=op.f('fk_routes_queue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routes'))
    )
    op.create_table('sessions',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('seen_at', UTCDateTime(), nullable=False),
    sa.Column('expires_at', UTCDateTime(), nullable=False),
    sa.Column('ended_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sessions_user_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_sessions'))
    )
    op.create_index('ix_sessions_expires_at', 'sessions', ['expires_at'], unique=False)
    op.create_index('ix_sessions_user_open', 'sessions', ['user_id'], unique=False, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('tickets',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('ticket_class', sa.String(), nullable=False),
    sa.Column('category_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('queue_id', sa.Integer(), nullable=False),
    sa.Column('priority', sa.String(), server_default='NORMAL', nullable=False),
    sa.Column('status', sa.String(), server_default='NEW', nullable=False),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('channel', sa.String(), server_default='WEB', nullable=False),
    sa.Column('language', sa.String(), server_default='id', nullable=False),
    sa.Column('tags', postgresql.ARRAY(sa.TEXT()), server_default='{}', nullable=False),
    sa.Column('requester_name', sa.String(), nullable=True),
    sa.Column('phone', sa.LargeBinary(), nullable=True),
    sa.Column('phone_key', sa.LargeBinary(), nullable=True),
    sa.Column('email', sa.LargeBinary(), nullable=True),
    sa.Column('email_key', sa.LargeBinary(), nullable=True),
    sa.Column('place_id', sa.Integer(), nullable=True),
    sa.Column('about_ref', sa.String(), nullable=True),
    sa.Column('public_ok', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('assignee_id', sa.Integer(), nullable=True),
    sa.Column('accepted_at', UTCDateTime(), nullable=True),
    sa.Column('transfers', sa.Integer(), server_default='0', nullable=False),
    sa.Column('waits_for', sa.String(), nullable=True),
    sa.Column('duplicate_of', sa.BigInteger(), nullable=True),
    sa.Column('follows', sa.BigInteger(), nullable=True),
    sa.Column('code_key', sa.LargeBinary(), nullable=True),
    sa.Column('pin_key', sa.LargeBinary(), nullable=True),
    sa.Column('idempotency_key', sa.LargeBinary(), nullable=True),
    sa.Column('filed_at', UTCDateTime(), nullable=False),
    sa.Column('arrived_at', UTCDateTime(), nullable=False),
    sa.Column('updated_at', UTCDateTime(), nullable=False),
    sa.Column('next_due_at', UTCDateTime(), nullable=True),
    sa.Column('resolved_at', UTCDateTime(), nullable=True),
    sa.Column('closes_at', UTCDateTime(), nullable=True),
    sa.Column('remind_at', UTCDateTime(), nullable=True),
    sa.Column('last_seq', sa.Integer(), server_default='0', nullable=False),
    sa.Column('source', sa.String(), nullable=True),
    sa.Column('external_id', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['assignee_id'], ['users.id'], name=op.f('fk_tickets_assignee_id')),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_tickets_category_id')),
    sa.ForeignKeyConstraint(['duplicate_of'], ['tickets.id'], name=op.f('fk_tickets_duplicate_of')),
    sa.ForeignKeyConstraint(['follows'], ['tickets.id'], name=op.f('fk_tickets_follows')),
    sa.ForeignKeyConstraint(['place_id'], ['places.id'], name=op.f('fk_tickets_place_id')),
    sa.ForeignKeyConstraint(['queue_id'], ['queues.id'], name=op.f('fk_tickets_queue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('code_key', name=op.f('uq_tickets_code_key')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_tickets_idempotency_key')),
    sa.UniqueConstraint('number', name=op.f('uq_tickets_number'))
    )
    op.create_index('ix_tickets_arrived', 'tickets', ['queue_id', 'arrived_at'], unique=False, postgresql_where=sa.text("status IN ('NEW', 'OPEN', 'PENDING', 'ON_HOLD')"))
    op.create_index('ix_tickets_assignee_due', 'tickets', ['assignee_id', 'next_due_at', 'id'], unique=False, postgresql_where=sa.text("status IN ('NEW', 'OPEN', 'PENDING', 'ON_HOLD')"))
    op.create_index('ix_tickets_closes', 'tickets', ['closes_at'], unique=False, postgresql_where=sa.text('closes_at IS NOT NULL'))
    op.create_index('ix_tickets_due', 'tickets', ['next_due_at', 'id'], unique=False, postgresql_where=sa.text("status IN ('NEW', 'OPEN', 'PENDING', 'ON_HOLD')"))
    op.create_index(op.f('ix_tickets_email_key'), 'tickets', ['email_key'], unique=False)
    op.create_index(op.f('ix_tickets_phone_key'), 'tickets', ['phone_key'], unique=False)
    op.create_index('ix_tickets_follows', 'tickets', ['follows'], unique=False, postgresql_where=sa.text('follows IS NOT NULL'))
    op.create_index('ix_tickets_queue_due', 'tickets', ['queue_id', 'next_due_at', 'id'], unique=False, postgresql_where=sa.text("status IN ('NEW', 'OPEN', 'PENDING', 'ON_HOLD')"))
    op.create_index('ix_tickets_remind', 'tickets', ['remind_at'], unique=False, postgresql_where=sa.text('remind_at IS NOT NULL'))
    op.create_index('ix_tickets_unheld', 'tickets', ['queue_id', 'next_due_at', 'id'], unique=False, postgresql_where=sa.text("status IN ('NEW', 'OPEN', 'PENDING', 'ON_HOLD') AND assignee_id IS NULL"))
    op.create_index('ix_tickets_waiting', 'tickets', ['queue_id', 'id'], unique=False, postgresql_where=sa.text("status = 'PENDING'"))
    op.create_index('uq_tickets_source', 'tickets', ['source', 'external_id'], unique=True, postgresql_where=sa.text('source IS NOT NULL'))
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
    op.create_index('ix_timers_kept', 'timers', ['stopped_at'], unique=False, postgresql_where=sa.text("reading = 'MET'"))
    op.create_index('ix_timers_next_action', 'timers', ['next_action_at'], unique=False, postgresql_where=sa.text('next_action_at IS NOT NULL'))
    op.create_table('messages',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('client_key', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_messages_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages')),
    sa.UniqueConstraint('ticket_id', 'client_key', name=op.f('uq_messages_ticket_id_client_key')),
    sa.UniqueConstraint('ticket_id', 'seq', name=op.f('uq_messages_ticket_id_seq'))
    )
    op.create_index('ix_messages_ticket_id', 'messages', ['ticket_id', 'id'], unique=False)
    op.create_table('notices',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('read_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_notices_event_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_notices_ticket_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notices_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('user_id', 'event_id', name=op.f('uq_notices_user_id_event_id'))
    )
    op.create_index('ix_notices_unread', 'notices', ['user_id', sa.literal_column('id DESC')], unique=False, postgresql_where=sa.text('read_at IS NULL'))
    op.create_table('attachments',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('stored', sa.String(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_attachments_message_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_attachments_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments')),
    sa.UniqueConstraint('stored', name=op.f('uq_attachments_stored'))
    )
    op.create_index('ix_attachments_message', 'attachments', ['message_id'], unique=False)
    op.create_index(op.f('ix_attachments_ticket_id'), 'attachments', ['ticket_id'], unique=False)
    for table in APPEND_ONLY:
        op.execute(NOBODY_EDITS.format(table=table))
    op.execute(ANOTHER_MARK)
    for table in WATCHED:
        op.execute(WATCH.format(table=table))

