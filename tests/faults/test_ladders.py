"""Whatever is killed or held still, each step of a ladder comes once, in order, at its moment.

Reports climb a whole ladder within some seconds: a warning, a raised priority, a demanded cause,
the missed promise, a level that nobody takes up, and all levels above it. Something breaks
meanwhile; afterwards each of these stands in the log once, dated as the promise says.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest

from tests.faults.ladders import Ladders
from tests.faults.office import Inside
from tests.faults.test_enforcement import (
    kill_everything_below_the_parent,
    kill_the_worker,
    restart_postgres,
)
from tests.faults.whole import Whole, until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

COUNT = 40


def hold_a_sweeper(system: Whole, seconds: float) -> None:
    """One of two stands still, wherever it was, and goes on beside the other afterwards."""
    pid = system.child("sweeper")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(pid, signal.SIGCONT)


def kill_them_again_and_again(system: Whole, inside: Inside) -> None:
    for _ in range(4):
        for word in ("sweeper", "jobs"):
            pid = system.child(word)
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
        time.sleep(1.2)


def hold_a_sweeper_for_some_seconds(system: Whole, inside: Inside) -> None:
    hold_a_sweeper(system, 5)


FAULTS = [
    kill_the_worker,
    kill_them_again_and_again,
    restart_postgres,
    kill_everything_below_the_parent,
    hold_a_sweeper_for_some_seconds,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_every_step_comes_once_in_order_and_at_its_moment_though_we(
    system: Whole, inside: Inside, fault: Callable[[Whole, Inside], None]
) -> None:
    ladders = Ladders(inside)
    refs = ladders.file(COUNT)
    until(lambda: ladders.begun(refs), "the first step")
    fault(system, inside)
    until(lambda: ladders.ended(refs), "the end of all ladders")
    ladders.check(refs)
    until(system.ready, "a system that is ready again")


@pytest.mark.long
def test_a_sweeper_that_stood_still_for_two_minutes_repeats_nothing(
    system: Whole, inside: Inside
) -> None:
    ladders = Ladders(inside)
    before = ladders.file(COUNT)
    until(lambda: ladders.begun(before), "the first step")
    pid = system.child("sweeper")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    refs, began = list(before), time.monotonic()
    while time.monotonic() - began < 120:
        refs += ladders.file(10, seconds=8)
        time.sleep(10)
    os.kill(pid, signal.SIGCONT)
    refs += ladders.file(COUNT)
    until(lambda: ladders.ended(refs), "the end of all ladders")
    ladders.check(refs)
