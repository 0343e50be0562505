"""The queue page beside a bare page over the same index, at ten and at a hundred thousand."""

from __future__ import annotations

import http.client
import json
import secrets
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify
from sqlalchemy import select, text

from accounts import cookies
from bench import generate
from bench.stage import Stage
from core.database import db, transaction
from helpdesk import filing
from helpdesk.acts import lock
from helpdesk.conversations import thread
from helpdesk.filing import Filing
from helpdesk.models import AT_WORK, Ticket
from helpdesk.rules.vocabulary import MessageKind, TicketClass

RUNS = 60


def _median_ms(run: Callable[[], object]) -> float:
    for _ in range(5):
        run()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        run()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _bare(app: Flask, queue_id: int) -> None:
    @app.get("/_bare")
    def bare() -> Any:
        found = db.session.execute(
            select(Ticket.id, Ticket.number, Ticket.title, Ticket.next_due_at)
            .where(text(AT_WORK), Ticket.queue_id == queue_id)
            .order_by(Ticket.next_due_at, Ticket.id)
            .limit(25)
        )
        return jsonify([[str(value) for value in row] for row in found])


class Desk:
    """Somebody of the office who reads the queue of complaints."""

    def __init__(self, staged: Stage) -> None:
        self.app, self.port = staged.app(), staged.port
        self.app.config["WTF_CSRF_METHODS"] = []
        with self.app.app_context():
            found = db.session.execute(text("SELECT id FROM queues WHERE key = 'pengaduan'"))
            self.queue_id: int = found.scalar_one()
            db.session.rollback()
        _bare(self.app, self.queue_id)
        logins = json.loads((staged.state / "secrets" / "demo-logins.json").read_text())
        self.client = self.app.test_client()
        email = "rani@tanggap.example"
        self.client.post("/masuk", data={"email": email, "password": logins[email]})
        self.path = f"/antrean?antrean={self.queue_id}"

    def measure(self) -> tuple[float, float]:
        """The queue page and the bare one in this process; medians in milliseconds."""
        ours = _median_ms(lambda: self.client.get(self.path))
        return ours, _median_ms(lambda: self.client.get("/_bare"))

    def times(self, seconds: float = 3600, until: threading.Event | None = None) -> list[float]:
        """Milliseconds of the page over HTTP, asked ten times a second."""
        session = self.client.get_cookie(cookies.SESSION)
        assert session is not None
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        head = {"Cookie": f"{session.key}={session.value}"}
        found, end = [], time.monotonic() + seconds
        while time.monotonic() < end and not (until is not None and until.is_set()):
            began = time.perf_counter()
            line.request("GET", self.path, headers=head)
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            found.append((time.perf_counter() - began) * 1000)
            time.sleep(0.1)
        return found


def rows(stage: Stage) -> list[dict[str, Any]]:
    desk = Desk(stage)
    found = []
    have = 0
    for count in (10_000, 100_000):
        with desk.app.app_context():
            generate.tickets(f"d{count}", count - have, first=3600 + have * 10)
        have = count
        ours, bare = desk.measure()
        found.append(
            {
                "what": f"queue page, 25 of {count:,} open, whole page in this process",
                "ours": f"{ours:.1f} ms",
                "beside": "bare page over the same index",
                "peer": f"{bare:.1f} ms",
                "ratio": f"×{ours / bare:.1f} (goal ≤ ×4)",
            }
        )
    with desk.app.app_context():
        number = _busy_ticket(desk.queue_id)
    page = _median_ms(lambda: desk.client.get(f"/laporan/{number}"))
    found.append(
        {
            "what": "ticket page with 20 messages among 100,000, whole page in this process",
            "ours": f"{page:.1f} ms",
            "beside": "goal",
            "peer": "10 ms",
            "ratio": f"{page / 10:.2f}",
        }
    )
    return found


def _busy_ticket(queue_id: int) -> str:
    """A ticket of the queue with twenty messages."""
    with transaction():
        receipt = filing.file(
            Filing(TicketClass.COMPLAINT, "Izin saya belum terbit.", secrets.token_urlsafe(24))
        )
        moment = lock(receipt.ticket_id)
        for n in range(19):
            thread.add(moment, MessageKind.NOTE, "user:1", f"Catatan nomor {n}.")
        moment.ticket.queue_id = queue_id
    return receipt.number
