"""What the choice of a policy may depend on, told in plain values.

helpdesk.setup.conditions says what each name means and which values it may have.
"""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.models import Ticket
from helpdesk.rules.access import APART
from helpdesk.setup import office
from helpdesk.setup.office import Topic

# What of a ticket is asked for; each is a column of it.
ASKED = (
    "ticket_class", "priority", "channel", "queue_id", "language", "tags", "place_id",
    "about_ref", "requester_kind",
    "confidential",
)  # fmt: skip
NAMES = (
    "class", "weight", "category", "service", "area", "priority", "channel", "queue", "language",
    "requester", "apart", "tag",
)  # fmt: skip


def policy_facts(values: Mapping[str, object], category: Topic | None) -> dict[str, list[str]]:
    """Conditions of policies are tested against these names."""
    tags, place = values["tags"], values.get("place_id")
    return {
        "class": [str(values["ticket_class"])],
        "weight": ["supervisory" if category and category.supervisory else "ordinary"],
        "category": [category.key] if category else [],
        "service": _given(values.get("about_ref")),
        "area": office.areas_of(int(str(place))) if place is not None else [],
        "priority": [str(values["priority"])],
        "channel": [str(values["channel"])],
        "queue": [str(values["queue_id"])],
        "language": [str(values["language"])],
        "requester": _given(values.get("requester_kind")),
        "apart": ["yes" if _apart(values) else "no"],
        "tag": [str(tag) for tag in tags] if isinstance(tags, list | tuple) else [],
    }


def _apart(values: Mapping[str, object]) -> bool:
    """True for what goes past the office's own units."""
    queue = office.queue(int(str(values["queue_id"])))
    return bool(values.get("confidential")) or (queue is not None and queue.key == APART)


def _given(value: object) -> list[str]:
    return [str(value)] if value is not None else []


def of_ticket(ticket: Ticket) -> dict[str, list[str]]:
    """The same for a ticket as it is now."""
    category = office.topic(ticket.category_id)
    return policy_facts({name: getattr(ticket, name) for name in ASKED}, category)
