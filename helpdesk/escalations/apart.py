"""Which of the two ladders a report climbs: the office's, or the one past its units."""

from __future__ import annotations

from helpdesk.models import Ticket
from helpdesk.setup import office


def apart(ticket: Ticket) -> bool:
    """True for what goes past the office's own units: confidential, or about an unofficial levy."""
    return ticket.confidential or office.kept_apart(ticket.queue_id) is not None
