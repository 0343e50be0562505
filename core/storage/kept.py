"""Small tables kept in memory: read anew when they changed, and never out of date.

What a page or an act needs of the office's set-up (queues, topics, policies) is asked of the
database only after a change of it; each transaction compares marks in its opening statement.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Engine

from core.database import db
from core.storage.opening import WATCHED, Opening, opening

T = TypeVar("T")


def kept(*tables: str) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Decorate a function that reads a value from watched tables, those named and no others.

    What it returns is shared by all requests of the process, so nobody may change it. Raises
    ValueError for a table that nobody watches.
    """
    unknown = set(tables) - WATCHED
    if unknown or not tables:
        raise ValueError(f"Nobody watches {sorted(unknown)}.")

    def keep(read: Callable[[], T]) -> Callable[[], T]:
        holder = _Kept(tables, read)

        @functools.wraps(read)
        def as_it_is() -> T:
            return holder.now()

        return as_it_is

    return keep


class _Kept(Generic[T]):
    """A value and the marks under which it was read, one for each database of the process."""

    def __init__(self, tables: tuple[str, ...], read: Callable[[], T]) -> None:
        self.tables, self.read = tables, read
        self.values: weakref.WeakKeyDictionary[Engine, tuple[tuple[int, ...], T]] = (
            weakref.WeakKeyDictionary()
        )
        self.last: tuple[Opening, T] | None = None

    def now(self) -> T:
        """As this transaction sees it."""
        found, last = opening(), self.last
        if last is not None and last[0] is found:
            return last[1]
        seen, engine = tuple(found.marks[table] for table in self.tables), db.engine
        known = self.values.get(engine)
        if known is None or known[0] != seen:
            known = self.values[engine] = (seen, self.read())
        self.last = (found, known[1])
        return known[1]
