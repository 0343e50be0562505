"""The database out to a file and in again, by PostgreSQL's own pg_dump and pg_restore."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from core.running import binaries
from core.running.places import ENV
from core.running.refusal import Refused

# Who owns what and may do what is the restoring server's matter (core.running.migrate).
PLAIN = ("--no-owner", "--no-privileges", "--no-comments")

_TABLES = """
    SELECT count(*) FROM pg_class
    WHERE relnamespace = CAST('public' AS regnamespace) AND relkind IN ('r', 'p', 'S', 'v')
"""


def address(url: str) -> tuple[str, str]:
    """What libpq's programs take (without the password, which others could read from the list of
    processes), and the password."""
    parts = make_url(url)
    named = {
        "host": parts.host,
        "port": parts.port,
        "user": parts.username,
        "dbname": parts.database,
        **parts.query,
    }
    given = {name: str(value) for name, value in named.items() if value}
    return make_conninfo(**given), str(parts.password or "")


def connect(url: str) -> psycopg.Connection:
    """As whom the address names. Raises Refused."""
    info, password = address(url)
    try:
        return psycopg.connect(info, password=password, autocommit=True, connect_timeout=5)
    except psycopg.Error as error:
        said = str(error).strip().splitlines()
        raise Refused(f"The database cannot be used: {said[0] if said else error}") from None


def dump(url: str, place: Path) -> None:
    """Write the whole database, as it is at one moment, to a file. Raises Refused."""
    _run("pg_dump", url, "--format=custom", *PLAIN, f"--file={place}")


def load(url: str, place: Path) -> None:
    """Fill an empty database from such a file: all of it or nothing. Raises Refused."""
    _run("pg_restore", url, "--exit-on-error", "--single-transaction", *PLAIN, str(place))


def demand_empty(url: str) -> None:
    """Raise Refused for a database that has tables."""
    with connect(url) as connection:
        row = connection.execute(_TABLES).fetchone()
    if row is not None and row[0]:
        raise Refused("The database is not empty. A restore needs one that nobody has used.")


def analyze(url: str) -> None:
    """Until it knows its tables, the database may choose slow ways."""
    with connect(url) as connection:
        connection.execute("ANALYZE")


def _run(program: str, url: str, *arguments: str) -> None:
    place = binaries.postgres().bin / program
    if not place.is_file():
        raise Refused(f"{program} is not there. Install PostgreSQL's client programs.")
    info, password = address(url)
    done = subprocess.run(
        [str(place), f"--dbname={info}", *arguments],
        capture_output=True,
        text=True,
        env={**ENV, "PGPASSWORD": password, "HOME": os.environ.get("HOME", "/")},
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error:" in line] or ["no reason"]
        raise Refused(f"{program} failed: {said[0].partition('error:')[2].strip() or said[0]}")
