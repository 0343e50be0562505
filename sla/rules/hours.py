"""Open time in microseconds: added, taken back and measured on arrays that grow on demand.

Each method works on one copy of the arrays from its first line to its last, so that another
thread may put a longer copy in place meanwhile.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from sla.rules.calendar_form import Form, OutOfRange
from sla.rules.interval import instant
from sla.rules.openings import FIRST_YEAR, LAST_YEAR, TOO_FAR, Openings

LONGEST_YEAR = 366 * 86_400 * 1_000_000


class Hours:
    """The open time of one calendar."""

    __slots__ = ("_held", "form")

    def __init__(self, form: Form) -> None:
        self.form = form
        self._held: Openings | None = None

    # -- the arrays --------------------------------------------------------------------------

    def around(self, us: int, also: int | None = None) -> Openings:
        """Arrays that hold for a moment, or for two. OutOfRange if either is too far away."""
        have, far = self._held, us if also is None else also
        if have is None or not (have.start <= us < have.end and have.start <= far < have.end):
            have = self._reach(_year(min(us, far)), _year(max(us, far)))
        return have

    def _reach(self, low: int, high: int) -> Openings:
        if low - 1 < FIRST_YEAR or high + 1 > LAST_YEAR:
            raise OutOfRange(TOO_FAR)
        first, last = low - 1, high + 2
        if self._held is not None:
            first, last = min(first, self._held.first), max(last, self._held.last)
        return self._hold(first, min(last, LAST_YEAR))

    def later(self, have: Openings) -> Openings:
        """The arrays with as many years again at their end. OutOfRange where time ends."""
        if have.last >= LAST_YEAR:
            raise OutOfRange("No opening is left that this target could be used up in.")
        more = max(4, have.last - have.first)
        return self._hold(have.first, min(LAST_YEAR, have.last + more))

    def earlier(self, have: Openings) -> Openings:
        """The arrays with as many years again before their beginning."""
        if have.first <= FIRST_YEAR:
            raise OutOfRange("No opening lies before this moment.")
        more = max(4, have.last - have.first)
        return self._hold(max(FIRST_YEAR, have.first - more), have.last)

    def _hold(self, first: int, last: int) -> Openings:
        made = self._held = Openings(self.form, first, last)
        return made

    # -- arithmetic --------------------------------------------------------------------------

    def add(self, us: int, span: int) -> int:
        """When `span` > 0 of open time after a moment is used up."""
        have = self._held
        if have is None or not have.start <= us < have.end:
            have = self.around(us)
        i = bisect_right(have.opens, us) - 1
        if i < 0:
            wanted = span
        elif us < (closing := have.closes[i]):
            wanted = have.ends[i] - closing + us + span
        else:
            wanted = have.ends[i] + span
        j = bisect_left(have.ends, wanted)
        while j == len(have.ends):
            if span > (LAST_YEAR - have.first) * LONGEST_YEAR:
                raise OutOfRange(TOO_FAR)
            have = self.later(have)  # grows at its end only, so `wanted` stays
            j = bisect_left(have.ends, wanted)
        return have.closes[j] - have.ends[j] + wanted

    def back(self, us: int, span: int) -> int:
        """The latest moment from which `span` > 0 of open time leads to a moment."""
        have = self.around(us)
        if span > (have.last - FIRST_YEAR) * LONGEST_YEAR:
            raise OutOfRange(TOO_FAR)
        while (wanted := self.done(have, us) - span) < 0:
            have = self.earlier(have)
        j = bisect_right(have.ends, wanted)
        return have.opens[j] + wanted - have.before[j]

    @staticmethod
    def done(have: Openings, us: int) -> int:
        """Open time of the arrays up to a moment; differences of two are open time between."""
        i = bisect_right(have.opens, us) - 1
        return 0 if i < 0 else have.ends[i] - max(0, have.closes[i] - us)

    def between(self, a: int, b: int) -> int:
        have = self.around(a, b)
        return self.done(have, b) - self.done(have, a)

    def is_open(self, us: int) -> bool:
        have = self.around(us)
        i = bisect_right(have.opens, us) - 1
        return i >= 0 and us < have.closes[i]

    def next_open(self, us: int) -> int:
        have = self.around(us)
        while (i := bisect_right(have.closes, us)) == len(have.closes):
            have = self.later(have)
        return max(us, have.opens[i])

    def last_open(self, us: int) -> int:
        have = self.around(us)
        while (i := bisect_right(have.opens, us) - 1) < 0:
            have = self.earlier(have)
        return min(us, have.closes[i])


def _year(us: int) -> int:
    try:
        return instant(us).year
    except OverflowError:
        raise OutOfRange(TOO_FAR) from None
