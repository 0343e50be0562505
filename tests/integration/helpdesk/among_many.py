"""One report among ten thousand others, to see what would be read from beginning to end."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from core import clock
from core.database import db
from helpdesk.models import Ticket
from tests.counting import Sent, plan
from tests.integration.helpdesk.desk import fresh, queue_id, report

TALL = text("""
    INSERT INTO tickets (number, ticket_class, title, queue_id, status, filed_at, updated_at,
        arrived_at)
    SELECT 'X-' || n, 'COMPLAINT', 'Laporan', :queue, 'OPEN', :at, :at, :at
    FROM generate_series(1, 10000) AS n
""")
TIMERS = text("""
    INSERT INTO timers (subject, metric, cycle, target, policy_id, calendar_id, started_at, due_at,
        stopped_at, breached_at, reading)
    SELECT 'ticket:' || k.id, 'RESOLUTION', 1, '{"n": 1, "unit": "days", "clock": "business"}',
        (SELECT min(id) FROM policies), (SELECT min(id) FROM calendars), day, day,
        CASE WHEN k.id % 2 = 0 THEN day END, CASE WHEN k.id % 2 = 1 THEN day END,
        CASE WHEN k.id % 2 = 0 THEN 'MET' ELSE 'BREACHED' END
    FROM tickets k, make_interval(hours => CAST(k.id % 10000 AS integer)) AS back,
        LATERAL (SELECT CAST(:at AS timestamptz) - back AS day) AS d
    WHERE k.number LIKE 'X-%'
""")
LINES = text("""
    INSERT INTO messages (ticket_id, seq, kind, author, body, at)
    SELECT id, 1, 'PUBLIC', 'requester', 'Kata.', filed_at FROM tickets WHERE number LIKE 'X-%'
""")
EVENTS = text("""
    INSERT INTO events (at, kind, subject, actor, visibility, data, digest, format)
    SELECT filed_at, 'TICKET_FILED', 'ticket:' || id, 'requester', 'PUBLIC', '{}', '', 1
    FROM tickets WHERE number LIKE 'X-%'
""")


@pytest.fixture
def among_many() -> Ticket:
    """A report among ten thousand others with lines, promises and a log."""
    ticket = report()
    at = clock.now()
    db.session.execute(TALL, {"queue": queue_id("pengaduan"), "at": at})
    db.session.execute(TIMERS, {"at": at})
    db.session.execute(LINES)
    db.session.execute(EVENTS)
    for table in ("tickets", "timers", "messages", "events"):
        db.session.execute(text(f"ANALYZE {table}"))
    db.session.commit()
    return fresh(ticket.id)


def scanned(sent: Sent) -> list[str]:
    """Statements that would read a big table from its beginning to its end."""
    big = ("tickets", "timers", "messages", "events")
    return [s for s, p in sent if any(f"Seq Scan on {table}" in plan(s, p) for table in big)]


def walked_whole(sent: Sent) -> list[str]:
    """The same, and those that would go along a whole index of a big table to find a few."""
    return [s for s, p in sent if any(map(_whole, plan(s, p).split("->")))]


def _whole(node: str) -> bool:
    """Is this a node that reads a big table, and is nothing asked of its index?"""
    found = re.search(r"Scan (using \w+ )?on (tickets|timers|messages|events)\b", node)
    return found is not None and "Index Cond" not in node and "Bitmap" not in node
