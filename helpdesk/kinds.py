"""The helpdesk's events. `status` is where the ticket stands after the act.

`policy` and `calendar` stand in an event when the act chose them anew, so that the log alone says
under which rules a promise was given.
"""

from collections.abc import Mapping

from core import event_kinds
from core.event_kinds import Fits, Kind, Visibility, instant, like, one_of, ref, who
from core.mails.mailbox import WRITERS
from helpdesk.rules.lifecycle import Status
from helpdesk.rules.vocabulary import Channel, Priority, TicketClass

PUBLIC = Visibility.PUBLIC
# What keys hold that hold no number; the same in every kind but where a kind says otherwise.
HOLDS: dict[str, Fits] = {
    "status": one_of(Status),
    "class": one_of(TicketClass),
    "channel": one_of(Channel),
    "priority": one_of(Priority),
    "due_resolution": instant,
    "since": instant,
    # Until when a ticket waits for its citizen; older events do not say it, and meant the usual.
    "closes": instant,
    # A permit of the catalogue: a short code that a file of ours brings, nothing that was typed.
    "service": like("permit_type:[A-Z][A-Z0-9-]{0,15}"),
}
# A reply code of a mail server, or our word for a try without one.
ANSWER = like(
    "[1-5][0-9]{2}|ADDRESS|AWAY|BROKEN|BROKE_OFF|FOLDER|HUNG_UP|NOBODY|OTHER|SMTPUTF8|UNKNOWN"
)
LOSS: dict[str, Fits] = {
    "letter": WRITERS.__contains__,
    "to": who,
    "state": one_of(("REFUSED", "GAVE_UP")),
    "answer": ANSWER,
}


def declare(
    name: str,
    needs: str = "",
    may: str = "",
    visibility: Visibility = Visibility.STAFF,
    holds: Mapping[str, Fits] | None = None,
) -> Kind:
    return event_kinds.declare(name, needs, may, visibility, {**HOLDS, **(holds or {})})


CHOSE = "policy calendar"

TICKET_FILED = declare(
    "TICKET_FILED",
    needs="status policy calendar class channel queue priority",
    may="category place service message due_resolution follows split_from since",
    visibility=PUBLIC,
)
TICKET_IMPORTED = declare(
    "TICKET_IMPORTED",
    needs="status policy calendar class channel queue priority",
    may="category message due_resolution",
    visibility=PUBLIC,
)
TICKET_ACCEPTED = declare("TICKET_ACCEPTED", needs="status", visibility=PUBLIC)
TICKET_ASSIGNED = declare(
    "TICKET_ASSIGNED", needs="status", may="to was", holds={"to": ref, "was": ref}
)
# `since`: when a reply that was held was written; what came after that is not answered by it.
TICKET_ANSWERED = declare("TICKET_ANSWERED", needs="status message", may="since", visibility=PUBLIC)
# `letters`: of the question; `asks`: 1 where it asks for something (helpdesk.rules.questions).
TICKET_ASKED = declare(
    "TICKET_ASKED", needs="status message", may="letters asks closes", visibility=PUBLIC
)
TICKET_HELD = declare("TICKET_HELD", needs="status", visibility=PUBLIC)
TICKET_RESUMED = declare("TICKET_RESUMED", needs="status", visibility=PUBLIC)
REQUESTER_WROTE = declare("REQUESTER_WROTE", needs="status message", visibility=PUBLIC)
TICKET_REOPENED = declare("TICKET_REOPENED", needs="status", may="message", visibility=PUBLIC)
TICKET_APPEALED = declare("TICKET_APPEALED", needs="status message level", visibility=PUBLIC)
TICKET_RESOLVED = declare(
    "TICKET_RESOLVED", needs="status", may="message closes", visibility=PUBLIC
)
TICKET_REFUSED = declare("TICKET_REFUSED", needs="status message", may="closes", visibility=PUBLIC)
TICKET_FORWARDED = declare(
    "TICKET_FORWARDED", needs="status message", may="closes", visibility=PUBLIC
)
TICKET_SPAMMED = declare("TICKET_SPAMMED", needs="status", visibility=PUBLIC)
TICKET_DUPLICATED = declare("TICKET_DUPLICATED", needs="status of", visibility=PUBLIC)
TICKET_MERGED = declare("TICKET_MERGED", needs="status into", visibility=PUBLIC)
TICKET_UNMERGED = declare("TICKET_UNMERGED", needs="status into", visibility=PUBLIC)
# Of the survivor: it took over what was promised, and gave it back. Its own citizen is not told.
TICKET_ADOPTED = declare("TICKET_ADOPTED", needs="status of")
TICKET_RELEASED = declare("TICKET_RELEASED", needs="status of")
# A message of it is a report of its own now.
TICKET_SPLIT = declare(
    "TICKET_SPLIT", needs="status into message since", visibility=PUBLIC, holds={"since": instant}
)
TICKET_WITHDRAWN = declare("TICKET_WITHDRAWN", needs="status", visibility=PUBLIC)
TICKET_LAPSED = declare("TICKET_LAPSED", needs="status", visibility=PUBLIC)
TICKET_CLOSED = declare("TICKET_CLOSED", needs="status", visibility=PUBLIC)
PRIORITY_SET = declare(
    "PRIORITY_SET", needs=f"status priority was {CHOSE}", holds={"was": HOLDS["priority"]}
)
TICKET_MOVED = declare("TICKET_MOVED", needs=f"status queue was {CHOSE}", visibility=PUBLIC)
TICKET_CLASSED = declare(
    "TICKET_CLASSED",
    needs=f"status class {CHOSE}",
    may="category was message",
    visibility=PUBLIC,
    holds={"was": HOLDS["class"]},
)
# Where it is and which service it is about, as it stands now; what is left out is not said.
DETAILS_SET = declare("DETAILS_SET", needs=f"status {CHOSE}", may="place service message")
REPLY_REMINDED = declare("REPLY_REMINDED", needs="days", visibility=PUBLIC)
REPLY_HELD = declare("REPLY_HELD", needs="held")
REPLY_UNDONE = declare("REPLY_UNDONE", needs="held")
TICKET_SNOOZED = declare("TICKET_SNOOZED", may="until", holds={"until": instant})
NOTE_ADDED = declare("NOTE_ADDED", needs="message")
LETTER_LOST = declare("LETTER_LOST", needs="letter to state answer", holds=LOSS)

ACTS: tuple[Kind, ...] = (
    TICKET_FILED,
    TICKET_IMPORTED,
    TICKET_ACCEPTED,
    TICKET_ASSIGNED,
    TICKET_ANSWERED,
    TICKET_ASKED,
    TICKET_HELD,
    TICKET_RESUMED,
    REQUESTER_WROTE,
    TICKET_REOPENED,
    TICKET_APPEALED,
    TICKET_RESOLVED,
    TICKET_REFUSED,
    TICKET_FORWARDED,
    TICKET_SPAMMED,
    TICKET_DUPLICATED,
    TICKET_MERGED,
    TICKET_UNMERGED,
    TICKET_ADOPTED,
    TICKET_RELEASED,
    TICKET_SPLIT,
    TICKET_WITHDRAWN,
    TICKET_LAPSED,
    TICKET_CLOSED,
    PRIORITY_SET,
    TICKET_MOVED,
    TICKET_CLASSED,
    DETAILS_SET,
)
