"""A ticket's log walked through once, with its promises as they stood before and after each act.

Pure: the same log gives the same sightings, whether it is read as it grows or all at once. The
promises are the engine's own fold, so "near" is measured against the date that was in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpdesk.rules.nearness import Near, about_to_fall_due
from helpdesk.rules.patterns import Line, Pattern, Sighting, Sizes
from helpdesk.rules.vocabulary import Priority
from helpdesk.rules.waiting import PENDING, over_budget
from sla.rules import gaming
from sla.rules.calendar import Calendar
from sla.rules.facts import Act, Fact
from sla.rules.fold import Fold
from sla.rules.policy import Metric, Unit
from sla.rules.rulebook import Book
from sla.rules.timer import Timer

ENDS = {
    "TICKET_SPAMMED", "TICKET_DUPLICATED", "TICKET_MERGED", "TICKET_WITHDRAWN", "TICKET_SPLIT",
}  # fmt: skip
ORDER = [priority.value for priority in Priority]


@dataclass(frozen=True, slots=True)
class Settled:
    line: Line
    near: Near | None


class Watch:
    """Takes one act after another; `found` is what was seen so far."""

    def __init__(self, book: Book, sizes: Sizes) -> None:
        self.book, self.sizes, self.state = book, sizes, Fold(book)
        self.found: list[Sighting] = []
        self.queue = 0
        self.about: dict[str, object] = {}
        self.settled: Settled | None = None
        self.again: list[int] = []  # events of settlings and reopenings
        self.reopened = 0
        self.stopped: tuple[Line, list[Timer]] | None = None  # a pause that lasts
        self.calendars: dict[int, Calendar] = {}  # on which each wait for the citizen is counted

    def take(self, line: Line, fact: Fact) -> None:
        """The next act, and the fact that it states."""
        self.state.advance(fact.at)
        if line.kind in ("TICKET_FILED", "TICKET_IMPORTED"):
            self.queue = int(line.data["queue"])
        near = about_to_fall_due(self.state, self.book, fact.at, self.sizes.near)
        ran = [t for t in self.state.timers if t.live and t.paused_at is None]
        self.state.take(fact)
        if line.data.get("status") == PENDING and self.state.chosen is not None:
            self.calendars[line.id] = self.book.calendar(self.state.chosen[1])
        self._changed(line, near)
        self._ended(line, near)
        self._paused(line, near, ran)
        self._reopened(line, fact, near)
        self._asked(line)
        if line.kind == "TICKET_MOVED":
            self.queue = int(line.data["queue"])
        for name in ("category", "place", "service"):
            if name in line.data or line.kind == "TICKET_CLASSED" and name == "category":
                self.about[name] = line.data.get(name)

    def _see(
        self,
        pattern: Pattern,
        line: Line,
        near: Near | None = None,
        *,
        by: Line | None = None,
        evidence: tuple[int, ...] = (),
        metric: Metric | None = None,
        count: int | None = None,
    ) -> None:
        """`by`: the act of the person whom it is about, if it is another one."""
        found = Sighting(
            pattern,
            line.id,
            (by or line).actor,
            line.at,
            self.queue,
            evidence or (line.id,),
            metric=metric,
            count=count,
        )
        if near is not None:
            after, due = near.timer.due_at, near.due_at
            found = replace(
                found,
                metric=near.timer.metric,
                due_at=due,
                left=near.left,
                later_at=after if after is not None and after > due else None,
            )
        self.found.append(found)

    def _changed(self, line: Line, near: list[Near]) -> None:
        if not near or not line.by_person:
            return
        data = line.data
        if line.kind == "PRIORITY_SET":
            if ORDER.index(str(data["priority"])) < ORDER.index(str(data["was"])):
                self._see(Pattern.LOWERED_NEAR, line, near[0])
        elif line.kind == "TICKET_MOVED":
            self._see(Pattern.MOVED_NEAR, line, near[0])
        elif line.kind in ("TICKET_CLASSED", "DETAILS_SET"):
            # Whoever looks a report through corrects its kind: that is what VERIFICATION asks for.
            others = [one for one in near if one.timer.metric is not Metric.VERIFICATION]
            if others and self._differs(line):
                self._see(Pattern.CHANGED_NEAR, line, others[0])

    def _differs(self, line: Line) -> bool:
        if line.kind == "DETAILS_SET":
            return True
        was, category = line.data.get("was"), line.data.get("category")
        return line.data["class"] != was or category != self.about.get("category")

    def _ended(self, line: Line, near: list[Near]) -> None:
        """A promise that was about to fall due, and counts no more."""
        void = [one for one in near if one.timer.cause is not None]
        if void and line.kind in ENDS:
            self._see(Pattern.ENDED_NEAR, line, void[0])

    def _paused(self, line: Line, near: list[Near], ran: Sequence[Timer]) -> None:
        stopped = [one for one in near if one.timer.paused_at is not None and one.timer.live]
        if stopped and line.by_person:
            self._see(Pattern.PAUSED_NEAR, line, stopped[0])
        if self.stopped is not None:
            begin, timers = self.stopped
            if all(t.paused_at is None for t in timers):
                self.stopped = None
                self._around_closing(begin, line, timers)
        now_paused = [t for t in ran if t.live and t.paused_at is not None]
        if now_paused and self.stopped is None:
            self.stopped = (line, now_paused)

    def _around_closing(self, begin: Line, line: Line, timers: Sequence[Timer]) -> None:
        """A short pause over a day's closing takes that day out of a count of days."""
        for timer in timers:
            if timer.target.unit is Unit.DAYS and begin.by_person:
                calendar = self.book.calendar(timer.calendar_id)
                span = [(begin.at, line.at)]
                if gaming.around_closings(span, calendar, self.sizes.short):
                    ends = (begin.id, line.id)
                    self._see(
                        Pattern.AROUND_CLOSING, line, by=begin, evidence=ends, metric=timer.metric
                    )
                    return

    def _reopened(self, line: Line, fact: Fact, near: list[Near]) -> None:
        if fact.act is Act.RESOLVED:
            resolution = [one for one in near if one.timer.metric is Metric.RESOLUTION]
            self.settled = Settled(line, resolution[0] if resolution else None)
            self.again.append(line.id)
        elif fact.act is Act.REOPENED and self.settled is not None:
            self.reopened += 1
            self.again.append(line.id)
            by, near_then = self.settled.line, self.settled.near
            if near_then is not None:
                both = (by.id, line.id)
                self._see(Pattern.REOPENED_NEAR, line, near_then, by=by, evidence=both)
            if self.reopened >= self.sizes.settlings:
                every = tuple(self.again)
                self._see(Pattern.SETTLED_AGAIN, line, by=by, evidence=every, count=self.reopened)

    def _asked(self, line: Line) -> None:
        if line.kind != "TICKET_ASKED" or "letters" not in line.data:
            return  # it was asked before its letters were counted
        counted = int(line.data["letters"])
        if counted < self.sizes.letters or not line.data.get("asks"):
            self._see(Pattern.NO_QUESTION, line, count=counted)


def sightings(
    lines: Sequence[Line], facts: Sequence[Fact], book: Book, sizes: Sizes
) -> list[Sighting]:
    """All that is to be seen in a ticket's log: its events that state facts, in their order, each
    beside the fact that it states."""
    watch = Watch(book, sizes)
    for line, fact in zip(lines, facts, strict=True):
        watch.take(line, fact)
    found = [*watch.found, *over_budget(lines, watch.calendars, sizes)]
    return sorted(found, key=lambda one: (one.event, one.pattern))
