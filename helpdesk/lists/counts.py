"""What stands beside a list: how many each view and queue holds, and what has just arrived.

One statement for all of it. The values stand in a WITH of their own, where the database does not
look at them when it plans: so one plan, made once, serves everybody. Each range is asked for in
the order of its index, so no statistics can make a walk through the whole table look shorter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from core.database import db
from core.i18n import number_words
from helpdesk.lists.arrivals import MARGIN, MOST_HAD, Seen
from helpdesk.models import AT_WORK
from helpdesk.setup.office import WorkList

MOST = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """`of`: view or queue ("3") to how many it holds, where counting stops at 1,001 a queue;
    `seen`: what a page made now has."""

    of: Mapping[str, int]
    seen: Seen


def _few(which: str, order: str) -> str:
    """How many of the queues' tickets are so, up to 1,001."""
    return f"""(SELECT count(*) FROM (
        SELECT FROM asked, unnest(asked.queues) queue, LATERAL (
            SELECT FROM tickets WHERE queue_id = queue AND {which}
            ORDER BY {order} LIMIT {MOST + 1}) one LIMIT {MOST + 1}) few)"""  # noqa: S608  # nosec B608 -- the words are ours


_ASK = text(
    f"""
    WITH asked AS MATERIALIZED (
        SELECT CAST(:queues AS integer[]) AS queues, CAST(:user AS bigint) AS person,
               CAST(:now AS timestamptz) AS now, CAST(:since AS timestamptz) AS since)
    SELECT ARRAY(SELECT (SELECT count(*) FROM (
            SELECT FROM tickets WHERE {AT_WORK} AND queue_id = queue
            ORDER BY next_due_at LIMIT {MOST + 1}) few)
        FROM asked, unnest(asked.queues) WITH ORDINALITY AS each(queue, n) ORDER BY n),
    (SELECT count(*) FROM (
        SELECT FROM asked, LATERAL (
            SELECT FROM tickets WHERE {AT_WORK} AND assignee_id = asked.person
                AND queue_id = ANY (asked.queues)
                AND (snoozed_until IS NULL OR snoozed_until <= asked.now)
            ORDER BY next_due_at LIMIT {MOST + 1}) one) few),
    {_few(f"{AT_WORK} AND assignee_id IS NULL", "next_due_at")},
    {_few(f"{AT_WORK} AND next_due_at < asked.now", "next_due_at")},
    {_few("status = 'PENDING'", "id")},
    ARRAY(SELECT one.id FROM asked, unnest(asked.queues) queue, LATERAL (
            SELECT id, arrived_at FROM tickets
            WHERE {AT_WORK} AND queue_id = queue AND arrived_at > asked.since
            ORDER BY arrived_at DESC LIMIT {MOST_HAD}) one
        ORDER BY one.arrived_at DESC LIMIT {MOST_HAD})
    """  # noqa: S608  # nosec B608 -- the words are ours
)


def read(user_id: int, queues: Sequence[WorkList], now: datetime) -> Counts:
    """For a page that somebody who reads these queues opens."""
    asked = {
        "queues": [queue.id for queue in queues],
        "user": user_id,
        "now": now,
        "since": now - MARGIN,
    }
    row = db.session.execute(_ASK, asked).one()
    lying, mine, unheld, late, waiting, arrived = row
    found = {str(queue.id): n for queue, n in zip(queues, lying, strict=True)}
    found |= {"saya": mine, "belum": unheld, "terlambat": late, "menunggu": waiting}
    return Counts(found | {"semua": sum(lying)}, Seen(now, tuple(arrived)))


def words(n: int) -> str:
    """1.000+ where counting stopped (1,000+ in English)."""
    return f"{number_words(MOST)}+" if n > MOST else number_words(n)
