"""What the helpdesk remembers."""

from helpdesk.models.escalation import Escalation, LeaveRow, LevelPerson
from helpdesk.models.held import HeldReply
from helpdesk.models.message import Attachment, Message, Notice
from helpdesk.models.queue import Category, Member, Place, Queue, RouteRow
from helpdesk.models.ticket import AT_WORK, Ticket

__all__ = [
    "AT_WORK",
    "Attachment",
    "Category",
    "Escalation",
    "HeldReply",
    "LeaveRow",
    "LevelPerson",
    "Member",
    "Message",
    "Notice",
    "Place",
    "Queue",
    "RouteRow",
    "Ticket",
]
