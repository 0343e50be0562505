"""A publishing moves what is open in the background: batch by batch, and on from where it was.

Each batch and the row that says how far it has come are one transaction, so whoever is killed
leaves a whole number of batches behind and the next worker goes on there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select

from core import clock, events
from core.database import db, transaction
from core.events import Entry
from sla import tracking
from sla.kinds import MOVE_ENDED
from sla.models import CalendarRevision, Move
from sla.recalculation import moving
from sla.recalculation.crowd import Crowd
from sla.recalculation.reach import reached

BATCH = 250
NEAR = 1000  # open subjects among which a batch is looked for

Reach = Select[bool]

WHEN_ENDED: list[Callable[[Move, int], None]] = []


def begin(
    what: str,
    actor: str,
    at: datetime,
    begins_at: datetime | None = None,
    since: datetime | None = None,
) -> int:
    """Order that open subjects be brought to a published revision or version ("calendar:7").
    `since`: of a revision, from when on it differs from the one before."""
    row = Move(what=what, actor=actor, made_at=at, begins_at=begins_at or at, since=since)
    db.session.add(row)
    db.session.flush()
    return row.id


def step(move_id: int, batch: int = BATCH) -> bool:
    """One batch in one transaction; True while there is more to do that nobody else is at."""
    with transaction() as session:
        wanted = select(Move).where(Move.id == move_id, Move.ended_at.is_(None))
        move = session.scalars(
            wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
        ).one_or_none()
        if move is None or move.begins_at > clock.now():
            return False
        if move.total is None:
            move.total = sum(
                crowd.count(None if reach is None else reach.exists())
                for _, crowd, reach in _crowds(move)
            )
        subjects = _next(move, batch) or _left(move, batch)
        if not subjects:
            _end(move)
            return False
        return _work(move, subjects)


def _work(move: Move, subjects: list[str]) -> bool:
    """False if all of them are held by others: they are tried again a little later."""
    done = moving.move(subjects[0].partition(":")[0], subjects)
    move.held = [*move.held, *done.held]
    move.seen += done.seen
    move.failed += done.failed
    move.moved += len(done.moved)
    move.later += sum(one.later for one in done.moved)
    move.worked_at = clock.now()
    return len(done.held) < len(subjects)


def _next(move: Move, batch: int) -> list[str]:
    """The next open subjects that the move may touch, kind by kind; the move stands after them."""
    prefix, _, number = move.after.partition(":")
    for kind, crowd, reach in _crowds(move):
        after = int(number or 0) if kind == prefix else 0
        while kind >= prefix and (
            near := crowd.open_after(after, NEAR if reach is not None else batch)
        ):
            ids = crowd.those(near, batch, reach) if reach is not None else near
            after = ids[-1] if len(ids) == batch else near[-1]
            move.after = f"{kind}:{after}"
            if ids:
                return [f"{kind}:{ident}" for ident in ids]
    return []


def _left(move: Move, batch: int) -> list[str]:
    """Those of one kind that others held when it was their turn."""
    if not move.held:
        return []
    prefix = move.held[0].partition(":")[0] + ":"
    subjects = [one for one in move.held if one.startswith(prefix)][:batch]
    move.held = [one for one in move.held if one not in subjects]
    return subjects


def _crowds(move: Move) -> Iterator[tuple[str, Crowd, Reach | None]]:
    """Each kind of subject, and which of them the move may touch (None: all that are open)."""
    key = None
    if move.since is not None:
        revision = int(move.what.partition(":")[2])
        key = db.session.scalar(select(CalendarRevision.key).filter_by(id=revision))
    for kind, feature in sorted(tracking.FEATURES.items()):
        if feature.crowd is not None:
            table, since = feature.crowd.table, move.since
            yield kind, feature.crowd, reached(kind, table, key, since) if key and since else None


def _end(move: Move) -> None:
    move.ended_at = clock.now()
    data = {"seen": move.seen, "moved": move.moved, "later": move.later}
    entry = Entry(MOVE_ENDED, f"move:{move.id}", "system", move.ended_at, data)
    (event_id,) = events.append([entry])
    for tell in WHEN_ENDED:
        tell(move, event_id)


def whole(move_id: int) -> Move:
    """All of it here and now, for commands; waits for nobody."""
    while step(move_id):
        pass
    return db.session.get_one(Move, move_id, populate_existing=True)


def waiting(now: datetime, idle: timedelta = timedelta(0)) -> list[int]:
    """Moves that are not at their end and did not come on for so long, the oldest first."""
    wanted = select(Move.id).where(
        Move.ended_at.is_(None),
        Move.begins_at <= now,
        or_(Move.worked_at.is_(None), Move.worked_at <= now - idle),
    )
    return list(db.session.scalars(wanted.order_by(Move.id)))


def of_what(what: str) -> int | None:
    """The move to a revision or version, if one was ordered."""
    return db.session.scalar(select(Move.id).where(Move.what == what))
