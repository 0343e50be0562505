"""Durable deliveries: a row per (event, subscriber), written with the event, gone with its effect.

A batch is taken under a lease (60 s) and its effect is done in the same transaction that deletes
the rows; what a dead worker left over is handed out again when its lease is over. The order per
subject is kept: nothing of a subject is handed out while an earlier one is leased.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from rq.timeouts import JobTimeoutException
from sqlalchemy import BigInteger, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from core.aside.one_by_one import SUSPECT, one_by_one, release
from core.canonical import Value
from core.database import Base, db, transaction

log = logging.getLogger(__name__)

BATCH = 200


class Delivery(Base):
    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_subscriber_event", "subscriber", "event_id"),
        Index("ix_deliveries_order", "subscriber", "subject", "event_id"),
    )

    # Nobody can take an event away, so none is looked up for each of its deliveries.
    event_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subscriber: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    since: Mapped[datetime] = mapped_column(server_default=text("now()"))


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a subscriber gets it."""

    event_id: int
    at: datetime
    kind: str
    subject: str
    actor: str
    data: dict[str, Value]


Handler = Callable[[Sequence[Told]], None]
HANDLERS: dict[str, Handler] = {}


def handle(subscriber: str, handler: Handler) -> None:
    """Name the function that carries out the deliveries of `subscriber`, batch by batch."""
    HANDLERS[subscriber] = handler


# Takers of one subscriber queue up for this short statement, else a skipped locked row could let
# a later event of the same subject overtake it.
_TAKE = text(
    """
    WITH gate AS MATERIALIZED (
        SELECT pg_advisory_xact_lock(hashtextextended('outbox:' || :subscriber, 0))
    ), picked AS (
        SELECT d.event_id FROM gate, deliveries d
        WHERE d.subscriber = :subscriber
          AND (d.leased_until IS NULL OR d.leased_until < clock_timestamp())
          AND NOT EXISTS (
              SELECT 1 FROM deliveries e
              WHERE e.subscriber = d.subscriber AND e.subject = d.subject
                AND e.event_id < d.event_id AND e.leased_until >= clock_timestamp())
        ORDER BY d.event_id LIMIT :batch
    )
    UPDATE deliveries d
    SET leased_until = clock_timestamp() + make_interval(secs => :lease),
        attempts = least(attempts, 12) + 1
    FROM picked p
    WHERE d.event_id = p.event_id AND d.subscriber = :subscriber
    RETURNING d.event_id, d.attempts
    """
)

_READ = text(
    """
    SELECT e.id, e.at, e.kind, e.subject, e.actor, e.data
    FROM deliveries d JOIN events e ON e.id = d.event_id
    WHERE d.subscriber = :subscriber AND d.event_id = ANY(:ids)
    ORDER BY e.id FOR UPDATE OF d
    """
)

_DONE = text("DELETE FROM deliveries WHERE subscriber = :subscriber AND event_id = ANY(:ids)")
_WAITING = text(
    """
    SELECT DISTINCT subscriber FROM deliveries
    WHERE leased_until IS NULL OR leased_until < clock_timestamp()
    """
)


def lease() -> int:
    """Seconds for which a batch is held: 60, or what the settings say."""
    return int(current_app.config.get("LEASE_SECONDS", 60))


def take(subscriber: str, batch: int = BATCH) -> list[int]:
    """Lease the next deliveries in a transaction of its own; returns their event ids."""
    return sorted(_take(subscriber, batch))


def _take(subscriber: str, batch: int) -> dict[int, int]:
    """The same with how often each has been taken."""
    with transaction() as session:
        rows = session.execute(_TAKE, {"subscriber": subscriber, "batch": batch, "lease": lease()})
        return {row.event_id: row.attempts for row in rows}


def carry_out(subscriber: str, ids: Sequence[int]) -> int:
    """Do the effect and delete the rows in one transaction; returns how many were still owed.

    May run twice for the same ids: rows that another worker finished are not read again.
    """
    with transaction() as session:
        rows = session.execute(_READ, {"subscriber": subscriber, "ids": list(ids)}).all()
        told = [Told(r.id, r.at, r.kind, r.subject, r.actor, r.data) for r in rows]
        if told:
            HANDLERS[subscriber](told)
            session.execute(_DONE, {"subscriber": subscriber, "ids": [t.event_id for t in told]})
        return len(told)


def drain(subscriber: str, batch: int = BATCH) -> int:
    """Carry out all that waits for `subscriber` now; returns how many deliveries were done.

    A batch that was not full is the last: what came meanwhile has another wake of its own.
    """
    done, ids = 0, list(range(batch))
    while len(ids) == batch and (taken := _take(subscriber, batch)):
        ids = sorted(taken)
        if max(taken.values()) > SUSPECT:
            done += one_by_one(subscriber, ids, lease(), carry_out)
            continue
        try:
            done += carry_out(subscriber, ids)
        except JobTimeoutException:
            release(subscriber, ids, suspect=True)
            raise
        except Exception:
            log.exception("a batch of %s failed, going on one by one", subscriber)
            done += one_by_one(subscriber, ids, lease(), carry_out)
    return done


def waiting() -> list[str]:
    """Subscribers with deliveries that nobody holds."""
    return sorted(db.session.execute(_WAITING).scalars())
