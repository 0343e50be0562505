"""A system on a host of another time zone promises the same dates and shows the office's time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core import clock
from core.database import db
from helpdesk.models import Ticket
from sla import tracking
from tests.faults.citizens import Citizen
from tests.faults.office import Inside
from tests.faults.whole import Whole

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]
JAKARTA = ZoneInfo("Asia/Jakarta")
CLOSINGS = {"16:00", "16:30"}


def zones(system: Whole) -> set[str]:
    """The zones that processes of the system were given (PostgreSQL sets its own)."""
    found = set()
    for pid, _ in system.family():
        words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        found |= {w.decode().partition("=")[2] for w in words if w.startswith(b"TZ=")}
    return found


def test_dates_made_there_are_those_that_the_log_gives_here(system: Whole, inside: Inside) -> None:
    assert "America/New_York" in zones(system)
    Citizen(system.port).file(3)
    with inside.look():
        tickets = db.session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(3)).all()
        for ticket in tickets:
            rows = tracking.timers([ticket.ref])[ticket.ref]
            assert tracking.same(rows, tracking.rebuild(ticket.ref, clock.now()))
            settled = next(row for row in rows if row.metric == "RESOLUTION")
            assert settled.due_at is not None
            assert f"{settled.due_at.astimezone(JAKARTA):%H:%M}" in CLOSINGS
            assert settled.due_at - ticket.filed_at > timedelta(days=13)


def test_a_page_there_says_the_offices_time(system: Whole, inside: Inside) -> None:
    citizen = Citizen(system.port)
    citizen.file(1)
    came = citizen._ask("/lapor/terkirim")
    assert came is not None
    with inside.look():
        ticket = db.session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
        filed: datetime = ticket.filed_at.astimezone(JAKARTA)
    assert f"{filed:%H.%M}" in came[1]
