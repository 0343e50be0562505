"""Reports that belong together: what one goes on from or in, and what it doubles."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import or_, select

from accounts.rules.access import Viewer
from core.database import db
from core.events import Event
from core.i18n import gettext
from helpdesk import kinds
from helpdesk.lists import finding
from helpdesk.models import Ticket
from helpdesk.rules.lifecycle import Status


def facts(ticket: Ticket, viewer: Viewer, log: Sequence[Event]) -> list[dict[str, str]]:
    """Lines of label, number and address, of what the viewer reads; one statement, and none for a
    report that can have no other. `log`: its whole one."""
    words = _named(ticket, log)
    if not words and ticket.status != Status.CLOSED:
        return []
    rows = db.session.execute(
        select(Ticket.id, Ticket.number)
        .where(or_(Ticket.id.in_(words), Ticket.follows == ticket.id))
        .where(finding.visible(finding.queues_of(viewer)))
        .order_by(Ticket.id)
    )
    return [
        {
            "label": words.get(row.id) or gettext("Goes on in"),
            "value": row.number,
            "url": url_for("desk.ticket", number=row.number),
        }
        for row in rows
    ]


def _named(ticket: Ticket, log: Sequence[Event]) -> dict[int, str]:
    """Ids of others, with what they are to it: from its columns, and from what was done to it."""
    found = {
        ticket.follows: gettext("Goes on from"),
        ticket.duplicate_of: gettext("Duplicate of"),
        ticket.merged_into: gettext("Merged into"),
        ticket.split_from: gettext("Was part of"),
    }
    for event in log:
        if event.kind == kinds.TICKET_ADOPTED.name:
            found[int(event.data["of"])] = gettext("Holds too")
        elif event.kind == kinds.TICKET_RELEASED.name:
            found.pop(int(event.data["of"]), None)
        elif event.kind == kinds.TICKET_SPLIT.name:
            found[int(event.data["into"])] = gettext("Split off")
    return {ident: words for ident, words in found.items() if ident is not None}
