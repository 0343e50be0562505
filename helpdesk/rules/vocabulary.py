"""Closed lists of the field: classes, priorities, channels."""

from enum import StrEnum


class TicketClass(StrEnum):
    """What a citizen brings (SP4N's classes; a complaint's weight is in its category)."""

    COMPLAINT = "COMPLAINT"
    INFORMATION = "INFORMATION"
    SUGGESTION = "SUGGESTION"
    APPRECIATION = "APPRECIATION"


class Priority(StrEnum):
    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"
    URGENT = "URGENT"

    def raised(self) -> "Priority":
        """The next higher one; the highest stays."""
        order = list(Priority)
        return order[min(order.index(self) + 1, len(order) - 1)]


class Channel(StrEnum):
    WEB = "WEB"
    COUNTER = "COUNTER"
    PHONE = "PHONE"
    CHAT = "CHAT"
    IMPORT = "IMPORT"


class MessageKind(StrEnum):
    PUBLIC = "PUBLIC"
    NOTE = "NOTE"  # staff only
    AUTO = "AUTO"  # public, but no person's answer
