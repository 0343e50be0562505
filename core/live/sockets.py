"""Live hints over websockets: "something changed in this room, fetch it".

A socket never carries what a person may not read: it carries a topic and a ref, and the page then
fetches over HTTP under its own rights. Who somebody is gets asked at connect and anew in every
event; a socket belongs to a session and is closed with it, on whichever process it lives.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_socketio import ConnectionRefusedError, SocketIO, join_room
from sqlalchemy.exc import SQLAlchemyError

from core.database import db, transaction
from core.live import packets, patrol, screens
from core.live.hints import Channel

log = logging.getLogger(__name__)

socketio = SocketIO()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is on a socket: a session's key, and the ref of a person or of a guest's ticket."""

    session_key: str
    ref: str


identify: list[Callable[[], Identity | None]] = []
ROOMS: dict[str, Callable[[Identity, int], bool]] = {}


def room_guard(kind: str, may_join: Callable[[Identity, int], bool]) -> None:
    """Rooms "kind:12" may be joined by whom `may_join(identity, 12)` says."""
    ROOMS[kind] = may_join


def init(app: Flask, *, live: bool, origins: Iterable[str]) -> None:
    """Bind to an app. `live`: through Redis, as web processes do; else in memory (tests)."""
    options: dict[str, Any] = {}
    if live:
        options["client_manager"] = Channel(app.config["REDIS_URL"])
    socketio.init_app(
        app,
        async_mode="gevent" if live else "threading",
        transports=["websocket"],
        cors_allowed_origins=list(origins),
        manage_session=False,
        # One event of a line after another: a flood over one of them takes one database connection.
        async_handlers=False,
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=packets.LARGEST,
        serializer=packets.Plain,
        **options,
    )
    if live:
        packets.bound(socketio.server.eio)


# So many events of all screens ask the database at once; the pool's other connections serve pages.
_AT_ONCE = threading.BoundedSemaphore(3)


@contextmanager
def _turn() -> Iterator[None]:
    with _AT_ONCE:
        try:
            yield
        finally:
            db.session.rollback()  # gives the connection back before the turn is over


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


def _who() -> Identity | None:
    return next((found for ask in identify if (found := ask()) is not None), None)


@socketio.on("connect")
def _connect(*_: object) -> None:
    welcome = False
    try:
        with _turn():
            found = _who()
            if found is not None:
                with transaction():
                    welcome = screens.opened(_sid(), found.session_key)
    except SQLAlchemyError as error:
        raise ConnectionRefusedError("later") from error
    if found is None:
        raise ConnectionRefusedError("session")
    if not welcome:
        raise ConnectionRefusedError("often")
    patrol.of(current_app).watch(_sid())


@socketio.on("disconnect")
def _disconnect(*_: object) -> None:
    patrol.of(current_app).forget(_sid())
    with _turn(), transaction():
        screens.gone([_sid()])


@socketio.on("join")
def _join(*said: object) -> dict[str, str]:
    """Join a room if the session is alive and may; the answer is {"joined"} or {"refused"}."""
    if packets.too_often(request.environ):
        close(_sid())
        return {"refused": "often"}
    room = said[0].get("room") if said and isinstance(said[0], dict) else None
    kind, _, ident = room.partition(":") if isinstance(room, str) else ("", "", "")
    try:
        with _turn():
            found = _who()
            if found is None:
                return {"refused": "session"}
            if kind not in ROOMS or not (ident.isascii() and ident.isdecimal() and len(ident) < 19):
                return {"refused": "room"}
            if not ROOMS[kind](found, int(ident)):
                return {"refused": "room"}
    except SQLAlchemyError:
        log.warning("a screen could not join while the database is away")
        return {"refused": "later"}
    join_room(f"{kind}:{int(ident)}")
    return {"joined": f"{kind}:{int(ident)}"}


@socketio.on_error_default
def _broken(error: BaseException) -> None:
    log.error("an event of a screen failed", exc_info=error)


def close(sid: str) -> None:
    """Close a socket, on whichever process it lives; its screen may come back as who it is now."""
    if socketio.server is not None:
        socketio.server.disconnect(sid, namespace="/")
