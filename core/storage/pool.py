"""Database connections of a process, and how many may wait for one.

Whoever could not be served within the time that a connection is waited for is told so at once (the
page says 503 and when to come again) instead of at its end: a line that long only grows.
"""

from __future__ import annotations

from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

# A page has its connection for some 10 ms, so this many for each of them wait for a second or two.
WAITING_EACH = 20


class ShortLine(QueuePool):
    """A pool whose waiting line has an end."""

    waiting = 0  # also counts those that are being served; greenlets change it one at a time

    def _do_get(self) -> ConnectionPoolEntry:
        if self.waiting >= self.size() * WAITING_EACH:
            raise PoolTimeout("The line for a database connection is too long.")
        self.waiting += 1
        try:
            return super()._do_get()
        finally:
            self.waiting -= 1
