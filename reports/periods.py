"""The period that a report is asked for: whole local days, a metric, a queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.i18n import zone
from core.pages.typed_period import typed_period
from helpdesk.causes.kinds import LateCause
from sla.rules.policy import Metric

DAYS = 30
CAUSES = {"EXCUSED", "NONE", *(cause.value for cause in LateCause)}


@dataclass(frozen=True, slots=True)
class Period:
    """What is asked for: breaches from the start of one local day to the end of another."""

    first: date
    last: date
    metric: str | None = None
    queue: int | None = None
    cause: str | None = None  # a cause, or EXCUSED or NONE

    @property
    def start(self) -> datetime:
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=zone())

    @property
    def end(self) -> datetime:
        day = self.last + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=zone())


def _metric(words: str) -> str | None:
    """A promise by its name; words that name none ask for all, as an empty choice does."""
    return words if words in {metric.value for metric in Metric} else None


def period(args: dict[str, str], today: date) -> Period:
    """The period that a query asks for; the last thirty days if it asks for none."""
    first, last = typed_period(args, today, DAYS)
    queue = args.get("queue", "")
    return Period(
        first,
        last,
        _metric(args.get("metric", "")),
        int(queue) if queue.isdecimal() and len(queue) < 10 else None,
        cause if (cause := args.get("cause", "")) in CAUSES else None,
    )
