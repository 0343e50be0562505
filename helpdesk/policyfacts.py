"""What the choice of a policy may depend on, told in plain values."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.models import Ticket
from helpdesk.setup import office
from helpdesk.setup.office import Topic


def policy_facts(values: Mapping[str, object], category: Topic | None) -> dict[str, list[str]]:
    """Conditions of policies are tested against these names."""
    tags = values["tags"]
    return {
        "class": [str(values["ticket_class"])],
        "weight": ["supervisory" if category and category.supervisory else "ordinary"],
        "category": [category.key] if category else [],
        "priority": [str(values["priority"])],
        "channel": [str(values["channel"])],
        "queue": [str(values["queue_id"])],
        "language": [str(values["language"])],
        "tag": [str(tag) for tag in tags] if isinstance(tags, list | tuple) else [],
    }


def of_ticket(ticket: Ticket) -> dict[str, list[str]]:
    """The same for a ticket as it is now."""
    category = office.topic(ticket.category_id)
    names = ("ticket_class", "priority", "channel", "queue_id", "language", "tags")
    return policy_facts({name: getattr(ticket, name) for name in names}, category)
