"""When would this be due? For what is received now, and at a moment that somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from core.canonical import instant
from core.errors import Invalid
from core.i18n import gettext, moment_words
from helpdesk.promises import ledger
from helpdesk.web.typed_moments import there
from helpdesk.wording.labels import metric_words, target_words
from sla import book
from sla.calendars.typed import day
from sla.rules.calendar import Calendar, OutOfRange
from sla.rules.due import FromStart
from sla.rules.policy import Metric, Target

FIRST_YEAR, LAST_YEAR = 2000, 2100


def moment(form: Mapping[str, str], date_field: str, time_field: str) -> datetime | None:
    """A local moment from a date and a time; none if no date was given, midnight if no time.
    Raises Invalid on its field."""
    if not form.get(date_field, "").strip():
        return None
    chosen = day(form[date_field], date_field)
    if not FIRST_YEAR <= chosen.year <= LAST_YEAR:
        words = gettext(
            "Please give a date from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR
        )
        raise Invalid(fields={date_field: words})
    words = form.get(time_field, "").strip().replace(".", ":") or "00:00"
    try:
        hour = time.fromisoformat(words if len(words) > 4 else f"0{words}")
        typed = datetime.combine(chosen, hour.replace(tzinfo=None))
    except ValueError:
        raise Invalid(fields={time_field: gettext("Please give a time, like 09.30.")}) from None
    return there(typed, time_field)


def lines(
    targets: Mapping[str, Mapping[str, Any]],
    calendar_key: str,
    now: datetime,
    at: datetime | None,
    *,
    explained: bool = False,
) -> list[dict[str, Any]]:
    """Of each metric when it would be due, begun now and begun at `at`; `explained`: with the
    account of days, of the typed moment if there is one."""
    calendar = calendar_of(calendar_key)
    if calendar is None:
        return []
    found = []
    for metric in Metric:
        said = targets.get(metric.value)
        if said is None:
            continue
        target = Target.from_dict(said)
        due = _due(target, calendar, at or now)
        found.append(
            {
                "what": metric_words(metric),
                "target": target_words(target),
                "now": _words(_due(target, calendar, now)),
                "then": _words(due) if at else "",
                "iso": instant(due) if due else "",
                "ledger": ledger.ahead(metric, target, calendar_key, calendar, at or now, due)
                if explained and due
                else None,
            }
        )
    return found


def calendar_of(key: str) -> Calendar | None:
    """The calendar that is in force by this key, or None."""
    rules = book.current()
    return rules.calendar(rules.newest[key]) if key in rules.newest else None


def too_soon(targets: Mapping[str, Mapping[str, Any]], calendar_key: str, now: datetime) -> str:
    """A sentence where settlement is promised before the first answer, or nothing."""
    calendar = calendar_of(calendar_key)
    both = [targets.get(metric) for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION)]
    if calendar is None or None in both:
        return ""
    answer, settled = (
        _due(Target.from_dict(said), calendar, now) for said in both if said is not None
    )
    if answer is None or settled is None or settled >= answer:
        return ""
    return gettext("Mind: settlement would be due before the first answer.")


def _due(target: Target, calendar: Calendar, start: datetime) -> datetime | None:
    """None where the calendar does not reach so far."""
    try:
        return FromStart(start, target, calendar).at(())
    except OutOfRange:
        return None


def _words(due: datetime | None) -> str:
    return moment_words(due) if due else gettext("further than the calendar reaches")
