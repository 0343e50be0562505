"""Setting a delivery aside, and putting it back in its line or giving it up. Nothing commits here.

What came after it for the same subject goes on without it, in its order. One that is tried again
stands in front of what is still owed, and behind what was done meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import TextClause, func, literal, select, text, tuple_

from core import clock, events
from core.aside import kinds
from core.aside.models import SetAside
from core.canonical import Value
from core.database import db
from core.errors import NotFound
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext

AT_ONCE = 500

_MOVE = text(
    """
    WITH gone AS (
        DELETE FROM deliveries WHERE subscriber = :subscriber AND event_id = :id
        RETURNING event_id, subscriber, subject, attempts, since
    )
    INSERT INTO set_aside (event_id, subscriber, subject, attempts, since, at, error, place)
    SELECT event_id, subscriber, subject, attempts, since, :at, :error, :place FROM gone
    RETURNING event_id
    """
)
_BACK = text(
    """
    WITH gone AS (
        DELETE FROM set_aside WHERE subscriber = :subscriber AND event_id = ANY(:ids)
        RETURNING event_id, subscriber, subject
    )
    INSERT INTO deliveries (event_id, subscriber, subject)
    SELECT event_id, subscriber, subject FROM gone ORDER BY event_id
    RETURNING event_id
    """
)
_DROP = text(
    """
    DELETE FROM set_aside WHERE subscriber = :subscriber AND event_id = ANY(:ids)
    RETURNING event_id
    """
)


def set_aside(subscriber: str, event_id: int, error: str, place: str) -> None:
    """Take a delivery out of its line, with what went wrong; the log says so."""
    at = clock.now()
    values = {"at": at, "error": error, "place": place}
    moved = db.session.execute(_MOVE, {"subscriber": subscriber, "id": event_id, **values})
    _say(kinds.DELIVERY_SET_ASIDE, subscriber, moved.scalars().all(), "system", at)


def try_again(subscriber: str, ids: Sequence[int], actor: str) -> None:
    """Put these back in their line. Raises NotFound if none is set aside (any more)."""
    _away(_BACK, kinds.DELIVERY_TRIED_AGAIN, subscriber, ids, actor)
    events.wake_after_commit({subscriber})


def try_all_again(subscriber: str, actor: str) -> None:
    """The same for the oldest five hundred of a subscriber, after its fault was mended."""
    asked = select(SetAside.event_id).where(SetAside.subscriber == subscriber)
    ids = db.session.scalars(asked.order_by(SetAside.event_id).limit(AT_ONCE)).all()
    try_again(subscriber, ids, actor)


def give_up(subscriber: str, ids: Sequence[int], actor: str) -> None:
    """Their consequences will never come; only the log remembers them. Raises NotFound."""
    _away(_DROP, kinds.DELIVERY_GIVEN_UP, subscriber, ids, actor)


def _away(
    statement: TextClause, kind: Kind, subscriber: str, ids: Sequence[int], actor: str
) -> None:
    gone = db.session.execute(statement, {"subscriber": subscriber, "ids": list(ids)})
    found = sorted(gone.scalars())
    if not found:
        raise NotFound(gettext("This is not waiting here any more."))
    _say(kind, subscriber, found, actor, clock.now())


def _say(kind: Kind, subscriber: str, ids: Sequence[int], actor: str, at: datetime) -> None:
    told: list[dict[str, Value]] = [
        {"subscriber": subscriber, "delivery": f"event:{event_id}"} for event_id in ids
    ]
    events.append([Entry(kind, kinds.SUBJECT, actor, at, data) for data in told])


def count() -> int:
    """How many are set aside."""
    return db.session.scalar(select(func.count()).select_from(SetAside)) or 0


def oldest(most: int, after: tuple[int, str] = (0, "")) -> Sequence[SetAside]:
    """Those set aside, in the order of their events, after one of them."""
    key = tuple_(SetAside.event_id, SetAside.subscriber)
    asked = select(SetAside).where(key > tuple_(*map(literal, after)))
    return db.session.scalars(
        asked.order_by(SetAside.event_id, SetAside.subscriber).limit(most)
    ).all()


def for_readiness() -> str | None:
    """A sentence for whoever runs the machines; all else goes on meanwhile."""
    found = count()
    if not found:
        return None
    return f"{found} deliveries always failed and were set aside; an administrator sees them."
