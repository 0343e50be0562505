"""Working days (promises, section 2): received on which, due at the closing of which.

A day counts when no pause stands at its closing; the day of receipt is never counted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from sla.rules.calendar_form import OutOfRange
from sla.rules.hours import Hours
from sla.rules.openings import FIRST_YEAR, LAST_YEAR, TOO_FAR, Openings

Spans = list[tuple[int, int | None]]


def receipt(hours: Hours, us: int) -> tuple[Openings, int]:
    """The arrays, and the index in `days` of the working day on which it counts as received."""
    have = hours.around(us)
    while (i := bisect_left(have.day_until, us)) == len(have.days):
        have = hours.later(have)
    return have, i


def closing_after(hours: Hours, us: int, n: int, pauses: Spans) -> int | None:
    """The closing of the n-th counted working day; None if a pause without an end comes first.

    `pauses` are merged. Raises ValueError for n <= 0, and OutOfRange for a day too far away or a
    calendar with fewer days left, whatever its pauses.
    """
    if n <= 0:
        raise ValueError("A number of working days must be more than zero.")
    if n > (LAST_YEAR - FIRST_YEAR) * 366:
        raise OutOfRange(TOO_FAR)
    have, i = receipt(hours, us)
    i += 1  # the first day that may count
    for start, end in pauses:
        while start > have.day_closes[-1] and i + n > len(have.days):
            have = hours.later(have)  # grows at its end only, so indexes stay
        free = bisect_left(have.day_closes, start) - i
        if free >= n:
            break
        if end is None:
            return None
        n -= max(0, free)
        while end > have.day_closes[-1]:
            have = hours.later(have)
        i = max(i, bisect_left(have.day_closes, end))
    while i + n > len(have.days):
        have = hours.later(have)
    return have.day_closes[i + n - 1]


def counted(hours: Hours, us: int, until: int, pauses: Spans) -> int:
    """Counted closings after the day of receipt, up to and at a moment."""
    if until <= us:
        return 0
    have = hours.around(us, until)
    first = bisect_left(have.day_until, us) + 1
    last = bisect_right(have.day_closes, until)
    used = max(0, last - first)
    for start, end in pauses:
        low = max(first, bisect_left(have.day_closes, start))
        high = last if end is None else min(last, bisect_left(have.day_closes, end))
        used -= max(0, high - low)
    return used
