"""The sweeper: asks the database what is due, records it, sleeps until the next moment.

Any number of copies may run: each claims its batch with SKIP LOCKED and records it in the same
transaction, so a timer has one breach whatever dies. It needs no Redis. What follows from a breach
(notices, a raised priority) is a delivery row written with the event, carried out by RQ workers.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from core import clock, events
from core.canonical import Value, instant, parse_instant
from core.database import db, transaction
from core.events import Entry
from sla.kinds import TIMER_BREACHED, TIMER_STEPPED

log = logging.getLogger(__name__)

BATCH = 500

_CLAIM = text(
    """
    SELECT id, subject, metric, cycle, due_at, breached_at, plan,
           CASE WHEN plan <> '[]' THEN said END AS said
    FROM timers WHERE next_action_at < :now
    ORDER BY next_action_at LIMIT :batch
    FOR UPDATE SKIP LOCKED
    """
)

_STORE = text(
    """
    UPDATE timers t
    SET reading = v.reading, breached_at = v.breached_at, next_action_at = v.next_action_at,
        said = coalesce(v.said, t.said), plan = coalesce(v.plan, t.plan)
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS v(
        id bigint, reading text, breached_at timestamptz, said jsonb, plan jsonb,
        next_action_at timestamptz)
    WHERE t.id = v.id
    """
)

_NEXT = text("SELECT min(next_action_at) FROM timers WHERE next_action_at IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Came:
    """What came for one claimed timer."""

    values: dict[str, Any]
    entries: list[Entry]


def came(row: Row[Any], now: datetime) -> Came:
    """What a sweep at `now` finds out about a timer that wants to be looked at."""
    said, plan = dict(row.said or {}), list(row.plan)
    entries: list[Entry] = []
    data: dict[str, Value] = {"metric": row.metric, "cycle": row.cycle}
    while plan and parse_instant(plan[0][0]) < now:
        moment, name = plan.pop(0)
        said[name] = moment
        at = parse_instant(moment)
        entries.append(Entry(TIMER_STEPPED, row.subject, "system", at, {**data, "step": name}))
    breached_at = row.breached_at
    if breached_at is None and row.due_at is not None and row.due_at < now:
        breached_at = row.due_at
        entries.append(Entry(TIMER_BREACHED, row.subject, "system", row.due_at, data))
    moments = [parse_instant(plan[0][0])] if plan else []
    if breached_at is None and row.due_at is not None:
        moments.append(row.due_at)
    values: dict[str, Any] = {
        "id": row.id,
        "reading": "RUNNING" if breached_at is None else "BREACHED",
        "breached_at": instant(breached_at) if breached_at else None,
        "next_action_at": instant(min(moments)) if moments else None,
    }
    if len(plan) < len(row.plan):
        values |= {"said": said, "plan": plan}
    return Came(values, sorted(entries, key=lambda e: e.at))


def sweep_batch(now: datetime, batch: int = BATCH) -> int:
    """Claim and record one batch in one transaction; returns how many timers were claimed."""
    with transaction() as session:
        rows = session.execute(_CLAIM, {"now": now, "batch": batch}).all()
        if not rows:
            return 0
        found = [came(row, now) for row in rows]
        events.append([entry for one in found for entry in one.entries])
        session.execute(_STORE, {"rows": json.dumps([one.values for one in found])})
    return len(rows)


def sweep(now: datetime | None = None) -> int:
    """Record everything that is due by `now` (this moment if left out); returns how many."""
    at = now or clock.now()
    total = 0
    while claimed := sweep_batch(at):
        total += claimed
        if claimed < BATCH:
            break
    return total


def next_moment() -> datetime | None:
    """When the next timer wants to be looked at."""
    found: datetime | None = db.session.execute(_NEXT).scalar_one()
    return found


Chore = Callable[[datetime], int]
CHORES: dict[Chore, float] = {}


def chore(function: Chore, every: float = 1.0) -> Chore:
    """Register what else is due by the clock (closing, lapsing, mails to retry), each so many
    seconds by each copy."""
    CHORES.setdefault(function, every)
    return function
