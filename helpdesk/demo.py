"""A believable office for trying things out: three weeks of reports through the real use cases.

Deterministic for a given moment; nobody in it exists. The clock is moved through the weeks, the
sweeper runs in between, so every event, promise and breach is as true as in life.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from accounts.people import create_user
from accounts.rules.access import Role
from core import clock, outbox
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import chores, demo_texts, filing, requester, tickets
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


@dataclass(order=True)
class Act:
    """Something that happens to a ticket at a moment."""

    at: datetime
    turn: int
    doing: Callable[[], object] = field(compare=False)


def make(at: datetime, passwords: dict[str, str]) -> None:
    """Fill an empty office up to the moment `at`; does nothing where tickets exist."""
    if db.session.execute(select(func.count()).select_from(Ticket)).scalar_one():
        return
    with clock.movable(at - WEEKS) as moved:
        people = _people(passwords)
        Office(at, moved, people).play()
    _drain()


def _people(passwords: dict[str, str]) -> dict[str, int]:
    with transaction():
        queues = dict(db.session.execute(select(Queue.key, Queue.id)).tuples().all())
        found: dict[str, int] = {}
        for email, (name, roles, member_of) in _WHO.items():
            user = create_user(name=name, email=email, password=passwords[email], roles=roles)
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
            categories = dict(db.session.execute(select(Category.key, Category.id)).tuples().all())
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


class Life:
    """What happens to one demonstration ticket; its number chooses one of several lives."""

    def __init__(self, office: Office, n: int, filed_at: datetime) -> None:
        self.office, self.n, self.filed_at = office, n, filed_at
        self.id = 0
        self.holder = 0
        self.last = filed_at

    def begin(
        self, ticket_class: TicketClass, words: str, name: str, category: int, place: int | None
    ) -> None:
        handle = name.split(" ")[0].lower().strip(".") if name else ""
        filing_ = filing.Filing(
            ticket_class=ticket_class,
            body=words,
            key=f"demonstration-{self.n:04}-key",
            category_id=category,
            name=name or None,
            phone=f"+62812555{self.n:04}" if name and self.n % 2 else None,
            email=f"{handle}{self.n}@warga.example" if name and self.n % 2 == 0 else None,
            place_id=place,
        )
        self.office.plan(self.filed_at, lambda: self._file(filing_))

    def _file(self, filing_: filing.Filing) -> None:
        self.id = filing.file(filing_).ticket_id
        ticket = db.session.get_one(Ticket, self.id)
        apart = db.session.get_one(Queue, ticket.queue_id).key == "inspektorat"
        agent = ("rani", "bagas")[self.n % 2]
        self.holder = self.office.people["inspektur" if apart else agent]
        self._go_on()

    @property
    def actor(self) -> str:
        return f"user:{self.holder}"

    def after(self, hours: float, doing: Callable[[], object]) -> None:
        wanted = self.filed_at + timedelta(hours=hours)
        # A life's acts keep their order, whatever nights and weekends lie between.
        at = self.office.open_moment(max(wanted, self.last + timedelta(minutes=4)))
        self.last = at
        self.office.plan(at, doing)

    def _text(self, texts: list[str]) -> str:
        return texts[self.n % len(texts)]

    def _go_on(self) -> None:
        lives = [
            self.left_alone,
            self.answered,
            self.solved,
            self.asked,
            self.held,
            self.solved,
            self.late_answer,
            self.refused,
            self.taken,
            self.reopened,
            self.solved,
            self.answered,
            self.forwarded,
            self.asked_and_replied,
            self.duplicate,
        ]
        lives[self.n % len(lives)]()

    def left_alone(self) -> None:
        """Nobody has touched it yet; of older ones that would be hard to believe."""
        if self.office.now - self.filed_at > timedelta(days=3):
            self.late_answer()

    def taken(self) -> None:
        self.after(1.5, lambda: tickets.assign(self.id, self.holder, self.actor))

    def answered(self) -> None:
        self.taken()
        self.after(2, lambda: tickets.accept(self.id, self.actor))
        self.after(3, lambda: tickets.answer(self.id, self._text(demo_texts.ANSWERS), self.actor))

    def late_answer(self) -> None:
        self.after(30, lambda: tickets.assign(self.id, self.holder, self.actor))
        self.after(50, lambda: tickets.answer(self.id, self._text(demo_texts.ANSWERS), self.actor))

    def solved(self) -> None:
        self.answered()
        self.after(4, lambda: tickets.note(self.id, self._text(demo_texts.NOTES), self.actor))
        self.after(30, lambda: tickets.resolve(self.id, self._text(demo_texts.SOLVED), self.actor))

    def asked(self) -> None:
        self.taken()
        self.after(5, lambda: tickets.ask(self.id, self._text(demo_texts.QUESTIONS), self.actor))

    def asked_and_replied(self) -> None:
        self.asked()
        self.after(26, lambda: requester.write(self.id, self._text(demo_texts.REPLIES)))

    def held(self) -> None:
        self.answered()
        reason = self._text(demo_texts.NOTES)
        self.after(8, lambda: tickets.hold(self.id, "Dinas Kesehatan", reason, self.actor))

    def refused(self) -> None:
        self.after(6, lambda: tickets.refuse(self.id, demo_texts.REFUSED, self.actor))

    def forwarded(self) -> None:
        self.after(6, lambda: tickets.forward(self.id, demo_texts.FORWARDED, self.actor))

    def reopened(self) -> None:
        self.solved()
        self.after(60, lambda: requester.write(self.id, self._text(demo_texts.REPLIES)))

    def duplicate(self) -> None:
        self.taken()

        def close() -> None:
            other = db.session.scalars(select(Ticket.number).order_by(Ticket.id).limit(1)).one()
            tickets.duplicate(self.id, other, self.actor)

        self.after(4, close)
