"""How much of its pause budget a ticket has used, for the page of the ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.events import Event
from helpdesk.patterns import sizes
from helpdesk.patterns.labels import budget_fact
from helpdesk.rules.patterns import Line
from helpdesk.rules.waiting import spent
from sla import book
from sla.models import TimerRow


def facts(log: Sequence[Event], timers: Sequence[TimerRow], now: datetime) -> list[dict[str, Any]]:
    """A line, once it has waited; asks the database nothing more. `log`: the ticket's whole one."""
    if not timers:
        return []
    lines = [Line(e.id, e.kind, e.actor, e.at, e.data) for e in log if "status" in e.data]
    calendar = book.current().calendar(timers[-1].calendar_id)
    used = spent(lines, calendar, now)
    return [budget_fact(used, sizes.current())] if used.times else []
