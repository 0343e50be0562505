"""The servers that a system or a command runs on: given ones, those of a running system of the
same state folder, or our own for the while.

Three locks in run/: `system.lock` is held by whoever started the servers; `users.lock` is shared
by commands, so that servers are not stopped under them; `servers.lock` is inherited by the servers
themselves, so that a new start waits for what a killed one left behind.
"""

from __future__ import annotations

import atexit
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from core.config import Settings
from core.running.children import Keeper
from core.running.embedded import APPLICATION, OWNER, Postgres
from core.running.places import wait
from core.running.refusal import Refused
from core.running.valkey import Valkey
from core.state import Lock

LEFTOVERS_SECONDS = 20.0
JOIN_SECONDS = 60.0
NAMES = ("postgres", "valkey")


def lock(settings: Settings, name: str) -> Lock:
    return Lock(settings.state.folder("run") / f"{name}.lock")


def _addresses(settings: Settings) -> Path:
    return settings.state.folder("run") / "servers.json"


class Starting:
    """Servers being started: those that settings do not give. Make one with `system.lock` held.

    `known` has all addresses at once; they answer after `finish`. Raises Refused."""

    def __init__(self, settings: Settings, keeper: Keeper) -> None:
        self.keeper = keeper
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        leftovers = lock(settings, "servers")
        if not leftovers.take(wait=LEFTOVERS_SECONDS):
            raise Refused("Servers of an earlier start are still ending. Try again in a moment.")
        self.found: dict[str, str] = {}
        if settings.database_url is None:
            self.postgres = postgres = Postgres.of(settings.state)
            postgres.initialise()
            keeper.start(postgres.plan(keep_fds=(leftovers.fd,)))
            self.found["database_url"] = postgres.url(APPLICATION)
            self.found["database_owner_url"] = postgres.url(OWNER)
        if settings.redis_url is None:
            self.valkey = Valkey.of(settings.state)
            keeper.start(self.valkey.plan(keep_fds=(leftovers.fd,)))
            self.found["redis_url"] = self.valkey.url
        self.known = settings.model_copy(update=self.found)

    def finish(self) -> None:
        """Wait until they answer, and say where they are to whoever wants to join."""
        if self.valkey is not None:
            wait(self.valkey.answers, "Valkey", self.keeper.tick)
        if self.postgres is not None:
            wait(self.postgres.answers, "PostgreSQL", self.keeper.tick)
            self.postgres.provide()
        place = _addresses(self.known)
        part = place.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(json.dumps(self.found))
        part.replace(place)


def forget(settings: Settings) -> None:
    """From now on nobody joins."""
    _addresses(settings).unlink(missing_ok=True)


@contextmanager
def servers(settings: Settings) -> Iterator[Settings]:
    """Servers for a command: joined or started for the while. Raises Refused."""
    if settings.database_url is not None and settings.redis_url is not None:
        yield settings
        return
    users, mine = lock(settings, "users"), lock(settings, "system")
    if not users.take(shared=True, wait=JOIN_SECONDS):
        raise Refused("The servers of this state folder are just being stopped.")
    until = time.monotonic() + JOIN_SECONDS
    place = _addresses(settings)
    while not (starter := mine.take()) and not place.exists():
        if time.monotonic() > until:
            raise Refused("The running system of this state folder does not get ready.")
        time.sleep(0.1)
    if not starter:
        yield settings.model_copy(update=json.loads(place.read_text()))
        users.close()
        return
    keeper = Keeper(settings.state.folder("log"))
    try:
        starting = Starting(settings, keeper)
        starting.finish()
        yield starting.known
    finally:
        forget(settings)
        users.take(wait=JOIN_SECONDS)  # others who joined finish first
        keeper.stop(NAMES, within=5)
        mine.close()
        users.close()


def joined(settings: Settings) -> Settings:
    """As `servers`, for the rest of this process's life."""
    if settings.database_url is not None and settings.redis_url is not None:
        return settings
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(servers(settings))
