"""A believable office for trying things out: three weeks of reports through the real use cases.

Deterministic for a given moment; nobody in it exists. The clock is moved through the weeks, the
sweeper runs in between, so every event, promise and breach is as true as in life.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select, text, update

from accounts.joining import create_user, newcomer
from accounts.rules.access import Role
from core import clock, outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.i18n import local
from core.running.refusal import Refused
from helpdesk import escalation
from helpdesk.demonstration import demo_levels, demo_texts
from helpdesk.demonstration.demo_lives import ANSWER, Act, Life
from helpdesk.demonstration.demo_texts import Story
from helpdesk.escalations import climbing, ladder
from helpdesk.models import Member, Notice, Queue, Ticket
from helpdesk.routine import chores
from helpdesk.setup import office
from sla import book, seed
from sla.sweeps import sweeper

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
AWAKE = range(6, 22)  # hours at which citizens write


def make(at: datetime, passwords: dict[str, str]) -> None:
    """Fill an empty office up to the moment `at`; does nothing where tickets exist.
    Raises Refused in production."""
    if current_app.config["ENV"] == "production":
        raise Refused("Demonstration data are never loaded in production.")
    if db.session.execute(select(func.count()).select_from(Ticket)).scalar_one():
        return
    with clock.movable(at - WEEKS) as moved:
        people = _people(passwords)
        Stage(at, moved, people).play()
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
        demo_levels.name(found)
        return found


def _drain() -> None:
    """Notices of the past are written and read, mails of the past are not sent."""
    for subscriber in outbox.HANDLERS:
        outbox.drain(subscriber)
    with transaction() as session:
        session.execute(text("UPDATE mails SET state = 'DROPPED' WHERE state = 'WAITING'"))
        session.execute(
            update(Notice)
            .where(Notice.at < clock.now() - timedelta(days=1))
            .values(read_at=Notice.at)
        )


class Stage:
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
        self.levels = demo_levels.Attending(self)

    def open_moment(self, wanted: datetime) -> datetime:
        """A moment when people work: the wanted one, or soon after the next opening."""
        if self.calendar.is_open(wanted):
            return wanted
        opening = self.calendar.next_open(wanted)
        return opening + timedelta(minutes=self.chance.randrange(3, 50))

    def office_time(self, at: datetime, minutes: int) -> datetime:
        """The moment so many office minutes after (below zero: before) another."""
        found = self.calendar.add(at, timedelta(minutes=minutes))
        assert found is not None
        return found

    def plan(self, at: datetime, doing: Callable[[], object]) -> None:
        if at <= self.now:
            self.turn += 1
            self.acts.append(Act(at, self.turn, doing))

    def worker(self, queue_id: int, n: int) -> str:
        """One of those who work on a queue."""
        key = office.queues()[queue_id].key
        agents = [
            email
            for email, (_, roles, queues) in _WHO.items()
            if key in queues and Role.SUPERVISOR not in roles
        ]
        return f"user:{self.people[agents[n % len(agents)].partition('@')[0]]}"

    def play(self) -> None:
        with transaction():
            topics = {topic.key: topic.id for topic in office.topics().values()}
            places = list(office.places())
        for n, story in enumerate(demo_texts.stories(), start=1):
            place = places[(n * 7) % len(places)] if n % 3 else None
            Life(self, n, story, self._filed_at(story)).begin(topics[story.topic], place)
        self._run()

    def _filed_at(self, story: Story) -> datetime:
        if story.left is not None:
            return self.office_time(self.now, story.left - ANSWER)
        assert story.ago is not None
        at = self.now - timedelta(days=story.ago)
        here = local(at)
        if here.hour in AWAKE:
            return at
        evening = here.replace(hour=max(AWAKE), minute=here.minute)
        return evening if evening < here else evening - timedelta(days=1)

    def _run(self) -> None:
        done = 0
        while done < len(self.acts):
            self.acts[done:] = sorted(self.acts[done:])
            act = self.acts[done]
            done += 1
            self._pass(act.at)
            with transaction():
                act.doing()
        self._pass(self.now)

    def _pass(self, until: datetime) -> None:
        """Let time pass: what falls due meanwhile is recorded and followed up at its own time."""
        while (moment := sweeper.next_moment()) is not None and moment < until:
            self.clock.move_to(max(self.clock.at, moment + timedelta(seconds=1)))
            if not sweeper.sweep(self.clock.at):
                break
            for follows in (escalation, ladder, climbing):
                outbox.drain(follows.SUBSCRIBER)
        self.levels.look(until)
        self.clock.move_to(until)
        chores.end_what_is_over(until)
