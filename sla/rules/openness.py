"""When a subject was open, which says whether a change for open ones binds it."""

from __future__ import annotations

from datetime import datetime

from sla.rules.facts import Standing

SHUT = {Standing.SETTLED, Standing.ENDED}


class Openness:
    """The spans in which a subject was open, in order; the last may have no end yet."""

    def __init__(self) -> None:
        self.spans: list[tuple[datetime, datetime | None]] = []

    def take(self, at: datetime, standing: Standing) -> None:
        """Where the subject stands from a moment on."""
        open_now = bool(self.spans) and self.spans[-1][1] is None
        if standing not in SHUT and not open_now:
            self.spans.append((at, None))
        elif standing in SHUT and open_now:
            self.spans.append((self.spans.pop()[0], at))

    def at(self, moment: datetime) -> bool:
        """Was it open then? At the moment of its settling it was so no more."""
        return any(a <= moment and (b is None or moment < b) for a, b in self.spans)
