"""Why a day of an account counts or does not, in the words of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.i18n import gettext, local
from sla.rules.explaining import Day, Why
from sla.rules.facts import Fact, Standing
from sla.rules.policy import Metric, Target, Unit

# These promises begin with a report; the others begin with something that is done later.
WITH_THE_REPORT = {Metric.VERIFICATION, Metric.FIRST_RESPONSE, Metric.RESOLUTION}
STANDING_STILL = {Standing.WAITING, Standing.HELD, Standing.SETTLED}


@dataclass(frozen=True, slots=True)
class DayWords:
    """What the words of an account's days hang on: names of the days that are closed, whether the
    promise began when the report came, what became of the report, and whether the office reads."""

    closed: Mapping[date, str]
    from_receipt: bool
    facts: Sequence[Fact] = ()
    office: bool = False

    def words(self, one: Day, target: Target, told: Sequence[Day]) -> str:
        """Why this one of the days told counts, or does not."""
        if one.why is Why.HOLIDAY:
            return self.closed.get(one.day) or gettext("holiday")
        if one.why is Why.COUNTED and target.unit is Unit.DAYS:
            n = sum(other.counts for other in told if other.day <= one.day)
            return gettext("working day %(n)d", n=n)
        if one.why is Why.PAUSED:
            return self._waiting(one.day)
        if one.why is Why.RECEIVED and not self.from_receipt:
            return gettext("the day on which it began is not counted")
        return {
            Why.COUNTED: gettext("counted"),
            Why.RECEIVED: gettext("the day of receipt is not counted"),
            Why.CLOSED: gettext("closed on this day"),
            Why.NOT_YET: gettext("not over yet"),
        }[one.why]

    def _waiting(self, day: date) -> str:
        """For whom it waited when that day ended."""
        stood = [f.standing for f in self.facts if local(f.at).date() <= day]
        last = next((s for s in reversed(stood) if s in STANDING_STILL), None)
        if last is Standing.WAITING and self.office:
            return gettext("not counted: waiting for the citizen")
        if last is Standing.WAITING:
            return gettext("not counted: waiting for you")
        if last is Standing.HELD:
            return gettext("not counted: waiting for another office")
        if last is Standing.SETTLED:
            return gettext("not counted: it was settled then")
        # Its pauses came with a report that was merged into this one.
        return gettext("stood still: waiting")


def begins_with_receipt(metric: str, start: datetime, facts: Sequence[Fact]) -> bool:
    """True if the promise's first day is that on which the report came; without facts, as usual
    for its metric."""
    if facts:
        return facts[0].at == start
    return Metric(metric) in WITH_THE_REPORT
