"""What a version's ladders would do to open promises: worked out, nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.threads import aside
from sla.book import Book
from sla.models import PolicyVersion
from sla.policies import foresight
from sla.recalculation import catching_up, foreseeing
from sla.recalculation.foreseeing import Told
from sla.recalculation.sampling import Looked
from sla.rules.fold import Fold, fold
from sla.rules.policy import Step
from sla.rules.timer import Timer

Ahead = frozenset[tuple[datetime | None, Step]]  # None: while it waits, nobody knows when


@dataclass(slots=True)
class LadderForesight(Looked):
    """`other` promises would have other steps than now; at the publishing `at_once` steps would
    come, whose moment is past, to `hit` promises. `dates` would move, by what earlier versions say
    of targets."""

    other: int = 0
    at_once: int = 0
    hit: int = 0
    dates: int = 0


def foresee(row: PolicyVersion, at: datetime) -> LadderForesight:
    """`row`: the version as it would be stored, to bind what is open from a moment on. On all that
    is open under the policy, or on a sample spread evenly over it."""
    ahead = foresight.with_version(row, at)
    looked, told = foreseeing.gather(ahead, foresight.under(row.key))
    found = LadderForesight(looked.total, looked.about)
    aside("foresight", lambda: _count(found, told, ahead, at))
    return found


def _count(found: LadderForesight, subjects: Told, ahead: Book, at: datetime) -> None:
    for subject, facts in subjects:
        found.looked += 1
        state = fold(facts, ahead)
        state.advance(at)  # what has come by now came by the ladder of now
        before = {key: (_ahead(one), set(one.said)) for key, one in _running(state).items()}
        entries = catching_up.catch_up(subject, state, at, book=ahead)
        found.dates += len(entries[1:])
        for key, timer in _running(state).items():
            if key in before:
                steps, said = before[key]
                fresh = timer.said.keys() - said
                found.other += bool(fresh) or _ahead(timer) != steps
                found.at_once += len(fresh)
                found.hit += bool(fresh)


def _running(state: Fold) -> Mapping[tuple[str, int], Timer]:
    """Promises that steps may still come to; to what is past due none comes any more."""
    return {(t.metric, t.cycle): t for t in state.timers if t.live and not t.late}


def _ahead(timer: Timer) -> Ahead:
    """The steps that lie before a promise, each with its moment."""
    steps = {step.name: step for step in timer.policy.steps.get(timer.metric, ())}
    if timer.paused_at is not None:
        return frozenset((None, one) for name, one in steps.items() if name not in timer.said)
    return frozenset((at, steps[name]) for at, name in timer.plan)
