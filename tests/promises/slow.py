"""The table of promises read anew, by hand: what a report's log says about its dates.

Nothing of the engine's folding is in it, so that the two can be compared: a list of pauses, and
for each promise a function that counts its date from the beginning each time. Merged and split
reports are not read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.events import Event
from sla.models import PolicyVersion
from tests.promises.slow_calendar import Pauses, SlowCalendar, add_wall
from tests.promises.slow_promise import Due, Promise, Target, earlier, later

REACTION: Target = {"n": 30, "unit": "minutes"}
ONE_DAY: Target = {"n": 1, "unit": "days"}
ANSWERS = {"TICKET_ANSWERED", "TICKET_ASKED"}
SETTLES = {"TICKET_RESOLVED", "TICKET_REFUSED", "TICKET_FORWARDED"}
ENDS = {
    "TICKET_SPAMMED", "TICKET_WITHDRAWN", "TICKET_LAPSED", "TICKET_DUPLICATED",
}  # fmt: skip
CHANGES = {"PRIORITY_SET", "TICKET_MOVED", "TICKET_CLASSED", "CALENDAR_MOVED", "POLICY_MOVED"}
WROTE = {"REQUESTER_WROTE", "TICKET_APPEALED", "TICKET_REOPENED"}
UNREAD = {"TICKET_MERGED", "TICKET_ADOPTED", "TICKET_SPLIT"}


@dataclass
class Slow:
    policies: dict[int, PolicyVersion]
    calendars: dict[int, SlowCalendar]
    promises: list[Promise] = field(default_factory=list)
    pauses: dict[str, list[list[Any]]] = field(default_factory=dict)
    owed: dict[str, datetime] = field(default_factory=dict)
    unanswered: list[datetime] = field(default_factory=list)
    answered: bool = False
    status: str = "NEW"
    chosen: tuple[int, int] = (0, 0)
    waits: tuple[int, int] | None = None

    def read(self, log: Sequence[Event], now: datetime) -> list[Promise] | None:
        """What is promised at a moment; None for a log with merges or splits in it."""
        if UNREAD & {event.kind for event in log} or "since" in log[0].data:
            return None
        for event in log:
            if "status" in event.data or event.kind in CHANGES:
                self._take(event)
        self._look(now)
        return self.promises

    # -- one event ---------------------------------------------------------------------------

    def _take(self, event: Event) -> None:
        kind, at, data = event.kind, event.at, event.data
        self._look(at)
        before, self.status = self.status, str(data.get("status", self.status))
        if kind in ANSWERS | SETTLES:
            self._stop({"FIRST_RESPONSE", "NEXT_RESPONSE", "UPDATE", "VERIFICATION"}, at)
            written = datetime.fromisoformat(data["since"]) if "since" in data else None
            self.unanswered = [w for w in self.unanswered if written and w > written]
            self.answered = True
        if kind == "TICKET_ACCEPTED":
            self._stop({"VERIFICATION"}, at)
        if kind in SETTLES:
            self._stop({"RESOLUTION"}, at)
        if kind in ENDS:
            for one in self._live():
                self._end(one, at, kind)
            self.owed.clear()
            self.unanswered = []
        chosen = (int(data["policy"]), int(data["calendar"])) if "policy" in data else None
        settled = before == self.status == "RESOLVED"
        if kind == "TICKET_FILED":
            assert chosen is not None
            self.chosen = chosen
        elif chosen is not None and settled:
            self.waits = chosen
        elif chosen is not None:
            self._change(chosen, at)
        self._stand(at)
        if kind == "TICKET_REOPENED":
            self._reopen(at)
        if before == "RESOLVED" and self.status == "OPEN" and self.waits is not None:
            waited, self.waits = self.waits, None
            self._change(waited, at)
        if kind in WROTE and (kind != "TICKET_REOPENED" or "message" in data):
            self.unanswered.append(at)
        self._begin(kind, at)

    def _begin(self, kind: str, at: datetime) -> None:
        begun = {
            "TICKET_FILED": ("VERIFICATION", "FIRST_RESPONSE", "RESOLUTION"),
            "TICKET_APPEALED": ("VERIFICATION", "RESOLUTION"),
            "TICKET_ANSWERED": ("UPDATE",),
            "TICKET_ASKED": ("UPDATE",),
            "TICKET_REOPENED": ("UPDATE",),
        }.get(kind, ())
        for metric in begun:
            self._start(metric, at)
        if self.answered and self.unanswered and "NEXT_RESPONSE" not in self.owed:
            self._start("NEXT_RESPONSE", self.unanswered[0])

    def _start(self, metric: str, at: datetime) -> None:
        self.owed[metric] = at
        target = self.policies[self.chosen[0]].targets.get(metric)
        if target is not None:
            self._add(metric, at, target, self._count(at, target))

    def _add(self, metric: str, at: datetime, target: Target, count: Due) -> Promise:
        cycle = 1 + max((p.cycle for p in self.promises if p.metric == metric), default=0)
        self.promises.append(Promise(metric, cycle, at, target, count, self.chosen))
        return self.promises[-1]

    def _stop(self, metrics: set[str], at: datetime) -> None:
        for one in self._live():
            if one.metric in metrics:
                if not one.late:
                    one.frozen = one.due(self._closed(one.metric, at))
                one.stopped = at
        for metric in metrics - {"RESOLUTION"}:
            self.owed.pop(metric, None)

    def _end(self, one: Promise, at: datetime, why: str) -> None:
        if not one.late:
            one.frozen, one.void = one.due(self._closed(one.metric, at)), why
        one.stopped = at

    # -- changes -----------------------------------------------------------------------------

    def _change(self, chosen: tuple[int, int], at: datetime) -> None:
        if chosen == self.chosen:
            return
        old, self.chosen = self.chosen, chosen
        key, before = (self.policies[c[0]].calendar_key for c in (chosen, old))
        facts = key == before and chosen[1] != old[1]
        targets = self.policies[chosen[0]].targets
        for metric in ("VERIFICATION", "FIRST_RESPONSE", "NEXT_RESPONSE", "UPDATE", "RESOLUTION"):
            mine = [p for p in self.promises if p.metric == metric]
            last, target = (mine[-1] if mine else None), targets.get(metric)
            if last is not None and last.stopped is None:
                if target is None:
                    self._end(last, at, "POLICY")
                    continue
                last.under = chosen
                if not last.late and (facts or not last.alone):
                    self._retarget(last, ONE_DAY if last.alone else target, at, facts)
            elif target is not None and metric in self.owed:
                since = self.owed[metric]
                if last is None or last.void == "POLICY" or last.start < since:
                    full, act = self._count(since, target), self._to_act(target, at)
                    self._add(metric, since, target, later(full, act))

    def _retarget(self, one: Promise, target: Target, at: datetime, facts: bool) -> None:
        was, minimum = one.count, one.minimum
        in_force = was if minimum is None else later(was, minimum)
        full, act = self._count(one.start, target), self._to_act(target, at)
        one.target = target
        one.count = later(full, earlier(in_force, act))
        if facts and one.reopened is not None:
            one.minimum = self._count(one.reopened, ONE_DAY)

    def _to_act(self, target: Target, at: datetime) -> Due:
        return self._count(at, ONE_DAY if target["unit"] == "days" else REACTION)

    def _reopen(self, at: datetime) -> None:
        mine = [p for p in self.promises if p.metric == "RESOLUTION"]
        if not mine or mine[-1].void:
            return
        last = mine[-1]
        least = self._count(at, ONE_DAY, last.under[1])
        if not last.late:
            last.stopped = last.frozen = None
            last.minimum, last.reopened = least, at
        elif "RESOLUTION" in self.policies[last.under[0]].targets:
            self._add("RESOLUTION", at, ONE_DAY, least).alone = True

    # -- time --------------------------------------------------------------------------------

    def _count(self, at: datetime, target: Target, calendar: int | None = None) -> Due:
        slow, n, unit = self.calendars[calendar or self.chosen[1]], int(target["n"]), target["unit"]
        if unit == "days":
            return lambda pauses: slow.add_days(at, n, pauses)
        span = timedelta(**{unit: n})
        if target.get("clock") == "wall":
            return lambda pauses: add_wall(at, span, pauses)
        return lambda pauses: slow.add(at, span, pauses)

    def _stand(self, at: datetime) -> None:
        holds = bool(self.policies[self.chosen[0]].hold_pauses)
        still = {"PENDING": {"UPDATE", "RESOLUTION"}, "RESOLVED": {"RESOLUTION"}}
        wanted = still.get(self.status, {"RESOLUTION"} if self._held() and holds else set())
        for metric in ("UPDATE", "RESOLUTION"):
            spans = self.pauses.setdefault(metric, [])
            is_open = bool(spans) and spans[-1][1] is None
            if metric in wanted and not is_open:
                spans.append([at, None])
            elif is_open and metric not in wanted:
                spans[-1][1] = at
                if spans[-1][0] == at:
                    spans.pop()

    def _held(self) -> bool:
        return self.status == "ON_HOLD"

    def _closed(self, metric: str, at: datetime) -> Pauses:
        return tuple((a, at if b is None else b) for a, b in self.pauses.get(metric, []))

    def paused(self, metric: str) -> bool:
        spans = self.pauses.get(metric, [])
        return bool(spans) and spans[-1][1] is None

    def now_due(self, one: Promise) -> datetime | None:
        """The date in force; none while it stands still."""
        if one.late or one.stopped is not None:
            return one.frozen
        if self.paused(one.metric):
            return None
        return one.due(tuple((a, b) for a, b in self.pauses.get(one.metric, [])))

    def _look(self, at: datetime) -> None:
        for one in self._live():
            due = None if one.late else self.now_due(one)
            if due is not None and due < at:
                one.late, one.frozen = True, due

    def _live(self) -> list[Promise]:
        return [one for one in self.promises if one.stopped is None]
