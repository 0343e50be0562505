"""A warning says that a date comes near: once the date is past, nobody is warned of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core import outbox
from core.canonical import parse_instant
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk import tickets
from helpdesk.models import Notice, Ticket
from sla.models import TimerRow
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import Desk, report

pytestmark = pytest.mark.usefixtures("office")

SECOND = timedelta(seconds=1)


@pytest.fixture
def held(app: Flask, clock: MovableClock) -> Ticket:
    """A report that somebody holds."""
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    ticket = report()
    with transaction():
        tickets.assign(ticket.id, agent.id, "user:1", was=None)
    return ticket


def first_answer(ticket: Ticket) -> tuple[datetime, datetime]:
    """When the holder is warned of the first answer's date, and that date."""
    row = db.session.scalars(
        select(TimerRow).where(TimerRow.subject == ticket.ref, TimerRow.metric == "FIRST_RESPONSE")
    ).one()
    assert row.due_at is not None
    return parse_instant(row.plan[0][0]), row.due_at


def sweep_and_tell() -> None:
    sweeper.sweep()
    outbox.drain("notify")


def told(ticket: Ticket) -> list[str]:
    """What the holder was told of the first answer's date."""
    asked = (
        select(Notice.kind)
        .join(Event, Event.id == Notice.event_id)
        .where(Notice.ticket_id == ticket.id, Event.data["metric"].astext == "FIRST_RESPONSE")
        .order_by(Notice.id)
    )
    return list(db.session.scalars(asked))


def test_a_warning_at_its_moment_is_told_and_the_missed_date_after_it(
    clock: MovableClock, held: Ticket
) -> None:
    warned, due = first_answer(held)
    clock.move_to(warned + SECOND)
    sweep_and_tell()
    assert told(held) == ["TIMER_STEPPED"]
    clock.move_to(due + SECOND)
    sweep_and_tell()
    assert told(held) == ["TIMER_STEPPED", "TIMER_BREACHED"]


def test_where_no_sweeper_ran_at_its_moment_only_the_missed_date_is_told(
    clock: MovableClock, held: Ticket
) -> None:
    clock.move_to(first_answer(held)[1] + SECOND)
    sweep_and_tell()
    assert told(held) == ["TIMER_BREACHED"]


def test_where_no_worker_ran_between_the_two_only_the_missed_date_is_told(
    clock: MovableClock, held: Ticket
) -> None:
    warned, due = first_answer(held)
    clock.move_to(warned + SECOND)
    sweeper.sweep()
    clock.move_to(due + SECOND)
    sweep_and_tell()
    assert told(held) == ["TIMER_BREACHED"]
