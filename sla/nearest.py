"""Of each subject the timer that is due next, as lists show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, String, any_, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on

from core.database import db
from sla.models import TimerRow


@dataclass(frozen=True, slots=True)
class Nearest:
    """A running timer as lists show it, by the names of its stored row."""

    target: dict[str, Any]
    calendar_id: int
    reading: str
    due_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None


_NEAREST = (
    select(
        TimerRow.subject, TimerRow.target, TimerRow.calendar_id, TimerRow.reading,
        TimerRow.due_at, TimerRow.paused_at, TimerRow.stopped_at, TimerRow.breached_at,
    )
    .where(TimerRow.subject == any_(bindparam("subjects", type_=ARRAY(String))))
    .where(TimerRow.stopped_at.is_(None), TimerRow.due_at.is_not(None))
    .ext(distinct_on(TimerRow.subject))
    .order_by(TimerRow.subject, TimerRow.due_at, TimerRow.id)
)  # fmt: skip


def nearest(subjects: Sequence[str]) -> dict[str, Nearest]:
    """Of each subject the timer that is due next, where one is; one statement."""
    rows = db.session.execute(_NEAREST, {"subjects": list(subjects)})
    return {row[0]: Nearest(*row[1:]) for row in rows}
