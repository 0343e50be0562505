"""The one database: base model, aware times, and the only place that commits.

`with transaction():` belongs to entry points (views, jobs, commands). What must happen after the
commit (hints to screens, jobs to queue) is put on a list by `on_commit` and run once the commit
has returned, because SQLAlchemy allows no SQL inside its own after_commit hooks.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar

import psycopg
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import TIMESTAMP, Dialect, MetaData, TypeDecorator, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from core.storage.reading import READING, PageSession

log = logging.getLogger(__name__)

# Fixed names make migrations say the same thing on every machine.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """timestamptz that takes aware times only and gives back UTC."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("A time without its zone was about to be stored.")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every model inherits. Not `db.Model`, which type checkers cannot see through."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {datetime: UTCDateTime}


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": PageSession})

ASK_AFTER = 1.0  # seconds that a connection lay unused, after which it is asked if it still lives


@event.listens_for(Pool, "checkin")
def _laid_down(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["laid_down"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _still_there(connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
    """A question before every use would be one statement in seven of a filing."""
    if time.monotonic() - record.info.get("laid_down", -math.inf) < ASK_AFTER:
        return
    try:
        connection.autocommit = True
        connection.execute("SELECT 1")
        connection.autocommit = False
    except psycopg.Error as error:
        raise DisconnectionError from error


_CALLBACKS = "on_commit"
_UNDOING = "on_rollback"
_OPEN = "transaction_open"


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: commit at the end, roll back on any error, then run `on_commit` work."""
    session = db.session()
    if session.info.get(_OPEN):
        raise RuntimeError("Only the entry point opens a transaction.")
    if session.info.pop(READING, False):
        session.close()  # its connection was for reading
    session.info[_OPEN] = True
    asked = False  # for the commit; from then on only the database knows how it ends
    callbacks: list[Callable[[], None]] = []
    session.info[_CALLBACKS] = callbacks
    undoing: list[Callable[[], None]] = []
    session.info[_UNDOING] = undoing
    try:
        yield session
        asked = True
        session.commit()
    except BaseException:
        session.rollback()
        if not asked:
            _each(undoing, "work after a rollback failed")
        raise
    finally:
        for name in (_OPEN, _CALLBACKS, _UNDOING):
            session.info.pop(name, None)
    # The commit stands; what is told afterwards may be lost and is caught up otherwise.
    _each(callbacks, "work after the commit failed")


def _each(callbacks: list[Callable[[], None]], failed: str) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:
            log.exception(failed)


def let_go() -> None:
    """Give the connection back before something slow, so that others are served meanwhile.

    Raises RuntimeError in an open transaction, which would be torn apart by it.
    """
    session = db.session()
    if session.info.get(_OPEN):
        raise RuntimeError("Nothing slow is done with a transaction open.")
    session.rollback()


def only_reads() -> None:
    """Until a transaction is opened, this request's session reads (see core.storage.reading)."""
    db.session().info[READING] = True


def on_commit(callback: Callable[[], None]) -> None:
    """Run `callback` after the open transaction has committed; dropped on rollback."""
    callbacks = db.session().info.get(_CALLBACKS)
    if callbacks is None:
        raise RuntimeError("on_commit needs an open transaction.")
    callbacks.append(callback)


def on_rollback(callback: Callable[[], None]) -> None:
    """Run `callback` if the open transaction is given up before its commit is asked for.

    Not if the commit itself fails: its answer may be lost, and what was done for it be needed.
    """
    undoing = db.session().info.get(_UNDOING)
    if undoing is None:
        raise RuntimeError("on_rollback needs an open transaction.")
    undoing.append(callback)
