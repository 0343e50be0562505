"""A subject is brought to the calendar and the policy's version that bind it by now.

A published calendar binds all that is open; a policy's version what was open when it began, if it
was published for open ones too (promises, sections 5.1 and 5.4). What is settled is caught up with
right before its reopening, so that no date of an older calendar is told by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.canonical import Value, instant
from core.events import Entry
from sla import book as rulebook
from sla.kinds import CALENDAR_MOVED, POLICY_MOVED, TIMER_MOVED
from sla.rules.facts import Act, Fact, Standing
from sla.rules.fold import Fold
from sla.rules.openness import SHUT

MOVES = {CALENDAR_MOVED.name: Act.RECKONED, POLICY_MOVED.name: Act.CHANGED}

Dates = Mapping[tuple[str, int], tuple[datetime, datetime | None]]


def bound(
    state: Fold, now: datetime, book: rulebook.Book | None = None, *, reopens: bool = False
) -> tuple[int, int] | None:
    """The policy's version and the calendar's revision that bind an open subject by now, where
    it stands on others; else None. `reopens`: of a settled one that is about to be open again."""
    shut = state.standing in SHUT and not (reopens and state.standing is Standing.SETTLED)
    if state.chosen is None or shut:
        return None
    book = book or rulebook.current()
    policy, calendar = state.chosen

    def was_open(moment: datetime) -> bool:
        return moment <= now and state.openness.at(moment)

    wanted = book.successor(policy.id, was_open)
    newest = book.newest[book.policy(wanted).calendar]
    return None if (wanted, newest) == (policy.id, calendar) else (wanted, newest)


def catch_up(
    subject: str,
    state: Fold,
    at: datetime,
    *,
    told: bool = True,
    book: rulebook.Book | None = None,
    reopens: bool = False,
) -> list[Entry]:
    """Count a subject's promises anew by what binds it now; what the log must say of it: the fact
    first, then each date that moved. Nothing if it stands there already. `told`: a later promise
    is said by the same event, and by no other. `book`: what holds, if not the stored one.
    `reopens`: before a settled subject is open again, which takes effect then."""
    wanted = bound(state, at, book, reopens=reopens)
    if wanted is None or state.chosen is None:
        return []
    before, (policy, calendar) = _dates(state), wanted
    was = state.chosen
    kind = POLICY_MOVED if policy != was[0].id else CALENDAR_MOVED
    state.take(Fact(at, MOVES[kind.name], state.standing, policy, calendar))
    data: dict[str, Value] = {"policy": policy, "calendar": calendar}
    data["was"] = was[0].id if kind is POLICY_MOVED else was[1]
    cause: dict[str, Value] = {"calendar": calendar}
    if kind is POLICY_MOVED:
        cause["policy"] = policy
    return [
        Entry(kind, subject, "system", at, data),
        *_moved(subject, state, before, cause, at, told),
    ]


def _dates(state: Fold) -> Dates:
    return {(t.metric.value, t.cycle): (t.due_at, t.promised_at) for t in state.timers if t.due_at}


def _moved(
    subject: str, state: Fold, before: Dates, cause: Mapping[str, Value], at: datetime, told: bool
) -> list[Entry]:
    found = []
    for timer in state.timers:
        known = before.get((timer.metric.value, timer.cycle))
        if not timer.live or known is None or timer.due_at in (None, known[0]):
            continue
        was, promised = known
        assert timer.due_at is not None
        data: dict[str, Value] = {"metric": timer.metric.value, "cycle": timer.cycle, **cause}
        data |= {"was": instant(was), "due": instant(timer.due_at)}
        if told and timer.promised_at and promised and timer.promised_at > promised:
            data["promised"] = instant(timer.promised_at)
        found.append(Entry(TIMER_MOVED, subject, "system", at, data))
    return found
