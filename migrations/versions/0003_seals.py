"""Seals of the log"""

import sqlalchemy as sa
from alembic import op

from core.database import UTCDateTime
from core.events import Xid8

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# Seals are added to and read, by anybody; rows are never changed, whoever asks.
NOBODY_EDITS = """
CREATE FUNCTION seals_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The table seals is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER seals_are_append_only BEFORE UPDATE OR DELETE ON seals
    FOR EACH ROW EXECUTE FUNCTION seals_are_append_only();
CREATE TRIGGER seals_are_never_emptied BEFORE TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION seals_are_append_only();
"""


def upgrade() -> None:
    op.create_table('seals',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('floor_id', sa.BigInteger(), nullable=False),
    sa.Column('last_xid', Xid8(), nullable=False),
    sa.Column('last_id', sa.BigInteger(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('covers', sa.LargeBinary(), nullable=False),
    sa.Column('before', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_seals'))
    )
    # Digests do not compress, so nobody should try.
    op.execute("ALTER TABLE seals ALTER COLUMN covers SET STORAGE EXTERNAL")
    op.execute(NOBODY_EDITS)
