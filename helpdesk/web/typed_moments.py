"""Moments and days as date fields send them, read with a sentence for each mistake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from core.errors import Invalid
from core.i18n import gettext, local, zone

YEARS = range(2000, 2200)


def moment(form: Mapping[str, str], field: str, wrong: dict[str, str]) -> datetime | None:
    """A day with or without its time, in the office's zone; None for nothing."""
    words = form.get(field, "").strip()
    if not words:
        return None
    try:
        found = datetime.fromisoformat(words[:40])
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or found.year not in YEARS:
        wrong[field] = gettext("Please give a date and a time, such as 2026-12-01T07:30.")
        return None
    try:
        return there(found, field)
    except Invalid as error:
        wrong |= error.fields
        return None


def there(typed: datetime, field: str) -> datetime:
    """What the office's clocks show, as an instant; of two, where they are put back, the first.
    Raises Invalid on the field for a time that they leave out."""
    found = typed.replace(tzinfo=zone()).astimezone(UTC)
    if local(found).replace(tzinfo=None) != typed.replace(tzinfo=None):
        words = gettext("The clocks are put forward then and leave this time out; give another.")
        raise Invalid(fields={field: words})
    return found


def day(form: Mapping[str, str], field: str, wrong: dict[str, str]) -> date | None:
    """A day, which must be given."""
    try:
        found = date.fromisoformat(form.get(field, "").strip()[:40])
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        wrong[field] = gettext("Please give a date, such as 2026-12-01.")
        return None
    return found


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), zone()).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment that is after the day."""
    return begin_of(day + timedelta(days=1))


def shown(at: datetime | None) -> str:
    """The same as a field of date and time takes it."""
    return local(at).strftime("%Y-%m-%dT%H:%M") if at is not None else ""
