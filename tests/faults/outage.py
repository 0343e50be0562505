"""Servers beside a whole system that are taken away at once, stay away, and come back."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.running.children import Keeper
from core.running.embedded import APPLICATION, OWNER, Postgres
from core.running.places import wait
from core.running.valkey import Valkey
from core.state import State


@dataclass(frozen=True)
class Beside:
    """A PostgreSQL and a Valkey that the system is given and does not start again."""

    keeper: Keeper
    postgres: Postgres
    valkey: Valkey

    @property
    def given(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.postgres.url(APPLICATION),
            "DATABASE_OWNER_URL": self.postgres.url(OWNER),
            "REDIS_URL": self.valkey.url,
        }

    def take_away(self, name: str) -> None:
        """As if its machine had lost its power."""
        self.keeper.stop([name], within=0)

    def bring_back(self, name: str) -> None:
        """Returns once it answers."""
        server = {"postgres": self.postgres, "valkey": self.valkey}[name]
        self.keeper.start(server.plan())
        wait(server.answers, name, self.keeper.tick)


@contextmanager
def beside() -> Iterator[Beside]:
    """Both servers, careful as in earnest; gone with all they hold afterwards."""
    # Not below pytest's own folder: as root nobody may pass through that one.
    root = Path(tempfile.mkdtemp(prefix="tb-"))
    root.chmod(0o711)
    state = State(root)
    servers = Beside(Keeper(state.folder("log")), Postgres.of(state), Valkey.of(state))
    try:
        servers.postgres.initialise()
        for name in ("postgres", "valkey"):
            servers.bring_back(name)
        servers.postgres.provide()
        yield servers
    finally:
        servers.keeper.stop(["postgres", "valkey"], within=5)
        shutil.rmtree(root, ignore_errors=True)
        if os.geteuid() == 0 and not servers.postgres.home.is_relative_to(root):
            shutil.rmtree(servers.postgres.home, ignore_errors=True)
