"""A locked ticket and the instant at which an act on it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk.models import Ticket


@dataclass(frozen=True, slots=True)
class Moment:
    """`at` was taken after the locks of the ticket and of its timers."""

    ticket: Ticket
    at: datetime
