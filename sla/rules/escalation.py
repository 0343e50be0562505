"""When the steps of a timer happen: warnings before due, and what comes after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sla.rules.calendar import Calendar
from sla.rules.due import Pauses, base_of
from sla.rules.policy import Step, Target

SECOND = timedelta(seconds=1)


def share(total: timedelta, percent: int) -> timedelta:
    """`percent` of a length of time, rounded up to a whole second."""
    exact = total * percent
    whole = -(-exact // (SECOND * 100))
    return SECOND * whole


def moment(
    step: Step,
    *,
    start: datetime,
    due: datetime,
    target: Target,
    calendar: Calendar,
    pauses: Pauses,
    whole: timedelta | None = None,
) -> datetime:
    """The moment at which a step comes, given the due date in force.

    A percentage is one of the seconds in which the timer's own clock runs, unpaused, between
    effective receipt and due; so it is for working days and wall clocks too. "In opening hours"
    moves a moment outside them back to the last opening moment before it. `whole`: those seconds,
    where they are known.
    """
    base = base_of(target, calendar)
    if step.after is not None:
        found = base.add(due, step.after)
    else:
        total = base.elapsed(start, due, pauses) if whole is None else whole
        if step.percent is not None:
            offset = share(total, step.percent)
        else:
            offset = max(timedelta(0), total - (step.before or timedelta(0)))
        found = base.add(start, offset, pauses) if offset else start
    at = due if found is None else found
    if step.in_hours and not calendar.is_open(at):
        at = calendar.last_open(at)
    return at
