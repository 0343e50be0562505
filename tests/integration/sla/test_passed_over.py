"""What the mover passed over has, once it goes on, the dates of a full recount."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core import clock as core_clock
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import requester, tickets
from sla import seed
from sla.models import Move
from sla.proving import repair
from sla.recalculation import moves, moving, publishing
from sla.sweeps import sweeper
from tests.integration.sla.test_policy_versions import filed

pytestmark = pytest.mark.usefixtures("office")
AGENT = "user:1"
ROWS = text(
    "SELECT metric, cycle, due_at, promised_at, reading, breached_at, plan FROM timers"
    " WHERE subject = :subject ORDER BY id"
)


class Undone(Exception):
    """Takes back what a trial did."""


def form_of(draw: random.Random, at: datetime) -> dict[str, Any]:
    """Days more or fewer than another draw has, so that promises end later or earlier."""
    form = seed.calendar_form()
    days = [(at + timedelta(days=n)).date().isoformat() for n in range(1, 30)]
    form["holidays"] = sorted(draw.sample(days, draw.randrange(0, 14)))
    return form


def publish(form: dict[str, Any]) -> None:
    publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, core_clock.now())


def waits_for_the_citizen(draw: random.Random, clock: MovableClock) -> int:
    """A report that was filed, taken up, perhaps answered, and asks the citizen something."""
    one = filed()
    clock.forward(timedelta(minutes=draw.randrange(1, 4000)))
    sweeper.sweep(clock.at)
    with transaction():
        tickets.accept(one, AGENT)
        if draw.random() < 0.5:
            tickets.answer(one, "Ya.", AGENT)
    clock.forward(timedelta(minutes=draw.randrange(1, 9000)))
    sweeper.sweep(clock.at)
    with transaction():
        tickets.ask(one, "Nomor berkas?", AGENT)
    clock.forward(timedelta(minutes=draw.randrange(1, 3000)))
    sweeper.sweep(clock.at)
    return one


@pytest.mark.parametrize("n", range(6))
def test_what_waits_for_the_citizen_goes_on_as_if_it_had_been_counted_anew(
    n: int, clock: MovableClock
) -> None:
    draw = random.Random(n)
    with transaction():
        publish(form_of(draw, clock.at))
    one = waits_for_the_citizen(draw, clock)
    start, form = clock.at, form_of(draw, clock.at)
    wait = timedelta(minutes=draw.randrange(1, 9000))
    found: list[list[tuple[Any, ...]]] = []
    for counted_anew in (False, True):
        clock.at = start
        with pytest.raises(Undone), transaction() as session:
            publish(form)
            move = db.session.get_one(Move, max(moves.waiting(clock.at)))
            moving.move("ticket", [f"ticket:{one}"] if counted_anew else moves._next(move, 9))
            clock.forward(wait)
            requester.write(one, "12.")
            assert not repair.differs(f"ticket:{one}")
            rows = session.execute(ROWS, {"subject": f"ticket:{one}"})
            found.append([tuple(row) for row in rows])
            raise Undone
    assert found[0] == found[1]


@pytest.mark.parametrize("n", range(6))
def test_what_an_act_starts_on_a_report_that_was_passed_over_is_counted_by_the_new_calendar(
    n: int, clock: MovableClock
) -> None:
    draw = random.Random(100 + n)
    form = form_of(draw, clock.at)
    # Only far days differ, so nothing that runs now is touched.
    far = [(clock.at + timedelta(days=d)).date().isoformat() for d in range(60, 75)]
    with transaction():
        publish({**form, "holidays": sorted({*form["holidays"], *far})})
    one = filed()
    with transaction():
        tickets.accept(one, AGENT)
    start = clock.at
    wait = timedelta(days=draw.randrange(50, 58), minutes=draw.randrange(1, 900))
    found: list[list[tuple[Any, ...]]] = []
    for counted_anew in (False, True):
        clock.at = start
        with pytest.raises(Undone), transaction() as session:
            publish(form)
            move = db.session.get_one(Move, max(moves.waiting(clock.at)))
            asked = [f"ticket:{one}"] if counted_anew else moves._next(move, 9)
            assert bool(asked) is counted_anew, "it is passed over"
            if asked:
                moving.move("ticket", asked)
            clock.forward(wait)
            tickets.answer(one, "Kabar: masih kami periksa.", AGENT)
            assert not repair.differs(f"ticket:{one}")
            rows = session.execute(ROWS, {"subject": f"ticket:{one}"})
            found.append([tuple(row) for row in rows])
            raise Undone
    assert found[0] == found[1]
