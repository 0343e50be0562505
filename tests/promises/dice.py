"""A life by the dice: mostly what may be done now, at moments that matter, so that it goes deep.

The state machine beside it tries what may not be done, too, and gets less far.
"""

from __future__ import annotations

import random
import secrets
from datetime import timedelta

from core.database import db, transaction
from core.errors import DomainError
from helpdesk import changes, tickets
from helpdesk.conversations import held
from helpdesk.rules.vocabulary import Priority, TicketClass
from tests.promises import publishings
from tests.promises.doings import AGENT, CHANGES, MOVING, SAYING, led
from tests.promises.life import TICK
from tests.promises.lives import Lives
from tests.promises.truths import Witness

# Ends are rare, else little comes after them.
WEIGHTS = {"spam": 1, "withdraw": 1, "resolve": 6, "refuse": 3, "forward": 2, "appeal": 12}
USUAL = 8
DAY = timedelta(days=1)
MINUTES = (1, 20, 90, 600, 1_500, 4_000, 9_000)


class Dice:
    def __init__(self, office: Lives, seed: int) -> None:
        self.office, self.draw = office, random.Random(seed)
        self.witnesses: dict[str, Witness] = {}
        for _ in range(2):
            self.file()
        self.look()  # before time passes, else the first date in force was never seen

    def file(self) -> None:
        office, draw = self.office, self.draw
        klass, topic = draw.choice(list(TicketClass)), draw.choice(office.categories)
        office.file(klass, topic, confidential=draw.random() < 0.2)

    def step(self) -> None:
        """Something happens, and all is looked at."""
        dice = self.draw.random()
        if dice < 0.45:
            self.act()
        elif dice < 0.58:
            self.change()
        elif dice < 0.64:
            self.publish()
        elif dice < 0.70:
            self.beside()
        elif dice < 0.76:
            self.meanwhile()
        else:
            self.time_passes()
        self.look()

    def look(self) -> None:
        for ref in self.office.refs:
            self.witnesses.setdefault(ref, Witness(ref)).look(self.office.clock.at)

    def act(self) -> None:
        """One of the moves that the table has from where it stands."""
        ref = self.draw.choice(self.office.refs)
        status, ident = self.office.status(ref), int(ref[7:])
        doings = {name: led(status, action) for name, (action, _) in (SAYING | MOVING).items()}
        names = [name for name, after in doings.items() if after is not None]
        if not names:
            return
        (name,) = self.draw.choices(names, [WEIGHTS.get(n, USUAL) for n in names])
        self.do(
            lambda: (
                SAYING[name][1](ident, secrets.token_hex(8))
                if name in SAYING
                else MOVING[name][1](ident)
            )
        )

    def change(self) -> None:
        ref, draw = self.draw.choice(self.office.refs), self.draw
        n, ident = draw.randint(0, 30), int(ref[7:])
        if draw.random() < 0.4:
            queue = draw.choice(self.office.queues)
            self.do(lambda: changes.move(ident, queue, "Theirs.", AGENT))
        else:
            what = draw.choice(sorted(CHANGES))
            self.do(lambda: CHANGES[what](self.office, ident, n))

    def publish(self) -> None:
        now, draw = self.office.clock.at, self.draw
        if draw.random() < 0.5:
            day = now + timedelta(days=draw.randint(0, 20))
            publishings.a_day(day, draw.random() < 0.7, now)
        else:
            key, n = draw.choice(publishings.POLICIES), draw.randint(1, 20)
            publishings.a_target(key, n, now, for_open=draw.random() < 0.7)

    def beside(self) -> None:
        """Held replies and snoozes."""
        ident, draw = int(self.draw.choice(self.office.refs)[7:]), self.draw
        if draw.random() < 0.7:
            span = timedelta(seconds=draw.randint(5, 120))
            self.do(lambda: held.answer(ident, "Soon.", AGENT, span))
        else:
            until = self.office.clock.at + timedelta(hours=draw.randint(1, 40))
            self.do(lambda: tickets.snooze(ident, until, AGENT))

    def meanwhile(self) -> None:
        """Words that come while a reply is held, or a change while it is settled."""
        ident, draw = int(self.draw.choice(self.office.refs)[7:]), self.draw
        if draw.random() < 0.5:
            self.do(lambda: held.answer(ident, "Soon.", AGENT, timedelta(seconds=60)))
            self.office.clock.forward(timedelta(seconds=30))
            self.do(lambda: SAYING["write"][1](ident, secrets.token_hex(8)))
            self.office.clock.forward(timedelta(seconds=40))
            held.send_what_left(self.office.clock.at)
            return
        self.do(lambda: MOVING["accept"][1](ident))
        self.do(lambda: SAYING["resolve"][1](ident, secrets.token_hex(8)))
        self.office.clock.forward(timedelta(hours=draw.randint(1, 30)))
        self.do(lambda: changes.set_priority(ident, draw.choice(list(Priority)), AGENT))
        self.office.clock.forward(timedelta(hours=1))
        self.do(lambda: MOVING["reopen"][1](ident))

    def time_passes(self) -> None:
        ahead, clock = self.office.moments(), self.office.clock
        if ahead and self.draw.random() < 0.4:
            beside = self.draw.choice([-TICK, timedelta(0), TICK])
            clock.move_to(max(clock.at, self.draw.choice(ahead[:3]) + beside))
        elif self.draw.random() < 0.2:  # to the second at which the office closes
            clock.move_to((clock.at + DAY).replace(hour=9, minute=0, second=0, microsecond=0))
        else:
            clock.forward(timedelta(minutes=self.draw.choice(MINUTES)))
        if self.draw.random() < 0.8:
            held.send_what_left(clock.at)
        if self.draw.random() < 0.5:
            self.office.sweep(1)
        if self.draw.random() < 0.3:
            self.office.end_what_is_over()
        if self.draw.random() < 0.3:
            self.office.drain()

    def do(self, act: object) -> None:
        """What is refused changes nothing here; the state machine sees to that."""
        try:
            with transaction():
                act()  # type: ignore[operator]
        except DomainError:
            db.session.rollback()
