"""One PostgreSQL and one Valkey for a test process, and databases cloned from a migrated one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from core.config import Settings, load
from core.running import migrate
from core.running.children import Keeper
from core.running.embedded import APPLICATION, OWNER, Postgres
from core.running.places import wait
from core.running.valkey import Valkey
from core.state import State

TEMPLATE = "template_tanggap"
_numbers = count(1)


@dataclass(frozen=True)
class Servers:
    """What a test process runs on. `settings(database)` names one of its databases."""

    state: State
    postgres: Postgres
    valkey: Valkey

    def settings(self, database: str, **more: str) -> Settings:
        return load(
            {
                "ENV": "test",
                "STATE_DIR": str(self.state.root),
                "DATABASE_URL": self.postgres.url(APPLICATION, database),
                "DATABASE_OWNER_URL": self.postgres.url(OWNER, database),
                "REDIS_URL": self.valkey.url,
                **more,
            }
        )

    def order(self, statement: str) -> None:
        with self.postgres.connect() as admin:
            admin.execute(statement.encode())

    @contextmanager
    def cloned(self) -> Iterator[str]:
        """The name of a database of one's own, dropped afterwards whoever is still connected."""
        name = f"clone_{next(_numbers)}"
        self.order(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}")
        try:
            yield name
        finally:
            self.order(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def running() -> Iterator[Servers]:
    """Servers in a folder of their own, migrated once; all of it is gone afterwards."""
    # Not below pytest's own folder: as root nobody may pass through that one.
    root = Path(tempfile.mkdtemp(prefix="tt-"))
    root.chmod(0o711)
    state = State(root)
    keeper = Keeper(state.folder("log"))
    postgres, valkey = Postgres.of(state, careless=True), Valkey.of(state)
    try:
        postgres.initialise()
        keeper.start(postgres.plan())
        keeper.start(valkey.plan())
        wait(postgres.answers, "PostgreSQL", keeper.tick)
        wait(valkey.answers, "Valkey", keeper.tick)
        postgres.provide()
        servers = Servers(state, postgres, valkey)
        servers.order(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
        migrate.upgrade(postgres.url(OWNER, TEMPLATE), postgres.url(APPLICATION, TEMPLATE))
        yield servers
    finally:
        keeper.stop(["postgres", "valkey"], within=5)
        shutil.rmtree(root, ignore_errors=True)
        if os.geteuid() == 0 and not postgres.home.is_relative_to(root):
            shutil.rmtree(postgres.home, ignore_errors=True)
