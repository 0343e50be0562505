"""Reports that belong together: what one goes on from or in, and what it doubles."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import or_, select

from accounts.rules.access import Viewer
from core.database import db
from core.i18n import gettext
from helpdesk import finding
from helpdesk.models import Ticket
from helpdesk.rules.lifecycle import Status


def facts(ticket: Ticket, viewer: Viewer) -> list[dict[str, str]]:
    """Lines of label, number and address, of what the viewer reads; one statement, and none for a
    report that can have no other."""
    named = [ident for ident in (ticket.follows, ticket.duplicate_of) if ident is not None]
    if not named and ticket.status != Status.CLOSED:
        return []
    rows = db.session.execute(
        select(Ticket.id, Ticket.number)
        .where(or_(Ticket.id.in_(named), Ticket.follows == ticket.id))
        .where(finding.visible(finding.queues_of(viewer)))
        .order_by(Ticket.id)
    )
    words = {
        ticket.follows: gettext("Goes on from"),
        ticket.duplicate_of: gettext("Duplicate of"),
    }
    return [
        {
            "label": words.get(row.id) or gettext("Goes on in"),
            "value": row.number,
            "url": url_for("desk.ticket", number=row.number),
        }
        for row in rows
    ]
