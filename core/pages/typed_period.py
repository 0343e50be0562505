"""The first and last day that a list is asked for in an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from core.errors import Invalid
from core.i18n import gettext


def typed_period(args: Mapping[str, str], today: date, usual: int) -> tuple[date, date]:
    """`from` and `to` of a query, local dates; `usual`: so many days back, where none is asked
    for. Raises Invalid, on the field that is to be mended."""
    first = _day(args.get("from", ""), "from", today - timedelta(days=usual))
    last = _day(args.get("to", ""), "to", today)
    if last < first:
        raise Invalid(fields={"to": gettext("The end lies before the beginning.")})
    return first, last


def _day(words: str, name: str, usual: date) -> date:
    if not words:
        return usual
    try:
        found = date.fromisoformat(words)
    except ValueError:
        raise Invalid(fields={name: gettext("This is no date.")}) from None
    if not 2000 <= found.year <= 2100:
        raise Invalid(fields={name: gettext("Choose a year between 2000 and 2100.")})
    return found
