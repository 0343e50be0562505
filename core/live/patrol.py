"""A look at one's own sockets every few seconds: whose session ended meanwhile is closed.

Sessions end by themselves (after hours, or idle), by commands of other processes, and while Redis
is away; none of that reaches a web process for certain, so each asks the database. Lines that never
said who they are do not stay open either.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from core.database import db, transaction
from core.live import screens

log = logging.getLogger(__name__)


class Patrol:
    """The sockets of this process. Starts with the first one, and ends with the process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.sids: set[str] = set()
        self.nameless: set[str] = set()
        self.walking = False
        self.lock = threading.Lock()

    def watch(self, sid: str) -> None:
        """A socket was opened and has its row."""
        self.sids.add(sid)
        self.begin()

    def forget(self, sid: str) -> None:
        self.sids.discard(sid)

    def begin(self) -> None:
        with self.lock:
            if self.walking or not self.app.config["SOCKETS_LIVE"]:
                return
            self.walking = True
        threading.Thread(target=self._walk, name="patrol", daemon=True).start()

    def _walk(self) -> None:
        while True:
            time.sleep(self.app.config["SOCKET_CHECK"])
            try:
                with self.app.app_context():
                    self.round()
            except SQLAlchemyError:
                log.warning("sockets were not looked at while the database is away")
            except Exception:
                log.exception("sockets were not looked at")

    def round(self) -> None:
        """Close what may not stay open."""
        from core.live.sockets import close, socketio

        here = set(self.sids)
        if here:
            with transaction():
                good = screens.allowed(here)
            db.session.remove()
            for sid in here - good:
                self.forget(sid)
                close(sid)
        self._close_nameless(socketio.server)

    def _close_nameless(self, server: Any) -> None:
        """Lines that belong to nobody (never named, or closed and not hung up) since last time."""
        named = {line for _, line in server.manager.get_participants("/", None)}
        nameless = {line for line in list(server.eio.sockets) if line not in named}
        for line in nameless & self.nameless:
            one = server.eio.sockets.get(line)
            if one is not None:
                one.close(wait=False)
        self.nameless = nameless


def of(app: Flask) -> Patrol:
    """This process's patrol."""
    found: Patrol = app.extensions.setdefault("patrol", Patrol(_itself(app)))
    return found


def _itself(app: Any) -> Flask:
    whole: Flask = getattr(app, "_get_current_object", lambda: app)()
    return whole
