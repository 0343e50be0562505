"""A Redis that hangs (it takes connections and answers nothing) costs a citizen next to nothing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.citizens import Citizen
from tests.faults.whole import Whole, until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(400),
]

COUNT = 8
MORE = 2.0  # seconds for each filing; each waited five before


@contextmanager
def stopped(system: Whole) -> Iterator[None]:
    """Valkey is there and does nothing."""
    pid = system.child("valkey") or system.child("redis-server")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _filing(system: Whole) -> float:
    """Seconds that some filings take, all of which are acknowledged."""
    citizen, began = Citizen(system.port), time.monotonic()
    citizen.file(COUNT)
    assert len(citizen.acknowledged) == COUNT
    return time.monotonic() - began


def test_reports_are_filed_while_redis_hangs_and_nobody_waits_for_it(system: Whole) -> None:
    _filing(system)  # the first of everything takes longer
    before = _filing(system)
    with stopped(system):
        meanwhile = _filing(system)
    until(system.ready, "a system that is ready again")
    assert meanwhile < 2 * before + COUNT * MORE
