"""What a screen may say to the server: small, in text, an event with a name. All else is nothing.

The usual engine measures a message once it has it, collects as many attachments as a message
announces, and writes a trace for each that it cannot read; anyone with a session could fill memory
or the log with that.
"""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any

from socketio import packet

LARGEST = 64_000  # bytes of one message
OFTEN, WITHIN = 60, 10.0  # events of one socket, in so many seconds
_SAID = "tanggap.said"


class Plain(packet.Packet):  # type: ignore[misc]
    """A packet that reads as an event that nobody listens to if it is not a proper one."""

    data: Any

    def decode(self, encoded_packet: Any) -> int:
        try:
            attachments = super().decode(encoded_packet)
        except (ValueError, TypeError, IndexError, KeyError, RecursionError):
            attachments, self.packet_type = 0, packet.CONNECT_ERROR
        known = self.packet_type in (packet.CONNECT, packet.DISCONNECT)
        if self.packet_type == packet.EVENT and not attachments:
            known = (
                isinstance(self.data, list) and bool(self.data) and isinstance(self.data[0], str)
            )
            # These two are the server's own words for what happens to a line.
            known = known and self.data[0] not in ("connect", "disconnect")
        if not known:
            self.packet_type, self.namespace, self.id = packet.EVENT, None, None
            self.data = ["nonsense"]
        return 0


def bound(engine: Any) -> None:
    """Let an engine stop reading a message that gets too large."""
    usual: Any = engine._async["websocket"]

    class Bounded(usual):  # type: ignore[misc]
        def __init__(self, handler: Any, server: Any) -> None:
            super().__init__(handler, server)
            self.server_args["max_message_size"] = LARGEST

    engine._async = {**engine._async, "websocket": Bounded}


def too_often(line: MutableMapping[str, Any]) -> bool:
    """Count one more event of a line (its environment); true if it says too much."""
    now = time.monotonic()
    began, count = line.get(_SAID, (now, 0))
    if now - began > WITHIN:
        began, count = now, 0
    line[_SAID] = (began, count + 1)
    return bool(count >= OFTEN)
