"""The sealer: every committed event is sealed once, whoever dies, waits or works beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from core.database import db, transaction
from core.running.throwaway import Servers
from core.seals import sealing
from tests.counting import statements
from tests.integration.core.sealed import AT, append, findings, intruder, listed, note, seal

ROOT = Path(__file__).parents[3]


@pytest.fixture
def house(committed_app: Flask) -> Iterator[Flask]:
    with committed_app.app_context():
        yield committed_app


def test_what_is_committed_is_sealed_in_batches_and_the_seals_are_chained(house: Flask) -> None:
    ids = note(*range(1, 8))
    assert seal(3) == 7
    assert listed() == ids
    found = db.session.execute(text("SELECT count, before, hash FROM seals ORDER BY number")).all()
    assert [row[0] for row in found] == [3, 3, 1]
    assert [row.before for row in found] == [bytes(32), found[0].hash, found[1].hash]
    assert seal() == 0


def test_events_that_commit_out_of_order_are_all_sealed_once(house: Flask) -> None:
    """A slow writer holds an older id and an older transaction while others commit."""
    inside, go_on = threading.Event(), threading.Event()
    slow: list[int] = []

    def write_slowly() -> None:
        with house.app_context(), transaction():
            slow.extend(append(1))
            inside.set()
            go_on.wait(20)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert inside.wait(20)
    fast = note(2, 3)
    assert seal() == 0  # they began after the slow one, so they wait for it
    assert findings()[1].waiting == 2
    go_on.set()
    writer.join()
    assert seal() == 3
    assert listed() == [*slow, *fast]
    assert findings()[0] == []


def test_an_older_id_that_a_younger_transaction_commits_is_not_passed_over(house: Flask) -> None:
    """Ids are drawn before the row's transaction has its number, so both orders occur."""
    with db.engine.connect() as first, db.engine.connect() as second:
        insert = text(
            "INSERT INTO events (at, kind, subject, actor, visibility, data, digest, format)"
            " VALUES (now(), 'X', 'ticket:1', 'system', 'STAFF', '{}', '', 1) RETURNING id"
        )
        first.execute(text("SELECT pg_current_xact_id()"))
        young = second.execute(text("SELECT pg_current_xact_id()")) and second.execute(insert)
        young_id = young.scalar_one()
        old_id = first.execute(insert).scalar_one()
        second.commit()
        assert seal() == 0
        first.commit()
    assert young_id < old_id
    place = db.session.execute(
        text("SELECT array_agg(id ORDER BY xid, id) FROM events WHERE kind = 'X'")
    ).scalar_one()
    assert place == [old_id, young_id]


def test_two_sealers_at_once_seal_everything_once(house: Flask) -> None:
    note(*range(1, 101))

    def work() -> None:
        with house.app_context():
            for _ in range(60):
                sealing.seal_batch(AT, 3)

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for n in range(101, 121):
        note(n)
    for one in both:
        one.join()
    seal()
    assert len(listed()) == len(set(listed())) == 120
    assert findings()[0] == []


def test_a_sealer_that_is_killed_leaves_no_half_of_a_seal(house: Flask, servers: Servers) -> None:
    ids = note(*range(1, 5))
    code = (
        "import os, sys\n"
        "from app import create_app\n"
        "from core.seals import sealing\n"
        "from tests.integration.core.sealed import AT\n"
        "with create_app().app_context():\n"
        "    added = sealing._add\n"
        "    def stuck(*them):\n"
        "        added(*them)\n"
        "        print('in', flush=True)\n"
        "        sys.stdin.read()\n"
        "    sealing._add = stuck\n"
        "    sealing.seal_batch(AT)\n"
    )
    settings = servers.settings(db.engine.url.database or "")
    env = {
        **os.environ,
        "ENV": "test",
        "STATE_DIR": str(settings.state_dir),
        "DATABASE_URL": settings.database_url or "",
        "REDIS_URL": settings.redis_url or "",
        "PYTHONPATH": str(ROOT),
    }
    sealer = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert sealer.stdout is not None and sealer.stdout.readline() == "in\n"
    assert sealing.seal_batch(AT) == 0  # the other one holds the lock
    sealer.send_signal(signal.SIGKILL)
    sealer.wait()
    until = time.monotonic() + 20
    while not sealing.seal_batch(AT) and time.monotonic() < until:
        time.sleep(0.05)  # the server notices that its client is gone
    assert listed() == ids
    assert findings()[0] == []


@pytest.mark.parametrize("events", [3, 3000])
def test_a_seal_takes_four_statements_whatever_it_covers_and_an_idle_look_three(
    house: Flask, events: int
) -> None:
    note(*range(1, events + 1))
    with statements() as sent:
        assert sealing.seal_batch(AT) == events
    assert len(sent) == 4
    with statements() as sent:
        assert sealing.seal_batch(AT) == 0
    assert len(sent) == 3


@pytest.mark.parametrize(
    "statement", ["UPDATE seals SET epoch = 9", "DELETE FROM seals", "TRUNCATE seals"]
)
@pytest.mark.parametrize("role", ["application", "owner"])
def test_nobody_changes_a_seal(house: Flask, servers: Servers, statement: str, role: str) -> None:
    note(1)
    seal()
    settings = servers.settings(db.engine.url.database or "")
    named = {"application": settings.database_url, "owner": settings.database_owner_url}
    engine = create_engine(named[role] or "")
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert findings()[0] == []


def test_a_restored_database_goes_on_in_a_new_epoch(house: Flask, servers: Servers) -> None:
    """As after a restore: transactions of the log that this server has yet to reach."""
    sealed, left = note(1, 2), None
    with intruder(house, servers) as other:
        other.execute("UPDATE events SET xid = '4000000000'")
        # The other server sealed these; here its newest seal lies in the future.
        with transaction() as session:
            session.execute(text("SELECT hold_the_log()"))
            place = sealing.Place(xid=4_000_000_000, id=sealed[-1])
            covers = session.execute(
                text("SELECT string_agg(int8send(id) || digest, '' ORDER BY id) FROM events")
            ).scalar_one()
            stamp = sealing.Stamp(1, AT, place, 2)
            sealing._add(session, stamp, bytes(covers))
        left = note(3)
        other.execute("UPDATE events SET xid = '4000000001' WHERE id = %s", left)
    with pytest.raises(sealing.Restored, match="new-epoch"):
        sealing.seal_batch(AT)
    assert sealing.seal(AT) == 0
    with transaction():
        assert sealing.new_epoch(AT) == 2
    fresh = note(4)
    assert seal() == 1
    assert listed() == [*sealed, *left, *fresh]
    wrong, run = findings()
    assert (wrong, run.waiting, run.sealed) == ([], 0, 4)
    epochs = db.session.execute(text("SELECT epoch FROM seals ORDER BY number")).scalars().all()
    assert epochs == [1, 2, 2, 2]


def test_an_epoch_may_begin_before_anything_happened_and_twice(house: Flask) -> None:
    with transaction():
        assert sealing.new_epoch(AT) == 2
    with transaction():
        assert sealing.new_epoch(AT) == 3
    note(1)
    assert seal() == 1
    assert findings()[0] == []
