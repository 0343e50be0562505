"""Every cycle of every metric of one subject."""

from __future__ import annotations

from datetime import datetime

from sla.rules.policy import Metric
from sla.rules.timer import Timer


class Cycles:
    """`timers`: the subject's; `lent`: by a merge that was undone later, until it was."""

    def __init__(self) -> None:
        self.timers: list[Timer] = []
        self.lent: list[Timer] = []

    def all(self) -> list[Timer]:
        return self.timers + self.lent

    def current(self, metric: Metric) -> Timer | None:
        """The latest cycle of a metric."""
        return next((t for t in reversed(self.timers) if t.metric is metric), None)

    def next_cycle(self, metric: Metric) -> int:
        """Numbers are never given twice, so the log can speak of a cycle by its number."""
        return 1 + max((t.cycle for t in self.all() if t.metric is metric), default=0)

    def next_due(self) -> datetime | None:
        """The earliest date over timers that run (one past due runs until it is stopped)."""
        return min((t.due_at for t in self.timers if t.live and t.due_at), default=None)
