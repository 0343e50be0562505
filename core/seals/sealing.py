"""The sealer: lists committed events in the order of the log, and chains the lists by hashes.

It works after the commit and beside the writers, so nobody who files waits for it. One works at a
time (an advisory lock), in batches; a sealer that dies leaves no half of a seal, and the next goes
on where the last whole one ends.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import transaction
from core.seals import form
from core.seals.form import Place, Stamp

log = logging.getLogger(__name__)

BATCH = 5_000
LONGEST = 0.2  # seconds that a round may keep the sweeper from its deadlines
TURN = 7_427_002  # any fixed number: sealers take turns

_LAST = text(
    """
    SELECT number, epoch, floor_id, CAST(CAST(last_xid AS text) AS bigint) AS xid, last_id, hash,
           last_xid >= pg_snapshot_xmax(pg_current_snapshot()) AS ahead
    FROM seals ORDER BY number DESC LIMIT 1
    """
)


def _following(settled: str) -> Any:
    """The events after a place, in the order of the log, as one row with their list."""
    return text(
        f"""
        SELECT CAST(CAST(max(xid) AS text) AS bigint) AS xid,
               string_agg(int8send(id) || digest, '' ORDER BY xid, id) AS covers
        FROM (
            SELECT xid, id, digest FROM events
            WHERE (xid, id) > (CAST(CAST(:xid AS text) AS xid8), CAST(:id AS bigint))
              AND id > :floor AND {settled}
            ORDER BY xid, id LIMIT :batch) e
        """  # nosec B608 -- all words are ours
    )


# Ids commit out of order; whatever is below the oldest running transaction is there for good.
_SETTLED = _following("xid < pg_snapshot_xmin(pg_current_snapshot())")
_ALL = _following("true")

_ADD = text(
    """
    INSERT INTO seals (number, at, epoch, floor_id, last_xid, last_id, count, covers, before, hash)
    VALUES (:number, :at, :epoch, :floor, CAST(CAST(:xid AS text) AS xid8), :id, :count, :covers,
            :before, :hash)
    """
)


class Restored(Exception):
    """The database came from another server, and no new epoch was begun."""

    def __init__(self) -> None:
        super().__init__(
            "This database was restored and its seals end in the future of this server. "
            "Begin a new epoch: flask --app app seals new-epoch"
        )


_told_of_restore = False


def seal(now: datetime) -> int:
    """A chore of the sweeper: seal what was committed; returns how many events."""
    global _told_of_restore
    began, total = time.monotonic(), 0
    try:
        while sealed := seal_batch(now):
            total += sealed
            if sealed < BATCH or time.monotonic() - began > LONGEST:
                break
    except Restored as error:
        if not _told_of_restore:
            log.error("%s", error)
            _told_of_restore = True
    return total


def seal_batch(now: datetime, batch: int = BATCH) -> int:
    """One seal over at most `batch` events in one transaction; returns how many (none: no seal).

    Raises Restored where the last seal's transaction has not been yet on this server.
    """
    with transaction() as session:
        if not session.execute(text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": TURN}).scalar():
            return 0
        number, place, before, ahead = _last(session)
        if ahead:
            raise Restored
        found = _next(session, _SETTLED, place, batch)
        if found is None:
            return 0
        covers, after = found
        count = len(covers) // form.ENTRY.size
        _add(session, Stamp(number + 1, now, after, count, before), covers)
    return count


def new_epoch(now: datetime) -> int:
    """Say aloud that this database was restored; returns the new epoch's number.

    What came along and had no seal is sealed in it first. Call in a transaction. Waits for those
    who are just adding to the log, so that every id handed out so far is in or never comes.
    """
    from core.database import db

    session = db.session()
    session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": TURN})
    session.execute(text("SELECT hold_the_log()"))
    number, old, before, _ = _last(session)
    place = Place(old.epoch + 1, old.floor, old.xid, old.id)
    while (found := _next(session, _ALL, place, BATCH)) is not None:
        covers, place = found
        number += 1
        stamp = Stamp(number, now, place, len(covers) // form.ENTRY.size, before)
        before = _add(session, stamp, covers)
    floor = session.execute(text("SELECT coalesce(max(id), 0) FROM events")).scalar_one()
    _add(session, Stamp(number + 1, now, Place(place.epoch, floor), 0, before), b"")
    return place.epoch


def _last(session: Session) -> tuple[int, Place, bytes, bool]:
    """The newest seal's number, place and hash, and whether it lies ahead of this server."""
    row = session.execute(_LAST).one_or_none()
    if row is None:
        return 0, Place(), form.NONE_BEFORE, False
    return row.number, Place(row.epoch, row.floor_id, row.xid, row.last_id), row.hash, row.ahead


def _next(session: Session, asked: Any, at: Place, batch: int) -> tuple[bytes, Place] | None:
    wanted = {"xid": at.xid, "id": at.id, "floor": at.floor, "batch": batch}
    row = session.execute(asked, wanted).one()
    if row.xid is None:
        return None
    last_id = form.ENTRY.unpack_from(row.covers, len(row.covers) - form.ENTRY.size)[0]
    return bytes(row.covers), Place(at.epoch, at.floor, row.xid, last_id)


def _add(session: Session, stamp: Stamp, covers: bytes) -> bytes:
    place, found = stamp.place, stamp.hash(covers)
    values = {
        "number": stamp.number,
        "at": stamp.at,
        "epoch": place.epoch,
        "floor": place.floor,
        "xid": place.xid,
        "id": place.id,
        "count": stamp.count,
        "covers": covers,
        "before": stamp.before,
        "hash": found,
    }
    session.execute(_ADD, values)
    return found
