"""A log with seals for tests, and somebody who may do anything to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from flask import Flask
from sqlalchemy import text

from core import events
from core.database import db, transaction
from core.event_kinds import declare
from core.events import Entry
from core.progress import Progress
from core.running.throwaway import Servers
from core.seals import sealing
from core.seals.verifying import Verification

AT = datetime(2026, 11, 24, 3, 0, 0, 123456, tzinfo=UTC)
NOTED = declare("TEST_NOTED", needs="n")


def note(*numbers: int) -> list[int]:
    """Append one event for each number, in a transaction of their own."""
    with transaction():
        return append(*numbers)


def append(*numbers: int) -> list[int]:
    return events.append([Entry(NOTED, f"ticket:{n}", "system", AT, {"n": n}) for n in numbers])


def seal(batch: int = 3) -> int:
    """Seal what there is in small batches; returns how many events."""
    total = 0
    while sealed := sealing.seal_batch(AT, batch):
        total += sealed
    return total


def findings(*wanted: str) -> tuple[list[str], Verification]:
    run = Verification(Progress("events", 0), wanted)
    return list(run.findings()), run


def listed() -> list[int]:
    """The ids that all seals list, in their order."""
    from core.seals import form, log

    found = [ident for row in log.seals() for ident, _ in form.read(row.covers)]
    db.session.rollback()
    return found


@contextmanager
def intruder(app: Flask, servers: Servers) -> Iterator[psycopg.Connection]:
    """A superuser on the app's database for whom no trigger fires."""
    with app.app_context():
        name = db.engine.url.database or ""
    with servers.postgres.connect(name) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def newest_hash() -> str:
    found = db.session.execute(text("SELECT hash FROM seals ORDER BY number DESC LIMIT 1"))
    return bytes(found.scalar_one()).hex()
