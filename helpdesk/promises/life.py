"""A ticket's life as one band: from its receipt to its nearest date, or to now once that is past.

Office hours that went by are drawn full, closed hours hatched, waiting and lateness in their own
tones. Everything on the band is a percentage of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.events import Event
from core.i18n import compact_words, gettext, time_words
from helpdesk.models import Ticket
from helpdesk.promises.timers import base_of_row, state_of
from helpdesk.wording.labels import metric_words
from sla import tracking
from sla.models import TimerRow
from sla.rules.calendar import Calendar
from sla.rules.policy import Metric

MOST = 80  # openings; of a longer life they would be thinner than a hair

Span = tuple[datetime, datetime]


def band(
    ticket: Ticket, rows: Sequence[TimerRow], now: datetime, log: Sequence[Event] | None = None
) -> dict[str, Any] | None:
    """What components/life.html draws; None where nothing runs towards a date. `log`: the whole
    one of the ticket, if it has been read."""
    running = [r for r in rows if r.stopped_at is None and r.due_at is not None]
    if not running:
        return None
    row = min(running, key=lambda r: r.due_at or now)
    start, due = row.started_at, row.due_at
    if due is None or start >= max(due, now):
        return None
    end = max(due, now)

    def place(at: datetime) -> float:
        return round(100 * (at - start) / (end - start), 2)

    def part(kind: str, span: Span) -> dict[str, Any]:
        return {"kind": kind, "from": place(span[0]), "to": place(span[1])}

    past = min(due, now)
    parts = [part(kind, span) for kind, span in _hours(row, start, past)]
    parts += [part("wait", span) for span in _waits(ticket, row, past, log)]
    if now > due:
        parts.append(part("over", (due, now)))
    what = metric_words(row.metric)
    received, last = compact_words(start, now), compact_words(due, now)
    return {
        "parts": parts,
        "now": place(now),
        "now_words": gettext("Now %(time)s", time=time_words(now)),
        "due": place(due),
        "ends": [
            gettext("Received %(when)s", when=received),
            gettext("%(what)s: %(when)s", what=what, when=last),
        ],
        "label": gettext(
            "From %(start)s to %(end)s, the date of: %(what)s.",
            start=received,
            end=last,
            what=what.lower(),
        ),
        "state": state_of(row, now),
    }


def _hours(row: TimerRow, start: datetime, end: datetime) -> list[tuple[str, Span]]:
    """Open and closed hours from one moment to another, in their order."""
    base = base_of_row(row)
    if not isinstance(base, Calendar) or start >= end:
        return [("open", (start, end))]
    spans = list(base.openings(start, end))
    if len(spans) > MOST:
        return [("open", (start, end))]
    found: list[tuple[str, Span]] = []
    at = start
    for opens, closes in [*spans, (end, end)]:
        if opens > at:
            found.append(("closed", (at, opens)))
        if closes > opens:
            found.append(("open", (opens, closes)))
        at = closes
    return found


def _waits(ticket: Ticket, row: TimerRow, end: datetime, log: Sequence[Event] | None) -> list[Span]:
    """When the time stood still; only settlement's does."""
    if row.metric != Metric.RESOLUTION:
        return []
    timer = tracking.folded(ticket.ref, log).current(Metric.RESOLUTION)
    pauses = timer.pauses if timer is not None else ()
    return [(a, min(b or end, end)) for a, b in pauses if row.started_at <= a < end]
