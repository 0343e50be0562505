"""Changes of how the office is set up, on which it hangs who reads what. Subject is "queue:3"."""

from core.event_kinds import Kind, Visibility, declare
from helpdesk.kinds import HOLDS

RESTRICTED = Visibility.RESTRICTED

ROUTE_ADDED = declare(
    "ROUTE_ADDED", needs="route place", may="class category", visibility=RESTRICTED, holds=HOLDS
)
ROUTE_PLACED = declare("ROUTE_PLACED", needs="route place was", visibility=RESTRICTED)
ROUTE_REMOVED = declare(
    "ROUTE_REMOVED", needs="route was", may="class category", visibility=RESTRICTED, holds=HOLDS
)
MEMBER_ADDED = declare("MEMBER_ADDED", needs="user", visibility=RESTRICTED)
MEMBER_REMOVED = declare("MEMBER_REMOVED", needs="user", visibility=RESTRICTED)
# Of "citizen_windows:2", days as they are and as they were; `was`: the row before, none of the
# first. Where they are written stands in these rows.
WINDOWS_CHOSEN = declare(
    "WINDOWS_CHOSEN",
    needs="reply reopen was_reply was_reopen",
    may="was",
    visibility=RESTRICTED,
)

CHANGES: tuple[Kind, ...] = (
    ROUTE_ADDED,
    ROUTE_PLACED,
    ROUTE_REMOVED,
    MEMBER_ADDED,
    MEMBER_REMOVED,
)
