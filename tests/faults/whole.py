"""A whole system as a process of its own, for tests that stop, kill and watch it."""

from __future__ import annotations

import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENEROUS = 90.0  # seconds; no test asserts a time

SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")  # those that are not its own
Process = tuple[int, int]  # pid and when it began: together never used twice


def until(answer: Callable[[], object], what: str) -> None:
    """Wait for something that will come; fails with `what` if it does not."""
    end = time.monotonic() + GENEROUS
    while not answer():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _stat(pid: int) -> tuple[int, int, str] | None:
    """Parent, start and state of a process; None if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(fields[1]), int(fields[19]), fields[0]


def alive(process: Process) -> bool:
    found = _stat(process[0])
    return found is not None and found[1] == process[1] and found[2] != "Z"


def descendants(of: int) -> set[Process]:
    """Every process below one, with itself."""
    stats = {int(p.name): _stat(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdigit()}
    family = {of}
    while more := {pid for pid, s in stats.items() if s and s[0] in family} - family:
        family |= more
    return {(pid, s[1]) for pid in family if (s := stats.get(pid))}


class Whole:
    """`python app.py` on a state folder."""

    def __init__(self, state: Path, port: int | None = None, **more: str) -> None:
        self.state, self.port = state, port or free_port()
        self.given = {k: v for k, v in more.items() if k in SERVERS}
        self.env = {
            **os.environ, "STATE_DIR": str(state), "PORT": str(self.port), "ENV": "development",
            **more,
        }  # fmt: skip
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def serves(self) -> bool:
        """Ready by its own word; fails at once if it ended instead."""
        assert self.process.poll() is None, self.said
        return "serves at" in self.said and self.ready()

    def ready(self) -> bool:
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/readyz")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait_until_it_serves(self) -> None:
        until(self.serves, "a system that serves")

    def family(self) -> set[Process]:
        return descendants(self.process.pid)

    def child(self, word: str) -> int | None:
        """The direct child whose command line has this word."""
        for pid, _ in self.family():
            found = _stat(pid)
            if found and found[0] == self.process.pid and found[2] != "Z":
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
                if word in command:
                    return pid
        return None

    def end(self, sign: signal.Signals = signal.SIGINT) -> int:
        """Send a signal, wait for the end, return the code."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        code = self.process.wait(GENEROUS)
        self.reader.join(GENEROUS)
        return code


@contextmanager
def state_folder(deep: int = 0) -> Iterator[Path]:
    """A folder of its own that root's database user may pass through; gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="tf-"))
    root.chmod(0o711)
    place = root
    for _ in range(deep):
        place = place / secrets.token_hex(12)
    try:
        yield place / "state"
    finally:
        note = place / "state" / "postgres-folder"
        if note.exists():
            shutil.rmtree(note.read_text().strip(), ignore_errors=True)
        for name in ("postgres-sockets", "valkey-sockets"):
            short = place / "state/run" / name
            if short.exists():
                shutil.rmtree(short.read_text(), ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def whole(state: Path, **more: str) -> Iterator[Whole]:
    """A system that serves; whatever happens, it is ended."""
    started = Whole(state, **more)
    try:
        started.wait_until_it_serves()
        yield started
    finally:
        started.end()
