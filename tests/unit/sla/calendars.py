"""Random calendars around changes of clocks, for property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.unit.sla.reference import DAYS

# A zone, and a day near which its clocks change (Jakarta's never do).
PLACES = (
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour, both ways
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Cairo", date(2026, 4, 24)),  # at midnight
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Santiago", date(2026, 4, 4)),  # at midnight, the same hour twice
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
    ("Asia/Jakarta", date(2026, 12, 24)),
)


def _words(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def ranges(draw: st.DrawFn, most: int, grid: int) -> list[list[str]]:
    """Up to `most` openings of a day; some touch, some end at 24:00."""
    cuts = draw(st.lists(st.integers(0, 1440 // grid), max_size=2 * most, unique=True).map(sorted))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    found = [[_words(a * grid), _words(b * grid)] for a, b in pairs]
    if len(found) > 1 and draw(st.booleans()):
        found[1][0] = found[0][1]  # touching
    return found


@st.composite
def forms(draw: st.DrawFn, grid: int = 30) -> tuple[dict[str, Any], datetime]:
    """A calendar's form, and the beginning of the weeks to look at."""
    zone, day = draw(st.sampled_from(PLACES))
    some = ranges(2, grid)
    week = {name: draw(some) for name in DAYS}
    near = st.integers(-4, 6).map(lambda n: (day + timedelta(days=n)).isoformat())
    form = {
        "timezone": zone,
        "week": {name: found for name, found in week.items() if found},
        "holidays": draw(st.lists(near, max_size=2, unique=True)),
        "date_overrides": draw(st.dictionaries(near, ranges(3, grid), max_size=2)),
        "date_breaks": draw(st.dictionaries(near, ranges(2, grid), max_size=2)),
    }
    return form, datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=8)


@st.composite
def pauses(draw: st.DrawFn, first: datetime, steps: int, unit: timedelta) -> list[Any]:
    """Up to three, in any order, overlapping or not, some empty, some without an end."""
    moment = st.integers(0, steps).map(lambda n: first + n * unit)
    found = []
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted((draw(moment), draw(moment)))
        found.append((start, draw(st.sampled_from((end, end, end, None)))))
    return found
