"""What is to be seen in the logs of tickets, worked out by the pure rule and stored.

All but the marks of those who looked is a cache: looking at a ticket once more gives the same.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from core.database import db
from core.events import Event
from helpdesk import kinds
from helpdesk.models import SightingRow
from helpdesk.patterns import sizes
from helpdesk.rules import watch
from helpdesk.rules.patterns import Line, Sighting
from sla import book
from sla.proving.histories import facts_of, read_kinds

log = logging.getLogger(__name__)

# Without one of these, by somebody of the office or the citizen, there is nothing to see.
SEEDS = {
    kind.name
    for kind in (
        kinds.TICKET_ASKED, kinds.TICKET_HELD, kinds.TICKET_REOPENED, kinds.PRIORITY_SET,
        kinds.TICKET_MOVED, kinds.TICKET_CLASSED, kinds.DETAILS_SET, kinds.TICKET_SPAMMED,
        kinds.TICKET_DUPLICATED, kinds.TICKET_MERGED, kinds.TICKET_WITHDRAWN, kinds.TICKET_SPLIT,
    )
}  # fmt: skip
# What may end a wait, or put a merge aside that was seen.
AFTER = {
    kind.name
    for kind in (
        kinds.TICKET_RESUMED, kinds.REQUESTER_WROTE, kinds.TICKET_RESOLVED, kinds.TICKET_REFUSED,
        kinds.TICKET_FORWARDED, kinds.TICKET_LAPSED, kinds.TICKET_UNMERGED, kinds.TICKET_RELEASED,
    )
}  # fmt: skip
TRIGGERS = SEEDS | AFTER
DERIVED = (
    "ticket_id", "event_id", "pattern", "person", "at", "queue_id", "evidence", "metric", "due_at",
    "later_at", "left", "count",
)  # fmt: skip


def of_tickets(refs: Sequence[str]) -> dict[str, list[Sighting]]:
    """By ticket, from their logs: one statement, and one more for each merge. A ticket whose log
    cannot be read is logged and left out: it holds up no other."""
    found: dict[str, list[Sighting]] = {}
    for ref, lines in _logs(refs).items():
        if not any(line.kind in SEEDS for line in lines):
            found[ref] = []
            continue
        read = [(line.id, line.kind, line.at, line.data) for line in lines]
        try:
            facts = facts_of(ref, read)
            found[ref] = watch.sightings(lines, facts, book.current(), sizes.current())
        except SQLAlchemyError:
            raise  # a database that is away is no fault of a ticket
        except Exception:
            log.exception("%s cannot be looked through for patterns", ref)
    return found


def _logs(refs: Sequence[str]) -> dict[str, list[Line]]:
    asked = (
        select(Event.subject, Event.id, Event.kind, Event.actor, Event.at, Event.data)
        .where(Event.subject.in_(refs), Event.kind.in_(read_kinds("ticket:1")))
        .order_by(Event.subject, Event.id)
    )
    found: dict[str, list[Line]] = defaultdict(list)
    for row in db.session.execute(asked):
        found[row.subject].append(Line(row.id, row.kind, row.actor, row.at, row.data))
    return found


def as_row(ref: str, one: Sighting) -> dict[str, Any]:
    return {
        "ticket_id": int(ref.partition(":")[2]),
        "event_id": one.event,
        "pattern": one.pattern.value,
        "person": one.person,
        "at": one.at,
        "queue_id": one.queue,
        "evidence": list(one.evidence),
        "metric": one.metric.value if one.metric else None,
        "due_at": one.due_at,
        "later_at": one.later_at,
        "left": int(one.left.total_seconds()) if one.left is not None else None,
        "count": one.count,
    }


def store(found: dict[str, list[Sighting]]) -> int:
    """Bring the rows of these tickets to what was found; returns how many there are now. What
    somebody has looked at stays, whatever is found later."""
    rows = [as_row(ref, one) for ref, seen in found.items() for one in seen]
    ids = [int(ref.partition(":")[2]) for ref in found]
    kept = {(row["event_id"], row["pattern"]) for row in rows}
    stored = db.session.execute(
        select(SightingRow.id, SightingRow.event_id, SightingRow.pattern).where(
            SightingRow.ticket_id.in_(ids), SightingRow.seen_at.is_(None)
        )
    )
    gone = [row.id for row in stored if (row.event_id, row.pattern) not in kept]
    if gone:
        db.session.execute(delete(SightingRow).where(SightingRow.id.in_(gone)))
    if rows:
        statement = insert(SightingRow)
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["event_id", "pattern"],
                set_={name: statement.excluded[name] for name in DERIVED},
            ),
            rows,
        )
    return len(rows)


def differing(found: dict[str, list[Sighting]]) -> list[str]:
    """The tickets of which something else is stored than was found."""
    ids = [int(ref.partition(":")[2]) for ref in found]
    columns = [getattr(SightingRow, name) for name in DERIVED]
    asked = select(*columns, SightingRow.seen_at).where(SightingRow.ticket_id.in_(ids))
    stored: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in db.session.execute(asked):
        stored[row.ticket_id].append(dict(row._mapping))
    return [ref for ref, seen in found.items() if _differs(ref, seen, stored)]


def _differs(ref: str, seen: Iterable[Sighting], stored: dict[int, list[dict[str, Any]]]) -> bool:
    wanted = {(one["event_id"], one["pattern"]): one for one in (as_row(ref, s) for s in seen)}
    rows = stored[int(ref.partition(":")[2])]
    for row in rows:
        at = row.pop("seen_at")
        fits = wanted.pop((row["event_id"], row["pattern"]), None)
        if fits != row and (at is None or fits is not None):
            return True
    return bool(wanted)
