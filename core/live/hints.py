"""Hints to screens: "something changed in this room, fetch it". They may be lost, and nobody waits
for them; screens also ask by themselves."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import socketio as sio
from flask import current_app

from core.live.soon import soon
from core.redis import Away, failed, hints, resting

log = logging.getLogger(__name__)

CHANNEL = "flask-socketio"


class Channel(sio.RedisManager):  # type: ignore[misc]
    """Socket.IO's way between processes. What is published never waits for a server that is away:
    with short limits of its own, and not at all for a moment after a failure."""

    def __init__(self, url: str) -> None:
        super().__init__(
            url, channel=CHANNEL, redis_options={"socket_connect_timeout": 0.5, "protocol": 2}
        )

    def _publish(self, data: Any) -> None:
        if resting(self.redis_url):
            return
        try:
            hints(self.redis_url).publish(self.channel, self.json.dumps(data))
        except (Away, OSError):
            failed(self.redis_url)
            log.warning("hints are away; screens will ask by themselves")


def hint(room: str, topic: str, ref: str, seq: int | None = None) -> None:
    """Tell a room that something changed."""
    soon(("hint", room, topic, ref, seq), partial(_tell, room, topic, ref, seq))


def _tell(room: str, topic: str, ref: str, seq: int | None) -> None:
    from core.live.sockets import socketio

    if not resting(current_app.config["REDIS_URL"]):
        socketio.emit("hint", {"topic": topic, "ref": ref, "seq": seq}, room=room)


def empty(room: str) -> None:
    """Send everybody out of a room; screens ask to join again, under the rights of now."""
    soon(("empty", room), partial(_empty, room))


def _empty(room: str) -> None:
    from core.live.sockets import socketio

    socketio.emit("rejoin", {"room": room}, room=room)
    socketio.close_room(room, namespace="/")
