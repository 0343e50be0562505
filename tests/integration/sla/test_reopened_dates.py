"""What a calendar said while a report was settled, or says of a reopening's own working day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import requester, tickets
from sla import seed
from sla.models import TimerRow
from sla.proving import repair
from sla.recalculation import publishing
from sla.sweeps import sweeper
from tests.integration.sla.test_policy_versions import ACTOR, carry_on, filed, timer

pytestmark = pytest.mark.usefixtures("office")


def publish(*holidays: str) -> None:
    with transaction():
        form = seed.calendar_form()
        form["holidays"] = sorted({*form["holidays"], *holidays})
        publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, core_clock.now())
    carry_on()


def due_of(ticket_id: int, cycle: int) -> datetime:
    db.session.expire_all()
    wanted = select(TimerRow.due_at).filter_by(
        subject=f"ticket:{ticket_id}", metric="RESOLUTION", cycle=cycle
    )
    found = db.session.scalars(wanted).one()
    assert found is not None
    return found


def test_a_reopening_tells_no_date_of_the_calendar_that_held_before(clock: MovableClock) -> None:
    days = [(date(2026, 11, 30) + timedelta(days=n)).isoformat() for n in range(5)]
    publish(*days)
    one = filed()
    with transaction():
        tickets.accept(one, ACTOR)
        tickets.resolve(one, "Sudah.", ACTOR)
    told = timer(one).promised_at
    publish()  # the week is open after all
    clock.forward(timedelta(days=8))
    with transaction():
        requester.write(one, "Belum.")
    row = timer(one)
    assert told is not None
    assert row.due_at is not None
    assert row.promised_at == max(told, row.due_at)
    assert not repair.differs(f"ticket:{one}")


@pytest.mark.parametrize("late", [False, True])
def test_a_holiday_moves_the_working_day_that_a_reopening_gave(
    late: bool, clock: MovableClock
) -> None:
    """Calendar facts always move what runs: nothing is due on a day that became a holiday."""
    one = filed()
    with transaction():
        tickets.accept(one, ACTOR)
    # Fourteen working days from Tuesday 24 November are Monday 14 December.
    clock.forward(timedelta(days=21 if late else 20))
    sweeper.sweep()
    with transaction():
        tickets.resolve(one, "Sudah.", ACTOR)
    with transaction():
        requester.write(one, "Belum.")
    cycle = 2 if late else 1
    due = due_of(one, cycle)
    publish(due.date().isoformat())
    assert due_of(one, cycle).date() > due.date()
    assert not repair.differs(f"ticket:{one}")
