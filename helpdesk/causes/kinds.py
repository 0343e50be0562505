"""The events of causes, of a ticket. The words beside a cause stand in a row that can be erased."""

from enum import StrEnum

from core.event_kinds import Fits, declare, one_of
from sla.rules.policy import Metric


class LateCause(StrEnum):
    """Closed list, so that causes can be counted."""

    OTHER_OFFICE = "OTHER_OFFICE"  # waited for another office
    CAME_LATE = "CAME_LATE"  # reached the right queue late
    MANY = "MANY"  # more reports than people
    AWAY = "AWAY"  # somebody was away
    HARD = "HARD"  # took more looking into than usual
    SYSTEM = "SYSTEM"  # the system or the network was down
    DISASTER = "DISASTER"  # flood, fire, an order to close
    OVERLOOKED = "OVERLOOKED"
    OTHER = "OTHER"  # said in words


_HOLDS: dict[str, Fits] = {"metric": one_of(Metric), "cause": one_of(LateCause)}

CAUSE_GIVEN = declare("CAUSE_GIVEN", needs="metric cycle cause", holds=_HOLDS)
# The breach stays a breach: reports show both figures (promises, section 5.3).
BREACH_EXCUSED = declare("BREACH_EXCUSED", needs="metric cycle cause", holds=_HOLDS)
EXCUSE_WITHDRAWN = declare("EXCUSE_WITHDRAWN", needs="metric cycle", holds=_HOLDS)
