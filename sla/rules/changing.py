"""What another policy or calendar does to promises (promises, sections 5.1 and 5.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sla.rules.calendar import Calendar
from sla.rules.due import Due, Earlier, Fixed, FromStart, Later
from sla.rules.policy import Policy, Target, Unit
from sla.rules.rulebook import Allowances
from sla.rules.timer import Timer

Choice = tuple[Policy, int]  # a policy's version and a calendar's revision


def same(one: Choice | None, other: Choice) -> bool:
    """True if nothing was chosen anew: another priority under the same promises moves nothing."""
    return one is not None and one[0].id == other[0].id and one[1] == other[1]


def keeps(timer: Timer, was: Choice | None, policy: Policy) -> bool:
    """True for a date that somebody else fixed while only the calendar changed: it was never
    counted on ours."""
    return isinstance(timer.due, Fixed) and was is not None and was[0].id == policy.id


def reaction(allowances: Allowances, target: Target, calendar: Calendar, at: datetime) -> Due:
    """The time that people have to act after a change."""
    in_days = target.unit is Unit.DAYS
    allowed = allowances.reaction_in_days if in_days else allowances.reaction
    return FromStart(at, allowed, calendar)


def new_facts(was: Choice | None, choice: Choice) -> bool:
    """True if the same calendar says something new, such as a holiday."""
    return was is not None and was[0].calendar == choice[0].calendar and was[1] != choice[1]


def retarget(
    timer: Timer, target: Target, calendar: Calendar, time_to_act: Due, *, facts: bool = False
) -> None:
    """Count a running timer anew from its start: never due before anyone could act, and never
    later by this rule. The minimum that a reopening gave stays under every policy (section 5.6),
    but `facts` of its calendar move it as all that runs (section 5.4)."""
    in_force = Later(timer.due, timer.minimum) if timer.minimum else timer.due
    if facts and isinstance(timer.minimum, FromStart):
        timer.minimum = replace(timer.minimum, calendar=calendar)
    if timer.fixed_minimum:
        if not facts:
            return
        target = timer.target
    timer.target = target
    timer.due = Later(FromStart(timer.started_at, target, calendar), Earlier(in_force, time_to_act))


def stays_whole(timer: Timer, was: Choice | None, policy: Policy) -> bool:
    """True for a promise that a merge brought here under a policy of its own, while only the
    calendar changed: it was adopted whole (section 5.7)."""
    return was is not None and was[0].id == policy.id != timer.policy.id


def follow(
    timer: Timer, choice: Choice, calendar: Calendar, allowances: Allowances, at: datetime
) -> None:
    """Count an adopted promise by new facts of its calendar, if it stands on the same one."""
    if timer.policy.calendar == choice[0].calendar:
        timer.calendar_id = choice[1]
        if not timer.late and not isinstance(timer.due, Fixed):
            time_to_act = reaction(allowances, timer.target, calendar, at)
            retarget(timer, timer.target, calendar, time_to_act, facts=True)


def split_off(
    since: datetime, target: Target, calendar: Calendar, allowances: Allowances, at: datetime
) -> Due:
    """The rule of a message that became a report of its own: from the message, and time to act
    (section 5.8)."""
    return gained(since, target, calendar, reaction(allowances, target, calendar, at))


def gained(start: datetime, target: Target, calendar: Calendar, time_to_act: Due) -> Due:
    """The rule of a metric that a new policy brings: from its usual start, and time to act."""
    return Later(FromStart(start, target, calendar), time_to_act)


def may_gain(last: Timer | None, since: datetime) -> bool:
    """True if a metric that the policy brings, owed since then, has not had its promise yet."""
    return last is None or last.cause == "POLICY" or last.started_at < since
