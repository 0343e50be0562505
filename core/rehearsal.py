"""Whatever is done inside is undone at its end: for tests, and for playing examples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from core.database import db


@contextmanager
def undone() -> Iterator[Session]:
    """One outer transaction in an app's context; every session in it commits to a savepoint."""
    kept = db.session
    with db.engine.connect() as connection:
        outer = connection.begin()
        options = {"class_": _session_on(connection), "join_transaction_mode": "create_savepoint"}
        db.session = db._make_scoped_session(options)
        try:
            yield db.session()
        finally:
            db.session.remove()
            db.session = kept
            outer.rollback()


def _session_on(connection: Connection) -> type[BoundSession]:
    class OnOneConnection(BoundSession):
        def get_bind(self, *args: Any, **kwargs: Any) -> Connection:
            return connection

    return OnOneConnection
