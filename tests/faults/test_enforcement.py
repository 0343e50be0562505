"""Whatever is killed, each promise that is missed is found out once, at its true moment.

Every case files tickets with a promise of a few seconds and breaks something just as they fall
due; afterwards the database must show one breach a timer, dated at its due date, and each
consequence once.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest
import redis

from tests.faults.citizens import Citizen
from tests.faults.office import Inside
from tests.faults.whole import Whole, until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(400),
]

COUNT = 120
SECONDS = 4


def kill(system: Whole, *words: str) -> None:
    pid = next((p for word in words if (p := system.child(word))), None)
    assert pid is not None, f"no child named {words}"
    os.kill(pid, signal.SIGKILL)


def kill_a_sweeper(system: Whole, inside: Inside) -> None:
    kill(system, "sweeper")


def kill_the_worker(system: Whole, inside: Inside) -> None:
    kill(system, "jobs")


def empty_redis(system: Whole, inside: Inside) -> None:
    redis.Redis.from_url(inside.app.config["REDIS_URL"]).flushall()


def kill_valkey(system: Whole, inside: Inside) -> None:
    kill(system, "valkey", "redis-server")


def restart_postgres(system: Whole, inside: Inside) -> None:
    pid = system.child("postgres")
    assert pid is not None
    os.kill(pid, signal.SIGINT)


def kill_everything_below_the_parent(system: Whole, inside: Inside) -> None:
    for words in (("sweeper",), ("jobs",), ("gunicorn",), ("valkey", "redis-server")):
        kill(system, *words)


FAULTS = [
    kill_a_sweeper,
    kill_the_worker,
    empty_redis,
    kill_valkey,
    restart_postgres,
    kill_everything_below_the_parent,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_every_missed_promise_is_found_out_once_though_we(
    system: Whole, inside: Inside, fault: Callable[[Whole, Inside], None]
) -> None:
    tag = inside.promise(SECONDS)
    refs = inside.file(tag, COUNT)
    until(lambda: inside.some_are_late(refs), "the first missed promise")
    fault(system, inside)
    inside.wait_until_settled(refs)
    inside.check(refs)
    until(system.ready, "a system that is ready again")


def test_what_was_acknowledged_is_there_once_though_the_web_server_was_killed(
    system: Whole, inside: Inside
) -> None:
    citizens = [Citizen(system.port) for _ in range(8)]
    threads = [threading.Thread(target=c.file, args=(12,)) for c in citizens]
    for thread in threads:
        thread.start()
    for least in (10, 40):
        until(lambda n=least: sum(len(c.acknowledged) for c in citizens) >= n, "filings")
        kill(system, "gunicorn")
    for thread in threads:
        thread.join()
    keys = [key for c in citizens for key in c.acknowledged]
    assert len(keys) == 96
    assert inside.filed(keys) == (96, 96, 96)
