"""The events of looking: somebody saw a pattern, and how patterns are judged was changed."""

from core.event_kinds import Visibility, declare, one_of
from helpdesk.rules.patterns import Pattern

# Of "sighting:7", no matter of the ticket: a supervisor has looked at what an event shows. A remark
# stands in its row.
SIGHTING_SEEN = declare(
    "SIGHTING_SEEN",
    needs="ticket event pattern",
    visibility=Visibility.RESTRICTED,
    holds={"pattern": one_of(Pattern)},
)
NAMES = ("near", "short", "letters", "waiting", "pauses", "settlings")
# Of the set-up: each measure as it is now, and as it was.
PATTERNS_SIZED = declare(
    "PATTERNS_SIZED",
    needs=" ".join((*NAMES, *(f"was_{name}" for name in NAMES))),
    visibility=Visibility.RESTRICTED,
)
SETTING = "looked_for:1"  # its subject
