"""The sweeper's life: one tick after another, careful with clocks that jump."""

from __future__ import annotations

import logging
import math
import os
import signal
import socket
import threading
import time
from datetime import datetime
from types import FrameType

from flask import Flask
from sqlalchemy.exc import OperationalError

from core import clock, jobs, outbox
from core.database import db, transaction
from core.storage.waits import held_up, short_waits
from sla.sweeps import heartbeats, sweeper
from sla.sweeps.clock_watch import ClockWatch

log = logging.getLogger(__name__)

LONGEST_SLEEP = 0.25  # seconds
CHORE_EVERY = 1.0
WAITS = 1.0  # seconds that a sweeper waits for anybody's lock: it has deadlines to keep


class Sweeper:
    """One copy; `tick` does what is due and returns how long to sleep, in seconds."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.watch = ClockWatch()
        self.last_chores = 0.0
        self.last_done: dict[sweeper.Chore, float] = {}

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
        """Say that deadlines are recorded, wake the workers, then all else: a chore that fails
        holds up none of these and no other chore."""
        with transaction():
            confirmed = heartbeats.beat(self.name, now, self.watch.jump)
        if self.watch.confirm(confirmed):
            log.warning("an operator confirmed the clock, sweeping goes on")
        jobs.wake(set(outbox.waiting()))
        for chore, every in sweeper.CHORES.items() if safe else ():
            if time.monotonic() - self.last_done.get(chore, -math.inf) >= every:
                self.last_done[chore] = time.monotonic()
                _one(chore, now)


def _one(chore: sweeper.Chore, now: datetime) -> None:
    try:
        chore(now)
    except OperationalError as error:
        db.session.rollback()
        if not held_up(error):
            raise  # the database is away: the next tick waits for it
        log.warning("a chore met a lock, its next turn goes on: %s", chore.__name__)
    except Exception:
        db.session.rollback()
        log.exception("a chore failed: %s", getattr(chore, "__name__", chore))


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
        short_waits(db.engine, WAITS)
        while not stop.is_set():
            try:
                pause = copy.tick()
            except Exception as error:
                pause = set_back(error)
            stop.wait(pause)


def set_back(error: Exception) -> float:
    """After a tick that failed; returns how long to rest, in seconds.

    Only a database that is away is told in one line: whatever else it says is a fault of ours.
    """
    db.session.rollback()
    db.session.remove()
    if held_up(error):
        log.warning("a sweep met a lock, trying again")
        return LONGEST_SLEEP
    if isinstance(error, OperationalError) or getattr(error, "connection_invalidated", False):
        log.warning("the database is away, trying again")
        return LONGEST_SLEEP
    log.error("a sweep failed, trying again", exc_info=error)
    return 1.0
