"""How the office is set up: which queue takes what, and who works on it."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from accounts import sessions
from accounts.models import User
from core.database import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import gettext
from helpdesk.models import Category, Member, Queue, RouteRow
from helpdesk.rules.vocabulary import TicketClass


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


def add_route(ticket_class: str | None, category_id: int | None, queue_id: int) -> None:
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
    rows.insert(
        max(0, len(rows) - 1),
        RouteRow(position=0, ticket_class=ticket_class, category_id=category_id, queue_id=queue_id),
    )
    _number(rows)


def move_up(route_id: int) -> None:
    """One place up; the last line stays last."""
    _move(route_id, -1)


def move_down(route_id: int) -> None:
    """One place down, but never below the line that takes all else."""
    _move(route_id, 1)


def _move(route_id: int, by: int) -> None:
    rows = _locked()
    at = _find(rows, route_id)
    if _is_last(rows[at]):
        raise Conflict(gettext("The line that takes all else stays last."))
    to = at + by
    if 0 <= to < len(rows) and not _is_last(rows[to]):
        rows[at], rows[to] = rows[to], rows[at]
    _number(rows)


def remove(route_id: int) -> None:
    """Take a line away; the one that takes all else stays."""
    rows = _locked()
    at = _find(rows, route_id)
    if _is_last(rows[at]):
        raise Conflict(gettext("The line that takes all else cannot be removed."))
    db.session.delete(rows.pop(at))
    _number(rows)


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


def set_members(queue_id: int, user_ids: list[int]) -> None:
    """Exactly these people work on the queue; screens of those who leave it are closed."""
    _queue(queue_id)
    known = db.session.execute(
        select(func.count()).select_from(User).where(User.id.in_(user_ids))
    ).scalar_one()
    if known != len(set(user_ids)):
        raise Invalid(fields={"people": gettext("Please choose people from the list.")})
    before = set(
        db.session.scalars(
            delete(Member).where(Member.queue_id == queue_id).returning(Member.user_id)
        )
    )
    for user_id in sorted(set(user_ids)):
        db.session.add(Member(queue_id=queue_id, user_id=user_id))
    for user_id in before - set(user_ids):  # their screens ask anew what they may hear
        sessions.close_sockets([row.key for row in sessions.open_sessions(user_id)])
