"""When timers stand still: the pauses of each metric, as the subject's standing opens and ends
them."""

from __future__ import annotations

from datetime import datetime

from sla.rules.due import Pause
from sla.rules.facts import Standing
from sla.rules.metrics import TABLE, pausing
from sla.rules.policy import Metric


class Standstill:
    """Each metric's own pauses, and those of timers that came from another subject."""

    def __init__(self) -> None:
        self._lists: dict[Metric, list[list[Pause]]] = {metric: [[]] for metric in TABLE}

    def of(self, metric: Metric) -> list[Pause]:
        """The subject's own; timers hold this list, so they see what is added to it."""
        return self._lists[metric][0]

    def watch(self, metric: Metric, pauses: list[Pause]) -> None:
        """Let the subject's standing govern these from now on too."""
        self._lists[metric].append(pauses)

    def stand(self, standing: Standing, hold_pauses: bool, at: datetime) -> None:
        """Open and end pauses at a moment. One that would have no length leaves no trace."""
        for metric, lists in self._lists.items():
            wanted = pausing(metric, standing, hold_pauses)
            for pauses in lists:
                is_open = bool(pauses) and pauses[-1][1] is None
                if wanted and not is_open:
                    pauses.append((at, None))
                elif is_open and not wanted:
                    start = pauses.pop()[0]
                    if start < at:
                        pauses.append((start, at))
