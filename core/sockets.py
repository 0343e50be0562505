"""Live hints over websockets: "something changed in this room, fetch it".

A socket never carries what a person may not read: it carries a topic and a ref, and the page then
fetches over HTTP under its own rights. Who somebody is gets decided at connect, and every join is
asked again; a socket belongs to a session and is closed with it, on whichever process it lives.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import socketio as sio
from flask import Flask, current_app, request
from flask_socketio import SocketIO, join_room
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, db, transaction
from core.redis import Away, failed, resting
from core.soon import soon

log = logging.getLogger(__name__)

CHANNEL = "flask-socketio"

socketio = SocketIO()


class Socket(Base):
    """An open socket and the session that it belongs to, so that ending one closes the other."""

    __tablename__ = "sockets"

    sid: Mapped[str] = mapped_column(primary_key=True)
    session_key: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is on a socket: a session's key, and the ref of a person or of a guest's ticket."""

    session_key: str
    ref: str


identify: list[Callable[[], Identity | None]] = []
ROOMS: dict[str, Callable[[Identity, str], bool]] = {}


def room_guard(kind: str, may_join: Callable[[Identity, str], bool]) -> None:
    """Rooms "kind:ident" may be joined by whom `may_join(identity, ident)` says."""
    ROOMS[kind] = may_join


def init(app: Flask, *, live: bool, origins: Iterable[str]) -> None:
    """Bind to an app. `live`: through Redis, as web processes do; else in memory (tests)."""
    options: dict[str, Any] = {}
    if live:
        options["client_manager"] = sio.RedisManager(
            app.config["REDIS_URL"],
            channel=CHANNEL,
            redis_options={"socket_connect_timeout": 0.5, "protocol": 2},
        )
    socketio.init_app(
        app,
        async_mode="gevent" if live else "threading",
        transports=["websocket"],
        cors_allowed_origins=list(origins),
        manage_session=False,
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=64_000,
        **options,
    )


def _who() -> Identity | None:
    return next((found for ask in identify if (found := ask()) is not None), None)


@socketio.on("connect")
def _connect(auth: object = None) -> bool:
    found = _who()
    if found is None:
        return False
    sid: str = request.sid  # type: ignore[attr-defined]
    with transaction() as session:
        session.add(Socket(sid=sid, session_key=found.session_key, at=clock.now()))
    return True


@socketio.on("disconnect")
def _disconnect(reason: object = None) -> None:
    sid: str = request.sid  # type: ignore[attr-defined]
    with transaction() as session:
        session.execute(delete(Socket).where(Socket.sid == sid))


@socketio.on("join")
def _join(data: object = None) -> dict[str, str]:
    """Join a room if the session is alive and may; the answer is {"joined"} or {"refused"}."""
    room = data.get("room") if isinstance(data, dict) else None
    found = _who()
    if not isinstance(room, str) or found is None:
        return {"refused": "session"}
    kind, _, ident = room.partition(":")
    may_join = ROOMS.get(kind)
    if may_join is None or not may_join(found, ident):
        return {"refused": "room"}
    join_room(room)
    return {"joined": room}


def _emitter() -> Any:
    """In a web process the server itself, elsewhere a write-only manager on the same channel."""
    if socketio.server is not None:
        return socketio
    if "emitter" not in current_app.extensions:
        current_app.extensions["emitter"] = sio.RedisManager(
            current_app.config["REDIS_URL"],
            channel=CHANNEL,
            write_only=True,
            redis_options={"socket_connect_timeout": 0.5, "protocol": 2},
        )
    return current_app.extensions["emitter"]


def hint(room: str, topic: str, ref: str, seq: int | None = None) -> None:
    """Tell a room that something changed; may be lost, screens also ask by themselves."""
    soon(("hint", room, topic, ref, seq), partial(_emit, room, topic, ref, seq))


def _emit(room: str, topic: str, ref: str, seq: int | None) -> None:
    if resting(current_app.config["REDIS_URL"]):
        return
    try:
        _emitter().emit("hint", {"topic": topic, "ref": ref, "seq": seq}, room=room)
    except (Away, OSError):
        failed(current_app.config["REDIS_URL"])
        log.warning("hints are away; screens will ask by themselves")


def close_sessions(keys: Iterable[str]) -> None:
    """Close every socket of these sessions, wherever they are connected."""
    wanted = list(keys)
    if not wanted or socketio.server is None:
        return
    sids = list(db.session.scalars(select(Socket.sid).where(Socket.session_key.in_(wanted))))
    for sid in sids:
        socketio.server.disconnect(sid, namespace="/")
    with transaction() as session:
        session.execute(delete(Socket).where(Socket.sid.in_(sids)))
