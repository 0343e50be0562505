"""django-helpdesk beside us: set up as its documentation says, and filed to in the same way.

It gets a Python environment of its own (below ours), a database on the server that
we run on, as many web processes as we have, and no mail to send. Its site lies in bench/peer_site.
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy.engine import make_url

from bench.stage import ROOT, Stage, free_port
from core.running.embedded import OWNER, Postgres
from core.state import State

HOME = ROOT / ".venv" / "peer"  # where no tool of ours looks
NEEDS = ROOT / "bench" / "peer-requirements.txt"
SITE = ROOT / "bench" / "peer_site"
PROCESSES, THREADS = 2, 4


def python() -> Path:
    """Its own Python, made at the first run."""
    found = HOME / "bin" / "python"
    if not found.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        install = [str(found), "-m", "pip", "install", "--quiet", "-r", str(NEEDS)]
        subprocess.run(install, check=True)
    return found


@contextmanager
def peer(staged: Stage) -> Iterator[int]:
    """Its running site, on a database of its own beside ours; the port that it listens on."""
    own, postgres = str(python()), Postgres.of(State(staged.state))
    with postgres.connect() as admin:
        admin.execute(f"CREATE DATABASE peer OWNER {OWNER}".encode())
    url = make_url(postgres.url(OWNER, "peer"))
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": str(SITE),
        "PEER_DATABASE": "peer",
        "PEER_HOST": str(url.host or url.query.get("host")),
        "PEER_PORT": str(url.port or url.query.get("port") or 5432),
        "PEER_USER": str(url.username),
        "PEER_PASSWORD": str(url.password or ""),
    }
    for command in (["-m", "django", "migrate", "-v0"], ["-m", "prepare"]):
        subprocess.run([own, *command], env=env, cwd=SITE, check=True)
    port = free_port()
    serve = ["-m", "gunicorn", "serving:application", "-b", f"127.0.0.1:{port}", "-k", "gthread"]
    serve += ["-w", str(PROCESSES), "--threads", str(THREADS), "--log-level", "error"]
    process = subprocess.Popen([own, *serve], env=env, cwd=SITE)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/")
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


class Client:
    """One citizen's connection, kept open; its token serves for all its forms."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.line.request("GET", "/tickets/submit/")
        answer = self.line.getresponse()
        page = answer.read().decode()
        cookies = answer.headers.get_all("Set-Cookie") or []
        self.cookie = "; ".join(part.split(";")[0] for part in cookies)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        self.token = found.group(1) if found else ""
        self.filed = 0

    def work(self, until: float) -> None:
        while time.monotonic() < until:
            body = urlencode(
                {
                    "csrfmiddlewaretoken": self.token,
                    "queue": "1",
                    "title": "Izin saya belum terbit.",
                    "body": "Izin saya belum terbit.\nBerkas lengkap sejak tanggal 9.",
                    "priority": "3",
                    "submitter_email": "siti@warga.example",
                }
            )
            kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
            self.line.request("POST", "/tickets/submit/", body, kind)
            answer = self.line.getresponse()
            answer.read()
            self.filed += answer.status == 302


def filed_a_second(port: int, clients: int, seconds: float) -> float:
    """Tickets filed over its public form, by so many clients at once."""
    people = [Client(port) for _ in range(clients)]
    began = time.monotonic()
    until = began + seconds
    threads = [threading.Thread(target=one.work, args=(until,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(one.filed for one in people) / (time.monotonic() - began)
