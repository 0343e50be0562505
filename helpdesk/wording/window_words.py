"""Until when a citizen may reply or object, as sentences."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.canonical import parse_instant
from core.events import Event
from core.i18n import day_words, gettext, ngettext, zone
from helpdesk import kinds
from helpdesk.rules.windows import days_until


def last_day_words(ends: datetime) -> str:
    """The day with whose end a window ends."""
    return day_words(ends - timedelta(seconds=1))


def given(event: Event) -> str:
    """The days that an act gave the citizen, and their last; nothing where it gave none."""
    said = event.data.get("closes")
    if said is None:
        return ""
    ends = parse_instant(str(said))
    days = days_until(event.at, ends, zone())
    count = ngettext("%(num)d calendar day", "%(num)d calendar days", days)
    last = last_day_words(ends)
    if event.kind == kinds.TICKET_ASKED.name:
        return gettext("Time to reply: %(days)s, to the end of %(day)s.", days=count, day=last)
    return gettext("Time to object: %(days)s, to the end of %(day)s.", days=count, day=last)
