"""A believable office for trying things out: three weeks of reports through the real use cases.

Deterministic for a given moment; nobody in it exists. The clock is moved through the weeks, the
sweeper runs in between, so every event, promise and breach is as true as in life.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select, text

from accounts.joining import create_user, newcomer
from accounts.rules.access import Role
from core import clock, outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.refusal import Refused
from helpdesk import chores, demo_texts
from helpdesk.demo_lives import Act, Life
from helpdesk.models import Category, Member, Place, Queue, Ticket
from helpdesk.rules.vocabulary import TicketClass
from sla import book, seed, sweeper

PEOPLE: dict[str, str] = {
    "rani@tanggap.example": "petugas",
    "bagas@tanggap.example": "petugas",
    "wulan@tanggap.example": "pengawas",
    "inspektur@tanggap.example": "inspektorat",
    "pimpinan@tanggap.example": "pimpinan",
    "admin@tanggap.example": "admin",
}
_WHO: dict[str, tuple[str, list[Role], list[str]]] = {
    "rani@tanggap.example": ("Rani Kartika", [Role.AGENT], ["pengaduan", "informasi"]),
    "bagas@tanggap.example": ("Bagas Pramudya", [Role.AGENT], ["pengaduan", "kesehatan"]),
    "wulan@tanggap.example": ("Wulan Astuti", [Role.SUPERVISOR], ["pengaduan"]),
    "inspektur@tanggap.example": ("Iman Surya", [Role.INSPECTOR], ["inspektorat"]),
    "pimpinan@tanggap.example": ("Ratih Maharani", [Role.LEADER], []),
    "admin@tanggap.example": ("Adi Nugraha", [Role.ADMIN], []),
}
WEEKS = timedelta(days=21)
ROUNDS = 2  # each text is used twice, weeks apart


def make(at: datetime, passwords: dict[str, str]) -> None:
    """Fill an empty office up to the moment `at`; does nothing where tickets exist.
    Raises Refused in production."""
    if current_app.config["ENV"] == "production":
        raise Refused("Demonstration data are never loaded in production.")
    if db.session.execute(select(func.count()).select_from(Ticket)).scalar_one():
        return
    with clock.movable(at - WEEKS) as moved:
        people = _people(passwords)
        Office(at, moved, people).play()
    _drain()


def _people(passwords: dict[str, str]) -> dict[str, int]:
    known = {
        email: newcomer(name=name, email=email, password=passwords[email])
        for email, (name, _, _) in _WHO.items()
    }
    with transaction():
        queues = dict(db.session.execute(select(Queue.key, Queue.id)).all())
        found: dict[str, int] = {}
        for email, (_, roles, member_of) in _WHO.items():
            user = create_user(known[email], roles=roles)
            found[email.partition("@")[0]] = user.id
            for key in member_of:
                db.session.add(Member(queue_id=queues[key], user_id=user.id))
        return found


def _drain() -> None:
    """Notices of the past are written, mails of the past are not sent."""
    for subscriber in outbox.HANDLERS:
        outbox.drain(subscriber)
    with transaction() as session:
        session.execute(text("UPDATE mails SET state = 'DROPPED' WHERE state = 'WAITING'"))


class Office:
    """Three weeks of acts, in order over all tickets."""

    def __init__(self, now: datetime, moved: MovableClock, people: dict[str, int]) -> None:
        self.now = now
        self.clock = moved
        self.people = people
        self.chance = random.Random(11)  # noqa: S311  # nosec B311 -- the same office every time
        current = book.current()
        self.calendar = current.calendar(current.newest[seed.OFFICE])
        self.acts: list[Act] = []
        self.turn = 0

    def open_moment(self, wanted: datetime) -> datetime:
        """A moment when people work: the wanted one, or soon after the next opening."""
        if self.calendar.is_open(wanted):
            return wanted
        opening = self.calendar.next_open(wanted)
        return opening + timedelta(minutes=self.chance.randrange(3, 50))

    def plan(self, at: datetime, doing: Callable[[], object]) -> None:
        if at <= self.now:
            self.turn += 1
            self.acts.append(Act(at, self.turn, doing))

    def play(self) -> None:
        with transaction():
            categories = dict(db.session.execute(select(Category.key, Category.id)).all())
            places = list(db.session.scalars(select(Place.id).order_by(Place.id)))
        texts = demo_texts.REPORTS * ROUNDS
        for n, (category, ticket_class, words, name) in enumerate(texts):
            share = n / len(texts)
            filed_at = self.now - WEEKS * (1 - share) ** 1.6 - timedelta(minutes=7 * (n % 5) + 3)
            Life(self, n, filed_at).begin(
                TicketClass(ticket_class),
                words,
                name,
                categories[category],
                places[(n * 7) % len(places)] if n % 3 else None,
            )
        self._run()

    def _run(self) -> None:
        done = 0
        while done < len(self.acts):
            self.acts[done:] = sorted(self.acts[done:])
            act = self.acts[done]
            done += 1
            self.clock.move_to(act.at)
            sweeper.sweep(act.at)
            chores.end_what_is_over(act.at)
            with transaction():
                act.doing()
        self.clock.move_to(self.now)
        chores.end_what_is_over(self.now)
        sweeper.sweep(self.now)
