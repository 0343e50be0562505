"""Instants as whole microseconds, and spans of paused time that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.toordinal()
DAY = 86_400
MILLION = 1_000_000

Pause = tuple[datetime, datetime | None]
Pauses = Sequence[Pause]


def micros(at: datetime) -> int:
    """Microseconds since 1970. ValueError for a time without its zone."""
    if at.tzinfo is None:
        raise ValueError("A time needs its zone.")
    since = at - EPOCH
    return (since.days * DAY + since.seconds) * MILLION + since.microseconds


def instant(us: int) -> datetime:
    """The moment of so many microseconds since 1970. OverflowError beyond the year 9999."""
    return EPOCH + timedelta(microseconds=us)


def span_micros(span: timedelta) -> int:
    return (span.days * DAY + span.seconds) * MILLION + span.microseconds


def merged(pauses: Pauses) -> list[tuple[int, int | None]]:
    """Half-open pauses in microseconds, in order, joined where they touch or overlap."""
    found: list[tuple[int, int | None]] = []
    spans = [(micros(a), None if b is None else micros(b)) for a, b in pauses]
    for start, end in sorted(spans, key=lambda span: span[0]):
        if end is not None and end <= start:
            continue
        if found and (found[-1][1] is None or start <= found[-1][1]):
            last_start, last_end = found[-1]
            if last_end is not None and (end is None or end > last_end):
                found[-1] = (last_start, end)
        else:
            found.append((start, end))
    return found
