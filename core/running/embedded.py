"""A PostgreSQL of our own: made ready in the state folder, on a unix socket only.

As root, PostgreSQL's data belongs to a system user (core.running.binaries). They lie in the state
folder if that user can pass through every folder above it; else in a folder of root's, whose place
is written to `postgres-folder` in the state folder. No existing folder's mode is changed.

Roles: `postgres` makes databases, `tanggap_owner` owns ours and runs migrations, `tanggap` is the
application's and owns nothing. Their passwords lie in secrets/, each role has its own.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from tempfile import mkdtemp
from urllib.parse import quote

import psycopg
from psycopg import sql

from core.running import binaries
from core.running.places import ENV, given, passable, socket_folder
from core.running.refusal import Refused
from core.running.spawn import Identity, Plan
from core.state import State

SUPERUSER, OWNER, APPLICATION, DATABASE = "postgres", "tanggap_owner", "tanggap", "tanggap"
SERVER = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "150",
    "timezone": "UTC",
    "jit": "off",  # compiling costs more than our short statements take
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a failed statement may hold what people typed
    "log_error_verbosity": "terse",  # and so may its detail: the row that was refused
    "log_checkpoints": "off",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """One database server in one state folder. `careless`: for tests, forgets on a power cut."""

    state: State
    programs: binaries.Postgres
    home: Path
    sockets: Path
    careless: bool = False

    @classmethod
    def of(cls, state: State, *, careless: bool = False) -> Postgres:
        programs = binaries.postgres()
        state.make()
        home = _home(state, programs.run_as)
        note = state.folder("run") / "postgres-sockets"
        sockets = socket_folder(home / "s", ".s.PGSQL.5432.lock", note, programs.run_as)
        return cls(state, programs, home, sockets, careless)

    @property
    def data(self) -> Path:
        return self.home / "data"

    def url(self, role: str, database: str = DATABASE) -> str:
        password = self.state.secret(f"postgres-{role}")
        return f"postgresql+psycopg://{role}:{password}@/{database}?host={quote(str(self.sockets))}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """As the superuser, each statement by itself."""
        return psycopg.connect(
            host=str(self.sockets),
            user=SUPERUSER,
            password=self.state.secret(f"postgres-{SUPERUSER}"),
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def initialise(self) -> None:
        """Make the data folder if there is none; a start that was cut off leaves none."""
        if self.data.is_dir():
            return
        who = self.programs.run_as
        part = self.home / "data.part"
        if part.is_dir():
            shutil.rmtree(part)
        password = self.home / "password"
        password.touch(mode=0o600)
        password.write_text(self.state.secret(f"postgres-{SUPERUSER}"))
        given(password, who)
        command = [
            str(self.programs.bin / "initdb"), "-D", str(part), "-U", SUPERUSER,
            "--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            *(["--no-sync"] if self.careless else []),
        ]  # fmt: skip
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=ENV,
            cwd="/",
            user=who.uid if who else None,
            group=who.gid if who else None,
            extra_groups=[] if who else None,
        )
        password.unlink()
        if done.returncode:
            raise Refused(f"PostgreSQL's data could not be made: {_reason(done.stderr)}")
        part.rename(self.data)

    def plan(self, keep_fds: tuple[int, ...] = ()) -> Plan:
        options = {**SERVER, **(CARELESS if self.careless else {})}
        flags = [f for name, value in options.items() for f in ("-c", f"{name}={value}")]
        program = str(self.programs.bin / "postgres")
        return Plan(
            name="postgres",
            command=(program, "-D", str(self.data), "-k", str(self.sockets), *flags),
            env=ENV,
            run_as=self.programs.run_as,
            stop=SIGINT,  # "fast": breaks off what runs, and ends cleanly
            orphaned=SIGINT,
            keep_fds=keep_fds,
        )

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.Error:
            return False
        return True

    def provide(self) -> None:
        """Make roles and the database where they are missing."""
        with self.connect() as admin:
            for role in (OWNER, APPLICATION):
                if not admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount:
                    password = self.state.secret(f"postgres-{role}")
                    order = "CREATE ROLE {} LOGIN PASSWORD {}"
                    admin.execute(sql.SQL(order).format(sql.Identifier(role), password))
            known = admin.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if not known.rowcount:
                for order in (
                    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
                    f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
                    f"GRANT CONNECT ON DATABASE {DATABASE} TO {APPLICATION}",
                ):
                    admin.execute(sql.SQL(order))


def _reason(said: str) -> str:
    """The line of a program's last words that says what was wrong."""
    for line in said.splitlines():
        for mark in ("FATAL: ", "error: "):
            if mark in line:
                return line.partition(mark)[2].strip()
    return said.strip()


def _home(state: State, who: Identity | None) -> Path:
    """Where data and socket live (see the head of this file)."""
    if who is None:
        return state.folder("postgres")
    note = state.root / "postgres-folder"
    if note.exists():
        return Path(note.read_text().strip())
    if passable(state.root):
        return given(state.folder("postgres"), who)
    made = Path(mkdtemp(prefix="data-", dir=binaries.roots_place()))
    note.write_text(f"{made}\n")
    return given(made, who)
