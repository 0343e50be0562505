"""Looks through the log as it grows, in its own order, and remembers how far it has come.

Only what was committed for good is read (`xid` below the oldest running transaction), so nothing
is passed over; a batch's sightings and the place it ends at share one transaction. A database that
was restored on another server has a place ahead of it: then it begins anew, which changes nothing
that was right.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import db, transaction
from helpdesk.patterns import sightings, sizes

BATCH = 2_000  # events
TICKETS = 50  # at a time, so that a round ends when its time is over
LONGEST = 0.2  # seconds that a round may keep the sweeper from its deadlines

_PLACE = text(
    """
    SELECT p.xid, p.event_id,
           CAST(CAST(p.xid AS text) AS xid8) >= pg_snapshot_xmax(pg_current_snapshot()) AS ahead
    FROM places_in_log p WHERE p.reader = :reader
    """
)
# The events after a place, up to a batch of them: where they end, and whose tickets to look at.
# In the order of the column itself: by the number that is read out, all would be sorted.
_NEXT = text(
    """
    SELECT CAST(CAST(xid AS text) AS bigint) AS xid, id, kind, subject
    FROM events
    WHERE (xid, id) > (CAST(CAST(:xid AS text) AS xid8), CAST(:id AS bigint))
      AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY events.xid, id LIMIT :batch
    """
)
_GO_ON = text(
    """
    INSERT INTO places_in_log (reader, xid, event_id) VALUES (:reader, :xid, :id)
    ON CONFLICT (reader) DO UPDATE SET xid = excluded.xid, event_id = excluded.event_id
    """
)


def look(now: datetime, longest: float = LONGEST) -> int:
    """A chore of the sweeper; returns how many events were read."""
    began, total = time.monotonic(), 0
    while read := look_at_batch(lambda: time.monotonic() - began > longest):
        total += read
        if time.monotonic() - began > longest:
            break
    return total


def look_at_batch(over: Callable[[], bool] = lambda: False, batch: int = BATCH) -> int:
    """One batch in one transaction, or as much of it as there is time for."""
    with transaction() as session:
        if not session.execute(
            text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": sizes.TURN}
        ).scalar():
            return 0
        xid, ident = _place(session)
        asked = {"xid": xid, "id": ident, "batch": batch}
        rows = session.execute(_NEXT, asked).all()
        if not rows:
            return 0
        upto, waiting = 0, dict[str, None]()
        for n, row in enumerate(rows, start=1):
            if row.kind in sightings.TRIGGERS and row.subject.startswith("ticket:"):
                waiting[row.subject] = None
            if len(waiting) >= TICKETS or n == len(rows):
                sightings.store(sightings.of_tickets(list(waiting)))
                upto, waiting = n, {}
                if over():
                    break
        last = rows[upto - 1]
        where = {"reader": sizes.READER, "xid": last.xid, "id": last.id}
        session.execute(_GO_ON, where)
    return upto


def _place(session: Session) -> tuple[int, int]:
    row = session.execute(_PLACE, {"reader": sizes.READER}).one_or_none()
    return (0, 0) if row is None or row.ahead else (row.xid, row.event_id)


def differing(batch: int = 1_000) -> tuple[int, list[str]]:
    """How many tickets the log tells of, and those of which other sightings are stored than it
    gives; nothing is changed."""
    seen, wrong, after = 0, list[str](), 0
    while ids := db.session.execute(_TICKETS, {"after": after, "batch": batch}).scalars().all():
        refs = [f"ticket:{ident}" for ident in ids]
        wrong += sightings.differing({ref: [] for ref in refs} | sightings.of_tickets(refs))
        seen, after = seen + len(ids), ids[-1]
        db.session.rollback()
    return seen, wrong


_TICKETS = text("SELECT id FROM tickets WHERE id > :after ORDER BY id LIMIT :batch")
