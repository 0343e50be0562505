"""A person's notices: what happened to tickets that they hold or answer for."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import or_, select, update

from accounts.rules.access import Viewer
from core.canonical import instant
from core.database import db
from core.events import Event
from core.i18n import compact_words
from helpdesk.lists import finding
from helpdesk.models import Notice, Ticket
from helpdesk.wording import event_labels

PAGE = 50


def page(viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    """The newest fifty; of tickets that the person may (still) read, and of what was brought
    before a level at which they stood."""
    queues = finding.queues_of(viewer)
    readable = {queue.id for queue in queues}
    rows = db.session.execute(
        select(Notice, Event, Ticket)
        .join(Event, Event.id == Notice.event_id)
        .join(Ticket, Ticket.id == Notice.ticket_id)
        .where(Notice.user_id == viewer.id)
        .where(or_(finding.visible(queues), Event.subject.startswith("escalation:")))
        .order_by(Notice.id.desc())
        .limit(PAGE)
    )
    return [
        {
            "words": event_labels.for_office(event, {}),
            "number": ticket.number,
            "title": ticket.title if ticket.queue_id in readable else "",
            "url": _where(event, ticket, readable),
            "when_words": compact_words(notice.at, now),
            "when_iso": instant(notice.at),
            "tone": event_labels.tone(event.kind),
            "unread": notice.read_at is None,
        }
        for notice, event, ticket in rows
    ]


def _where(event: Event, ticket: Ticket, readable: Container[int]) -> str:
    if event.subject.startswith("escalation:") or ticket.queue_id not in readable:
        return url_for("escalations.index")
    return url_for("desk.ticket", number=ticket.number)


def read_all(viewer: Viewer, now: datetime) -> None:
    db.session.execute(
        update(Notice)
        .where(Notice.user_id == viewer.id, Notice.read_at.is_(None))
        .values(read_at=now)
    )
