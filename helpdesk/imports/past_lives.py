"""One imported row as true history: its events in order, and the promises that follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.canonical import Value, instant
from core.events import Entry
from core.i18n import local, zone
from helpdesk import kinds
from helpdesk.facts import fact
from helpdesk.imports.foreign import Case
from helpdesk.imports.landing import LANGUAGE, Spot
from helpdesk.rules.lifecycle import Outcome, Status
from helpdesk.rules.requesters import RequesterKind
from helpdesk.rules.vocabulary import Channel, MessageKind, Priority, TicketClass
from helpdesk.rules.windows import end_of_day
from helpdesk.setup import citizen_windows
from sla import book
from sla.kinds import TIMER_BREACHED
from sla.rows import row_values
from sla.rules.facts import Fact
from sla.rules.fold import Fold, fold

ACTOR = "import"


class Life:
    """One row's history: its events in order, and the promises that follow from them."""

    def __init__(self, case: Case, ident: int, number: int, spot: Spot, now: datetime) -> None:
        self.case, self.ident, self.spot, self.now = case, ident, spot, now
        self.ref = f"ticket:{ident}"
        self.number = f"T-{local(case.opened).year}-{number:06}"
        self.closes_at = self._closes_at()
        self.status = self._status()
        acts = list(self._happened())
        self.state: Fold = fold(self._facts(acts), book.current())
        self.state.advance(now)
        self.entries = self._in_order(acts)

    def _closes_at(self) -> datetime | None:
        """Until when it may be reopened: as if it had been filed with us, by the days of today."""
        case = self.case
        days = citizen_windows.chosen().days(Status.RESOLVED, case.opened, self.now)
        return end_of_day(case.closed, days, zone()) if case.closed and days else None

    def _status(self) -> Status:
        if self.closes_at is None:
            return Status.OPEN
        return Status.CLOSED if self.closes_at <= self.now else Status.RESOLVED

    def _happened(self) -> Iterator[Entry]:
        case = self.case
        data: dict[str, Value] = {
            "status": Status.OPEN.value,
            "policy": self.spot.choice.policy,
            "calendar": self.spot.choice.calendar,
            "class": TicketClass.COMPLAINT.value,
            "channel": Channel.IMPORT.value,
            "queue": self.spot.queue,
            "priority": Priority.NORMAL.value,
        }
        if self.spot.category is not None:
            data["category"] = self.spot.category
        if case.due is not None:
            data["due_resolution"] = instant(case.due)
        yield Entry(kinds.TICKET_IMPORTED, self.ref, ACTOR, case.opened, data)
        if case.closed is not None and self.closes_at is not None:
            resolved: dict[str, Value] = {"status": Status.RESOLVED.value}
            resolved["closes"] = instant(self.closes_at)
            yield Entry(kinds.TICKET_RESOLVED, self.ref, ACTOR, case.closed, resolved)
            if self.status is Status.CLOSED:
                closed = {"status": Status.CLOSED.value}
                yield Entry(kinds.TICKET_CLOSED, self.ref, ACTOR, self.closes_at, closed)

    @staticmethod
    def _facts(acts: list[Entry]) -> list[Fact]:
        found = (fact(e.kind.name, e.at, e.data) for e in acts)
        return [one for one in found if one is not None]

    def _in_order(self, acts: list[Entry]) -> list[Entry]:
        """Acts and missed promises as they happened; the first stays first, whatever was due."""
        missed = [
            Entry(
                TIMER_BREACHED,
                self.ref,
                ACTOR,
                timer.due_at,
                {"metric": timer.metric.value, "cycle": timer.cycle},
            )
            for timer in self.state.timers
            if timer.late and timer.due_at is not None
        ]
        return [acts[0], *sorted([*missed, *acts[1:]], key=lambda entry: entry.at)]

    def timers(self) -> list[dict[str, Any]]:
        return [row_values(self.ref, timer, self.now) for timer in self.state.timers]

    def ticket(self, source: str) -> tuple[Any, ...]:
        case = self.case
        outcome = Outcome.ANSWERED.value if case.closed else None
        closes_at = self.closes_at if self.status is Status.RESOLVED else None
        return (
            self.ident, self.number, TicketClass.COMPLAINT.value, self.spot.category,
            self.spot.place, case.title, self.spot.queue, Priority.NORMAL.value,
            self.status.value, outcome, Channel.IMPORT.value, LANGUAGE,
            RequesterKind.UNKNOWN.value, case.opened, case.opened, self.now, case.closed, closes_at,
            self.state.next_due(), 1, source, case.external_id,
        )  # fmt: skip

    def message(self) -> tuple[Any, ...]:
        case = self.case
        return (self.ident, 1, MessageKind.PUBLIC.value, "requester", case.title, case.opened)
