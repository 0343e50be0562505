"""Whom a step of a ladder names: the holder, a role, a person, or whoever stands at a level."""

from __future__ import annotations

from accounts.rules.access import Role
from helpdesk.escalations.apart import apart
from helpdesk.escalations.levels import Staffing
from helpdesk.lists import finding
from helpdesk.models import Ticket

HOLDER = "holder"


def whom(ticket: Ticket, to: str, there: Staffing) -> list[int]:
    """Ids of those whom a step names, active people only, and of them only those who may read the
    ticket."""
    holder = [ticket.assignee_id] if ticket.assignee_id is not None else []
    ids = holder if to == HOLDER else named(to, there, apart=apart(ticket))
    return [
        user_id
        for user_id in ids
        if user_id in there.roles
        and finding.may_read(user_id, there.roles[user_id], ticket.queue_id)
    ]


def named(to: str, there: Staffing, *, apart: bool = False) -> list[int]:
    """Those whom a role, a person or a level names at that moment, whatever the ticket."""
    kind, _, n = to.partition(":")
    if kind == "user":
        return [int(n)] if int(n) in there.roles else []
    if kind == "level":
        return there.people_of(int(n), apart=apart)
    if kind not in Role.__members__:
        return []
    return [user_id for user_id, roles in there.roles.items() if Role(kind) in roles]
