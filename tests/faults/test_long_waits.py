"""Outages of minutes: what was promised is kept meanwhile, or made good soon after the repair.

Real processes, with a PostgreSQL and a Valkey beside them that stay away until they are brought
back. The limits asserted are those of the settled list of faults: sweeping within 15 s and every
missed promise found out within 60 s after the repair.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.citizens import LONGEST, Answer, Citizen
from tests.faults.office import Inside
from tests.faults.outage import Beside, beside
from tests.faults.whole import Whole, state_folder, until, whole

pytestmark = [
    pytest.mark.faults,
    pytest.mark.long,
    pytest.mark.timeout(1500),
]

SWEEPING, FOUND = 15.0, 60.0  # seconds after a repair


@pytest.fixture(scope="module")
def servers() -> Iterator[Beside]:
    with beside() as found:
        yield found


@pytest.fixture(scope="module")
def system(servers: Beside) -> Iterator[Whole]:
    more = {"SWEEPERS": "2", "LEASE_SECONDS": "5", "LIMITS": "filing=1000000"}
    with state_folder() as state, whole(state, **servers.given, **more) as started:
        yield started


@pytest.fixture(scope="module")
def inside(system: Whole) -> Inside:
    return Inside(system)


class Crowd:
    """Citizens who file one report after another while something is away."""

    def __init__(self, system: Whole, count: int) -> None:
        self.citizens = [Citizen(system.port) for _ in range(count)]
        self.stop = threading.Event()
        self.threads = [
            threading.Thread(target=c.file_until, args=(self.stop, 0.5)) for c in self.citizens
        ]
        for thread in self.threads:
            thread.start()

    def end(self) -> list[str]:
        """The keys of all that was acknowledged."""
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
        return [key for c in self.citizens for key in c.acknowledged]

    def answers(self, began: float, ended: float) -> list[Answer]:
        """What was asked and answered wholly between two moments."""
        return [
            a for c in self.citizens for a in c.answers if began <= a.began and a.ended <= ended
        ]


def promised(inside: Inside, *seconds: int) -> list[str]:
    """Reports that fall due after so many seconds, forty each."""
    return [ref for n in seconds for ref in inside.file(inside.promise(n), 40)]


def found_out(inside: Inside, refs: list[str]) -> tuple[float, float]:
    """Seconds from now until the first and until the last missed promise was found out."""
    began, owed, first = time.monotonic(), inside.overdue(refs)[0], 0.0
    while left := inside.overdue(refs)[0]:
        if left < owed and not first:
            first = time.monotonic() - began
        assert time.monotonic() - began < FOUND, f"{left} promises are not found out"
        time.sleep(0.1)
    last = time.monotonic() - began
    return first or last, last


def test_promises_are_kept_and_reports_taken_though_the_job_queue_is_away_for_three_minutes(
    servers: Beside, system: Whole, inside: Inside
) -> None:
    refs = promised(inside, 45, 90, 150)
    servers.take_away("valkey")
    away = time.monotonic()
    crowd = Crowd(system, 4)
    longest = 0.0
    while time.monotonic() - away < 180:
        longest = max(longest, inside.overdue(refs)[1])
        time.sleep(0.5)
    during = crowd.answers(away, time.monotonic())
    assert {a.status for a in during} == {200}
    assert longest < FOUND  # deadlines need no queue
    assert inside.overdue(refs) == (0, 0.0)
    assert not system.ready()
    servers.bring_back("valkey")
    until(system.ready, "a system that is ready again")
    keys = crowd.end()
    inside.wait_until_settled(refs)
    inside.check(refs)
    assert inside.filed(keys) == (len(keys),) * 3
    slowest = max(a.ended - a.began for a in during)
    print(f"\n{len(keys)} filed, slowest answer {slowest:.1f} s, latest finding {longest:.1f} s")


def test_nothing_acknowledged_is_lost_and_nothing_hangs_though_the_database_is_away_for_two_minutes(
    servers: Beside, system: Whole, inside: Inside
) -> None:
    refs = promised(inside, 60, 90, 120)
    crowd = Crowd(system, 8)
    until(lambda: sum(len(c.acknowledged) for c in crowd.citizens) >= 8, "filings")
    servers.take_away("postgres")
    away = time.monotonic()
    time.sleep(120)
    back = time.monotonic()
    during = crowd.answers(away + 1, back)
    assert len(during) > 100
    assert {a.status for a in during} == {503}
    assert all(a.retry_after for a in during)
    assert all(a.ended - a.began < LONGEST for a in during)
    before = sum(len(c.acknowledged) for c in crowd.citizens)
    servers.bring_back("postgres")
    repaired = time.monotonic()
    first, last = found_out(inside, refs)
    assert first <= SWEEPING
    until(lambda: sum(len(c.acknowledged) for c in crowd.citizens) > before, "a filing")
    again = time.monotonic() - repaired
    until(system.ready, "a system that is ready again")
    keys = crowd.end()
    assert inside.filed(keys) == (len(keys),) * 3
    inside.wait_until_settled(refs)
    inside.check(refs)
    slowest = max(a.ended - a.began for a in during)
    print(
        f"\n{len(during)} answers of 503, the slowest after {slowest:.1f} s; after the repair the "
        f"first breach at {first:.1f} s, the last at {last:.1f} s, a filing by {again:.1f} s"
    )


def test_two_sweepers_share_three_minutes_of_steady_load_and_find_each_missed_promise_once(
    system: Whole, inside: Inside
) -> None:
    tag, refs = inside.promise(5), list[str]()
    began, longest = time.monotonic(), 0.0
    while time.monotonic() - began < 180:
        refs += inside.file(tag, 10)
        longest = max(longest, inside.overdue(refs[-500:])[1])
        time.sleep(0.2)
    inside.wait_until_settled(refs)
    inside.check(refs)
    assert longest < FOUND
    print(f"\n{len(refs)} promises missed, the latest found out after {longest:.2f} s")
