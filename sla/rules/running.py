"""One running timer: when it is due, what stops it, and which steps lie ahead."""

from __future__ import annotations

from datetime import datetime

from sla.rules import escalation
from sla.rules.calendar import Calendar
from sla.rules.due import base_of
from sla.rules.timer import Timer


def due_at(timer: Timer, until: datetime | None = None) -> datetime | None:
    """The date that the rule gives; `until` closes an open pause at that moment."""
    pauses = [(a, b if b is not None else until) for a, b in timer.pauses]
    found = timer.due.at(pauses)
    if timer.minimum is not None and found is not None:
        least = timer.minimum.at(pauses)
        found = None if least is None else max(found, least)
    return found


def stop(timer: Timer, at: datetime) -> None:
    """End the promise at a moment."""
    if timer.paused_at is not None:
        # Section 3: what is stopped while paused stops as if resumed at that moment.
        timer.due_at, timer.paused_at = due_at(timer, until=at), None
    timer.stopped_at = at
    timer.plan = []


def void(timer: Timer, at: datetime, cause: str) -> None:
    """End it without an answer; one that is past due stays broken (section 3)."""
    stop(timer, at)
    if not timer.late:
        timer.cause = cause


def reckon(timer: Timer, now: datetime, calendar: Calendar) -> None:
    """Work out the dates of a live timer that is not past due."""
    pauses = timer.pauses
    if pauses and pauses[-1][1] is None:
        timer.paused_at, timer.due_at, timer.plan, timer.counted = pauses[-1][0], None, [], ()
        if timer.promised_at is None:
            timer.promised_at = due_at(timer, until=now)
        return
    timer.paused_at = None
    # Most acts move nothing of a timer: its steps that came meanwhile are said already.
    counted = timer.due, timer.minimum, timer.policy, timer.calendar_id, len(pauses), pauses[-1:]
    moved = counted != timer.counted
    if moved:
        timer.counted, timer.due_at = counted, due_at(timer)
    if timer.due_at is not None:
        # Section 5.5: what the citizen was told follows a later date, never an earlier.
        timer.promised_at = max(timer.promised_at or timer.due_at, timer.due_at)
        for ref, told in timer.promised_to.items():
            timer.promised_to[ref] = max(told, timer.due_at)
        if moved:
            plan(timer, now, calendar)


def plan(timer: Timer, now: datetime, calendar: Calendar) -> None:
    """The steps that lie ahead, given the due date in force."""
    assert timer.due_at is not None
    timer.plan = []
    start, due, target, pauses = timer.started_at, timer.due_at, timer.target, timer.pauses
    whole = None
    for step in timer.policy.steps.get(timer.metric, ()):
        if step.name in timer.said:
            continue
        if whole is None and step.after is None:
            whole = base_of(target, calendar).elapsed(start, due, pauses)
        at = escalation.moment(
            step,
            start=start,
            due=due,
            target=target,
            calendar=calendar,
            pauses=pauses,
            whole=whole,
        )
        if at < now:
            # Section 8: one that a change leaves behind is said at the change.
            timer.said[step.name] = now
        else:
            timer.plan.append((at, step.name))
    timer.plan.sort()
