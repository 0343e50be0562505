"""The whole log as a stream, in the order in which it is sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from core import canonical
from core.database import db
from core.seals.form import Place

STEP = 5_000
NO_CEILING = 2**63 - 1

# The lowest floor is no floor: a row that was slipped in below every id is seen too. In the order
# of the column itself: by the number that is read out, all would be sorted for each step.
_EVENTS = text(
    """
    SELECT CAST(CAST(xid AS text) AS bigint) AS xid, id, at, kind, subject, actor, visibility, data,
           digest, format, xid >= pg_snapshot_xmax(pg_current_snapshot()) AS ahead
    FROM events
    WHERE (xid, id) > (CAST(CAST(:xid AS text) AS xid8), CAST(:id AS bigint))
      AND id > :floor AND id <= :ceiling
    ORDER BY events.xid, id LIMIT :step
    """
)
_SEALS = text(
    """
    SELECT number, at, epoch, floor_id, CAST(CAST(last_xid AS text) AS bigint) AS xid, last_id,
           count AS events, covers, before, hash
    FROM seals WHERE number > :after ORDER BY number LIMIT :step
    """
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the log; `right`: its digest is that of its values; `ahead`: of a transaction
    that this server has not had yet."""

    xid: int
    id: int
    kind: str
    subject: str
    data: Mapping[str, Any]
    digest: bytes
    right: bool
    ahead: bool


def events(floor: int, ceiling: int) -> Iterator[list[Line]]:
    """Those with ids above the floor and up to the ceiling, in the log's order, in batches."""
    xid, ident = 0, -NO_CEILING
    while True:
        asked = {"xid": xid, "id": ident, "floor": floor, "ceiling": ceiling, "step": STEP}
        rows = db.session.execute(_EVENTS, asked).all()
        if not rows:
            return
        yield [_line(row) for row in rows]
        xid, ident = rows[-1].xid, rows[-1].id


def _line(row: Any) -> Line:
    digest = bytes(row.digest)
    at: datetime = row.at
    known = row.format == canonical.FORMAT
    right = known and digest == canonical.digest(
        at=at,
        kind=row.kind,
        subject=row.subject,
        actor=row.actor,
        visibility=row.visibility,
        data=row.data,
        form=row.format,
    )
    return Line(row.xid, row.id, row.kind, row.subject, row.data, digest, right, row.ahead)


@dataclass(frozen=True, slots=True)
class Row:
    """One stored seal."""

    number: int
    at: datetime
    place: Place
    count: int
    covers: bytes
    before: bytes
    hash: bytes


def seals() -> Iterator[Row]:
    """Every seal in order, a few at a time: a list may be some hundred kilobytes."""
    after = -NO_CEILING
    while rows := db.session.execute(_SEALS, {"after": after, "step": 50}).all():
        for r in rows:
            place = Place(r.epoch, r.floor_id, r.xid, r.last_id)
            listed, before, found = bytes(r.covers), bytes(r.before), bytes(r.hash)
            yield Row(r.number, r.at, place, r.events, listed, before, found)
        after = rows[-1].number


def floors() -> list[int]:
    """The floors of all epochs, in order; what was sealed under one has ids up to the next."""
    rows = db.session.execute(text("SELECT DISTINCT floor_id FROM seals ORDER BY floor_id"))
    return list(rows.scalars()) or [0]


def sealed() -> int:
    """How many events the seals say they cover."""
    asked = text("SELECT coalesce(sum(count), 0) FROM seals")
    return int(db.session.execute(asked).scalar_one())
