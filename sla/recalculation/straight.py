"""Promises of straight lives counted anew by another calendar, on arrays and without their logs.

A life is straight if nothing in it paused a promise or brought one of its own: filed, taken up,
answered, written to. Of such a one the stored timers say all that a fold of its log would, since
without a pause the rule in force gives the date that is stored, whatever rules it is made of
(promises, section 5.2). Everything else is left to the fold, and so is whatever came meanwhile and
is not recorded yet. Tests let both count the same lives and compare.

Instants are int64 microseconds since 1970.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from core.canonical import Value
from core.events import Entry
from sla.book import Book
from sla.kinds import CALENDAR_MOVED, TIMER_MOVED
from sla.recalculation.counting import Key, count
from sla.recalculation.stored import Counted, Kept
from sla.rules.calendar_form import OutOfRange
from sla.rules.interval import micros


@dataclass(slots=True)
class Straight:
    """What became of one subject: its live timers, and what the log must say of it."""

    subject: str
    calendar: int
    next_due: int
    late: list[Kept]
    counted: list[Counted]
    entries: list[Entry]


def count_anew(
    subjects: Mapping[str, Sequence[Kept]], book: Book, at: datetime
) -> dict[str, Straight | None]:
    """What becomes of those of these straight subjects that can be counted here; None for one that
    stands on what binds it already. Their timers are given in the order of their ids."""
    now = micros(at)
    found: dict[str, Straight | None] = {}
    ready: dict[str, tuple[int, list[Kept]]] = {}
    groups: dict[Key, list[Kept]] = defaultdict(list)
    for subject, timers in subjects.items():
        live = [timer for timer in timers if not timer.stopped]
        newest = _newest(live, book, now)
        if newest is None:
            continue
        if newest == live[0].calendar:
            found[subject] = None
            continue
        ready[subject] = newest, live
        for timer in live:
            if not timer.late:
                groups[timer.policy, newest, timer.metric, timer.target].append(timer)
    counted: dict[int, Counted] = {}
    for key, alike in groups.items():
        with suppress(OutOfRange):  # the fold says of which
            counted.update((one.kept.id, one) for one in count(key, alike, book, at))
    told = (_told(subject, *ready[subject], counted, at) for subject in ready)
    return found | {one.subject: one for one in told if one is not None}


def _newest(live: Sequence[Kept], book: Book, now: int) -> int | None:
    """The revision that binds them; None for what the fold must look at."""
    stands = {(timer.policy, timer.calendar) for timer in live}
    if len(stands) != 1 or not all(_plain(timer, now) for timer in live):
        return None
    ((policy, _),) = stands
    if book.successor(policy, lambda moment: True) != policy:
        return None
    return book.newest[book.policy(policy).calendar]


def _plain(timer: Kept, now: int) -> bool:
    """Nothing of it waits to be recorded, and nothing was brought into it by others."""
    recorded = timer.next is None or timer.next >= now
    return recorded and timer.own and not timer.paused and None not in (timer.due, timer.promised)


def _told(
    subject: str,
    newest: int,
    live: Sequence[Kept],
    counted: Mapping[int, Counted],
    at: datetime,
) -> Straight | None:
    """None where a step was left behind by the change: the fold says it."""
    now, late = micros(at), [timer for timer in live if timer.late]
    mine = [counted[timer.id] for timer in live if timer.id in counted]
    if len(mine) + len(late) < len(live) or any(one.next < now for one in mine):
        return None
    facts = {"policy": live[0].policy, "calendar": newest, "was": live[0].calendar}
    entries = [Entry(CALENDAR_MOVED, subject, "system", at, facts)]
    for one in mine:
        was = one.kept
        assert was.due is not None and was.promised is not None
        if one.due == was.due:
            continue
        data: dict[str, Value] = {
            "metric": was.metric,
            "cycle": was.cycle,
            "calendar": newest,
            "was": one.words[0],
            "due": one.words[1],
        }
        if one.promised > was.promised:
            data["promised"] = one.words[1]
        entries.append(Entry(TIMER_MOVED, subject, "system", at, data))
    dues = [one.due for one in mine] + [one.due for one in late if one.due is not None]
    return Straight(subject, newest, min(dues), late, mine, entries)
