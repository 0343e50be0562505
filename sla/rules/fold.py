"""Timers as a fold over what happened: the one place where promises are worked out.

Every change folds the whole history of its subject again. That is cheap (a ticket has some twenty
facts), and it makes "rebuilt equals stored" true by construction instead of by care. The sections
named in comments are those of the settled rules of promises.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sla.rules import changing, merging, running
from sla.rules.changing import Choice
from sla.rules.cycles import Cycles
from sla.rules.due import Due, Fixed, FromStart
from sla.rules.facts import Act, Fact, Standing
from sla.rules.metrics import OPENS, TABLE
from sla.rules.openness import Openness
from sla.rules.owed import Owed
from sla.rules.policy import Metric, Target
from sla.rules.rulebook import USUAL, Allowances, Book
from sla.rules.standstill import Standstill
from sla.rules.timer import Timer


class Fold(Cycles):
    """The state after the facts so far."""

    def __init__(self, book: Book, allowances: Allowances = USUAL) -> None:
        super().__init__()
        self.book = book
        self.allowances = allowances
        self.standing = Standing.OPEN
        self.owed = Owed()
        self.standstill = Standstill()
        self.openness = Openness()
        self.chosen: Choice | None = None
        self.waiting_change: Choice | None = None

    # -- taking facts ------------------------------------------------------------------------

    def take(self, fact: Fact) -> None:
        """Apply one act; acts must come in the order in which they happened."""
        self.advance(fact.at)
        if fact.act is Act.RELEASED:
            merging.release(self, fact)
        self._end(fact)
        was, self.standing = self.standing, fact.standing
        self.openness.take(fact.at, fact.standing)
        if fact.policy is not None and fact.calendar is not None:
            self._choose(fact, was)
        hold_pauses = self.chosen[0].hold_pauses if self.chosen else False
        self.standstill.stand(self.standing, hold_pauses, fact.at)
        if fact.act is Act.ADOPTED:
            merging.adopt(self, fact)
            self.standstill.stand(self.standing, hold_pauses, fact.at)
        if fact.act is Act.REOPENED:
            self._resume_settled(fact.at)
        if was is Standing.SETTLED and fact.standing is Standing.OPEN:
            self._change_that_waited(fact.at)
        self._begin(fact)
        for timer in self.all():
            if timer.live and not timer.late and not timer.asleep:
                running.reckon(timer, fact.at, self.book.calendar(timer.calendar_id))

    def advance(self, now: datetime) -> None:
        """What time alone did before `now`: steps that came, dates that passed. What comes at
        this very moment has not come yet, as for the sweeper; else the two would disagree."""
        for timer in self.all():
            if not timer.live or timer.asleep:
                continue
            came = [(at, name) for at, name in timer.plan if at < now]
            for at, name in came:
                timer.said[name] = at
            timer.plan = timer.plan[len(came) :]
            if timer.due_at is not None and timer.due_at < now:
                timer.late = True

    # -- beginning and ending ----------------------------------------------------------------

    def _end(self, fact: Fact) -> None:
        """Stop what the act fulfils; what ends without an answer counts no more."""
        over = fact.standing is Standing.ENDED and self.standing is not Standing.SETTLED
        if over and fact.undone:
            for timer in self.timers:
                timer.asleep = timer.live and not timer.late
            return
        for timer in self.all():
            if timer.live and fact.act in TABLE[timer.metric].stops:
                running.stop(timer, fact.at)
            elif timer.live and (over or fact.act is Act.RESET):
                running.void(timer, fact.at, fact.cause or fact.act.value)
        self.owed.end(fact.act, over, fact.since)
        if fact.act is Act.SPLIT and fact.since is not None and self.owed.split(fact.since):
            gone = self.current(Metric.NEXT_RESPONSE)
            if gone is not None and gone.live:
                running.void(gone, fact.at, "SPLIT")

    def _begin(self, fact: Fact) -> None:
        """Start a cycle of every metric that the act makes owed and the policy promises."""
        for metric in TABLE:
            if self.owed.begin(metric, fact) and self.chosen is not None:
                target, fixed = self.chosen[0].targets.get(metric), fact.fixed.get(metric)
                if target is None:
                    continue
                due: Due | None = Fixed(fixed) if fixed else None
                if fact.since is not None and fact.act in OPENS:
                    calendar, at = self.book.calendar(self.chosen[1]), fact.at
                    due = changing.split_off(fact.since, target, calendar, self.allowances, at)
                self._start(metric, target, self.owed.since[metric], due)

    # -- policies ----------------------------------------------------------------------------

    def _choose(self, fact: Fact, was: Standing) -> None:
        assert fact.policy is not None
        assert fact.calendar is not None
        choice = (self.book.policy(fact.policy), fact.calendar)
        if fact.act in OPENS:
            self.chosen = choice
        elif was is Standing.SETTLED and fact.standing is Standing.SETTLED:
            # Section 5.1: changes made while resolved take effect at the reopening.
            self.waiting_change = choice
        else:
            self._change(choice, fact.at)

    def _change(self, choice: Choice, at: datetime) -> None:
        """Another policy or calendar: recompute from the start, with every pause."""
        if changing.same(self.chosen, choice):
            return
        was, self.chosen = self.chosen, choice
        policy, calendar_id = choice
        calendar, facts = self.book.calendar(calendar_id), changing.new_facts(was, choice)
        for metric in TABLE:
            timer = self.current(metric)
            target, since = policy.targets.get(metric), self.owed.since.get(metric)
            live = timer if timer is not None and timer.live else None
            if live is not None and changing.stays_whole(live, was, policy):
                changing.follow(live, choice, calendar, self.allowances, at)
            elif target is None:
                if live is not None:
                    running.void(live, at, "POLICY")
            elif live is not None:
                live.policy, live.calendar_id = policy, calendar_id
                if not live.late and not changing.keeps(live, was, policy):
                    time_to_act = changing.reaction(self.allowances, target, calendar, at)
                    changing.retarget(live, target, calendar, time_to_act, facts=facts)
            elif since is not None and changing.may_gain(timer, since):
                time_to_act = changing.reaction(self.allowances, target, calendar, at)
                due = changing.gained(since, target, calendar, time_to_act)
                self._start(metric, target, since, due)

    # -- one timer ---------------------------------------------------------------------------

    def _start(self, metric: Metric, target: Target, start: datetime, due: Due | None) -> Timer:
        assert self.chosen is not None
        policy, calendar_id = self.chosen
        timer = Timer(
            metric=metric,
            cycle=self.next_cycle(metric),
            started_at=start,
            target=target,
            policy=policy,
            calendar_id=calendar_id,
            due=due or FromStart(start, target, self.book.calendar(calendar_id)),
            pauses=self.standstill.of(metric),
        )
        self.timers.append(timer)
        return timer

    # -- standing ----------------------------------------------------------------------------

    def _resume_settled(self, at: datetime) -> None:
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

    def _change_that_waited(self, at: datetime) -> None:
        if self.waiting_change is not None:
            change, self.waiting_change = self.waiting_change, None
            self._change(change, at)


def fold(facts: Iterable[Fact], book: Book, allowances: Allowances = USUAL) -> Fold:
    """Fold a subject's whole history; the result can be read at any moment after it."""
    state = Fold(book, allowances)
    for fact in facts:
        state.take(fact)
    return state
