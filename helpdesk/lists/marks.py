"""Marks of what a page shows: an open page that knows another mark has missed something.

A mark says only "the same" or "not the same". It holds a count beside the newest number, because
numbers are given before the commit and may come to light out of order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from core.database import db
from core.event_kinds import Visibility
from core.events import Event


def of_ticket(ref: str, *, public: bool) -> str:
    """Of what happened to a ticket, as its citizen (`public`) or the office sees it."""
    wanted = select(func.count(), func.coalesce(func.max(Event.id), 0)).where(Event.subject == ref)
    if public:
        wanted = wanted.where(Event.visibility == Visibility.PUBLIC.value)
    count, newest = db.session.execute(wanted).one()
    return f"{newest}.{count}"


def of_log(log: Sequence[Event]) -> str:
    """The office's mark of a ticket whose whole log has been read."""
    return f"{max((one.id for one in log), default=0)}.{len(log)}"


def of_rows(rows: Iterable[object]) -> str:
    """Of the rows of a list, in their order."""
    whole = "\n".join(repr(tuple(row)) for row in rows)  # type: ignore[arg-type]
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
