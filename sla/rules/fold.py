"""Timers as a fold over what happened: the one place where promises are worked out.

Every change folds the whole history of its subject again. That is cheap (a ticket has some twenty
facts), and it makes "rebuilt equals stored" true by construction instead of by care. The sections
named in comments are those of the settled rules of promises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sla.rules import escalation
from sla.rules.calendar import Calendar
from sla.rules.due import Due, Earlier, Fixed, FromStart, Later, Pause
from sla.rules.facts import Act, Fact, Standing
from sla.rules.metrics import TABLE, pausing
from sla.rules.policy import Metric, Policy, Target, Unit
from sla.rules.timer import Timer


class Book(Protocol):
    """Where the fold looks up policies and calendars by the ids that facts name."""

    def policy(self, policy_id: int) -> Policy: ...

    def calendar(self, calendar_id: int) -> Calendar: ...


HALF_AN_HOUR = Target(30, Unit.MINUTES)
ONE_DAY = Target(1, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Allowances:
    """Time that people are given to act: after a change, and after a reopening."""

    reaction: Target = HALF_AN_HOUR
    reaction_in_days: Target = ONE_DAY
    reopen: Target = ONE_DAY


USUAL = Allowances()


class Fold:
    """The state after the facts so far; `timers` holds every cycle of every metric."""

    def __init__(self, book: Book, allowances: Allowances = USUAL) -> None:
        self.book = book
        self.allowances = allowances
        self.timers: list[Timer] = []
        self.acts: set[Act] = set()
        self.standing = Standing.OPEN
        self.pauses: dict[Metric, list[Pause]] = {metric: [] for metric in TABLE}
        self.filed_at: datetime | None = None
        self.chosen: tuple[Policy, int] | None = None
        self.waiting_change: tuple[Policy, int] | None = None

    # -- reading -----------------------------------------------------------------------------

    def current(self, metric: Metric) -> Timer | None:
        """The latest cycle of a metric."""
        return next((t for t in reversed(self.timers) if t.metric is metric), None)

    def next_due(self) -> datetime | None:
        """The earliest date over timers that run (one past due runs until it is stopped)."""
        return min((t.due_at for t in self.timers if t.live and t.due_at), default=None)

    # -- taking facts ------------------------------------------------------------------------

    def take(self, fact: Fact) -> None:
        """Apply one act; acts must come in the order in which they happened."""
        self.advance(fact.at)
        self.acts.add(fact.act)
        reopened = fact.act is Act.REOPENED
        for timer in self.timers:
            if timer.live and fact.act in TABLE[timer.metric].stops:
                self._stop(timer, fact.at)
        if fact.standing is Standing.ENDED and self.standing is not Standing.SETTLED:
            for timer in self.timers:
                if timer.live:
                    self._void(timer, fact.at, fact.cause or "ENDED")
        was, self.standing = self.standing, fact.standing
        if fact.policy is not None and fact.calendar is not None:
            self._choose(fact, was)
        self._pause_or_resume(fact.at)
        if reopened:
            self._reopen(fact.at)
        self._reckon(fact.at)

    def advance(self, now: datetime) -> None:
        """What time alone did before `now`: steps that came, dates that passed."""
        for timer in self.timers:
            if not timer.live:
                continue
            came = [(at, name) for at, name in timer.plan if at <= now]
            for at, name in came:
                timer.said[name] = at
            timer.plan = timer.plan[len(came) :]
            if timer.due_at is not None and timer.due_at < now:
                timer.late = True

    # -- policies ----------------------------------------------------------------------------

    def _choose(self, fact: Fact, was: Standing) -> None:
        assert fact.policy is not None
        assert fact.calendar is not None
        choice = (self.book.policy(fact.policy), fact.calendar)
        if fact.act is Act.FILED:
            self.filed_at, self.chosen = fact.at, choice
            for metric, target in choice[0].targets.items():
                if fact.act in TABLE[metric].starts:
                    fixed = fact.fixed.get(metric)
                    self._start(metric, target, fact.at, Fixed(fixed) if fixed else None)
        elif was is Standing.SETTLED and fact.act is not Act.REOPENED:
            # Section 5.1: changes made while resolved take effect at the reopening.
            self.waiting_change = choice
        else:
            self._change(choice, fact.at)

    def _change(self, choice: tuple[Policy, int], at: datetime) -> None:
        """Another policy or calendar: recompute from the start, with every pause (section 5.1)."""
        if self.chosen is not None and _same(self.chosen, choice):
            return  # another priority under the same promises moves nothing
        self.chosen = choice
        policy, calendar_id = choice
        for metric in TABLE:
            timer = self.current(metric)
            target = policy.targets.get(metric)
            if timer is not None and timer.live:
                if target is None:
                    self._void(timer, at, "POLICY")
                elif not timer.late:
                    self._retarget(timer, target, policy, calendar_id, at)
                else:
                    timer.policy, timer.calendar_id = policy, calendar_id
            elif target is not None and self._may_gain(metric, timer):
                self._gain(metric, target, at)

    def _retarget(
        self, timer: Timer, target: Target, policy: Policy, calendar_id: int, at: datetime
    ) -> None:
        timer.policy, timer.calendar_id = policy, calendar_id
        if timer.fixed_minimum:
            return  # section 5.6: a cycle of the minimum alone keeps it
        calendar = self.book.calendar(calendar_id)
        in_force = Later(timer.due, timer.minimum) if timer.minimum else timer.due
        timer.target = target
        # Section 5.2: never due before anyone could act, never later by this rule.
        timer.due = Later(
            FromStart(timer.started_at, target, calendar),
            Earlier(in_force, self._reaction(target, calendar, at)),
        )

    def _may_gain(self, metric: Metric, last: Timer | None) -> bool:
        if last is not None and last.cause != "POLICY":
            return False  # it had its promise, kept or not
        if metric is Metric.RESOLUTION:
            return True
        return not (self.acts & TABLE[metric].stops)

    def _gain(self, metric: Metric, target: Target, at: datetime) -> None:
        assert self.filed_at is not None
        assert self.chosen is not None
        calendar = self.book.calendar(self.chosen[1])
        due = Later(
            FromStart(self.filed_at, target, calendar), self._reaction(target, calendar, at)
        )
        self._start(metric, target, self.filed_at, due)

    def _reaction(self, target: Target, calendar: Calendar, at: datetime) -> Due:
        in_days = target.unit is Unit.DAYS
        allowed = self.allowances.reaction_in_days if in_days else self.allowances.reaction
        return FromStart(at, allowed, calendar)

    # -- one timer ---------------------------------------------------------------------------

    def _start(self, metric: Metric, target: Target, start: datetime, due: Due | None) -> Timer:
        assert self.chosen is not None
        policy, calendar_id = self.chosen
        last = self.current(metric)
        timer = Timer(
            metric=metric,
            cycle=last.cycle + 1 if last else 1,
            started_at=start,
            target=target,
            policy=policy,
            calendar_id=calendar_id,
            due=due or FromStart(start, target, self.book.calendar(calendar_id)),
            pauses=self.pauses[metric],
        )
        self.timers.append(timer)
        return timer

    def _stop(self, timer: Timer, at: datetime) -> None:
        if timer.paused_at is not None:
            # Section 3: what is stopped while paused stops as if resumed at that moment.
            timer.due_at, timer.paused_at = self._due_at(timer, until=at), None
        timer.stopped_at = at
        timer.plan = []

    def _void(self, timer: Timer, at: datetime, cause: str) -> None:
        self._stop(timer, at)
        if not timer.late:
            timer.cause = cause

    def _due_at(self, timer: Timer, until: datetime | None = None) -> datetime | None:
        """The date that the rule gives; `until` closes an open pause at that moment."""
        pauses = [(a, b if b is not None else until) for a, b in timer.pauses]
        found = timer.due.at(pauses)
        if timer.minimum is not None and found is not None:
            least = timer.minimum.at(pauses)
            found = None if least is None else max(found, least)
        return found

    # -- standing ----------------------------------------------------------------------------

    def _pause_or_resume(self, at: datetime) -> None:
        hold_pauses = self.chosen[0].hold_pauses if self.chosen else False
        for metric, pauses in self.pauses.items():
            wanted = pausing(metric, self.standing, hold_pauses)
            is_open = bool(pauses) and pauses[-1][1] is None
            if wanted and not is_open:
                pauses.append((at, None))
            elif is_open and not wanted:
                start = pauses.pop()[0]
                if start < at:
                    pauses.append((start, at))

    def _reopen(self, at: datetime) -> None:
        """Resume with what was left, at least the minimum; a breach stays (section 5.6)."""
        timer = self.current(Metric.RESOLUTION)
        if timer is not None and timer.cause is None:
            calendar = self.book.calendar(timer.calendar_id)
            minimum = FromStart(at, self.allowances.reopen, calendar)
            if timer.late:
                if Metric.RESOLUTION in timer.policy.targets:
                    again = self._start(Metric.RESOLUTION, self.allowances.reopen, at, minimum)
                    again.fixed_minimum = True
            else:
                timer.stopped_at = None
                timer.minimum = minimum
        if self.waiting_change is not None:
            change, self.waiting_change = self.waiting_change, None
            self._change(change, at)

    # -- dates and steps ---------------------------------------------------------------------

    def _reckon(self, now: datetime) -> None:
        for timer in self.timers:
            if not timer.live or timer.late:
                continue
            pauses = timer.pauses
            if pauses and pauses[-1][1] is None:
                timer.paused_at, timer.due_at, timer.plan = pauses[-1][0], None, []
                if timer.promised_at is None:
                    timer.promised_at = self._due_at(timer, until=now)
                continue
            timer.paused_at = None
            timer.due_at = self._due_at(timer)
            if timer.due_at is not None:
                # Section 5.5: what the citizen was told follows a later date, never an earlier.
                timer.promised_at = max(timer.promised_at or timer.due_at, timer.due_at)
                self._plan(timer, now)

    def _plan(self, timer: Timer, now: datetime) -> None:
        assert timer.due_at is not None
        calendar = self.book.calendar(timer.calendar_id)
        timer.plan = []
        for step in timer.policy.steps.get(timer.metric, ()):
            if step.name in timer.said:
                continue
            at = escalation.moment(
                step,
                start=timer.started_at,
                due=timer.due_at,
                target=timer.target,
                calendar=calendar,
                pauses=timer.pauses,
            )
            if at <= now:
                # Section 8: one that a change leaves behind is said at the change.
                timer.said[step.name] = now
            else:
                timer.plan.append((at, step.name))
        timer.plan.sort()


def _same(one: tuple[Policy, int], other: tuple[Policy, int]) -> bool:
    return one[0].id == other[0].id and one[1] == other[1]


def fold(facts: Iterable[Fact], book: Book, allowances: Allowances = USUAL) -> Fold:
    """Fold a subject's whole history; the result can be read at any moment after it."""
    state = Fold(book, allowances)
    for fact in facts:
        state.take(fact)
    return state
