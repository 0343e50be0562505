"""Which queue takes what: the routing table, read from the top."""

from __future__ import annotations

from sqlalchemy import select

from core import clock, events
from core.canonical import Value
from core.database import db
from core.errors import Conflict, Invalid, NotFound
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext
from helpdesk.models import Category, Queue, RouteRow
from helpdesk.rules.vocabulary import TicketClass
from helpdesk.setup import setup_kinds


def routes() -> list[RouteRow]:
    """The routing table in its order."""
    return list(db.session.scalars(select(RouteRow).order_by(RouteRow.position, RouteRow.id)))


def _locked() -> list[RouteRow]:
    """The table for whoever changes it: of two changes the second starts from what the first left.

    Its last line is always there, so there is always a row to wait at.
    """
    db.session.execute(select(RouteRow.id).order_by(RouteRow.id).with_for_update())
    db.session.expire_all()
    return routes()


def _is_last(row: RouteRow) -> bool:
    return row.ticket_class is None and row.category_id is None


def add_route(ticket_class: str | None, category_id: int | None, queue_id: int, actor: str) -> None:
    """Add a line above the last one, which takes all."""
    if ticket_class is None and category_id is None:
        raise Invalid(
            fields={"klass": gettext("Choose a kind or a topic; the last line takes all else.")}
        )
    if ticket_class is not None and ticket_class not in TicketClass.__members__:
        raise Invalid(fields={"klass": gettext("Please choose one from the list.")})
    if category_id is not None and db.session.get(Category, category_id) is None:
        raise Invalid(fields={"category": gettext("Please choose one from the list.")})
    _queue(queue_id)
    rows = _locked()
    row = RouteRow(
        position=0, ticket_class=ticket_class, category_id=category_id, queue_id=queue_id
    )
    rows.insert(max(0, len(rows) - 1), row)
    _number(rows)
    db.session.flush()
    _record(setup_kinds.ROUTE_ADDED, row, actor, place=row.position, **_takes(row))


def move_up(route_id: int, actor: str) -> None:
    """One place up; the last line stays last."""
    _move(route_id, -1, actor)


def move_down(route_id: int, actor: str) -> None:
    """One place down, but never below the line that takes all else."""
    _move(route_id, 1, actor)


def _move(route_id: int, by: int, actor: str) -> None:
    rows = _locked()
    at = _find(rows, route_id)
    if _is_last(rows[at]):
        raise Conflict(gettext("The line that takes all else stays last."))
    to = at + by
    if not 0 <= to < len(rows) or _is_last(rows[to]):
        return  # it stands there already
    rows[at], rows[to] = rows[to], rows[at]
    _number(rows)
    _record(setup_kinds.ROUTE_PLACED, rows[to], actor, place=to + 1, was=at + 1)


def remove(route_id: int, actor: str) -> None:
    """Take a line away; the one that takes all else stays."""
    rows = _locked()
    at = _find(rows, route_id)
    if _is_last(rows[at]):
        raise Conflict(gettext("The line that takes all else cannot be removed."))
    row = rows.pop(at)
    db.session.delete(row)
    _number(rows)
    _record(setup_kinds.ROUTE_REMOVED, row, actor, was=at + 1, **_takes(row))


def _find(rows: list[RouteRow], route_id: int) -> int:
    for at, row in enumerate(rows):
        if row.id == route_id:
            return at
    raise NotFound(gettext("This line is not there any more."))


def _number(rows: list[RouteRow]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position
        db.session.add(row)


def _queue(queue_id: int) -> Queue:
    found: Queue | None = db.session.get(Queue, queue_id)
    if found is None:
        raise Invalid(fields={"queue": gettext("There is no such queue.")})
    return found


def _takes(row: RouteRow) -> dict[str, Value]:
    """What the line takes, as the log holds it."""
    found: dict[str, Value] = {}
    if row.ticket_class is not None:
        found["class"] = row.ticket_class
    if row.category_id is not None:
        found["category"] = row.category_id
    return found


def _record(kind: Kind, row: RouteRow, actor: str, **data: Value) -> None:
    whole = {"route": row.id, **data}
    events.append([Entry(kind, f"queue:{row.queue_id}", actor, clock.now(), whole)])
