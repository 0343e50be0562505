"""What happens to one demonstration report: a life of several acts, kept in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select

from core.database import db
from helpdesk import demo_texts, filing, requester, tickets
from helpdesk.models import Queue, Ticket
from helpdesk.rules.vocabulary import TicketClass


@dataclass(order=True)
class Act:
    """Something that happens to a ticket at a moment."""

    at: datetime
    turn: int
    doing: Callable[[], object] = field(compare=False)


class Stage(Protocol):
    """What a life needs of the office that it happens in."""

    now: datetime
    people: dict[str, int]

    def open_moment(self, wanted: datetime) -> datetime: ...

    def plan(self, at: datetime, doing: Callable[[], object]) -> None: ...


class Life:
    """What happens to one demonstration ticket; its number chooses one of several lives."""

    def __init__(self, office: Stage, n: int, filed_at: datetime) -> None:
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
