"""What a merge does to promises, and what undoing it does (promises, section 5.7).

The survivor adopts a running promise of the merged subject, whole, if that is due earlier or its
own has stopped or is past due; its own then gives way. A merge that was undone is folded anew
without it: what it put aside sleeps meanwhile, so that no breach is dated while nobody was to act.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sla.rules import running
from sla.rules.changing import reaction
from sla.rules.due import Later, Pause
from sla.rules.facts import Fact
from sla.rules.owed import Owed
from sla.rules.policy import Metric
from sla.rules.rulebook import Allowances, Book
from sla.rules.standstill import Standstill
from sla.rules.timer import Timer


def adoptable(theirs: Iterable[Timer]) -> list[Timer]:
    """The merged one's promises that go on: what is past due stays its own breach."""
    return [timer for timer in theirs if timer.live and not timer.late]


def gives_way(mine: Timer | None, theirs: Timer, at: datetime) -> bool:
    """True if the survivor takes theirs; paused ones are compared as if resumed at the merge."""
    if mine is None or not mine.live or mine.late:
        return True
    due, own = running.due_at(theirs, until=at), running.due_at(mine, until=at)
    return due is not None and (own is None or due < own)


def adopted(theirs: Timer, mine: Timer | None, ref: str, cycle: int, at: datetime) -> Timer:
    """Theirs as a new cycle of the survivor: start, target, policy, calendar and pauses as they
    were. Its own requester keeps the date that they were told, and so does theirs."""
    told = mine.promised_at if mine is not None and mine.live else None
    return replace(
        theirs,
        cycle=cycle,
        paused_at=None,
        pauses=closed(theirs.pauses, at),
        said=dict(theirs.said),
        plan=[],
        counted=(),
        promised_at=told or theirs.promised_at,
        promised_to={**(mine.promised_to if mine else {}), **told_to(theirs, ref)},
    )


def told_to(theirs: Timer, ref: str) -> dict[str, datetime]:
    """Who was promised what by a timer of a subject: its own requester, and those merged into it
    before."""
    own = {ref: theirs.promised_at} if theirs.promised_at else {}
    return {**theirs.promised_to, **own}


def closed(pauses: Iterable[Pause], at: datetime) -> list[Pause]:
    """The pauses up to a moment; from then on the survivor's standing governs them."""
    ended = [(start, at if end is None else end) for start, end in pauses]
    return [(start, end) for start, end in ended if start < end]


class State(Protocol):
    """What a merge needs of the fold."""

    timers: list[Timer]
    lent: list[Timer]
    owed: Owed
    standstill: Standstill
    book: Book
    allowances: Allowances

    def current(self, metric: Metric) -> Timer | None: ...

    def next_cycle(self, metric: Metric) -> int: ...


def adopt(state: State, fact: Fact) -> None:
    """The survivor's side of a merge. Of one that was undone later, what it adopted is only lent,
    and what gave way for it sleeps."""
    assert fact.other is not None
    for theirs in adoptable(fact.timers):
        metric, mine = theirs.metric, state.current(theirs.metric)
        if metric is Metric.VERIFICATION and metric not in state.owed.since:
            continue  # it has been accepted
        if not gives_way(mine, theirs, fact.at):
            if mine is not None and not fact.undone:
                mine.promised_to.update(told_to(theirs, fact.other))
            continue
        timer = adopted(theirs, mine, fact.other, state.next_cycle(metric), fact.at)
        state.standstill.watch(metric, timer.pauses)
        (state.lent if fact.undone else state.timers).append(timer)
        if mine is not None and mine.live and not mine.late:
            if fact.undone:
                mine.asleep = True
            else:
                running.void(mine, fact.at, "ADOPTED")
        if not fact.undone:
            state.owed.since.setdefault(metric, theirs.started_at)


def release(state: State, fact: Fact) -> None:
    """A merge is undone. What slept wakes, with time to act if its date has passed; what was lent
    goes back, but a promise that was broken meanwhile stays broken here."""
    for timer in state.lent:
        if timer.late:
            if timer.live:
                running.stop(timer, fact.at)
            state.timers.append(timer)
    state.lent = []
    for timer in state.timers:
        if timer.asleep:
            timer.asleep, timer.counted = False, ()
            _give_time_to_act(state, timer, fact.at)


def _give_time_to_act(state: State, timer: Timer, at: datetime) -> None:
    """To a promise whose date passed while it slept, once. A date that is still to come stands as
    it did (no rule lengthens it), and merging and parting again buys no time a second time."""
    due = running.due_at(timer, until=at)
    if due is None or due >= at or timer.woken:
        return
    calendar = state.book.calendar(timer.calendar_id)
    timer.due = Later(timer.due, reaction(state.allowances, timer.target, calendar, at))
    timer.woken = True
