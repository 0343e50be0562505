"""What the receipt and the tracking page say of a ticket itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import refs
from core.database import db
from core.i18n import gettext, moment_words
from helpdesk.models import Ticket
from helpdesk.promises import promise
from helpdesk.promises.as_told import as_told
from helpdesk.receipts import Receipt
from helpdesk.rules.lifecycle import Status
from helpdesk.setup import citizen_windows, office
from helpdesk.wording.labels import class_words
from sla import tracking


def context(kept: Receipt, now: datetime) -> dict[str, Any]:
    """The receipt's context, without code and PIN."""
    ticket = db.session.get_one(Ticket, kept.ticket_id)
    timers = as_told(tracking.timers([ticket.ref])[ticket.ref], now)
    return {
        "promise": promise.promise_panel(ticket, timers, now),
        "details": details(ticket),
        "news_words": _news(ticket),
        "reopen_days": citizen_windows.chosen().days(Status.RESOLVED, ticket.filed_at, now),
    }


def _news(ticket: Ticket) -> str:
    if ticket.email is not None:
        return gettext("News comes to your e-mail address.")
    return gettext("Open your report with code and PIN to read the answer.")


def details(ticket: Ticket) -> list[dict[str, Any]]:
    """What was sent, for whoever sent it."""
    queue = office.queue(ticket.queue_id)
    rows: list[dict[str, Any]] = [
        {"label": gettext("Number"), "value": ticket.number, "code": True},
        {"label": gettext("Kind"), "value": class_words(ticket.ticket_class)},
        {"label": gettext("About"), "value": ticket.title},
        {"label": gettext("Sent"), "value": moment_words(ticket.filed_at)},
        {"label": gettext("Received by"), "value": queue.name if queue else ""},
    ]
    if ticket.place_id is not None:
        place = office.places()[ticket.place_id]
        rows.append({"label": gettext("Place"), "value": f"{place.kelurahan}, {place.kecamatan}"})
    card = refs.card(ticket.about_ref, None) if ticket.about_ref else None
    if card is not None:
        rows.append({"label": gettext("Permit"), "value": card.title, "url": card.url})
    rows.append(
        {
            "label": gettext("Your name"),
            "value": ticket.requester_name or gettext("not given"),
        }
    )
    return rows
