"""A whole system of one's own to measure: `python app.py` on a folder that is gone afterwards."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from core.config import load
from core.running.embedded import APPLICATION, OWNER, Postgres
from core.running.valkey import Valkey
from core.state import State

ROOT = Path(__file__).resolve().parents[1]
LIMITS = "filing=100000000,login-all=100000000"  # raised for the bench, and said so in the table


class Stage:
    """The running system and a look inside."""

    def __init__(self, state: Path) -> None:
        self.state, self.port = state, free_port()
        self.env = {**os.environ, "STATE_DIR": str(state), "PORT": str(self.port), "LIMITS": LIMITS}
        self.process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def wait(self) -> None:
        end = time.monotonic() + 120
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit("The system to be measured did not start.")
            time.sleep(0.1)

    def _ready(self) -> bool:
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/readyz")
            return line.getresponse().status == 200
        except OSError:
            return False

    def app(self) -> Flask:
        """An application in this process on the system's servers."""
        return app_of(self.state)

    def pids(self, word: str) -> list[int]:
        """Processes below ours whose command line has a word."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    said = (folder / "cmdline").read_bytes().decode(errors="replace")
                    env = (folder / "environ").read_bytes().decode(errors="replace")
                except OSError:
                    continue
                if word in said and f"STATE_DIR={self.state}" in env:
                    found.append(int(folder.name))
        return sorted(found)

    def stop(self, word: str) -> None:
        """Hold a child still (SIGSTOP), so that it does not do what is being measured."""
        for pid in self.pids(word):
            os.kill(pid, signal.SIGSTOP)

    def go_on(self, word: str) -> None:
        for pid in self.pids(word):
            os.kill(pid, signal.SIGCONT)


def app_of(folder: Path) -> Flask:
    """An application in this process on the servers of a running system."""
    from app import create_app

    settings = load({"STATE_DIR": str(folder), "ENV": "development"})
    state = State(folder)
    return create_app(
        settings=settings.model_copy(
            update={
                "database_url": Postgres.of(state).url(APPLICATION),
                "database_owner_url": Postgres.of(state).url(OWNER),
                "redis_url": Valkey.of(state).url,
            }
        ),
        config={"SOCKETS_LIVE": False},
    )


def row(what: str, seconds: float, goal: float) -> dict[str, Any]:
    """A row of the table: so many seconds beside a goal."""
    ours, ratio = f"{seconds:.2f} s", f"{seconds / goal:.2f}"
    return {"what": what, "ours": ours, "beside": "goal", "peer": f"{goal:g} s", "ratio": ratio}


def rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@contextmanager
def stage() -> Iterator[Stage]:
    root = Path(tempfile.mkdtemp(prefix="tb-"))
    root.chmod(0o711)
    started = Stage(root / "state")
    try:
        started.wait()
        yield started
    finally:
        started.process.send_signal(signal.SIGINT)
        started.process.wait(30)
        shutil.rmtree(root, ignore_errors=True)
