"""Rows by the thousand, for imports: COPY, and nobody is told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from core.canonical import FORMAT
from core.database import db
from core.events import Entry, check, digest_of


def copy_in(entries: Sequence[Entry]) -> None:
    """Append rows by the thousand, by COPY, without telling any subscriber: for imports.

    Raises ValueError for data that the kind does not declare.
    """
    for entry in entries:
        check(entry)
    connection = db.session.connection().connection.driver_connection
    assert connection is not None
    columns = "at, kind, subject, actor, visibility, data, digest, format"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY events ({columns}) FROM STDIN") as copy,
    ):
        for e in entries:
            seen = e.kind.visibility.value
            row = (e.at, e.kind.name, e.subject, e.actor, seen, json.dumps(dict(e.data)))
            copy.write_row((*row, digest_of(e), FORMAT))


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table other than the log; dicts and lists become JSON. Names of table and
    columns are the caller's own words, never anybody's input."""
    connection = db.session.connection().connection.driver_connection
    assert connection is not None
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([Jsonb(v) if isinstance(v, dict | list) else v for v in row])
