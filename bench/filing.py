"""Filing over HTTP: eight clients send the form to the real web server for some seconds."""

from __future__ import annotations

import http.client
import re
import secrets
import threading
import time
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import text

from bench.stage import Stage
from core.database import db
from helpdesk.conversations.thread import hashed

CLIENTS = 8
SECONDS = 10.0


class Client:
    """One citizen's connection, kept open; its token serves for all its forms."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.line.request("GET", "/lapor")
        answer = self.line.getresponse()
        page = answer.read().decode()
        self.cookie = "; ".join(
            part.split(";")[0] for part in answer.headers.get_all("Set-Cookie") or []
        )
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        self.token = found.group(1) if found else ""
        self.acknowledged: list[str] = []

    def work(self, until: float) -> None:
        while time.monotonic() < until:
            self.file()

    def file(self) -> None:
        """One report; only what was answered as taken counts."""
        key = secrets.token_urlsafe(24)
        body = urlencode(
            {
                "csrf_token": self.token,
                "key": key,
                "klass": "COMPLAINT",
                "category": "izin-terlambat",
                "text": "Izin saya belum terbit.\nBerkas lengkap sejak tanggal 9.",
                "name": "Siti",
                "phone": "081234567890",
            }
        )
        self.line.request(
            "POST",
            "/lapor",
            body,
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie},
        )
        answer = self.line.getresponse()
        answer.read()
        if answer.status == 303:
            self.acknowledged.append(key)


def _processes(stage: Stage) -> int:
    """Web processes, without the one that watches over them."""
    return max(1, len(stage.pids("gunicorn")) - 1)


def rows(stage: Stage) -> list[dict[str, Any]]:
    rate, durable = _filed(stage)
    return [
        {
            "what": f"filing, form to 303, {CLIENTS} clients, {_processes(stage)} web processes",
            "ours": f"{rate:.0f}/s ({durable})",
            "beside": "goal",
            "peer": "200/s",
            "ratio": f"{rate / 200:.2f}",
        }
    ]


def beside(stage: Stage, theirs: float) -> list[dict[str, Any]]:
    """The same once more, beside what django-helpdesk has just reached."""
    rate, durable = _filed(stage)
    return [
        {
            "what": f"filing, form to answer, {CLIENTS} clients, 2 web processes each",
            "ours": f"{rate:.0f}/s ({durable})",
            "beside": "django-helpdesk",
            "peer": f"{theirs:.0f}/s",
            "ratio": f"×{rate / theirs:.1f} (goal ≥ ×1.5)",
        }
    ]


def _filed(stage: Stage) -> tuple[float, str]:
    """Reports a second, and whether all that was answered as taken is there."""
    clients = [Client(stage.port) for _ in range(CLIENTS)]
    until = time.monotonic() + SECONDS
    threads = [threading.Thread(target=c.work, args=(until,)) for c in clients]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    keys = [hashed(key) for client in clients for key in client.acknowledged]
    with stage.app().app_context():
        found = db.session.execute(
            text("SELECT count(*) FROM tickets WHERE idempotency_key = ANY(:keys)"), {"keys": keys}
        ).scalar_one()
    lost = len(keys) - found
    return len(keys) / took, f"{lost} LOST" if lost else "all there"


def steadily(port: int, a_second: float, over: threading.Event) -> None:
    """Reports at an even pace until it is over."""
    client, due = Client(port), time.monotonic()
    while not over.is_set():
        client.file()
        due = max(due + 1 / a_second, time.monotonic() - 1)
        time.sleep(max(0.0, due - time.monotonic()))
