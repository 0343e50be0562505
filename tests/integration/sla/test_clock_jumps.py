"""A wall clock that jumps an hour: nothing is claimed by it until it can be believed again.

The clock's source is a false one here, both the wall's and the monotonic: nobody may set the
host's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk import filing
from helpdesk.rules.vocabulary import TicketClass
from sla.models import TimerRow
from sla.sweeps import alarms, heartbeats, sweeping
from sla.sweeps.sweeping import Sweeper

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("office")


class Time:
    """Both clocks; they go on together, and the wall's can be set by itself."""

    def __init__(self, wall: MovableClock) -> None:
        self.wall, self.steady = wall, 1000.0

    def passes(self, seconds: float) -> None:
        self.steady += seconds
        self.wall.forward(timedelta(seconds=seconds))

    def monotonic(self) -> float:
        return self.steady


@pytest.fixture
def time(clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time(clock)
    monkeypatch.setattr(sweeping, "time", SimpleNamespace(monotonic=made.monotonic))
    monkeypatch.setattr(sweeping, "CHORE_EVERY", 0.0)
    return made


@pytest.fixture
def due(time: Time) -> datetime:
    """When the first promise of a report is due."""
    with transaction():
        filing.file(filing.Filing(TicketClass.COMPLAINT, "Kata.", "k" * 32))
    return min(row.due_at for row in db.session.scalars(select(TimerRow)) if row.due_at)


def breaches() -> list[datetime]:
    asked = select(Event.at).where(Event.kind == "TIMER_BREACHED").order_by(Event.id)
    return list(db.session.scalars(asked))


def run(copy: Sweeper, time: Time, seconds: float, each: float = 1.0) -> None:
    """It ticks for a while."""
    for _ in range(int(seconds / each)):
        time.passes(each)
        copy.tick()


def test_an_hour_forwards_invents_no_breach_and_a_true_one_is_found_after_a_calm_minute(
    time: Time, due: datetime
) -> None:
    time.wall.move_to(due - timedelta(minutes=30))
    copy = Sweeper()
    copy.tick()
    time.wall.forward(HOUR)
    run(copy, time, 50, each=10)
    assert breaches() == []
    assert "jumped by 3600 seconds" in str(alarms.for_readiness())
    time.wall.forward(-HOUR)  # somebody puts it right, which is a jump again
    copy.tick()
    run(copy, time, 59, each=29.5)
    assert breaches() == []
    assert "jumped by -3600 seconds" in str(alarms.for_readiness())
    run(copy, time, 3)
    assert alarms.for_readiness() is None
    assert breaches() == []  # it is not due by the true clock
    time.passes((due - time.wall.at).total_seconds() + 1)
    copy.tick()
    assert breaches() == [due]


def test_a_clock_that_stays_an_hour_ahead_is_believed_after_a_calm_minute(
    time: Time, due: datetime
) -> None:
    time.wall.move_to(due - timedelta(minutes=30))
    copy = Sweeper()
    copy.tick()
    time.wall.forward(HOUR)
    copy.tick()
    run(copy, time, 58, each=29)
    assert breaches() == []
    run(copy, time, 4)
    assert breaches() == [due]  # dated when it was due, not when it was found


def test_an_operator_who_confirms_it_need_not_wait(time: Time, due: datetime) -> None:
    time.wall.move_to(due - timedelta(minutes=30))
    copy = Sweeper()
    copy.tick()
    time.wall.forward(HOUR)
    run(copy, time, 3)
    assert breaches() == []
    with transaction():
        assert heartbeats.confirm() == 1
    run(copy, time, 2)
    assert breaches() == [due]


def test_an_hour_backwards_takes_no_breach_back_and_records_none_twice(
    time: Time, due: datetime
) -> None:
    time.wall.move_to(due + timedelta(minutes=1))
    copy = Sweeper()
    copy.tick()
    assert breaches() == [due]
    time.wall.forward(-HOUR)
    copy.tick()
    run(copy, time, 70, each=35)
    assert alarms.for_readiness() is None
    time.wall.forward(HOUR)
    run(copy, time, 70, each=35)
    assert breaches() == [due]


def test_small_steps_as_of_a_time_server_are_no_jump(time: Time, due: datetime) -> None:
    copy = Sweeper()
    copy.tick()
    for step in (4.9, -4.9, 4.9):
        time.wall.forward(timedelta(seconds=step))
        run(copy, time, 1)
        assert copy.watch.jump is None
        copy.watch.offset = time.wall.at.timestamp() - time.steady


def test_of_two_sweepers_the_one_whose_clock_jumped_waits_and_the_other_works(
    time: Time, due: datetime, db_session: Session
) -> None:
    """Each breach once, by the one whose clock is right; readiness stays, for somebody sweeps."""
    time.wall.move_to(due - timedelta(minutes=30))
    wrong, right = Sweeper(), Sweeper()
    wrong.name, right.name = "wrong", "right"
    wrong.tick()
    right.tick()

    def both(seconds: int) -> None:
        for _ in range(seconds // 10):
            time.passes(10)
            time.wall.forward(HOUR)
            wrong.tick()
            time.wall.forward(-HOUR)
            right.tick()

    both(50)
    assert wrong.watch.jump is not None
    assert right.watch.jump is None
    assert breaches() == []
    assert alarms.for_readiness() is None
    left = (due - time.wall.at).total_seconds() + 2
    time.passes(left)
    right.tick()
    assert breaches() == [due]
    wrong.tick()  # its own clock came back, which is another jump to it
    right.tick()
    assert breaches() == [due]
