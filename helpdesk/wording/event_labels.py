"""What happened, as a sentence for the citizen and one for the office."""

from __future__ import annotations

from collections.abc import Mapping

from core.canonical import parse_instant
from core.events import Event
from core.i18n import gettext, lazy_gettext, moment_words
from core.proofs import ERASED
from helpdesk import kinds
from helpdesk.causes import kinds as causes
from helpdesk.escalations import kinds as climbs
from helpdesk.wording.labels import class_words, metric_words, priority_words
from helpdesk.wording.step_labels import step_words
from sla.kinds import (
    CALENDAR_MOVED,
    POLICY_MOVED,
    PROMISE_LATER,
    TIMER_BREACHED,
    TIMER_MOVED,
    TIMER_STEPPED,
)
from sla.rules.policy import Metric

_CITIZEN = {
    kinds.TICKET_FILED.name: lazy_gettext("Report received"),
    kinds.TICKET_IMPORTED.name: lazy_gettext("Report received"),
    kinds.TICKET_ACCEPTED.name: lazy_gettext("Looked through and accepted"),
    kinds.TICKET_ANSWERED.name: lazy_gettext("An officer answered"),
    kinds.TICKET_ASKED.name: lazy_gettext("We asked you something"),
    kinds.TICKET_HELD.name: lazy_gettext("Waiting for another office"),
    kinds.TICKET_RESUMED.name: lazy_gettext("Being worked on again"),
    kinds.REQUESTER_WROTE.name: lazy_gettext("You wrote"),
    kinds.TICKET_REOPENED.name: lazy_gettext("Taken up again"),
    kinds.TICKET_APPEALED.name: lazy_gettext("You appealed; the next level looks at it"),
    kinds.TICKET_RESOLVED.name: lazy_gettext("Settled"),
    kinds.TICKET_REFUSED.name: lazy_gettext("Not accepted, with a reason"),
    kinds.TICKET_FORWARDED.name: lazy_gettext("Passed on to another authority"),
    kinds.TICKET_SPAMMED.name: lazy_gettext("Closed: we did not see a report in it"),
    kinds.TICKET_DUPLICATED.name: lazy_gettext("Joined with another report"),
    kinds.TICKET_MERGED.name: lazy_gettext("Joined with another report; you keep your own date"),
    kinds.TICKET_UNMERGED.name: lazy_gettext("A report of its own again"),
    kinds.TICKET_SPLIT.name: lazy_gettext("Your message is a report of its own now"),
    kinds.TICKET_WITHDRAWN.name: lazy_gettext("You took it back"),
    kinds.TICKET_LAPSED.name: lazy_gettext("Closed because no reply came"),
    kinds.TICKET_CLOSED.name: lazy_gettext("Closed"),
    kinds.TICKET_MOVED.name: lazy_gettext("Now with another team"),
}


def for_citizen(event: Event) -> str:
    """A sentence, or nothing for what is not for the citizen."""
    if event.kind == TIMER_BREACHED.name:
        return _missed(str(event.data["metric"]))
    if event.kind == kinds.TICKET_CLASSED.name:
        return _class_changed(event)
    if event.kind in (PROMISE_LATER.name, TIMER_MOVED.name):
        told = event.data["metric"] != Metric.VERIFICATION and "promised" in event.data
        return _later(event) if told else ""
    if event.kind == kinds.REPLY_REMINDED.name:
        return gettext("We reminded you of our question")
    return str(_CITIZEN.get(event.kind, ""))


def _class_changed(event: Event) -> str:
    """Told to the citizen where another kind of report was made of it."""
    if event.data["class"] == event.data.get("was"):
        return ""
    return gettext("Now treated as: %(kind)s", kind=class_words(str(event.data["class"])))


def _missed(metric: str) -> str:
    return gettext("Promise missed: %(what)s", what=metric_words(metric).lower())


def _later(event: Event) -> str:
    return gettext(
        "New, later date. %(what)s: %(when)s",
        what=metric_words(str(event.data["metric"])),
        when=moment_words(parse_instant(str(event.data["promised"]))),
    )


def _moved(event: Event) -> str:
    if "policy" in event.data:
        return gettext(
            "The policy changed. %(what)s: %(when)s",
            what=metric_words(str(event.data["metric"])),
            when=moment_words(parse_instant(str(event.data["due"]))),
        )
    return gettext(
        "The calendar changed. %(what)s: %(when)s",
        what=metric_words(str(event.data["metric"])),
        when=moment_words(parse_instant(str(event.data["due"]))),
    )


def for_office(event: Event, names: Mapping[str, str]) -> str:
    """A sentence with who did it; every kind has one."""
    words = _given(event, names) if event.kind == kinds.TICKET_ASSIGNED.name else ""
    words = words or _office_words(event)
    who = names.get(event.actor)
    return f"{words} ({who})" if who and words else words


def _given(event: Event, names: Mapping[str, str]) -> str:
    """To whom; somebody whose name was not asked for is who reads this."""
    to = event.data.get("to")
    if to is None:
        return gettext("Given back, held by nobody")
    if to == event.actor:
        return gettext("Taken")
    name = names.get(str(to))
    return gettext("Given to %(name)s", name=name) if name else gettext("Given to you")


_OFFICE = {
    kinds.TICKET_FILED.name: lazy_gettext("Filed"),
    kinds.TICKET_IMPORTED.name: lazy_gettext("Brought in from a file"),
    kinds.TICKET_ACCEPTED.name: lazy_gettext("Accepted"),
    kinds.TICKET_ANSWERED.name: lazy_gettext("Answered"),
    kinds.TICKET_ASKED.name: lazy_gettext("Asked the citizen"),
    kinds.TICKET_HELD.name: lazy_gettext("Waiting for another office"),
    kinds.TICKET_RESUMED.name: lazy_gettext("Went on"),
    kinds.REQUESTER_WROTE.name: lazy_gettext("The citizen wrote"),
    kinds.TICKET_REOPENED.name: lazy_gettext("Reopened"),
    kinds.TICKET_APPEALED.name: lazy_gettext("The citizen appealed"),
    kinds.TICKET_RESOLVED.name: lazy_gettext("Settled"),
    kinds.TICKET_REFUSED.name: lazy_gettext("Refused"),
    kinds.TICKET_FORWARDED.name: lazy_gettext("Forwarded"),
    kinds.TICKET_SPAMMED.name: lazy_gettext("Marked as no report"),
    kinds.TICKET_DUPLICATED.name: lazy_gettext("Closed as a duplicate"),
    kinds.TICKET_MERGED.name: lazy_gettext("Merged into another report"),
    kinds.TICKET_UNMERGED.name: lazy_gettext("No longer merged"),
    kinds.TICKET_ADOPTED.name: lazy_gettext("Another report was merged into this one"),
    kinds.TICKET_RELEASED.name: lazy_gettext("A merge into this one was undone"),
    kinds.TICKET_SPLIT.name: lazy_gettext("A message became a report of its own"),
    kinds.TICKET_WITHDRAWN.name: lazy_gettext("Taken back by the citizen"),
    kinds.TICKET_LAPSED.name: lazy_gettext("Closed, no reply came"),
    kinds.TICKET_CLOSED.name: lazy_gettext("Closed"),
    kinds.TICKET_MOVED.name: lazy_gettext("Moved to another queue"),
    CALENDAR_MOVED.name: "",  # the dates that it moved say what matters
    POLICY_MOVED.name: "",
    kinds.REPLY_REMINDED.name: lazy_gettext("The citizen was reminded of the question"),
    kinds.DETAILS_SET.name: lazy_gettext("Place or service corrected"),
    ERASED.name: lazy_gettext("Content was erased, as its owner may ask"),
    kinds.NOTE_ADDED.name: lazy_gettext("Note written"),
    causes.CAUSE_GIVEN.name: lazy_gettext("The cause of a missed promise was named"),
    causes.BREACH_EXCUSED.name: lazy_gettext("A missed promise was excused; it stays missed"),
    causes.EXCUSE_WITHDRAWN.name: lazy_gettext("An excuse was taken back"),
    climbs.CAUSE_WANTED.name: lazy_gettext("A cause must be given for the missed date"),
    climbs.WEBHOOK_WANTED.name: lazy_gettext("Another system is to be told"),
    kinds.REPLY_HELD.name: lazy_gettext("A reply was written, to leave in some seconds"),
    kinds.REPLY_UNDONE.name: lazy_gettext("The reply was taken back before it left"),
    kinds.TICKET_SNOOZED.name: lazy_gettext("Put off on one's own list; no date moves"),
}


def _office_words(event: Event) -> str:
    data = event.data
    if event.kind == TIMER_BREACHED.name:
        return _missed(str(data["metric"]))
    if event.kind == PROMISE_LATER.name:
        return _later(event)
    if event.kind == TIMER_MOVED.name:
        return _moved(event)
    if event.kind == TIMER_STEPPED.name:
        return gettext(
            "%(step)s: %(what)s",
            step=step_words(str(data["step"])),
            what=metric_words(str(data["metric"])).lower(),
        )
    if event.kind == climbs.ESCALATED.name:
        return gettext("Brought before level %(n)s", n=data["level"])
    if event.kind == kinds.LETTER_LOST.name:
        return gettext(
            "A mail did not arrive, please call instead (answer: %(answer)s)",
            answer=data["answer"],
        )
    if event.kind == kinds.PRIORITY_SET.name:
        return gettext("Urgency: %(words)s", words=priority_words(str(data["priority"])))
    if event.kind == kinds.TICKET_CLASSED.name:
        return gettext("Kind: %(words)s", words=class_words(str(data["class"])))
    return str(_OFFICE[event.kind])


def tone(kind: str) -> str:
    """The state in whose colour and shape an event is drawn."""
    if kind in (TIMER_BREACHED.name, kinds.LETTER_LOST.name):
        return "late"
    if kind in (climbs.ESCALATED.name, TIMER_STEPPED.name, TIMER_MOVED.name, PROMISE_LATER.name):
        return "soon"
    if kind in (kinds.TICKET_ASKED.name, kinds.REPLY_REMINDED.name, kinds.TICKET_LAPSED.name):
        return "waiting"
    if kind in (kinds.TICKET_RESOLVED.name, kinds.TICKET_CLOSED.name):
        return "met"
    return "ok"
