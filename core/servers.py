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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from core.children import Keeper
from core.config import Refused, Settings
from core.embedded import APPLICATION, OWNER, Postgres
from core.places import wait
from core.state import Lock
from core.valkey import Valkey

LEFTOVERS_SECONDS = 20.0
JOIN_SECONDS = 60.0
NAMES = ("postgres", "valkey")


def lock(settings: Settings, name: str) -> Lock:
    return Lock(settings.state.folder("run") / f"{name}.lock")


def _addresses(settings: Settings) -> Path:
    return settings.state.folder("run") / "servers.json"


def start(settings: Settings, keeper: Keeper) -> Settings:
    """Start what is not given by settings; the answer knows all addresses. Raises Refused.

    Call with `system.lock` held."""
    leftovers = lock(settings, "servers")
    if not leftovers.take(wait=LEFTOVERS_SECONDS):
        raise Refused("Servers of an earlier start are still ending. Please try again in a moment.")
    found: dict[str, str] = {}
    waiting: list[tuple[Callable[[], bool], str]] = []
    postgres = None
    if settings.database_url is None:
        postgres = Postgres.of(settings.state)
        postgres.initialise()
        keeper.start(postgres.plan(keep_fds=(leftovers.fd,)))
        waiting.append((postgres.answers, "PostgreSQL"))
    if settings.redis_url is None:
        valkey = Valkey.of(settings.state)
        keeper.start(valkey.plan(keep_fds=(leftovers.fd,)))
        found["redis_url"] = valkey.url
        waiting.append((valkey.answers, "Valkey"))
    for answers, name in waiting:
        wait(answers, name, keeper.tick)
    if postgres is not None:
        postgres.provide()
        found["database_url"] = postgres.url(APPLICATION)
        found["database_owner_url"] = postgres.url(OWNER)
    place = _addresses(settings)
    part = place.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(found))
    part.replace(place)
    return settings.model_copy(update=found)


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
        yield start(settings, keeper)
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
