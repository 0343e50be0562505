"""What happens to one demonstration report: a life of several acts, kept in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select

from core.database import db
from helpdesk import changes, filing, requester, tickets
from helpdesk.demonstration.demo_texts import Story
from helpdesk.models import Ticket
from helpdesk.relations import doubling
from helpdesk.setup import office

ANSWER = 450  # office minutes that the starting rulebook gives for a first answer


@dataclass(order=True)
class Act:
    """Something that happens to a ticket at a moment."""

    at: datetime
    turn: int
    doing: Callable[[], object] = field(compare=False)


class Stage(Protocol):
    """What a life needs of the office that it happens in."""

    def open_moment(self, wanted: datetime) -> datetime: ...

    def office_time(self, at: datetime, minutes: int) -> datetime: ...

    def plan(self, at: datetime, doing: Callable[[], object]) -> None: ...

    def worker(self, queue_id: int, n: int) -> str: ...


class Life:
    """What happens to one demonstration ticket; its story names one of several lives."""

    def __init__(self, stage: Stage, n: int, story: Story, filed_at: datetime) -> None:
        self.stage, self.n, self.story, self.filed_at = stage, n, story, filed_at
        self.id = 0
        self.actor = ""
        self.last = filed_at

    def begin(self, category: int, place: int | None) -> None:
        name = self.story.name
        handle = name.split(" ")[0].lower().strip(".") if name else ""
        filing_ = filing.Filing(
            ticket_class=self.story.ticket_class,
            body=self.story.words,
            key=f"demonstration-{self.n:04}-key",
            category_id=category,
            name=name or None,
            phone=f"+62812555{self.n:05}" if name and self.n % 2 else None,
            email=f"{handle}{self.n}@warga.example" if name and self.n % 2 == 0 else None,
            place_id=place,
        )
        self.stage.plan(self.filed_at, lambda: self._file(filing_))

    def _file(self, filing_: filing.Filing) -> None:
        self.id = filing.file(filing_).ticket_id
        self._held_in(db.session.get_one(Ticket, self.id).queue_id)
        getattr(self, self.story.life)()

    def _held_in(self, queue_id: int) -> None:
        self.actor = self.stage.worker(queue_id, self.n)

    def _holder(self) -> int:
        return int(self.actor.partition(":")[2])

    def after(self, hours: float, doing: Callable[[], object]) -> None:
        self._at(self.filed_at + timedelta(hours=hours), doing)

    def _at(self, wanted: datetime, doing: Callable[[], object]) -> None:
        # A life's acts keep their order, whatever nights and weekends lie between.
        self.last = self.stage.open_moment(max(wanted, self.last + timedelta(minutes=4)))
        self.stage.plan(self.last, doing)

    def _says(self, name: str) -> str:
        return self.story.said[name]

    def untouched(self) -> None:
        """Nobody has opened it yet."""

    def taken(self) -> None:
        self.after(0.7, lambda: tickets.assign(self.id, self._holder(), self.actor))

    def _answer(self) -> None:
        tickets.answer(self.id, self._says("answer"), self.actor)

    def answered(self) -> None:
        self.taken()
        self.after(1.2, lambda: tickets.accept(self.id, self.actor))
        self.after(2.5, self._answer)
        if "note" in self.story.said:
            self.after(4, lambda: tickets.note(self.id, self._says("note"), self.actor))

    def late(self) -> None:
        """Answered a while after the promise."""
        late_by = 25 + 40 * (self.n % 5)
        self.taken()
        self._at(self.stage.office_time(self.filed_at, ANSWER + late_by), self._answer)

    def solved(self) -> None:
        self.answered()
        self.after(30, lambda: tickets.resolve(self.id, self._says("done"), self.actor))

    def asked(self) -> None:
        self.taken()
        self.after(3, lambda: tickets.ask(self.id, self._says("ask"), self.actor))

    def replied(self) -> None:
        self.asked()
        self.after(26, lambda: requester.write(self.id, self._says("reply")))

    def held(self) -> None:
        self.answered()
        agency, why = self._says("agency"), self._says("note")
        self.after(8, lambda: tickets.hold(self.id, agency, why, self.actor))

    def refused(self) -> None:
        self.after(5, lambda: tickets.refuse(self.id, self._says("done"), self.actor))

    def forwarded(self) -> None:
        self.after(5, lambda: tickets.forward(self.id, self._says("done"), self.actor))

    def reopened(self) -> None:
        self.solved()
        self.after(60, lambda: requester.write(self.id, self._says("reply")))

    def moved(self) -> None:
        """To the team that knows more, and answered there."""

        def move() -> None:
            to = next(q.id for q in office.queues().values() if q.key == "kesehatan")
            changes.move(self.id, to, self._says("reason"), self.actor)
            self._held_in(to)

        self.after(1.5, move)
        self.answered()

    def duplicate(self) -> None:
        self.taken()

        def close() -> None:
            title = select(Ticket.number).where(Ticket.title == self._says("of"))
            doubling.duplicate(self.id, db.session.scalars(title.limit(1)).one(), self.actor)

        self.after(4, close)
