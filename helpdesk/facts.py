"""How a ticket's events read as facts of the promise engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, text, update

from core.canonical import Value, parse_instant
from core.database import db
from core.event_kinds import Kind
from helpdesk import kinds
from helpdesk.models import Ticket
from helpdesk.models.ticket import AT_WORK
from helpdesk.promises import endings
from helpdesk.rules.lifecycle import Status
from sla import tracking
from sla.features import Dates
from sla.recalculation.crowd import Crowd
from sla.rules.facts import Act, Fact, Standing
from sla.rules.policy import Metric
from sla.tracking import Feature

STANDINGS: dict[str, Standing] = {
    Status.NEW: Standing.OPEN,
    Status.OPEN: Standing.OPEN,
    Status.PENDING: Standing.WAITING,
    Status.ON_HOLD: Standing.HELD,
    Status.RESOLVED: Standing.SETTLED,
    Status.CLOSED: Standing.ENDED,
}

ACTS: dict[Kind, Act] = {
    kinds.TICKET_FILED: Act.FILED,
    kinds.TICKET_IMPORTED: Act.FILED,
    kinds.TICKET_ACCEPTED: Act.ACCEPTED,
    kinds.TICKET_ASSIGNED: Act.STOOD,
    kinds.TICKET_ANSWERED: Act.ANSWERED,
    kinds.TICKET_ASKED: Act.ANSWERED,
    kinds.TICKET_HELD: Act.STOOD,
    kinds.TICKET_RESUMED: Act.STOOD,
    kinds.REQUESTER_WROTE: Act.WROTE,
    kinds.TICKET_REOPENED: Act.REOPENED,
    kinds.TICKET_APPEALED: Act.APPEALED,
    kinds.TICKET_RESOLVED: Act.RESOLVED,
    kinds.TICKET_REFUSED: Act.RESOLVED,
    kinds.TICKET_FORWARDED: Act.RESOLVED,
    kinds.TICKET_SPAMMED: Act.ENDED,
    kinds.TICKET_DUPLICATED: Act.ENDED,
    kinds.TICKET_MERGED: Act.ENDED,
    kinds.TICKET_UNMERGED: Act.RELEASED,
    kinds.TICKET_ADOPTED: Act.ADOPTED,
    kinds.TICKET_RELEASED: Act.RELEASED,
    kinds.TICKET_SPLIT: Act.SPLIT,
    kinds.TICKET_WITHDRAWN: Act.ENDED,
    kinds.TICKET_LAPSED: Act.ENDED,
    kinds.TICKET_CLOSED: Act.ENDED,
    kinds.PRIORITY_SET: Act.CHANGED,
    kinds.TICKET_MOVED: Act.CHANGED,
    kinds.TICKET_CLASSED: Act.CHANGED,
    kinds.DETAILS_SET: Act.CHANGED,
}

CAUSES: dict[str, str] = {
    kinds.TICKET_SPAMMED.name: "SPAM",
    kinds.TICKET_DUPLICATED.name: "DUPLICATE",
    kinds.TICKET_MERGED.name: "MERGED",
    kinds.TICKET_WITHDRAWN.name: "WITHDRAWN",
    kinds.TICKET_LAPSED.name: "NOT_COMPLETED",
    kinds.TICKET_CLOSED.name: "CLOSED",
}

MERGES = {Act.ENDED, Act.ADOPTED, Act.RELEASED}
DOUBLED = kinds.TICKET_DUPLICATED.name
WORDS = {Act.WROTE, Act.APPEALED}  # of the citizen, in the same act

_BY_NAME = {kind.name: act for kind, act in ACTS.items()}


def _number(data: Mapping[str, Value], key: str) -> int | None:
    value = data.get(key)
    return int(value) if value is not None else None


def fact(kind: str, at: datetime, data: Mapping[str, Value]) -> Fact | None:
    """The fact that an event of a ticket states, or None if timers do not care."""
    act = _BY_NAME.get(kind)
    if act is None:
        return None
    due, since = data.get("due_resolution"), data.get("since")
    other = data.get("into", data.get("of")) if act in MERGES else None
    return Fact(
        at=at,
        act=act,
        standing=STANDINGS[str(data["status"])],
        policy=_number(data, "policy"),
        calendar=_number(data, "calendar"),
        cause=CAUSES.get(kind),
        wrote=act in WORDS or (act is Act.REOPENED and "message" in data),
        since=parse_instant(str(since)) if since else None,
        other=f"ticket:{other}" if other is not None and kind != DOUBLED else None,
        fixed={Metric.RESOLUTION: parse_instant(str(due))} if due else {},
    )


def _id(subject: str) -> int:
    return int(subject.partition(":")[2])


def _lock(subject: str) -> None:
    db.session.execute(select(Ticket.id).where(Ticket.id == _id(subject)).with_for_update())


def _kept(subjects: Sequence[str]) -> dict[str, Dates]:
    ids = [_id(subject) for subject in subjects]
    asked = select(Ticket.id, Ticket.next_due_at, Ticket.closes_at).where(Ticket.id.in_(ids))
    return {f"ticket:{ident}": Dates(due, ends) for ident, due, ends in db.session.execute(asked)}


def _keep_due(subject: str, due: datetime | None) -> None:
    db.session.execute(update(Ticket).where(Ticket.id == _id(subject)).values(next_due_at=due))


# Acts that neither pause a promise nor choose or bring one; no date was fixed by others.
STRAIGHT = (
    kinds.TICKET_FILED,
    kinds.TICKET_ACCEPTED,
    kinds.TICKET_ASSIGNED,
    kinds.TICKET_ANSWERED,
    kinds.REQUESTER_WROTE,
)
WINDS = text("(kind = ANY(:winding) OR data ? 'due_resolution')").bindparams(
    winding=[kind.name for kind in ACTS if kind not in STRAIGHT]
)
CROWD = Crowd(Ticket.metadata.tables["tickets"], text(AT_WORK), "next_due_at", WINDS)


def register() -> None:
    kinds_ = tuple(kind.name for kind in ACTS)
    feature = Feature(kinds_, fact, _lock, _kept, _keep_due, CROWD, endings.ENDING)
    tracking.register("ticket", feature)
