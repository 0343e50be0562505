"""A step marked "only in opening hours", through the sweeper, with a policy that was published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk.models import Ticket
from sla.recalculation import publishing
from sla.recalculation.publishing import Draft
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import report

pytestmark = pytest.mark.usefixtures("office")
SECOND = timedelta(seconds=1)


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in the office's zone."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def promised(clock: MovableClock, hours: int, *steps: dict[str, Any]) -> None:
    """Each report is answered within so many hours of the wall clock, with these steps."""
    now = clock.at
    wall = {"n": hours, "unit": "hours", "clock": "wall"}
    draft = Draft(targets={"FIRST_RESPONSE": wall}, steps={"FIRST_RESPONSE": list(steps)})
    with transaction():
        publishing.publish_policy("ordinary", draft, valid_from=now, apply_to_open=False, at=now)


def before(hours: float, in_hours: bool = True) -> dict[str, Any]:
    if hours % 1:
        amount = {"n": int(hours * 60), "unit": "minutes"}
        return {"name": f"b{amount['n']}m", "before": amount, "in_hours": in_hours}
    return {
        "name": f"b{hours}h", "before": {"n": hours, "unit": "hours"}, "in_hours": in_hours,
    }  # fmt: skip


def stepped(ticket: Ticket, clock: MovableClock, at: datetime) -> list[tuple[str, datetime]]:
    """The steps that the sweeper has recorded by a moment, and their dates."""
    clock.move_to(at)
    sweeper.sweep()
    db.session.expire_all()
    found = select(Event).where(Event.subject == ticket.ref, Event.kind == "TIMER_STEPPED")
    rows = db.session.scalars(found.order_by(Event.id)).all()
    return [(str(row.data["step"]), row.at) for row in rows]


def test_one_that_falls_into_the_night_comes_at_the_closing_before_it(
    clock: MovableClock,
) -> None:
    clock.move_to(wib(24, 10))
    promised(clock, 24, before(8), before(7, in_hours=False))
    ticket = report()  # due on Wednesday at 10.00; eight hours before that is 02.00 at night
    closing = wib(24, 16)
    assert stepped(ticket, clock, closing) == []
    assert stepped(ticket, clock, closing + SECOND) == [("b8h", closing)]
    assert stepped(ticket, clock, wib(25, 3)) == [("b8h", closing)]
    assert stepped(ticket, clock, wib(25, 3) + SECOND) == [("b8h", closing), ("b7h", wib(25, 3))]


def test_one_at_the_moment_of_closing_stays_there(clock: MovableClock) -> None:
    clock.move_to(wib(24, 10))
    promised(clock, 8, before(2))
    ticket = report()  # due at 18.00; two hours before that the office closes
    assert stepped(ticket, clock, wib(24, 16)) == []
    assert stepped(ticket, clock, wib(24, 16) + SECOND) == [("b2h", wib(24, 16))]


def test_one_at_lunch_comes_before_lunch_and_one_on_a_closed_day_before_it(
    clock: MovableClock,
) -> None:
    clock.move_to(wib(24, 10))
    promised(clock, 5, before(3, in_hours=False), before(2.5))
    ticket = report()  # due at 15.00; half past twelve falls into the break
    steps = stepped(ticket, clock, wib(24, 12) + SECOND)
    assert steps == [("b150m", wib(24, 12)), ("b3h", wib(24, 12))]
    clock.move_to(wib(27, 10))
    promised(clock, 48, before(12))
    assert stepped(report(), clock, wib(28, 23)) == [("b12h", wib(27, 16, 30))]


def test_one_whose_last_opening_is_past_already_comes_at_once(clock: MovableClock) -> None:
    clock.move_to(wib(24, 10))
    promised(clock, 6, before(2))
    clock.move_to(wib(24, 22))
    ticket = report()  # due at 04.00; two hours before it is night, and the office closed at 16.00
    assert stepped(ticket, clock, wib(24, 22) + SECOND) == [("b2h", wib(24, 22))]
    said = db.session.execute(
        select(Event.kind).where(Event.subject == ticket.ref).order_by(Event.id)
    ).scalars()
    assert "TIMER_BREACHED" not in list(said)
