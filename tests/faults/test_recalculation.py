"""A calendar is published, and whoever moves promises to it is killed half way: each moves once."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from core import clock
from core.database import db, transaction
from core.events import Event
from sla import seed, tracking
from sla.models import Move, PolicyVersion
from sla.policies.order import newest_calendar
from sla.recalculation import publishing
from tests.faults.office import LONG_AGO, Inside
from tests.faults.test_enforcement import kill, restart_postgres
from tests.faults.whole import Whole, until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
COUNT = 700  # three batches of a move


@pytest.fixture(scope="module")
def refs(inside: Inside) -> list[str]:
    """Open reports with a promise of working days, filed once for all cases."""
    with inside.look(), transaction():
        db.session.add(
            PolicyVersion(
                key="slow", position=-3, name="slow", valid_from=LONG_AGO,
                calendar_key=seed.OFFICE, conditions={"tag": ["slow"]},
                targets={"RESOLUTION": {"n": 40, "unit": "days"}},
            )
        )  # fmt: skip
    return inside.file("slow", COUNT)


def published(inside: Inside) -> int:
    """The office opens some minutes later on Fridays from now on; the move to that."""
    with inside.look(), transaction():
        last = newest_calendar(seed.OFFICE)
        assert last is not None
        form = {**last.definition}
        opens = f"08:{last.revision:02}"
        form["week"] = {**form["week"], "fri": [[opens, "16:30"]]}
        return publishing.publish_calendar(seed.OFFICE, last.name, form, clock.now())


def progress(inside: Inside, revision: int) -> tuple[int, bool]:
    """How many subjects were seen, and whether the move has ended."""
    asked = select(Move.seen, Move.ended_at).where(Move.what == f"calendar:{revision}")
    try:
        with inside.look():
            seen, ended_at = db.session.execute(asked).one()
            return seen, ended_at is not None
    except Exception:  # noqa: BLE001 -- the database is being restarted: look again
        return 0, False


def kill_the_mover(system: Whole, inside: Inside) -> None:
    kill(system, "jobs")


def kill_the_mover_thrice(system: Whole, inside: Inside) -> None:
    for _ in range(3):
        pid = system.child("jobs")
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        time.sleep(2)


@pytest.mark.parametrize(
    "fault", [kill_the_mover, kill_the_mover_thrice, restart_postgres], ids=lambda f: f.__name__
)
def test_each_promise_moves_once_though_we(
    system: Whole, inside: Inside, refs: list[str], fault: Callable[[Whole, Inside], None]
) -> None:
    revision = published(inside)
    until(lambda: progress(inside, revision)[0] > 0, "a first batch")
    fault(system, inside)
    until(lambda: progress(inside, revision)[1], "the end of the move")
    with inside.look():
        asked = select(Event.subject).where(
            Event.kind == "CALENDAR_MOVED",
            Event.data["calendar"].astext == str(revision),
            Event.subject.in_(refs),
        )
        assert Counter(db.session.scalars(asked)) == dict.fromkeys(refs, 1)
        standing = text(
            "SELECT count(*) FROM timers WHERE subject = ANY(:refs) AND calendar_id <> :revision"
        )
        named = {"refs": refs, "revision": revision}
        assert db.session.execute(standing, named).scalar_one() == 0
        now = clock.now()
        for ref in refs[::35]:
            assert tracking.same(tracking.timers([ref])[ref], tracking.rebuild(ref, now))
    until(system.ready, "a system that is ready again")
