"""Deliveries that are set aside, and seals that only follow the newest one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.database import UTCDateTime

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

# Whoever begins an epoch holds the log meanwhile. The application may do that by this function
# and in no other way: of the log it may only read and add.
HOLD = """
CREATE FUNCTION hold_the_log() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE public.events IN SHARE MODE;
END $$;
REVOKE ALL ON FUNCTION hold_the_log() FROM PUBLIC;
"""

# A seal is taken if it follows the newest one and is true: its hash is over what it says, and it
# lists the events that stand after the last place, of transactions that are over. While the log is
# held all of them are, so an epoch begins only then.
FOLLOW = r"""
CREATE FUNCTION seals_follow() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last public.seals%ROWTYPE;
    held boolean;
    listed bytea;
    said text;
BEGIN
    SELECT * INTO last FROM public.seals ORDER BY number DESC LIMIT 1;
    IF NOT FOUND THEN
        SELECT 0, 1, 0, '0'::xid8, 0, decode(repeat('00', 32), 'hex')
        INTO last.number, last.epoch, last.floor_id, last.last_xid, last.last_id, last.hash;
    END IF;
    said := 'seal 1 ' || concat_ws(' ', NEW.number, (extract(epoch FROM NEW.at) * 1000000)::bigint,
        NEW.epoch, NEW.floor_id, NEW.last_xid, NEW.last_id, NEW.count) || E'\n';
    IF NEW.number <> last.number + 1 OR NEW.before <> last.hash
       OR NEW.epoch NOT IN (last.epoch, last.epoch + 1)
       OR length(NEW.covers) <> NEW.count * 40
       OR NEW.hash <> sha256(convert_to(said, 'UTF8') || NEW.before || NEW.covers) THEN
        RAISE EXCEPTION 'This seal does not follow the newest one.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT EXISTS (SELECT FROM pg_locks
                   WHERE pid = pg_backend_pid() AND mode = 'ShareLock' AND granted
                     AND relation = 'public.events'::regclass) INTO held;
    IF NEW.count = 0 THEN  -- the floor of an epoch
        IF NOT held OR NEW.last_xid <> '0' OR NEW.last_id <> 0
           OR NEW.floor_id <> (SELECT coalesce(max(id), 0) FROM public.events) THEN
            RAISE EXCEPTION 'This seal begins no epoch.' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    SELECT string_agg(int8send(id) || digest, ''::bytea ORDER BY xid, id) INTO listed
    FROM public.events
    WHERE (xid, id) > (last.last_xid, last.last_id)
      AND (xid, id) <= (NEW.last_xid, NEW.last_id) AND id > last.floor_id;
    IF NEW.floor_id <> last.floor_id OR listed IS DISTINCT FROM NEW.covers
       OR NOT held AND (NEW.epoch <> last.epoch
                        OR NEW.last_xid >= pg_snapshot_xmin(pg_current_snapshot())) THEN
        RAISE EXCEPTION 'This seal does not list what the log holds.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seals_follow BEFORE INSERT ON seals
    FOR EACH ROW EXECUTE FUNCTION seals_follow();
"""


def upgrade() -> None:
    op.execute(HOLD)
    op.execute(FOLLOW)
    op.create_table(
        "set_aside",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscriber", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_set_aside_event_id")),
        sa.PrimaryKeyConstraint("event_id", "subscriber", name=op.f("pk_set_aside")),
    )
    op.add_column("tickets", sa.Column("parted_at", UTCDateTime(), nullable=True))
    op.execute(
        "UPDATE tickets t SET parted_at = e.at FROM (SELECT subject, max(at) AS at FROM events"
        " WHERE kind = 'TICKET_UNMERGED' GROUP BY subject) e WHERE e.subject = 'ticket:' || t.id"
    )
    op.create_index(
        "ix_mails_lost",
        "mails",
        ["id"],
        postgresql_where=sa.text("state IN ('REFUSED', 'GAVE_UP')"),
    )
