"""A small reading of ticket-level examples, on the calendar alone.

The engine's own timers are tested elsewhere; NEXT_RESPONSE is not among them yet. So what these
examples prove is the arithmetic under the promise: which span of open time, and due when.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sla.rules.calendar import Calendar

Case = dict[str, Any]
MINUTE = timedelta(minutes=1)


def _at(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None


class Ticket:
    """The example's ticket: targets, who wrote when, and what follows from it."""

    def __init__(self, calendar: Calendar, given: Case) -> None:
        self.calendar = calendar
        self.targets = {k: v * MINUTE for k, v in given["targets_minutes"].items()}
        self.pauses = [(_at(a), _at(b)) for a, b in given.get("pauses", ())]
        self.created = _at(given["created"])
        self.now = _at(given.get("evaluate_at"))
        self.first_reply = _at(given.get("first_response_at") or given.get("agent_reply"))
        self.asked, self.gaps = self._exchanges(given)

    def _exchanges(self, given: Case) -> tuple[datetime | None, list[timedelta]]:
        """The first message that is unanswered, and how long answered ones waited."""
        if "customer_messages" in given:
            return _at(given["customer_messages"][0]), []
        pairs = given.get("exchanges", [])
        if "last_agent_contact" in given:
            pairs = [[given["customer_message"], given["last_agent_contact"]]]
        return None, [self.calendar.elapsed(_at(a), _at(b)) for a, b in pairs]

    def due(self, metric: str) -> datetime | None:
        start = self.asked if metric == "next_response" else self.created
        if start is None or metric not in self.targets:
            return None
        return self.calendar.add(start, self.targets[metric], self.pauses)

    def breached(self, metric: str) -> bool:
        due = self.due(metric)
        return due is not None and self.now is not None and self.now > due

    def minutes(self, metric: str) -> int:
        """Of several waits for an answer the longest is kept."""
        if metric == "next_response":
            return max(self.gaps) // MINUTE
        return self.calendar.elapsed(self.created, self.first_reply) // MINUTE

    def next_due(self) -> datetime | None:
        still = ["resolution", "next_response"]
        if self.first_reply is None:
            still.append("first_response")
        return min(due for metric in still if (due := self.due(metric)))

    def status(self) -> str:
        if any(self.breached(metric) for metric in ("resolution",)):
            return "Failed"
        return "First Response Due" if self.first_reply is None else "Resolution Due"

    def read(self, name: str) -> Any:
        if name in ("status", "next_due"):
            return getattr(self, name)()
        if name.endswith("_slack_minutes"):
            metric = name.removesuffix("_slack_minutes")
            return self.targets[metric] // MINUTE - self.minutes(metric)
        for ending, read in (("_due", self.due), ("_breached", self.breached)):
            if name.endswith(ending):
                return read(name.removesuffix(ending))
        return self.minutes(name.removesuffix("_minutes"))


def state(calendar: Calendar, given: Case, expected: Case) -> None:
    ticket = Ticket(calendar, given)
    for name, wanted in expected.items():
        if isinstance(wanted, str) and name.endswith("due"):
            wanted = _at(wanted)
        assert ticket.read(name) == wanted, name
