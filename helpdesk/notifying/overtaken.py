"""Warnings that come too late: no sweeper or worker ran at their moment, and the date is past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, column, func, select, values
from sqlalchemy.types import BigInteger, Integer

from core.database import UTCDateTime, db
from core.outbox import Told
from sla.kinds import TIMER_STEPPED
from sla.models import TimerRow


def overtaken(told: Sequence[Told], now: datetime) -> set[int]:
    """The events among these that warn of a date which is past at `now`, by id.

    What was planned for after the date is no warning, and is told however late it comes.
    """
    rows = [
        (one.event_id, one.subject, one.data["metric"], one.data["cycle"], one.at)
        for one in told
        if one.kind == TIMER_STEPPED.name
    ]
    if not rows:
        return set()
    said = values(
        column("event_id", BigInteger),
        column("subject", String),
        column("metric", String),
        column("cycle", Integer),
        column("at", UTCDateTime),
        name="said",
    ).data(rows)
    due = func.coalesce(TimerRow.breached_at, TimerRow.due_at)
    found = select(said.c.event_id).where(
        TimerRow.subject == said.c.subject,
        TimerRow.metric == said.c.metric,
        TimerRow.cycle == said.c.cycle,
        due < now,
        said.c.at <= due,
    )
    return set(db.session.scalars(found))
