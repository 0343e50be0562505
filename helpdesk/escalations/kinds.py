"""The events of an escalation; its subject is "escalation:…"."""

from enum import StrEnum

from core.event_kinds import Fits, declare, one_of


class Cause(StrEnum):
    """What brought a report before a level."""

    STEP = "STEP"  # a step of its policy's ladder
    CLIMBED = "CLIMBED"  # nobody of the level below took it up in time
    APPEAL = "APPEAL"  # the citizen
    PERSON = "PERSON"  # somebody of the office handed it up


class End(StrEnum):
    """Why an escalation is over although its level did not settle it: its ticket is."""

    RESOLVED = "RESOLVED"
    SPAM = "SPAM"
    DUPLICATE = "DUPLICATE"
    MERGED = "MERGED"
    WITHDRAWN = "WITHDRAWN"
    NOT_COMPLETED = "NOT_COMPLETED"


HOLDS: dict[str, Fits] = {"cause": one_of([*Cause, *End])}
CHOSE = "policy calendar"

ESCALATED = declare("ESCALATED", needs=f"ticket level cause {CHOSE}", holds=HOLDS)
ESCALATION_TAKEN = declare("ESCALATION_TAKEN", needs="ticket level")
ESCALATION_GIVEN_BACK = declare("ESCALATION_GIVEN_BACK", needs=f"ticket level {CHOSE}")
ESCALATION_SETTLED = declare("ESCALATION_SETTLED", needs="ticket level")
ESCALATION_ENDED = declare("ESCALATION_ENDED", needs="ticket level cause", holds=HOLDS)
