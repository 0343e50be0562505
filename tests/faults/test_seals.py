"""Whatever is killed, stopped or begun again: every event is sealed once, and all seals verify."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from core.database import db
from core.progress import Progress
from core.seals import form, log
from core.seals.verifying import Verification
from tests.faults.office import Inside
from tests.faults.whole import Whole, state_folder, until, whole

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

COUNT = 40


@pytest.fixture
def system() -> Iterator[Whole]:
    with state_folder() as state, whole(state, SWEEPERS="2") as started:
        yield started


def sealed(inside: Inside) -> bool:
    """Nothing waits any more, as far as can be asked just now."""
    try:
        with inside.look():
            total = db.session.execute(text("SELECT count(*) FROM events")).scalar_one()
            return log.sealed() == total
    except Exception:  # noqa: BLE001 -- the database is being restarted: look again
        return False


def sweeper(system: Whole) -> int:
    until(lambda: system.child("sweeper"), "a sweeper")
    found = system.child("sweeper")
    assert found is not None
    return found


def test_every_event_is_sealed_once_whoever_is_killed_or_held_still(system: Whole) -> None:
    inside = Inside(system)
    tag = inside.promise(2)
    refs = inside.file(tag, COUNT)
    for _ in range(3):
        os.kill(sweeper(system), signal.SIGKILL)
        refs += inside.file(tag, 5)
        time.sleep(0.7)
    held = sweeper(system)
    os.kill(held, signal.SIGSTOP)  # perhaps with the sealer's lock: then nobody seals meanwhile
    refs += inside.file(tag, 5)
    time.sleep(3)
    os.kill(held, signal.SIGCONT)
    postgres = system.child("postgres")
    assert postgres is not None
    os.kill(postgres, signal.SIGKILL)
    inside.wait_until_settled(refs)
    until(lambda: sealed(inside), "a seal on every event")
    with inside.look():
        listed = [ident for row in log.seals() for ident, _ in form.read(row.covers)]
        assert len(listed) == len(set(listed))
        run = Verification(Progress("events", 0))
        assert list(run.findings()) == []
        assert run.sealed >= len(listed) >= 2 * len(refs)
    inside.check(refs)
