"""What the helpdesk remembers."""

from helpdesk.models.escalation import Escalation, LeaveRow, LevelPerson
from helpdesk.models.held import HeldReply
from helpdesk.models.message import Attachment, Message, Notice
from helpdesk.models.pattern import BreachCause, LookedFor, PlaceInLog, SightingRow
from helpdesk.models.queue import Category, Member, Place, Queue, RouteRow
from helpdesk.models.ticket import AT_WORK, Ticket
from helpdesk.models.windows import WindowsRow

__all__ = [
    "AT_WORK",
    "Attachment",
    "BreachCause",
    "Category",
    "Escalation",
    "HeldReply",
    "LeaveRow",
    "LevelPerson",
    "LookedFor",
    "Member",
    "Message",
    "Notice",
    "Place",
    "PlaceInLog",
    "Queue",
    "RouteRow",
    "SightingRow",
    "Ticket",
    "WindowsRow",
]
