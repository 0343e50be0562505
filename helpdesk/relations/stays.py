"""In which other reports a merged one stood, and when: whose lines its requester reads on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from core.database import db
from core.events import Event
from helpdesk import kinds
from helpdesk.models import Ticket
from helpdesk.relations.merging import survivors

ENDLESS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stay:
    """A report stood in another one from a moment up to another (ENDLESS: to this day)."""

    ticket_id: int
    since: datetime
    until: datetime


def stays(ticket: Ticket) -> list[Stay]:
    """All of them, also those that were undone: what somebody read and wrote there they keep. The
    log is read only where something was undone."""
    chain = survivors(ticket)
    if all(one.parted_at is None for one in [ticket, *(there for there, _ in chain)]):
        return [Stay(there.id, since, ENDLESS) for there, since in chain]
    return list(_from_log((ticket.id,), datetime.min.replace(tzinfo=UTC), ENDLESS))


def _from_log(way: tuple[int, ...], since: datetime, until: datetime) -> Iterator[Stay]:
    """Of the last report of a way, within a span of time; from there on within each stay. No way
    comes twice to one report, for at one moment there is no ring."""
    asked = select(Event.kind, Event.at, Event.data).where(
        Event.subject == f"ticket:{way[-1]}",
        Event.kind.in_([kinds.TICKET_MERGED.name, kinds.TICKET_UNMERGED.name]),
    )
    came: tuple[int, datetime] | None = None
    spans: list[Stay] = []
    for kind, at, data in db.session.execute(asked.order_by(Event.id)):
        if kind == kinds.TICKET_MERGED.name:
            came = int(data["into"]), at
        elif came is not None:
            spans.append(Stay(*came, at))
            came = None
    if came is not None:
        spans.append(Stay(*came, ENDLESS))
    for span in spans:
        stay = Stay(span.ticket_id, max(since, span.since), min(until, span.until))
        if stay.since <= stay.until and stay.ticket_id not in way:
            yield stay
            yield from _from_log((*way, stay.ticket_id), stay.since, stay.until)
