"""What every act of an example needs: its names, its clock, its people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.clock import MovableClock
from core.database import db
from helpdesk.examples.cases import Case
from helpdesk.models import Ticket
from sla import book, tracking

ACTOR = "user:1"
LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words.replace("Z", "+00:00"))


class Names:
    """An office with the calendars and policies of one example."""

    def __init__(self, case: Case, clock_: MovableClock) -> None:
        self.case = case
        self.clock = clock_
        self.ids: dict[str, int] = {}  # tickets by their names in the case
        self.levels: dict[str, int] = {}  # and escalations
        self.person = 0  # somebody of the office
        self.queues: list[int] = []
        self.turn = 0
        self.held = 0

    def _id(self, event: dict[str, Any]) -> int:
        return self.ids[event.get("ref", "ticket:1")]

    def _tag(self, event: dict[str, Any]) -> int:
        ticket = db.session.get_one(Ticket, self._id(event))
        if "policy" in event:
            ticket.tags = [event["policy"]]
            db.session.flush()
        return ticket.id

    def _choice(self, event: dict[str, Any]) -> book.Choice:
        return tracking.choose({"tag": [event["policy"]]}, self.clock.at)
