"""Reports that merge, part, split and climb in any order: the log alone gives what is stored.

A plain random life beside the state machine's, which knows no second report: acts that are refused
change nothing here, and a breach that was recorded is there for good.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import DomainError
from core.events import Event
from helpdesk import changes, filing, requester, tickets
from helpdesk.conversations import held
from helpdesk.models import Category, Message, Ticket
from helpdesk.relations import merging, splitting
from helpdesk.routine import chores
from helpdesk.rules.vocabulary import Priority, TicketClass
from sla import tracking
from sla.sweeps import sweeper
from tests.promises import publishings
from tests.promises.by_hand import counted_by_hand

pytestmark = pytest.mark.usefixtures("office")
AGENT = "user:1"
STEPS, MOST = 40, 6
SAID = text(
    "SELECT count(*) FROM events WHERE kind = 'TIMER_BREACHED' AND subject = :subject"
    " AND data->>'metric' = :metric AND CAST(data->>'cycle' AS integer) = :cycle"
)
LOG = select(Event).order_by(Event.id)
AHEAD = text("SELECT due_at FROM timers WHERE stopped_at IS NULL AND due_at > :now ORDER BY 1")


class Life:
    """Some reports, and whoever does anything to them."""

    def __init__(self, seed: int, clock: MovableClock) -> None:
        self.draw, self.clock = random.Random(seed), clock
        self.topics = [None, *db.session.scalars(select(Category.id).order_by(Category.id))]
        self.ids: list[int] = []
        self.trail: list[object] = []
        self.breached: dict[tuple[str, str, int], datetime] = {}
        self.by_hand = 0  # looks at reports that somebody counted by hand
        for _ in range(3):
            self.file()

    def file(self) -> None:
        klass, topic = self.draw.choice(list(TicketClass)), self.draw.choice(self.topics)
        key, secret = secrets.token_hex(16), self.draw.random() < 0.2
        said = filing.Filing(klass, "Words.", key, category_id=topic, confidential=secret)
        with transaction():
            self.ids.append(filing.file(said).ticket_id)

    def split(self, one: int) -> None:
        asked = select(Message.id).where(Message.ticket_id == one).order_by(Message.id)
        message = self.draw.choice(list(db.session.scalars(asked)))
        self.ids.append(splitting.split(one, message, AGENT).ticket_id)

    def act(self) -> None:
        draw, one, other = self.draw, self.draw.choice(self.ids), self.draw.choice(self.ids)
        doings: list[tuple[int, str, Callable[[], object]]] = [
            (2, "answer", lambda: tickets.answer(one, "An answer.", AGENT)),
            (1, "ask", lambda: tickets.ask(one, "A question?", AGENT)),
            (1, "resolve", lambda: tickets.resolve(one, "Settled.", AGENT)),
            (1, "refuse", lambda: tickets.refuse(one, "Not ours.", AGENT)),
            (1, "accept", lambda: tickets.accept(one, AGENT)),
            (1, "hold", lambda: tickets.hold(one, "Bapenda", "They must look.", AGENT)),
            (1, "resume", lambda: tickets.resume(one, AGENT)),
            (1, "reopen", lambda: tickets.reopen(one, AGENT)),
            (2, "write", lambda: requester.write(one, "More words.")),
            (1, "appeal", lambda: requester.appeal(one, "We object.")),
            (1, "withdraw", lambda: requester.withdraw(one)),
            (4, "merge", lambda: merging.merge(one, other, AGENT)),
            (3, "unmerge", lambda: merging.unmerge(one, AGENT)),
            (1, "split", lambda: self.split(one)),
            (1, "hold a reply", lambda: held.answer(one, "Soon.", AGENT, timedelta(minutes=1))),
            (1, "snooze", lambda: tickets.snooze(one, self.clock.at + timedelta(days=2), AGENT)),
            (1, "priority", lambda: changes.set_priority(one, draw.choice(list(Priority)), AGENT)),
            (1, "class", lambda: changes.classify(one, TicketClass.SUGGESTION, None, AGENT, "It.")),
        ]
        _, name, do = draw.choices(doings, [weight for weight, _, _ in doings])[0]
        try:
            with transaction():
                do()
            self.trail.append((name, one, other))
        except DomainError:
            db.session.rollback()

    def publish(self) -> None:
        """A calendar or a policy; what is open moves to it at once."""
        now, days = self.clock.at, self.draw.randint(0, 20)
        if self.draw.random() < 0.5:
            publishings.a_day(now + timedelta(days=days), self.draw.random() < 0.7, now)
        else:
            publishings.a_target("ordinary", 5 + days, now, for_open=self.draw.random() < 0.7)
        self.trail.append(("published", days))

    def time_passes(self) -> None:
        ahead = list(db.session.scalars(AHEAD, {"now": self.clock.at}))
        if ahead and self.draw.random() < 0.4:
            beside = timedelta(seconds=self.draw.choice([-1, 0, 1]))
            self.clock.move_to(max(self.clock.at, self.draw.choice(ahead[:4]) + beside))
        else:
            self.clock.forward(timedelta(minutes=self.draw.choice([1, 50, 700, 5_000, 20_000])))
        self.trail.append(self.clock.at)
        if self.draw.random() < 0.6:
            held.send_what_left(self.clock.at)
        if self.draw.random() < 0.3:
            chores.end_what_is_over(self.clock.at)
        if self.draw.random() < 0.5:
            for subscriber in outbox.waiting():
                outbox.drain(subscriber)

    def look(self) -> None:
        """Raises AssertionError for the first thing that is not true."""
        sweeper.sweep(self.clock.at)
        db.session.expire_all()
        for one in self.ids:
            ticket = db.session.get_one(Ticket, one)
            rows = tracking.timers([ticket.ref])[ticket.ref]
            assert tracking.same(rows, tracking.rebuild(ticket.ref, self.clock.at)), self.trail
            dues = [row.due_at for row in rows if row.stopped_at is None and row.due_at]
            log = list(db.session.scalars(LOG.where(Event.subject == ticket.ref)))
            self.by_hand += counted_by_hand(rows, log, self.clock.at)
            assert ticket.next_due_at == min(dues, default=None), self.trail
            found = {(r.subject, r.metric, r.cycle): r.breached_at for r in rows if r.breached_at}
            was = {key: at for key, at in self.breached.items() if key[0] == ticket.ref}
            assert {key: found.get(key) for key in was} == was, self.trail
            for subject, metric, cycle in found.keys() - was.keys():
                key = {"subject": subject, "metric": metric, "cycle": cycle}
                assert db.session.scalar(SAID, key) == 1, self.trail
            self.breached |= found


@pytest.mark.parametrize("seed", [1, 2, 3, pytest.param(None, marks=pytest.mark.long)])
def test_whoever_merges_parts_and_splits_at_which_moment(
    clock: MovableClock, seed: int | None
) -> None:
    life = Life(secrets.randbits(32) if seed is None else seed, clock)
    for _ in range(STEPS if seed is not None else 10 * STEPS):
        if len(life.ids) < MOST and life.draw.random() < 0.05:
            life.file()
        elif life.draw.random() < 0.06:
            life.publish()
        elif life.draw.random() < 0.35:
            life.time_passes()
        else:
            life.act()
        life.look()
    assert life.by_hand > STEPS  # most reports are not merged at most moments
