"""A Redis-compatible server of our own: Valkey with an append-only file, on a unix socket only.

It lies in a short folder where the state folder's path is too long for a socket.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM

from core.running import binaries
from core.running.places import ENV, socket_folder
from core.running.spawn import Plan
from core.state import State


@dataclass(frozen=True)
class Valkey:
    """One queue server in one state folder."""

    folder: Path
    socket: Path

    @classmethod
    def of(cls, state: State) -> Valkey:
        run = state.folder("run")
        sockets = socket_folder(run, "valkey.sock", run / "valkey-sockets", None)
        return cls(state.folder("valkey"), sockets / "valkey.sock")

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def plan(self, keep_fds: tuple[int, ...] = ()) -> Plan:
        flags = [
            "--port", "0", "--unixsocketperm", "700", "--appendonly", "yes",
            "--appendfsync", "everysec", "--maxmemory-policy", "noeviction",
        ]  # fmt: skip
        return Plan(
            name="valkey",
            command=(
                str(binaries.valkey()),
                *flags,
                "--save",
                "",
                "--dir",
                str(self.folder),
                "--unixsocket",
                str(self.socket),
            ),  # fmt: skip
            env=ENV,
            orphaned=SIGTERM,
            keep_fds=keep_fds,
        )

    def answers(self) -> bool:
        """Asked by hand: the client library takes longer to import than the server to start."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1.0)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(5) == b"+PONG"
            except OSError:
                return False
