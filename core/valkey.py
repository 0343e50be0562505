"""A Redis-compatible server of our own: Valkey with an append-only file, on a unix socket only.

It lies in a short folder where the state folder's path is too long for a socket.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core import binaries
from core.places import ENV, socket_folder
from core.spawn import Plan
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
        calm = Retry(NoBackoff(), 0)
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1, retry=calm)
        try:
            return bool(client.ping())
        except (redis.RedisError, OSError):
            return False
        finally:
            client.close()
