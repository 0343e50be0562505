"""Pages that only read: each statement stands alone, with no BEGIN and ROLLBACK around it.

Under READ COMMITTED a transaction shows a page nothing that single statements would not, and the
driver forgets every statement it prepared at a ROLLBACK, so that the database would plan each of
them anew on every page.
"""

from __future__ import annotations

import re
import weakref
from typing import Any

from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import Connection, Engine, event

READING = "reading"
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH\b.*\b(INSERT|UPDATE|DELETE)\b)", re.DOTALL)

_alone: weakref.WeakKeyDictionary[Engine, Engine] = weakref.WeakKeyDictionary()


class PageSession(BoundSession):
    """A session that reads without transactions while its `info` says so."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        bind = super().get_bind(*args, **kwargs)
        if READING not in self.info or not isinstance(bind, Engine):
            return bind
        if bind not in _alone:
            _alone[bind] = bind.execution_options(isolation_level="AUTOCOMMIT", only_reads=True)
        return _alone[bind]


@event.listens_for(Engine, "before_cursor_execute")
def _only_reads(
    conn: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    """Nothing is changed by looking at it; a change without its transaction never happens."""
    if conn.get_execution_options().get("only_reads") and WRITES.match(statement):
        raise RuntimeError("A page that only reads was about to write.")
