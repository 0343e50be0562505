"""The helpdesk's words: status, class, priority, channel and metric in plain language."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date
from flask_babel import get_locale

from core.i18n import (
    day_words,
    gettext,
    hours_words,
    lazy_gettext,
    local,
    ngettext,
    time_words,
)
from helpdesk.models import Ticket
from helpdesk.rules.lifecycle import Outcome, Status
from helpdesk.rules.vocabulary import Channel, Priority, TicketClass
from sla import book, seed
from sla.rules.policy import Metric, Target, Unit

_CLASSES = {
    TicketClass.COMPLAINT.value: lazy_gettext("Complaint"),
    TicketClass.INFORMATION.value: lazy_gettext("Question"),
    TicketClass.SUGGESTION.value: lazy_gettext("Suggestion"),
    TicketClass.APPRECIATION.value: lazy_gettext("Thanks"),
}


def class_words(ticket_class: str) -> str:
    return str(_CLASSES[ticket_class])


_CLASS_HINTS = {
    TicketClass.COMPLAINT.value: lazy_gettext("Something went wrong or takes too long."),
    TicketClass.INFORMATION.value: lazy_gettext("You want to know papers, fees or steps."),
    TicketClass.SUGGESTION.value: lazy_gettext("An idea to do it better."),
    TicketClass.APPRECIATION.value: lazy_gettext("You were helped well."),
}


def class_hint(ticket_class: str) -> str:
    return str(_CLASS_HINTS[ticket_class])


_OFFICE_STATUS = {
    Status.NEW.value: lazy_gettext("New"),
    Status.OPEN.value: lazy_gettext("Being worked on"),
    Status.PENDING.value: lazy_gettext("Waiting for the citizen"),
    Status.ON_HOLD.value: lazy_gettext("Waiting for another office"),
    Status.RESOLVED.value: lazy_gettext("Settled"),
    Status.CLOSED.value: lazy_gettext("Closed"),
}


def office_status(status: str) -> str:
    """For people of the office."""
    return str(_OFFICE_STATUS[status])


_STATUS = {
    Status.NEW.value: lazy_gettext("Received"),
    Status.OPEN.value: lazy_gettext("Being worked on"),
    Status.PENDING.value: lazy_gettext("Waiting for you"),
    Status.ON_HOLD.value: lazy_gettext("Waiting for another office"),
    Status.RESOLVED.value: lazy_gettext("Settled"),
    Status.CLOSED.value: lazy_gettext("Closed"),
}


def status_words(ticket: Ticket) -> str:
    """For the citizen, whose report it is."""
    if ticket.status == Status.CLOSED and ticket.outcome:
        return outcome_words(ticket.outcome)
    if ticket.status == Status.RESOLVED and ticket.outcome in (
        Outcome.REFUSED,
        Outcome.FORWARDED,
    ):
        return outcome_words(ticket.outcome)
    return str(_STATUS[ticket.status])


_OUTCOMES = {
    Outcome.ANSWERED.value: lazy_gettext("Settled"),
    Outcome.REFUSED.value: lazy_gettext("Not accepted"),
    Outcome.FORWARDED.value: lazy_gettext("Passed on"),
    Outcome.DUPLICATE.value: lazy_gettext("Joined with another report"),
    Outcome.MERGED.value: lazy_gettext("Joined with another report"),
    Outcome.WITHDRAWN.value: lazy_gettext("Taken back"),
    Outcome.SPAM.value: lazy_gettext("Not a report"),
    Outcome.NOT_COMPLETED.value: lazy_gettext("Closed without a reply"),
}


def outcome_words(outcome: str) -> str:
    return str(_OUTCOMES[outcome])


_PRIORITIES = {
    Priority.LOW.value: lazy_gettext("Low"),
    Priority.NORMAL.value: lazy_gettext("Normal"),
    Priority.HIGH.value: lazy_gettext("High"),
    Priority.URGENT.value: lazy_gettext("Urgent"),
}


def priority_words(priority: str) -> str:
    return str(_PRIORITIES[priority])


_CHANNELS = {
    Channel.WEB.value: lazy_gettext("Website"),
    Channel.COUNTER.value: lazy_gettext("Counter"),
    Channel.PHONE.value: lazy_gettext("Telephone"),
    Channel.CHAT.value: lazy_gettext("Chat"),
    Channel.IMPORT.value: lazy_gettext("Brought in from a file"),
}


def channel_words(channel: str) -> str:
    return str(_CHANNELS[channel])


_METRICS = {
    Metric.VERIFICATION.value: lazy_gettext("First check"),
    Metric.FIRST_RESPONSE.value: lazy_gettext("First answer"),
    Metric.NEXT_RESPONSE.value: lazy_gettext("Next answer"),
    Metric.UPDATE.value: lazy_gettext("News of the work"),
    Metric.PROCESSING.value: lazy_gettext("Processing"),
    Metric.ACKNOWLEDGEMENT.value: lazy_gettext("Taken up by who answers for it"),
    Metric.RESOLUTION.value: lazy_gettext("Settlement"),
}


def metric_words(metric: str) -> str:
    return str(_METRICS[metric])


def target_words(target: Target) -> str:
    """A target as people say it: 7 jam 30 menit jam kerja, 14 hari kerja."""
    if target.unit is Unit.DAYS:
        return ngettext("%(num)d working day", "%(num)d working days", target.n)
    if target.base.value == "wall":
        span = _exact(target) or hours_words(target.span)
        return gettext("%(span)s around the clock", span=span)
    return gettext("%(span)s of office time", span=_exact(target) or hours_words(target.span))


def _exact(target: Target) -> str:
    """Seconds that make no whole minutes are said as they are."""
    if target.span.total_seconds() % 60 == 0:
        return ""
    return ngettext("%(num)d second", "%(num)d seconds", int(target.span.total_seconds()))


def today_words(now: datetime) -> dict[str, str]:
    """Is the office open, and until when; for the home page."""
    current = book.current()
    calendar = current.calendar(current.newest[seed.OFFICE])
    if calendar.is_open(now):
        end = next(calendar.openings(now, now + timedelta(days=1)))[1]
        words = gettext("Open until %(time)s", time=time_words(end))
        return {"state": "met", "words": words, "date_words": day_words(now)}
    following = calendar.next_open(now)
    words = gettext(
        "Closed, open again %(day)s at %(time)s",
        day=format_date(local(following).date(), "EEEE", locale=get_locale()),
        time=time_words(following),
    )
    return {"state": "paused", "words": words, "date_words": day_words(now)}


def reply_hint(ticket: Ticket) -> str | None:
    """What a citizen's next message will do, where that is not plain."""
    if ticket.status == Status.RESOLVED:
        return gettext("Not content? Your message takes the report up again.")
    if ticket.status == Status.CLOSED:
        return gettext("This report is closed; your message starts a new one that is linked to it.")
    if ticket.status == Status.PENDING:
        return gettext("We wait for your reply; with it the report goes on.")
    return None
