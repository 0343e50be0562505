"""Whatever is killed, each promise that is missed is found out once, at its true moment.

Every case files tickets with a promise of a few seconds and breaks something just as they fall
due; afterwards the database must show one breach a timer, dated at its due date, and each
consequence once.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator

import pytest
import redis
from sqlalchemy import text

from core.database import db
from helpdesk.thread import hashed
from tests.faults.office import Inside
from tests.faults.whole import Whole, state_folder, until, whole

pytestmark = [
    pytest.mark.faults,
    pytest.mark.xdist_group("whole systems"),
    pytest.mark.timeout(400),
]

COUNT = 120
SECONDS = 4


@pytest.fixture(scope="module")
def system() -> Iterator[Whole]:
    with state_folder() as state, whole(state, SWEEPERS="2", LEASE_SECONDS="5") as started:
        yield started


@pytest.fixture(scope="module")
def inside(system: Whole) -> Inside:
    return Inside(system)


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


class Citizen:
    """A browser that sends the form, and sends it again with the same key if nothing came back."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.acknowledged: list[str] = []

    def file(self, count: int) -> None:
        for _ in range(count):
            self._file_one()

    def _file_one(self) -> None:
        form = self._form()
        if form is None:
            return
        token, key = form
        body = urllib.parse.urlencode(
            {"csrf_token": token, "key": key, "klass": "COMPLAINT", "text": "Kata-kata."}
        ).encode()
        for _ in range(40):
            try:
                with self.opener.open(f"{self.base}/lapor", body, timeout=20) as answer:
                    if answer.url.endswith("/lapor/terkirim"):
                        self.acknowledged.append(key)
                        return
            except (OSError, urllib.error.URLError, ConnectionError):
                threading.Event().wait(0.1)

    def _form(self) -> tuple[str, str] | None:
        for _ in range(60):
            try:
                page = self.opener.open(f"{self.base}/lapor", timeout=20).read().decode()
            except (OSError, urllib.error.URLError, ConnectionError):
                threading.Event().wait(0.1)
                continue
            token = re.search(r'name="csrf_token" value="([^"]+)"', page)
            key = re.search(r'name="key" value="([^"]+)"', page)
            assert token is not None
            assert key is not None
            return token.group(1), key.group(1)
        return None


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
    keys = [hashed(key) for c in citizens for key in c.acknowledged]
    assert len(keys) == 96
    with inside.look():
        found = db.session.execute(
            text(
                "SELECT count(*), count(DISTINCT idempotency_key) FROM tickets "
                "WHERE idempotency_key = ANY(:keys)"
            ),
            {"keys": keys},
        ).one()
        timers = db.session.execute(
            text(
                "SELECT count(DISTINCT t.subject) FROM timers t JOIN tickets k "
                "ON t.subject = 'ticket:' || k.id WHERE k.idempotency_key = ANY(:keys)"
            ),
            {"keys": keys},
        ).scalar_one()
    assert tuple(found) == (96, 96)
    assert timers == 96
