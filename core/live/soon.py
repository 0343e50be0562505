"""What may wait for a moment: waking workers and telling screens, after the answer went out.

A web process collects what its requests want told and tells it from a greenlet of its own: at once
when it is quiet, and the same thing at most once in `PAUSE` when it is not, however many requests
asked. Other processes work in batches anyway and tell directly. Nothing is owed here: what is lost
with the process is found by the sweeper and by screens that ask for themselves.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable

from flask import Flask, current_app

log = logging.getLogger(__name__)

PAUSE = 0.1  # seconds


class Teller:
    """Calls that wait, by what they tell; a thread (under gevent a greenlet) while there are."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.waiting: dict[Hashable, Callable[[], object]] = {}
        self.telling = False
        self.lock = threading.Lock()

    def put(self, what: Hashable, call: Callable[[], object]) -> None:
        with self.lock:
            self.waiting[what] = call
            if self.telling:
                return
            self.telling = True
        threading.Thread(target=self._tell, name="soon", daemon=True).start()

    def _tell(self) -> None:
        while True:
            with self.lock:
                calls, self.waiting = self.waiting, {}
                if not calls:
                    self.telling = False
                    return
            with self.app.app_context():
                for call in calls.values():
                    try:
                        call()
                    except Exception:
                        log.exception("something was not told")
            time.sleep(PAUSE)


def soon(what: Hashable, call: Callable[[], object]) -> None:
    """Make this call in a moment, or now where nobody collects; `what` names what it tells."""
    teller: Teller | None = current_app.extensions.get("teller")
    if teller is None:
        call()
    else:
        teller.put(what, call)
