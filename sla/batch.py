"""Due dates for many timers at once, on arrays: recalculations and what-if runs.

Instants and lengths are int64 microseconds (instants since 1970), as in the rules; answers are
those of `Calendar` to the microsecond. Outside the rules because those use no package.
"""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from sla.rules.calendar import Calendar
from sla.rules.calendar_form import OutOfRange
from sla.rules.openings import LAST_YEAR, TOO_FAR, Openings

Micros = NDArray[np.int64]
NEVER = np.iinfo(np.int64).max
"""As a pause's beginning: there is none. As its end: it is still open. As a date: none yet."""

LONGEST = (LAST_YEAR - 1970) * 366 * 86_400 * 1_000_000


class Arrays:
    """One copy of a calendar's openings as numpy arrays."""

    def __init__(self, have: Openings) -> None:
        self.opens = np.array(have.opens, np.int64)
        self.ends = np.array(have.ends, np.int64)
        # Open time up to a moment is the moment less this where open, `ends` where closed.
        self.shut = np.array(have.closes, np.int64) - self.ends
        self.day_closes = np.array(have.day_closes, np.int64)
        self.day_until = np.array(have.day_until, np.int64)

    def done(self, at: Micros) -> Micros:
        """Open time of the arrays up to each moment."""
        if not len(self.opens):
            return np.zeros_like(at)
        i = np.searchsorted(self.opens, at, side="right") - 1
        found = np.minimum(at - self.shut[i], self.ends[i])
        found[i < 0] = 0
        return found


_made: WeakKeyDictionary[Openings, Arrays] = WeakKeyDictionary()


def _arrays(have: Openings) -> Arrays:
    found = _made.get(have)
    if found is None:
        found = _made[have] = Arrays(have)
    return found


def _around(calendar: Calendar, *moments: Micros) -> Openings:
    low, high = min(m.min() for m in moments), max(m.max() for m in moments)
    return calendar.hours.around(int(low), int(high))


def add(calendar: Calendar, at: Micros, span: Micros | int) -> Micros:
    """When `span` (more than zero) of open time after each moment is used up."""
    if not len(at):
        return at.copy()
    if np.min(span) <= 0:
        raise ValueError("Only lengths of more than zero are added in batches.")
    if np.max(span) > LONGEST:
        raise OutOfRange(TOO_FAR)
    have = _around(calendar, at)
    wanted = _arrays(have).done(at)
    wanted += span
    most = int(wanted.max())
    while not have.ends or most > have.ends[-1]:
        have = calendar.hours.later(have)  # grows at its end only, so `wanted` stays
    arrays = _arrays(have)
    wanted += arrays.shut[np.searchsorted(arrays.ends, wanted)]
    return wanted


def add_around(
    calendar: Calendar, at: Micros, span: Micros | int, pauses: Sequence[tuple[Micros, Micros]]
) -> Micros:
    """Like `add` around pauses: the k-th pair holds the k-th pause of every row.

    The pauses of a row are in order and do not overlap; NEVER as beginning fills up rows with
    fewer. The answer is NEVER where a pause without an end begins first.
    """
    now, left = at.copy(), np.broadcast_to(np.asarray(span, np.int64), at.shape).copy()
    due = add(calendar, now, left)
    for start, end in pauses:
        hit = np.flatnonzero((start < due) & (end > now) & (due != NEVER))
        begins = np.maximum(now[hit], start[hit])
        left[hit] -= elapsed(calendar, now[hit], begins)
        for_ever = end[hit] == NEVER
        due[hit[for_ever]] = NEVER
        goes_on = hit[~for_ever]
        now[goes_on] = end[goes_on]
        due[goes_on] = add(calendar, now[goes_on], left[goes_on])
    return due


def elapsed(calendar: Calendar, a: Micros, b: Micros) -> Micros:
    """Open time from each `a` to its `b`; none where `b` lies before `a`."""
    if not len(a):
        return a.copy()
    arrays = _arrays(_around(calendar, a, b))
    found: Micros = np.maximum(arrays.done(b) - arrays.done(a), 0)
    return found


def add_working_days(calendar: Calendar, at: Micros, n: Micros | int) -> Micros:
    """Closing time of the n-th working day after the day of receipt of each (no pauses)."""
    if not len(at):
        return at.copy()
    if np.min(n) <= 0:
        raise ValueError("A number of working days must be more than zero.")
    if np.max(n) > LAST_YEAR * 366:
        raise OutOfRange(TOO_FAR)
    have = _around(calendar, at)
    while not have.day_until or int(at.max()) > have.day_until[-1]:
        have = calendar.hours.later(have)
    index = np.searchsorted(_arrays(have).day_until, at) + n
    while int(index.max()) >= len(have.days):
        have = calendar.hours.later(have)
    found: Micros = _arrays(have).day_closes[index]
    return found
