"""The written form of a calendar: read, checked with plain sentences, and written again.

    {"timezone": "Asia/Jakarta", "week": {"mon": [["07:30", "12:00"], ["13:00", "16:00"]], …},
     "holidays": ["2026-01-01"], "date_overrides": {"2026-02-19": [["08:00", "12:00"]]},
     "date_breaks": {"2026-03-02": [["10:00", "11:30"]]}}

Times are local; "24:00" is the midnight that ends a day. Holidays win over overrides, which
replace the week's openings of a date; breaks are cut out of what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FULL_DAY = 86_400

Opening = tuple[int, int]  # seconds of the local day, half-open


class InvalidCalendar(ValueError):
    """A calendar that nothing can be promised on; the text is a sentence."""


class OutOfRange(ValueError):
    """A date so far away that no calendar reaches it."""


@dataclass(frozen=True)
class Form:
    """A checked calendar."""

    zone: ZoneInfo
    week: tuple[tuple[Opening, ...], ...]
    holidays: frozenset[date]
    overrides: Mapping[date, tuple[Opening, ...]]
    breaks: Mapping[date, tuple[Opening, ...]]

    def of_day(self, day: date) -> tuple[Opening, ...]:
        """The openings of a local date, in order."""
        if day in self.holidays:
            return ()
        openings = self.overrides.get(day)
        if openings is None:
            openings = self.week[day.weekday()]
        cuts = self.breaks.get(day)
        return _without(openings, cuts) if cuts and openings else openings


def _without(openings: Iterable[Opening], cuts: Iterable[Opening]) -> tuple[Opening, ...]:
    left = list(openings)
    for cut_start, cut_end in cuts:
        pieces = []
        for start, end in left:
            pieces += [(start, min(end, cut_start)), (max(start, cut_end), end)]
        left = [(a, b) for a, b in pieces if a < b]
    return tuple(left)


def seconds_of(words: Any) -> int:
    """Seconds of the day of a time such as "07:30"."""
    found = CLOCK.fullmatch(words) if isinstance(words, str) else None
    if found is None:
        raise InvalidCalendar(f"{words!r} is no time of day; write it like 07:30.")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > FULL_DAY:
        raise InvalidCalendar(f"{words!r} is no time of day; write it like 07:30.")
    return total


def words_of(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{left:02}" if left else "")


def _day(words: Any) -> date:
    try:
        if isinstance(words, str) and DATE.fullmatch(words):
            return date.fromisoformat(words)
    except ValueError:
        pass
    raise InvalidCalendar(f"{words!r} is no date; write it like 2026-12-31.")


def _openings(ranges: Any, where: str) -> tuple[Opening, ...]:
    if not isinstance(ranges, list | tuple):
        raise InvalidCalendar(f"The openings of {where} must be a list.")
    found = []
    for pair in ranges:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise InvalidCalendar(f"An opening of {where} needs a beginning and an end.")
        start, end = seconds_of(pair[0]), seconds_of(pair[1])
        if start >= end:
            raise InvalidCalendar(f"An opening of {where} ends before it begins.")
        found.append((start, end))
    found.sort()
    for (_, end), (start, _) in zip(found, found[1:], strict=False):
        if start < end:
            raise InvalidCalendar(f"Two openings of {where} overlap.")
    return tuple(found)


def read(d: Mapping[str, Any]) -> Form:
    """A checked form. Raises InvalidCalendar with a sentence."""
    if not isinstance(d, Mapping):
        raise InvalidCalendar("A calendar needs a time zone and the openings of a week.")
    try:
        zone = ZoneInfo(str(d.get("timezone", "")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidCalendar(f"{d.get('timezone')!r} is no known time zone.") from None
    week = _table(d, "week")
    unknown = [name for name in week if name not in DAYS]
    if unknown:
        raise InvalidCalendar(f"{unknown[0]!r} is no day of the week.")
    holidays = d.get("holidays") or ()
    if not isinstance(holidays, list | tuple):
        raise InvalidCalendar("The holidays must be a list of dates.")
    form = Form(
        zone=zone,
        week=tuple(_openings(week.get(name, []), name) for name in DAYS),
        holidays=frozenset(map(_day, holidays)),
        overrides=_dates(d, "date_overrides"),
        breaks=_dates(d, "date_breaks"),
    )
    if not any(form.week) and not any(map(form.of_day, form.overrides)):
        raise InvalidCalendar("A calendar needs at least one opening, else nothing is ever due.")
    return form


def _table(d: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = d.get(name) or {}
    if not isinstance(found, Mapping):
        raise InvalidCalendar(f"The part {name!r} must name days, each with its openings.")
    return found


def _dates(d: Mapping[str, Any], name: str) -> dict[date, tuple[Opening, ...]]:
    return {_day(words): _openings(ranges, words) for words, ranges in _table(d, name).items()}


def write(form: Form) -> dict[str, Any]:
    """The form again, in its one normal order."""

    def ranges(openings: Iterable[Opening]) -> list[list[str]]:
        return [[words_of(a), words_of(b)] for a, b in openings]

    def dates(table: Mapping[date, tuple[Opening, ...]]) -> dict[str, list[list[str]]]:
        return {day.isoformat(): ranges(table[day]) for day in sorted(table)}

    return {
        "timezone": form.zone.key,
        "week": {n: ranges(o) for n, o in zip(DAYS, form.week, strict=True) if o},
        "holidays": [day.isoformat() for day in sorted(form.holidays)],
        "date_overrides": dates(form.overrides),
        "date_breaks": dates(form.breaks),
    }
