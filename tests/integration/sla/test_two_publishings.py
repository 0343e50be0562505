"""A calendar and a policy's version are published, one while the other waits or is half done."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import requester, tickets
from sla import book, seed, tracking
from sla.models import TimerRow
from sla.policies import order
from sla.proving import repair
from sla.recalculation import moves, publishing
from sla.recalculation.publishing import Draft
from sla.sweeps import sweeper
from tests.integration.sla.test_policy_versions import ACTOR, filed

pytestmark = pytest.mark.usefixtures("office")


def a_calendar(draw: random.Random) -> None:
    form = seed.calendar_form()
    now = core_clock.now()
    days = [(now + timedelta(days=n)).date().isoformat() for n in range(1, 40)]
    form["holidays"] = sorted({*form["holidays"], *draw.sample(days, draw.randrange(1, 9))})
    with transaction():
        publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, now)


def a_version(draw: random.Random, ahead: timedelta) -> None:
    now = core_clock.now()
    last = order.find("ordinary")
    targets = {**last.targets, "RESOLUTION": {"n": draw.randrange(3, 20), "unit": "days"}}
    with transaction():
        publishing.publish_policy(
            "ordinary",
            Draft(targets=targets),
            valid_from=max(now + ahead, last.valid_from),
            apply_to_open=True,
            at=now,
        )


def some(draw: random.Random, clock: MovableClock) -> list[int]:
    found = []
    for _ in range(6):
        one = filed()
        found.append(one)
        clock.forward(timedelta(minutes=draw.randrange(1, 500)))
        sweeper.sweep(clock.at)
        with transaction():
            tickets.accept(one, ACTOR)
            if draw.random() < 0.4:
                tickets.ask(one, "Nomor?", ACTOR)
            elif draw.random() < 0.3:
                tickets.resolve(one, "Sudah.", ACTOR)
    return found


def steps(draw: random.Random, most: int) -> None:
    """Some batches of what is to be moved by now, whichever comes first."""
    for _ in range(most):
        waiting = moves.waiting(core_clock.now())
        if waiting:
            moves.step(draw.choice(waiting), batch=draw.randrange(1, 4))


@pytest.mark.parametrize("n", range(8))
def test_whatever_comes_first_every_date_is_that_of_the_log_and_of_what_binds(
    n: int, clock: MovableClock
) -> None:
    draw = random.Random(n)
    ids = some(draw, clock)
    for _ in range(5):
        doing: Any = draw.choice(["calendar", "version", "version ahead", "act", "time"])
        if doing == "calendar":
            a_calendar(draw)
        elif doing == "version":
            a_version(draw, timedelta(0))
        elif doing == "version ahead":
            a_version(draw, timedelta(minutes=draw.randrange(1, 6000)))
        elif doing == "act":
            with transaction():
                requester.write(draw.choice(ids), "Bagaimana?")
        steps(draw, draw.randrange(0, 4))
        clock.forward(timedelta(minutes=draw.randrange(1, 4000)))
        sweeper.sweep(clock.at)
        for one in ids:
            assert not repair.differs(f"ticket:{one}")
    clock.forward(timedelta(days=5))
    for move_id in moves.waiting(core_clock.now()):
        while moves.step(move_id):
            pass
    sweeper.sweep(clock.at)
    newest = max(v.id for v in book.current().effective if v.key == "ordinary")
    for one in ids:
        assert not repair.differs(f"ticket:{one}")
        _is_bound(one, newest)


def _is_bound(ticket_id: int, newest: int) -> None:
    """What is open stands on the newest version; on the newest calendar, or one that it equals."""
    db.session.expire_all()
    state = tracking.folded(f"ticket:{ticket_id}")
    assert state.chosen is not None
    live = select(TimerRow).filter_by(subject=f"ticket:{ticket_id}", stopped_at=None)
    if state.standing.name != "OPEN" or not db.session.scalars(live).all():
        return
    assert state.chosen[0].id == newest
