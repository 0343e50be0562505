"""What a transaction asks first: the moment, and which small tables have changed since.

One statement, asked once a transaction however many want to know. Whoever changes one of the
tables in `WATCHED` gives it another mark (a trigger does), so no process needs to be told: it sees
a mark that it does not know (see core.storage.kept).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import has_app_context
from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Row,
    Select,
    event,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UTCDateTime, db


class Mark(Base):
    """A watched table and its mark. The mark is random, not the next number: if a change is
    rolled back, what was read of it must not pass for what somebody else commits next."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True, slots=True)
class Opening:
    """`at`: when the transaction first asked, in UTC; `marks`: table to mark."""

    at: datetime
    marks: Mapping[str, int]


_ASK = text("SELECT clock_timestamp(), jsonb_object_agg(name, mark) FROM marks")
_KEPT = "opening"

# For statements that are asked together with the opening (see `opening_with`): its moment.
MOMENT = literal_column("opening.at", type_=UTCDateTime())
_OPENING = text(
    "SELECT clock_timestamp() AS at, jsonb_object_agg(name, mark) AS marks FROM marks"
).columns(at=UTCDateTime(), marks=JSONB())


def opening() -> Opening:
    """This transaction's; asked anew after its own change of a watched table."""
    session = db.session()
    begun = session.get_transaction()
    kept: tuple[object, Opening] | None = session.info.get(_KEPT)
    if kept is not None and begun is not None and kept[0] is begun:
        return kept[1]
    at, marks = session.execute(_ASK).one()
    return _keep(session, Opening(at.astimezone(UTC), marks or {}))


def with_opening(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement of at most one row that says the opening too, for `opening_with`."""
    opened = _OPENING.subquery("opening")
    found = asked.lateral("found")
    return select(opened, found).select_from(opened.outerjoin(found, true()))


def opening_with(
    asked: Select[*tuple[Any, ...]], values: Mapping[str, Any]
) -> Row[*tuple[Any, ...]]:
    """The row of a `with_opening` statement, its columns empty where there is none.

    For a page's first question: the moment and the marks come with it and need not be asked alone.
    """
    session = db.session()
    row = session.execute(asked, values).one()
    begun, kept = session.get_transaction(), session.info.get(_KEPT)
    if kept is None or kept[0] is not begun:
        _keep(session, Opening(row.at, row.marks or {}))
    return row


def _keep(session: Session, found: Opening) -> Opening:
    session.info[_KEPT] = (session.get_transaction(), found)
    return found


def forget() -> None:
    """Ask anew: this transaction changed a watched table by a statement of plain text."""
    db.session().info.pop(_KEPT, None)


@event.listens_for(Engine, "before_cursor_execute")
def _changed(
    conn: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    """A statement built from our models that writes: what was read before may not hold after."""
    if context.isinsert or context.isupdate or context.isdelete:
        table = getattr(getattr(context.compiled, "statement", None), "table", None)
        if table is not None and table.name in WATCHED and has_app_context():
            forget()


# The triggers stand in the migrations; a test compares them with this list.
WATCHED = frozenset(
    {
        "policies", "calendars", "users", "queues", "queue_members", "categories", "routes",
        "places", "looked_for", "citizen_windows",
    }
)  # fmt: skip
