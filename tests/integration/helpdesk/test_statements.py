"""What each page asks of the database: so many statements, and each along an index.

The numbers are today's; a page may ask for less, never for more without somebody noticing.
"""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from accounts.rules.access import Role
from core import clock
from core.database import db, transaction
from helpdesk import requester, tickets
from helpdesk.conversations import conversation
from helpdesk.lists import marks, presenting
from helpdesk.models import Queue, Ticket
from helpdesk.promises import reasons
from reports import breaches, figures
from reports.periods import Period
from sla import tracking
from sla.nearest import nearest
from tests.counting import Sent, plan, statements
from tests.integration.helpdesk.desk import Desk, fresh, queue_id, report
from tests.journeys.pages import Visitor

pytestmark = pytest.mark.usefixtures("office")

TICKET_PAGE = 10
FILING = 5
TRACKING = 9
BREACHES = 6

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


def talked(app: Flask) -> tuple[Desk, Ticket]:
    """A report with 21 messages by several people, held by one of them."""
    agents = [Desk(app, name, Role.AGENT, "pengaduan") for name in ("Rani", "Joko")]
    ticket = report()
    with transaction():
        tickets.assign(ticket.id, agents[0].id, f"user:{agents[1].id}")
    for n in range(10):
        with transaction():
            tickets.answer(ticket.id, "Kami periksa.", f"user:{agents[n % 2].id}")
        with transaction():
            requester.write(ticket.id, "Baik, terima kasih.")
    return agents[0], fresh(ticket.id)


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


def test_a_ticket_page_with_twenty_messages(app: Flask) -> None:
    agent, ticket = talked(app)
    agent.get(f"/laporan/{ticket.number}")  # what is kept in memory is read now
    with statements() as sent:
        page = agent.get(f"/laporan/{ticket.number}")
    assert page.status_code == 200
    assert page.text.count("Kami periksa.") == 10
    assert "Joko" in page.text
    assert len(sent) <= TICKET_PAGE


def test_a_filing_and_the_page_of_ones_own_report(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    visitor.report()
    form = {**visitor.hidden("/lapor"), "klass": "COMPLAINT", "text": "Izin saya belum terbit."}
    with statements() as sent:
        answer = visitor.client.post("/lapor", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert len(sent) <= FILING
    visitor.get("/laporan-saya")
    with statements() as sent:
        assert visitor.get("/laporan-saya").status_code == 200
    assert len(sent) <= TRACKING


def test_the_page_of_missed_promises(app: Flask) -> None:
    supervisor = Desk(app, "Budi", Role.SUPERVISOR)
    supervisor.get("/pengawas/pelanggaran")
    with statements() as sent:
        assert supervisor.get("/pengawas/pelanggaran").status_code == 200
    assert len(sent) <= BREACHES


def test_a_ticket_among_ten_thousand_is_read_along_indexes(among_many: Ticket) -> None:
    ticket, now = among_many, clock.now()
    with statements() as sent:
        db.session.query(Ticket.id).filter_by(number=ticket.number).one()
        rows = tracking.timers([ticket.ref])[ticket.ref]
        conversation.for_office(ticket, now)
        conversation.for_citizen(ticket, now)
        marks.of_ticket(ticket.ref, public=True)
        presenting.whole_log(ticket)
        presenting.journey(ticket, now)
        reasons.why(ticket, rows)
        nearest([ticket.ref])
    assert len(sent) >= 8
    assert scanned(sent) == []


def test_missed_and_kept_promises_among_ten_thousand_are_read_along_indexes(
    among_many: Ticket,
) -> None:
    today = clock.now().date()
    week = Period(date.fromordinal(today.toordinal() - 7), today)
    reads = [queue.id for queue in db.session.query(Queue.id)]
    with statements() as sent:
        rows, _ = breaches.page(week, reads)
        found = figures.totals(week, reads)
    assert len(rows) > 0
    assert found.broken > 0
    assert found.kept > 0
    assert scanned(sent) == []
    plans = [plan(s, p) for s, p in sent]
    assert sum("ix_timers_breached" in one for one in plans) == 2
    assert sum("ix_timers_kept" in one for one in plans) == 1
