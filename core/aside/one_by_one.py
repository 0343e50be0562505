"""A batch that failed, or that nobody brought to its end, is gone through one delivery at a time.

One bad delivery must not hold up other subjects: it is put back to be tried later, and what came
after it on the same subject waits behind it. After ten tries it is set aside, and they go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from rq.timeouts import JobTimeoutException
from sqlalchemy import text

from core.aside import faults
from core.aside.setting import set_aside
from core.database import transaction

log = logging.getLogger(__name__)

TRIES = 10  # the waits between them add up to a quarter of an hour
SUSPECT = 3  # so often begun in a batch without an end: whoever is at it may die of one of them

# Each is leased by itself, so that a worker that dies of one counts as a try of that one alone.
_TAKE_ONE = text(
    """
    WITH gate AS MATERIALIZED (
        SELECT pg_advisory_xact_lock(hashtextextended('outbox:' || :subscriber, 0))
    )
    UPDATE deliveries d
    SET leased_until = clock_timestamp() + make_interval(secs => :lease),
        attempts = least(attempts, 12) + 1
    FROM gate
    WHERE d.subscriber = :subscriber AND d.event_id = :id
      AND (d.leased_until IS NULL OR d.leased_until < clock_timestamp())
      AND NOT EXISTS (
          SELECT 1 FROM deliveries e WHERE e.subscriber = d.subscriber
          AND e.subject = d.subject AND e.event_id < d.event_id)
    RETURNING attempts
    """
)
# Tries are counted to 13 only: a larger power would end this statement and the whole subscriber.
_PUT_BACK = text(
    """
    UPDATE deliveries
    SET leased_until = clock_timestamp() + make_interval(secs => least(3600, power(2, attempts)))
    WHERE subscriber = :subscriber AND event_id = :id
    """
)
_RELEASE = text(
    """
    UPDATE deliveries SET leased_until = NULL, attempts = greatest(attempts - 1, :least)
    WHERE subscriber = :subscriber AND event_id = ANY(:ids)
    """
)


def release(subscriber: str, ids: Sequence[int], *, suspect: bool = False) -> None:
    """Give a batch back as if it had not been taken. `suspect`: one of these took all the time
    that there was, so that from now on they are tried one by one."""
    with transaction() as session:
        named = {"subscriber": subscriber, "ids": list(ids), "least": SUSPECT if suspect else 0}
        session.execute(_RELEASE, named)


def one_by_one(
    subscriber: str, ids: Sequence[int], lease: int, carry_out: Callable[[str, list[int]], int]
) -> int:
    """Carry out a leased batch one after another; returns how many were done. Raises
    JobTimeoutException if the worker's time is over."""
    release(subscriber, ids)
    done = 0
    for event_id in sorted(ids):
        with transaction() as session:
            named = {"subscriber": subscriber, "id": event_id, "lease": lease}
            tries = session.execute(_TAKE_ONE, named).scalar()
        if tries is None:
            continue  # it is done, somebody else has it, or an earlier one of its subject waits
        if tries > TRIES:
            _aside(subscriber, event_id, faults.UNFINISHED, "")
            continue
        try:
            done += carry_out(subscriber, [event_id])
        except JobTimeoutException as error:
            _failed(subscriber, event_id, tries, error)
            raise
        except Exception as error:
            log.exception("delivery of event %s to %s failed", event_id, subscriber)
            _failed(subscriber, event_id, tries, error)
    return done


def _failed(subscriber: str, event_id: int, tries: int, error: BaseException) -> None:
    if tries >= TRIES:
        _aside(subscriber, event_id, faults.code(error), faults.place(error))
        return
    with transaction() as session:
        session.execute(_PUT_BACK, {"subscriber": subscriber, "id": event_id})


def _aside(subscriber: str, event_id: int, error: str, place: str) -> None:
    with transaction():
        set_aside(subscriber, event_id, error, place)
    log.error("delivery of event %s to %s was set aside", event_id, subscriber)
