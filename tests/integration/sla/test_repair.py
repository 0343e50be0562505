"""Timers put right from the log: whatever became of them, nothing is said twice or forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk.models import Ticket
from sla import tracking
from sla.kinds import TIMER_BREACHED
from sla.models import TimerRow
from sla.proving import checking, repair
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import report

pytestmark = pytest.mark.usefixtures("office")


def breaches(subject: str) -> list[str]:
    rows = db.session.execute(
        select(Event.data).where(Event.subject == subject, Event.kind == TIMER_BREACHED.name)
    ).scalars()
    return sorted(str(data["metric"]) for data in rows)


def repaired(subject: str) -> bool:
    with transaction():
        return repair.repair(subject)


def as_stored(subject: str) -> list[dict[str, object]]:
    db.session.expire_all()
    names = [c.name for c in TimerRow.__table__.columns if c.name != "id"]
    return [{n: getattr(row, n) for n in names} for row in tracking.timers([subject])[subject]]


def test_what_is_right_is_left_alone(clock: MovableClock) -> None:
    ticket = report()
    assert not repair.differs(ticket.ref)
    assert not repaired(ticket.ref)


def test_timers_that_are_gone_come_back_as_they_were_and_breaches_are_not_said_again(
    clock: MovableClock,
) -> None:
    ticket = report()
    clock.forward(timedelta(days=5))
    sweeper.sweep()
    before, said, due = as_stored(ticket.ref), breaches(ticket.ref), ticket.next_due_at
    assert said
    with transaction() as session:
        session.execute(delete(TimerRow))
        session.execute(update(Ticket).values(next_due_at=None))
    assert (1, [ticket.ref]) in list(checking.check())
    assert repair.differs(ticket.ref)
    assert repaired(ticket.ref)
    assert as_stored(ticket.ref) == before
    assert breaches(ticket.ref) == said
    db.session.expire_all()
    assert db.session.get_one(Ticket, ticket.id).next_due_at == due


def test_a_breach_that_nobody_swept_is_recorded_by_a_repair_and_not_again_by_the_sweep(
    clock: MovableClock,
) -> None:
    ticket = report()
    with transaction() as session:
        session.execute(update(Ticket).values(next_due_at=None))
    clock.forward(timedelta(days=60))
    assert repaired(ticket.ref)
    said = breaches(ticket.ref)
    assert said == ["FIRST_RESPONSE", "RESOLUTION", "VERIFICATION"]
    assert sweeper.sweep() == 0
    assert breaches(ticket.ref) == said


def test_what_the_next_sweep_will_record_is_no_difference(clock: MovableClock) -> None:
    ticket = report()
    clock.forward(timedelta(days=60))
    assert not repair.differs(ticket.ref)
    sweeper.sweep()
    assert not repair.differs(ticket.ref)


@pytest.mark.parametrize("change", ["due_at = due_at + interval '1 day'", "reading = 'MET'"])
def test_a_timer_that_was_tampered_with_is_put_right(clock: MovableClock, change: str) -> None:
    ticket = report()
    before = as_stored(ticket.ref)
    with transaction() as session:
        session.execute(text(f"UPDATE timers SET {change}"))  # noqa: S608
    db.session.expire_all()
    assert repair.differs(ticket.ref)
    assert repaired(ticket.ref)
    assert as_stored(ticket.ref) == before


def test_the_command_names_what_differs_and_a_check_of_it_fails(
    app: Flask, db_session: Session, clock: MovableClock
) -> None:
    ticket = report()
    with transaction() as session:
        session.execute(delete(TimerRow))
    run = app.test_cli_runner().invoke
    checked = run(args=["rebuild-timers", "--check"])
    assert checked.exit_code == 1
    assert f"{ticket.ref} differs" in checked.output
    assert run(args=["rebuild-timers"]).exit_code == 0
    again = run(args=["rebuild-timers", "--check"])
    assert (again.exit_code, again.stdout) == (0, "1 subjects, 0 different\n")
