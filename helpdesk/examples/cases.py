"""The worked examples of the promise engine: which are run, and why the others are not yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sla.rules.policy import Metric

SUPPORTED_EVENTS = {
    "filed",
    "accepted",
    "assigned",
    "answered",
    "asked",
    "held",
    "resumed",
    "resolved",
    "refused",
    "forwarded",
    "spam",
    "duplicate",
    "withdrawn",
    "reopened",
    "citizen_wrote",
    "noted",
    "auto_replied",
    "priority_changed",
    "class_changed",
    "category_changed",
    "queue_changed",
    "appealed",
    "reply_undone",
    "snoozed",
    "merged",
    "unmerged",
    "split",
    "escalated",
    "acknowledged",
    "given_back",
    "calendar_changed",
    "policy_version",
}
UNSUPPORTED_KEYS = {
    "live": "live chat",
    "topic": "live chat",
    "settles": "escalations",
}


@dataclass(frozen=True)
class Case:
    """One example with the calendars and policies that it may use."""

    id: str
    rule: str
    calendar: str
    events: list[dict[str, Any]]
    as_of: str
    expect: Any
    partial: bool
    calendars: dict[str, Any]
    policies: dict[str, Any]
    own_calendars: tuple[str, ...]
    own_policies: tuple[str, ...]

    def used_policies(self) -> list[str]:
        named = {e["policy"] for e in self.events if "policy" in e}
        return sorted(named | set(self.own_policies))

    def missing(self) -> str | None:
        """Why it cannot be run yet: the first thing that is not built; None if it can."""
        for event in self.events:
            if event["kind"] not in SUPPORTED_EVENTS:
                return f"act {event['kind']}"
            for key, reason in UNSUPPORTED_KEYS.items():
                if key in event:
                    return reason
        for name in self.used_policies():
            for metric in self.policies[name]["targets"]:
                if metric not in Metric.__members__:
                    return f"metric {metric}"
        return None


def read(file: Path) -> list[Case]:
    """The examples of a file. Raises ValueError or KeyError for one that holds none."""
    book: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return [
        Case(
            id=raw["id"],
            rule=raw["rule"],
            calendar=raw.get("calendar", "bekasi"),
            events=raw["events"],
            as_of=raw["as_of"],
            expect=raw["expect"],
            partial=raw.get("partial", False),
            calendars={**book["calendars"], **raw.get("calendars", {})},
            policies={**book["policies"], **raw.get("policies", {})},
            own_calendars=tuple(raw.get("calendars", {})),
            own_policies=tuple(raw.get("policies", {})),
        )
        for raw in book["cases"]
    ]
