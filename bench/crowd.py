"""Believable open reports by the hundred thousand: random lives, folded and told as they were.

Each has its messages, its events with their digests, and the promises that follow from them, so
that a rebuild gives what is stored. `python -m bench.crowd STATE COUNT SEED` makes a share of them
on a running system; `fill` shares the work out.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from core import clock
from core.canonical import Value, instant
from core.database import db, transaction
from core.events import Entry
from core.i18n import zone
from core.storage import bulk
from helpdesk import kinds
from helpdesk.facts import fact
from helpdesk.policyfacts import policy_facts
from helpdesk.rules.lifecycle import Status
from helpdesk.rules.windows import USUAL, end_of_day
from helpdesk.setup import office
from sla import book, tracking
from sla.kinds import TIMER_BREACHED, TIMER_STEPPED
from sla.rows import row_values
from sla.rules.fold import fold

BATCH = 4_000
DAYS = 4  # back to when the oldest was filed; most are still in time
CLASSES = ["COMPLAINT"] * 7 + ["INFORMATION"] * 2 + ["SUGGESTION"]
AGENT, CITIZEN = "user:1", "requester"
# What happened, in shares of a hundred: each act comes some time after the one before.
LIVES: list[tuple[int, str]] = [
    (30, ""),
    (12, "assign"),
    (23, "assign accept answer"),
    (15, "assign answer write"),
    (8, "assign ask"),
    (7, "assign ask write"),
    (5, "accept answer hold"),
]
ACTS: dict[str, tuple[Any, str, Status | None]] = {
    "assign": (kinds.TICKET_ASSIGNED, AGENT, Status.OPEN),
    "accept": (kinds.TICKET_ACCEPTED, AGENT, Status.OPEN),
    "answer": (kinds.TICKET_ANSWERED, AGENT, Status.OPEN),
    "ask": (kinds.TICKET_ASKED, AGENT, Status.PENDING),
    "write": (kinds.REQUESTER_WROTE, CITIZEN, Status.OPEN),
    "hold": (kinds.TICKET_HELD, AGENT, Status.ON_HOLD),
}
SPOKEN = {"answer", "ask", "write"}
TICKET = """
    id number ticket_class category_id title queue_id priority status channel language filed_at
    arrived_at updated_at next_due_at closes_at last_seq assignee_id source external_id
""".split()  # noqa: SIM905 -- as a list it fills a page
MESSAGE = ["id", "ticket_id", "seq", "kind", "author", "body", "at"]


class Report:
    """One open report: its rows of every table."""

    def __init__(self, ident: int, said: Iterator[int], dice: random.Random, now: datetime) -> None:
        self.ref, self.now, self.dice = f"ticket:{ident}", now, dice
        self.messages: list[tuple[Any, ...]] = []
        self.ident, self.said = ident, said
        filed = now - timedelta(seconds=dice.randrange(60, DAYS * 86_400))
        topic = dice.choice([t for t in office.topics().values() if t.active])
        self.values: dict[str, Any] = {
            "ticket_class": dice.choice(CLASSES), "priority": "NORMAL", "channel": "WEB",
            "queue_id": dice.choice(list(office.queues())), "language": "id", "tags": [],
            "category_id": topic.id,
        }  # fmt: skip
        choice = tracking.choose(policy_facts(self.values, topic), filed)
        data: dict[str, Value] = {
            "status": Status.NEW.value, "policy": choice.policy, "calendar": choice.calendar,
            "class": self.values["ticket_class"], "channel": "WEB", "priority": "NORMAL",
            "queue": self.values["queue_id"], "category": topic.id,
            "message": self._says(CITIZEN, filed),
        }  # fmt: skip
        self.filed, self.held, self.status = filed, False, Status.NEW
        self.closes: datetime | None = None
        acts = [Entry(kinds.TICKET_FILED, self.ref, CITIZEN, filed, data), *self._lives(filed)]
        self.state = fold(filter(None, (fact(e.kind.name, e.at, e.data) for e in acts)), _book())
        self.state.advance(now)
        past = [
            entry
            for entry in tracking.unrecorded(self.ref, self.state, {})
            if entry.kind in (TIMER_BREACHED, TIMER_STEPPED)
        ]
        self.entries = [acts[0], *sorted([*past, *acts[1:]], key=lambda entry: entry.at)]

    def _says(self, author: str, at: datetime) -> int:
        message = next(self.said)
        words = f"Berkas {self.ident} belum terbit sejak pekan lalu, mohon kabarnya."
        seq = len(self.messages) + 1
        row = (message, self.ident, seq, "PUBLIC", author, words, at)
        self.messages.append(row)
        return message

    def _lives(self, at: datetime) -> Iterator[Entry]:
        (acts,) = self.dice.choices([a for _, a in LIVES], [n for n, _ in LIVES])
        for name in acts.split():
            at += timedelta(seconds=self.dice.randrange(300, 30_000))
            if at >= self.now:
                return
            kind, actor, status = ACTS[name]
            self.status = status or self.status
            if name == "write" and self.status is Status.NEW:
                self.status = Status.OPEN
            data: dict[str, Value] = {"status": self.status.value}
            if name == "assign":
                data["to"] = AGENT
                self.held = True
            if name in SPOKEN:
                data["message"] = self._says(actor, at)
            if name == "ask":
                self.closes = end_of_day(at, USUAL.reply, zone())
                data["closes"] = instant(self.closes)
            yield Entry(kind, self.ref, actor, at, data)

    def ticket(self, number: int) -> tuple[Any, ...]:
        v = self.values
        return (
            self.ident, f"T-{self.filed.year}-{number:06}", v["ticket_class"], v["category_id"],
            f"Berkas {self.ident} belum terbit", v["queue_id"], v["priority"], self.status.value,
            v["channel"], v["language"], self.filed, self.filed, self.now,
            self.state.next_due(), self.closes if self.status is Status.PENDING else None,
            len(self.messages), 1 if self.held else None, "bench",
            f"crowd-{self.ident}",
        )  # fmt: skip

    def timers(self) -> list[dict[str, Any]]:
        return [row_values(self.ref, timer, self.now) for timer in self.state.timers]


def _book() -> book.Book:
    return book.current()


_DRAWN = text(
    "SELECT nextval(pg_get_serial_sequence('tickets', 'id')), nextval('ticket_numbers') "
    "FROM generate_series(1, :n)"
)
_MESSAGES = text(
    "SELECT nextval(pg_get_serial_sequence('messages', 'id')) FROM generate_series(1, :n)"
)
MOST_SAID = 3  # messages in one of LIVES


def make(count: int, seed: int) -> None:
    """So many, in transactions of some thousands; nobody is told."""
    dice = random.Random(seed)  # noqa: S311  # nosec B311 -- no secret
    while count > 0:
        n = min(BATCH, count)
        with transaction():
            _batch(n, dice)
        count -= n


def _batch(n: int, dice: random.Random) -> None:
    now = clock.now()
    drawn = db.session.execute(_DRAWN, {"n": n}).all()
    said = iter(db.session.scalars(_MESSAGES, {"n": n * MOST_SAID}).all())
    reports = [Report(ident, said, dice, now) for ident, _ in drawn]
    bulk.copy_rows("tickets", TICKET, (r.ticket(d[1]) for r, d in zip(reports, drawn, strict=True)))
    bulk.copy_rows("messages", MESSAGE, (m for r in reports for m in r.messages))
    bulk.copy_in([entry for r in reports for entry in r.entries])
    rows = [row for r in reports for row in r.timers()]
    names = list(rows[0])
    bulk.copy_rows("timers", names, (tuple(row[name] for name in names) for row in rows))


def fill(state: Path, count: int, shares: int = 2) -> None:
    """On a running system's database, by several processes at once."""
    command = [sys.executable, "-m", "bench.crowd", str(state)]
    working = [
        subprocess.Popen([*command, str(count // shares), str(seed)]) for seed in range(shares)
    ]
    if any(process.wait() for process in working):
        raise SystemExit("The crowd could not be made.")


if __name__ == "__main__":
    from bench.stage import app_of

    with app_of(Path(sys.argv[1])).app_context():
        make(int(sys.argv[2]), int(sys.argv[3]))
