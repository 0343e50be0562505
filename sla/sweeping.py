"""The sweeper's life: one tick after another, careful with clocks that jump."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, jobs, outbox
from core.database import Base, db, transaction
from sla import sweeper

log = logging.getLogger(__name__)

LONGEST_SLEEP = 0.25  # seconds
CHORE_EVERY = 1.0
JUMP = 5.0
CALM = 60.0


class Heartbeat(Base):
    """What a sweeper last said of itself; readiness reads it."""

    __tablename__ = "sweepers"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    state: Mapped[str]  # sweeping | waiting: the clock jumped


@dataclass(slots=True)
class ClockWatch:
    """Notices when the wall clock and the monotonic one disagree by more than 5 s.

    After a jump nothing is claimed until they have agreed for 60 s: a breach that a wrong clock
    invented could never be taken back.
    """

    offset: float | None = None
    jumped_at: float | None = None

    def fits(self, wall: float, monotonic: float) -> bool:
        """True if sweeping is safe; both in seconds."""
        offset = wall - monotonic
        if self.offset is not None and abs(offset - self.offset) > JUMP:
            self.jumped_at = monotonic
            self.offset = offset
        elif self.offset is None:
            self.offset = offset
        if self.jumped_at is not None and monotonic - self.jumped_at >= CALM:
            self.jumped_at = None
        return self.jumped_at is None


_BEAT = text(
    """
    INSERT INTO sweepers (name, at, state) VALUES (:name, :at, :state)
    ON CONFLICT (name) DO UPDATE SET at = :at, state = :state
    """
)
_FORGET = text("DELETE FROM sweepers WHERE at < :before")


class Sweeper:
    """One copy; `tick` does what is due and returns how long to sleep, in seconds."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.watch = ClockWatch()
        self.last_chores = 0.0

    def tick(self) -> float:
        now = clock.now()
        monotonic = time.monotonic()
        safe = self.watch.fits(now.timestamp(), monotonic)
        if safe:
            sweeper.sweep(now)
        if monotonic - self.last_chores >= CHORE_EVERY:
            self.last_chores = monotonic
            self._chores(now, safe)
        following = sweeper.next_moment()
        db.session.remove()
        if not safe or following is None:
            return LONGEST_SLEEP
        left = (following - now).total_seconds() - (time.monotonic() - monotonic)
        return min(LONGEST_SLEEP, max(left, 0.001))

    def _chores(self, now: datetime, safe: bool) -> None:
        if safe:
            for chore in sweeper.CHORES:
                chore(now)
        jobs.wake(set(outbox.waiting()))
        state = "sweeping" if safe else "waiting: the clock jumped"
        with transaction() as session:
            session.execute(_BEAT, {"name": self.name, "at": now, "state": state})
            session.execute(_FORGET, {"before": now - timedelta(minutes=10)})


def run(app: Flask) -> None:
    """Sweep until told to stop; a database that is away is waited for."""
    stop = threading.Event()

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    copy = Sweeper()
    log.info("sweeping")
    with app.app_context():
        while not stop.is_set():
            try:
                pause = copy.tick()
            except DBAPIError:
                db.session.rollback()
                db.session.remove()
                log.warning("the database is away, trying again")
                pause = LONGEST_SLEEP
            except Exception:
                db.session.rollback()
                db.session.remove()
                log.exception("a sweep failed, trying again")
                pause = 1.0
            stop.wait(pause)
