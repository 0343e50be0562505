"""What each page asks of the database: so many statements, and each along an index.

The numbers are today's; a page may ask for less, never for more without somebody noticing.
"""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

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
from tests.counting import plan, statements
from tests.integration.helpdesk.among_many import among_many, scanned
from tests.integration.helpdesk.desk import Desk, fresh, report
from tests.journeys.pages import Visitor

__all__ = ["among_many"]
pytestmark = pytest.mark.usefixtures("office")

TICKET_PAGE = 10
FILING = 5
TRACKING = 9
BREACHES = 6


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
