"""A supervisor has looked at a sighting: so much is noted, and nothing else follows from it."""

from __future__ import annotations

from accounts.rules.access import Viewer
from core import clock, events
from core.canonical import Value
from core.errors import Invalid
from core.events import Entry
from core.i18n import gettext
from helpdesk.models import SightingRow
from helpdesk.patterns import kinds, listing

LONGEST = 500  # letters of a remark


def look_at(viewer: Viewer, sighting_id: int, remark: str) -> SightingRow:
    """Note that it was seen, with a remark or none; seen again, the newer remark stands. Raises
    NotFound for what is not this viewer's, Invalid on the field remark."""
    words = remark.replace("\r\n", "\n").strip()
    if len(words) > LONGEST:
        sentence = gettext("Please use at most %(most)d letters.", most=LONGEST)
        raise Invalid(fields={"remark": sentence})
    if "\0" in words:
        sentence = gettext("This contains a sign that cannot be stored.")
        raise Invalid(fields={"remark": sentence})
    at = clock.now()
    row = listing.locked(viewer, sighting_id, at)
    if row.seen_at and (row.seen_by, row.remark) == (viewer.id, words or None):
        return row  # the form came twice
    row.seen_at, row.seen_by, row.remark = at, viewer.id, words or None
    data: dict[str, Value] = {
        "ticket": row.ticket_id, "event": row.event_id, "pattern": row.pattern,
    }  # fmt: skip
    events.append([Entry(kinds.SIGHTING_SEEN, f"sighting:{row.id}", viewer.ref, at, data)])
    return row
