"""What the acts on a ticket choose from."""

from __future__ import annotations

from typing import Any

from helpdesk.models import Ticket
from helpdesk.rules.vocabulary import Priority, TicketClass
from helpdesk.setup import office
from helpdesk.web import report_form
from helpdesk.wording.labels import class_words, priority_words


def options(ticket: Ticket, details: bool = False) -> dict[str, Any]:
    """Lists of value and label; `details`: those of place and service, too."""
    language = report_form.language()
    people = ((one.id, one.name) for one in office.people_of(ticket.queue_id))
    queues = ((q.id, q.name) for q in office.queues().values() if q.active)
    # One that was shut off stays on the list of a report that has it: no form changes it unasked.
    categories = (
        (t.id, t.name(language))
        for t in office.topics().values()
        if t.active or t.id == ticket.category_id
    )

    def listed(rows: Any) -> list[dict[str, Any]]:
        return [{"value": value, "label": label} for value, label in rows]

    return {
        "people": listed(people),
        "queues": listed(queues),
        "categories": listed(categories),
        "classes": listed((c.value, class_words(c)) for c in TicketClass),
        "priorities": listed((p.value, priority_words(p)) for p in Priority),
        # Long lists, for those who want to choose from them.
        "places": report_form.places() if details else [],
        "services": report_form.services() if details else [],
        "agencies": [
            {"value": n, "label": n}
            for n in ("Bapenda", "Dinas Kesehatan", "Disperkimtan", "Dinas Perhubungan")
        ],
    }
