"""An office in which anybody may do anything to a report at any time, for random lives."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select, text

import prepare
from accounts.models import User
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import filing
from helpdesk.models import Category, Queue, Ticket
from helpdesk.routine import chores
from helpdesk.rules.lifecycle import Status
from helpdesk.rules.vocabulary import TicketClass
from sla import seed, tracking
from sla.models import PolicyVersion
from sla.sweeps import sweeper

HOURS = {"unit": "hours", "clock": "wall"}
# Beside the office's own policies: wall clocks, short targets, every sort of step, paused holds.
HASTY: dict[str, Any] = {
    "FIRST_RESPONSE": {"n": 45, "unit": "minutes", "clock": "wall"},
    "RESOLUTION": {"n": 26, **HOURS},
}
BRISK: dict[str, Any] = {
    "VERIFICATION": {"n": 1, "unit": "days"},
    "FIRST_RESPONSE": {"n": 60, "unit": "minutes"},
    "RESOLUTION": {"n": 600, "unit": "minutes"},
}
STEPS = [
    {"name": "half", "percent": 50},
    {"name": "soon", "before": {"n": 2, "unit": "hours"}, "in_hours": True},
    {"name": "due", "percent": 100},
    {"name": "after", "after": {"n": 1, "unit": "hours"}},
]


@dataclass
class Lives:
    """The office, its clock, and the reports of one random life."""

    clock: MovableClock
    app: Flask
    queues: list[int] = field(default_factory=list)
    categories: list[int | None] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    refs: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, clock: MovableClock) -> Lives:
        """The starting data of a fresh system, with two more policies and two people."""
        prepare.starting_data()
        with transaction() as session:
            lives = cls(clock, current_app._get_current_object())  # type: ignore[attr-defined]
            lives.queues = list(session.scalars(select(Queue.id).order_by(Queue.id)))
            lives.categories = [None, *session.scalars(select(Category.id).order_by(Category.id))]
            for n in (1, 2):
                person = User(
                    name=f"P{n}",
                    email=f"{secrets.token_hex(4)}@a.test",
                    password_hash="-",
                    roles=["AGENT", "SUPERVISOR"][:n],
                    created_at=clock.at,
                )
                session.add(person)
                session.flush()
                lives.people.append(person.id)
            session.add(_policy("hasty", -2, HASTY, {"priority": ["URGENT"]}))
            session.add(_policy("brisk", -1, BRISK, {"queue": [str(lives.queues[2])]}))
        return lives

    def begin(self, at: datetime) -> None:
        """Another life: what earlier ones left never comes up again."""
        self.clock.move_to(at)
        self.refs = []
        with transaction() as session:
            session.execute(text("UPDATE timers SET next_action_at = NULL"))
            session.execute(text("UPDATE tickets SET closes_at = NULL"))
            session.execute(text("UPDATE tickets SET status = 'CLOSED'"))
            session.execute(text("DELETE FROM deliveries"))
            session.execute(text("DELETE FROM held_replies"))

    def file(self, klass: TicketClass, category: int | None, confidential: bool = False) -> None:
        with transaction():
            said = filing.Filing(
                klass,
                "Words.",
                secrets.token_hex(16),
                category_id=category,
                confidential=confidential,
            )
            self.refs.append(f"ticket:{filing.file(said).ticket_id}")

    def ticket(self, ref: str) -> Ticket:
        """As it stands in the database now."""
        found: Ticket = db.session.get_one(Ticket, int(ref[7:]), populate_existing=True)
        return found

    def sweep(self, copies: int) -> None:
        """What is due by the clock is found out, by several sweepers at once."""
        if copies == 1:
            sweeper.sweep(self.clock.at)
            return
        together = threading.Barrier(copies)
        failed: list[BaseException] = []

        def one() -> None:
            with self.app.app_context():
                try:
                    together.wait(timeout=30)
                    while sweeper.sweep_batch(self.clock.at, 1):
                        pass
                except BaseException as error:  # noqa: BLE001 -- told by the test's own thread
                    failed.append(error)
                finally:
                    db.session.remove()

        threads = [threading.Thread(target=one) for _ in range(copies)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert failed == []

    def end_what_is_over(self) -> None:
        chores.end_what_is_over(self.clock.at)

    def drain(self) -> None:
        """Every consequence is carried out, and the consequences of those."""
        while waiting := outbox.waiting():
            assert sum(outbox.drain(subscriber) for subscriber in waiting) > 0

    def moments(self) -> list[datetime]:
        """When something will come by itself, nearest first."""
        asked = text(
            "SELECT next_action_at FROM timers WHERE subject = ANY(:refs) "
            "AND next_action_at IS NOT NULL UNION "
            "SELECT closes_at FROM tickets WHERE 'ticket:' || id = ANY(:refs) "
            "AND closes_at IS NOT NULL ORDER BY 1"
        )
        return [at for at in db.session.scalars(asked, {"refs": self.refs}) if at > self.clock.at]

    def status(self, ref: str) -> Status:
        """Where a report stands for whoever acts now: closed once its window is over."""
        ticket = self.ticket(ref)
        over = ticket.closes_at is not None and ticket.closes_at <= self.clock.at
        return Status.CLOSED if over else Status(ticket.status)

    def verifying(self, ref: str) -> bool:
        rows = tracking.timers([ref])[ref]
        return any(r.metric == "VERIFICATION" and r.stopped_at is None for r in rows)


def _policy(
    key: str, position: int, targets: dict[str, Any], conditions: dict[str, list[str]]
) -> PolicyVersion:
    return PolicyVersion(
        key=key,
        position=position,
        name=key,
        valid_from=datetime.fromisoformat("2000-01-01T00:00:00+00:00"),
        calendar_key=seed.OFFICE,
        conditions=conditions,
        targets=targets,
        steps=dict.fromkeys(targets, STEPS),
        hold_pauses=True,
    )
