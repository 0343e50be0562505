"""What people type for hours and dates, read with a sentence for each mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from core.errors import Invalid
from core.i18n import gettext
from sla.rules.calendar_form import DAYS, InvalidCalendar, seconds_of, words_of

MOST = 6  # openings of one day
Openings = list[list[str]]


def hours(words: str, field: str) -> Openings:
    """Openings such as "07.30-12.00, 13.00-16.00"; nothing means closed. Raises Invalid."""
    found: list[tuple[int, int]] = []
    for part in re.split(r"[,;]", words):
        if not part.strip():
            continue
        ends = re.split(r"\s*(?:-|–|—|s/d|sampai)\s*", part.strip())
        if len(ends) != 2:
            raise _refused(field, part)
        found.append((_clock(ends[0], field), _clock(ends[1], field)))
    found.sort()
    if len(found) > MOST:
        raise Invalid(fields={field: gettext("At most %(n)s openings a day.", n=MOST)})
    for n, (start, end) in enumerate(found):
        if start >= end:
            raise Invalid(fields={field: gettext("An opening ends before it begins.")})
        if n and found[n - 1][1] > start:
            raise Invalid(fields={field: gettext("Two openings overlap.")})
    return [[words_of(a), words_of(b)] for a, b in found]


def _clock(words: str, field: str) -> int:
    hour, _, minute = words.strip().replace(":", ".").partition(".")
    try:
        return seconds_of(f"{hour:0>2}:{minute or '00':0>2}")
    except InvalidCalendar:
        raise _refused(field, words) from None


def _refused(field: str, words: str) -> Invalid:
    sentence = gettext(
        "“%(words)s” is no opening; write it like 07.30-12.00, 13.00-16.00.",
        words=words.strip()[:40],
    )
    return Invalid(fields={field: sentence})


def shown(openings: Openings) -> str:
    """The same as people read and type it."""
    return ", ".join(f"{a.replace(':', '.')}-{b.replace(':', '.')}" for a, b in openings)


def week(form: Mapping[str, str]) -> dict[str, Openings]:
    """The hours of each day of the week, from fields named after the days; all mistakes at once."""
    found: dict[str, Openings] = {}
    wrong: dict[str, str] = {}
    for name in DAYS:
        try:
            found[name] = hours(form.get(name, ""), name)
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(fields=wrong)
    return found


def day(words: str, field: str) -> date:
    """A date as a date field sends it."""
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise Invalid(fields={field: gettext("Please give a date.")}) from None
