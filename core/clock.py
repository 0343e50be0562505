"""The only source of "now": the database's clock, so that every process agrees.

Durations that only this process sees use `time.monotonic()` where they are needed; nothing else
reads a clock (a lint rule bans it).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, text

from core.database import UTCDateTime, db
from core.storage.opening import MOMENT, opening

_moved: MovableClock | None = None


class MovableClock:
    """A clock for tests and for replaying worked examples: it stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def move_to(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def forward(self, span: timedelta) -> None:
        self.at += span


def now() -> datetime:
    """This moment, aware, in UTC, by the database's clock (inside a transaction it still runs)."""
    if _moved is not None:
        return _moved.at
    moment: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


def opened() -> datetime:
    """When this transaction asked first: the moment of a page, which need not be asked again.

    An act takes `now()` after its lock instead.
    """
    return _moved.at if _moved is not None else opening().at


def opened_sql() -> ColumnElement[datetime]:
    """`opened()` within a statement that asks for the opening too (core.storage.opening)."""
    return func.coalesce(bindparam("moved", type_=UTCDateTime()), MOMENT)


def moved() -> datetime | None:
    """Where a movable clock stands, for the parameter "moved" of such a statement."""
    return _moved.at if _moved is not None else None


@contextmanager
def movable(at: datetime) -> Iterator[MovableClock]:
    """Put a movable clock in place of the database's for the while."""
    global _moved
    before, _moved = _moved, MovableClock(at)
    try:
        yield _moved
    finally:
        _moved = before
