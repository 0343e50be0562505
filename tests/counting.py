"""Which statements a piece of work sends to the database, so that a page keeps to a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from core.database import db

Sent = list[tuple[str, Any]]


@contextmanager
def statements() -> Iterator[Sent]:
    """Collects (statement, parameters) while open; savepoints are no statements of the page's."""
    sent: Sent = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:
        if "SAVEPOINT" not in statement:
            sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def plan(statement: str, parameters: Any) -> str:
    """How the database would carry a collected statement out."""
    one = parameters[0] if isinstance(parameters, list) else parameters  # of many alike the first
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN {statement}", one)
    return "\n".join(row[0] for row in rows)
