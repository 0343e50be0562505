"""The events of an escalation; its subject is "escalation:…"."""

from enum import StrEnum

from core.event_kinds import Fits, declare, instant, one_of, ref
from sla.rules.policy import Metric


class Cause(StrEnum):
    """What brought a report before a level."""

    STEP = "STEP"  # a step of its policy's ladder
    CLIMBED = "CLIMBED"  # nobody of the level below took it up in time
    APPEAL = "APPEAL"  # the citizen
    RETURNED = "RETURNED"  # the level below put it back twice
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

# The set-up of the levels. What a change was before stands in it too; what is taken away stands in
# the event that took it.
TURN: dict[str, Fits] = {
    "person": ref,
    "since": instant,
    "until": instant,
    "was_since": instant,
    "was_until": instant,
}
LEVEL_NAMED = declare("LEVEL_NAMED", needs="level person", may="apart since until", holds=TURN)
LEVEL_TURNED = declare(
    "LEVEL_TURNED", needs="level person apart", may="since until was_since was_until", holds=TURN
)
LEVEL_LEFT = declare("LEVEL_LEFT", needs="level person", may="apart since until", holds=TURN)
AWAY: dict[str, Fits] = {"person": ref, "since": instant, "until": instant, "substitute": ref}
LEAVE_GRANTED = declare("LEAVE_GRANTED", needs="since until", may="person substitute", holds=AWAY)
LEAVE_ENDED = declare("LEAVE_ENDED", may="person since until substitute", holds=AWAY)
LEVEL_CHANGES = (LEVEL_NAMED, LEVEL_TURNED, LEVEL_LEFT)
LEAVE_CHANGES = (LEAVE_GRANTED, LEAVE_ENDED)

# Of a ticket: what a step of its ladder asked for.
CAUSE_WANTED = declare("CAUSE_WANTED", needs="metric cycle", holds={"metric": one_of(Metric)})
WEBHOOK_WANTED = declare("WEBHOOK_WANTED", needs="metric cycle", holds={"metric": one_of(Metric)})
