"""The engine's own events: recorded by the sweeper, or by the use case that came first."""

from core.event_kinds import Fits, Visibility, declare, instant, like, one_of
from sla.rules.policy import STEP, Metric

HOLDS: dict[str, Fits] = {
    "metric": one_of(Metric),
    "step": like(STEP),
    "promised": instant,
    "due": instant,
}
DATED: dict[str, Fits] = {**HOLDS, "was": instant}

# `at` of a breach is its due date, never the moment of the sweep.
TIMER_BREACHED = declare(
    "TIMER_BREACHED", needs="metric cycle", visibility=Visibility.PUBLIC, holds=HOLDS
)
TIMER_STEPPED = declare("TIMER_STEPPED", needs="metric cycle step", holds=HOLDS)
# A promise got a later date than was told: `was` then, `promised` now.
PROMISE_LATER = declare(
    "PROMISE_LATER",
    needs="metric cycle was promised",
    visibility=Visibility.PUBLIC,
    holds=DATED,
)
CALENDAR_PUBLISHED = declare("CALENDAR_PUBLISHED", needs="revision", may="was")
# A fact of its subject: its running promises are counted on another revision from now on.
CALENDAR_MOVED = declare("CALENDAR_MOVED", needs="policy calendar was")
# A draft was edited: which part of it. What it said before and says now stands in the revisions.
PARTS = ("NEW", "WEEK", "DAYS", "SPAN", "SPAN_REMOVED", "FILE")
CALENDAR_EDITED = declare(
    "CALENDAR_EDITED", needs="part", may="days", holds={"part": one_of(PARTS)}
)
# `was`: the version before. What each says stands in its row, which is never edited.
POLICY_PUBLISHED = declare("POLICY_PUBLISHED", needs="version", may="was for_open")
POLICY_RETIRED = declare("POLICY_RETIRED", needs="version was for_open")
POLICY_PLACED = declare("POLICY_PLACED", needs="version was for_open place was_place")
# A fact of its subject: it stands under another version of its policy from now on.
POLICY_MOVED = declare("POLICY_MOVED", needs="policy calendar was")
# What either did to a timer's date; `promised` where it is later than was told, `policy` where
# another version of it was the cause.
TIMER_MOVED = declare(
    "TIMER_MOVED",
    needs="metric cycle calendar was due",
    may="promised policy",
    visibility=Visibility.PUBLIC,
    holds=DATED,
)
# A publishing has reached every open subject: how many there were, and how many dates it moved.
MOVE_ENDED = declare("MOVE_ENDED", needs="seen moved later")
