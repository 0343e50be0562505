"""The helpdesk's words: status, class, priority, channel and metric in plain language."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date
from flask_babel import get_locale

from core.i18n import day_words, gettext, hours_words, local, ngettext, time_words
from helpdesk.models import Ticket
from helpdesk.rules.lifecycle import Outcome, Status
from helpdesk.rules.vocabulary import Channel, Priority, TicketClass
from sla import book, seed
from sla.rules.policy import Metric, Target, Unit


def class_words(ticket_class: str) -> str:
    return {
        TicketClass.COMPLAINT.value: gettext("Complaint"),
        TicketClass.INFORMATION.value: gettext("Question"),
        TicketClass.SUGGESTION.value: gettext("Suggestion"),
        TicketClass.APPRECIATION.value: gettext("Thanks"),
    }[ticket_class]


def class_hint(ticket_class: str) -> str:
    return {
        TicketClass.COMPLAINT.value: gettext("Something went wrong or takes too long."),
        TicketClass.INFORMATION.value: gettext("You want to know papers, fees or steps."),
        TicketClass.SUGGESTION.value: gettext("An idea to do it better."),
        TicketClass.APPRECIATION.value: gettext("You were helped well."),
    }[ticket_class]


def office_status(status: str) -> str:
    """For people of the office."""
    return {
        Status.NEW.value: gettext("New"),
        Status.OPEN.value: gettext("Being worked on"),
        Status.PENDING.value: gettext("Waiting for the citizen"),
        Status.ON_HOLD.value: gettext("Waiting for another office"),
        Status.RESOLVED.value: gettext("Settled"),
        Status.CLOSED.value: gettext("Closed"),
    }[status]


def status_words(ticket: Ticket) -> str:
    """For the citizen, whose report it is."""
    if ticket.status == Status.CLOSED and ticket.outcome:
        return outcome_words(ticket.outcome)
    if ticket.status == Status.RESOLVED and ticket.outcome in (
        Outcome.REFUSED,
        Outcome.FORWARDED,
    ):
        return outcome_words(ticket.outcome)
    return {
        Status.NEW.value: gettext("Received"),
        Status.OPEN.value: gettext("Being worked on"),
        Status.PENDING.value: gettext("Waiting for you"),
        Status.ON_HOLD.value: gettext("Waiting for another office"),
        Status.RESOLVED.value: gettext("Settled"),
        Status.CLOSED.value: gettext("Closed"),
    }[ticket.status]


def outcome_words(outcome: str) -> str:
    return {
        Outcome.ANSWERED.value: gettext("Settled"),
        Outcome.REFUSED.value: gettext("Not accepted"),
        Outcome.FORWARDED.value: gettext("Passed on"),
        Outcome.DUPLICATE.value: gettext("Joined with another report"),
        Outcome.MERGED.value: gettext("Joined with another report"),
        Outcome.WITHDRAWN.value: gettext("Taken back"),
        Outcome.SPAM.value: gettext("Not a report"),
        Outcome.NOT_COMPLETED.value: gettext("Closed without a reply"),
    }[outcome]


def priority_words(priority: str) -> str:
    return {
        Priority.LOW.value: gettext("Low"),
        Priority.NORMAL.value: gettext("Normal"),
        Priority.HIGH.value: gettext("High"),
        Priority.URGENT.value: gettext("Urgent"),
    }[priority]


def channel_words(channel: str) -> str:
    return {
        Channel.WEB.value: gettext("Website"),
        Channel.COUNTER.value: gettext("Counter"),
        Channel.PHONE.value: gettext("Telephone"),
        Channel.CHAT.value: gettext("Chat"),
        Channel.IMPORT.value: gettext("Brought in from a file"),
    }[channel]


def metric_words(metric: str) -> str:
    return {
        Metric.VERIFICATION.value: gettext("First check"),
        Metric.FIRST_RESPONSE.value: gettext("First answer"),
        Metric.NEXT_RESPONSE.value: gettext("Next answer"),
        Metric.UPDATE.value: gettext("News of the work"),
        Metric.PROCESSING.value: gettext("Processing"),
        Metric.ACKNOWLEDGEMENT.value: gettext("Taken up by who answers for it"),
        Metric.RESOLUTION.value: gettext("Settlement"),
    }[metric]


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
