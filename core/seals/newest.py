"""What a page shows of the seals: the newest one, and how many events wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from core.database import db

MANY = 100_000  # as many as are counted of those that wait

_NEWEST = text(
    f"""
    SELECT s.number, s.epoch, s.at, s.hash, s.count AS covers, w.waiting,
           s.last_xid >= pg_snapshot_xmax(pg_current_snapshot()) AS ahead
    FROM (SELECT) always
    LEFT JOIN (SELECT * FROM seals ORDER BY number DESC LIMIT 1) s ON true
    CROSS JOIN LATERAL (
        SELECT count(*) AS waiting FROM (
            SELECT FROM events e
            WHERE (e.xid, e.id) > (coalesce(s.last_xid, '0'), coalesce(s.last_id, 0))
              AND e.id > coalesce(s.floor_id, 0)
            LIMIT {MANY}) found) w
    """  # nosec B608 -- a number of ours
)


@dataclass(frozen=True, slots=True)
class Newest:
    """A seal as it is shown: its hash in hexadecimal; `restored`: it lies ahead of this server."""

    number: int
    epoch: int
    at: datetime
    hash: str
    covers: int
    restored: bool


def newest() -> tuple[Newest | None, int]:
    """The newest seal, if there is any, and how many events wait, `MANY` at most: one statement."""
    row = db.session.execute(_NEWEST).one()
    if row.number is None:
        return None, row.waiting
    found = Newest(row.number, row.epoch, row.at, bytes(row.hash).hex(), row.covers, row.ahead)
    return found, row.waiting
