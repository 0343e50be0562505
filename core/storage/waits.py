"""How long a process waits for somebody's lock, and how that is told from an outage."""

from __future__ import annotations

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

_HELD_UP = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
)


def held_up(error: BaseException) -> bool:
    """True for a lock or a statement that took too long, or a deadlock: the database is there."""
    return isinstance(error, OperationalError) and isinstance(error.orig, _HELD_UP)


def short_waits(engine: Engine, seconds: float) -> None:
    """From now on this process's connections give up a lock after so many seconds."""

    def opened(connection: psycopg.Connection, record: object) -> None:
        before, connection.autocommit = connection.autocommit, True
        connection.execute(f"SET lock_timeout = {int(seconds * 1000)}".encode())
        connection.autocommit = before

    event.listen(engine, "connect", opened)
    engine.dispose()
