"""The queue page beside a bare page over the same index, at ten and at a hundred thousand."""

from __future__ import annotations

import json
import secrets
import statistics
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify
from sqlalchemy import select, text

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


def rows(stage: Stage) -> list[dict[str, Any]]:
    app = stage.app()
    app.config["WTF_CSRF_METHODS"] = []
    with app.app_context():
        queue_id = db.session.execute(
            text("SELECT id FROM queues WHERE key = 'pengaduan'")
        ).scalar_one()
        db.session.rollback()
    _bare(app, queue_id)
    client = app.test_client()
    logins = json.loads((stage.state / "secrets" / "demo-logins.json").read_text())
    email = "rani@tanggap.example"
    client.post("/masuk", data={"email": email, "password": logins[email]})
    found = []
    have = 0
    for count in (10_000, 100_000):
        with app.app_context():
            generate.tickets(f"d{count}", count - have, first=3600 + have * 10)
        have = count
        ours = _median_ms(lambda: client.get(f"/antrean?antrean={queue_id}"))
        bare = _median_ms(lambda: client.get("/_bare"))
        found.append(
            {
                "what": f"queue page, 25 of {count:,} open, whole page in this process",
                "ours": f"{ours:.1f} ms",
                "beside": "bare page over the same index",
                "peer": f"{bare:.1f} ms",
                "ratio": f"×{ours / bare:.1f} (goal ≤ ×4)",
            }
        )
    with app.app_context():
        number = _busy_ticket(queue_id)
    page = _median_ms(lambda: client.get(f"/laporan/{number}"))
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
