"""iCalendar (RFC 5545), as much of it as days off need: read into dates, and written.

Whole days are taken, with repetitions that have an end. What has hours of its day is left out and
counted; a rule that we do not know is refused rather than half understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LARGEST = 1_000_000  # bytes
MOST_DAYS = 2_000
LONGEST = 400  # days of one event
STEPS = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
KNOWN = {"FREQ", "COUNT", "UNTIL", "INTERVAL", "WKST"}


class Unreadable(ValueError):
    """`reason`: large, file, endless, rule, date, long or many."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Found:
    """Days with their names, and how many events had hours and were left out."""

    days: dict[date, str]
    left_out: int


def read(content: bytes) -> Found:
    """Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable("large")
    try:
        lines = re.sub(r"\r?\n[ \t]", "", content.decode("utf-8-sig")).splitlines()
    except UnicodeDecodeError:
        raise Unreadable("file") from None
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise Unreadable("file")
    days: dict[date, str] = {}
    left_out = 0
    for event in _events(lines):
        if "DTSTART" not in event or event.get("STATUS") == "CANCELLED":
            continue
        if not re.fullmatch(r"[0-9]{8}", event["DTSTART"]):
            left_out += 1
            continue
        for day in _dates(event):
            days.setdefault(day, _text(event.get("SUMMARY", "")))
            if len(days) > MOST_DAYS:
                raise Unreadable("many")
    return Found(days, left_out)


def _events(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """The properties of each event, without those of what lies inside it."""
    inside: dict[str, str] | None = None
    depth = 0
    for line in lines:
        name, _, value = line.partition(":")
        name = name.partition(";")[0].strip().upper()
        if name == "BEGIN" and inside is not None:
            depth += 1
        elif name == "BEGIN" and value.strip().upper() == "VEVENT":
            inside, depth = {}, 0
        elif name == "END" and inside is not None:
            if depth:
                depth -= 1
            else:
                yield inside
                inside = None
        elif inside is not None and not depth:
            if name in ("RDATE", "EXDATE"):
                raise Unreadable("rule")
            inside.setdefault(name, value.strip())


def _dates(event: Mapping[str, str]) -> Iterator[date]:
    first = _date(event["DTSTART"])
    end = _date(event["DTEND"]) if "DTEND" in event else first + timedelta(days=1)
    length = max(1, (end - first).days)
    if length > LONGEST:
        raise Unreadable("long")
    for start in _starts(first, event.get("RRULE")):
        for n in range(length):
            yield start + timedelta(days=n)


def _starts(first: date, rule: str | None) -> Iterator[date]:
    if rule is None:
        yield first
        return
    said = dict(part.partition("=")[::2] for part in rule.upper().split(";") if part)
    if said.get("FREQ") not in STEPS or not set(said) <= KNOWN:
        raise Unreadable("rule")
    if "COUNT" not in said and "UNTIL" not in said:
        raise Unreadable("endless")
    try:
        count, every = int(said.get("COUNT", MOST_DAYS + 1)), int(said.get("INTERVAL", 1))
    except ValueError:
        raise Unreadable("rule") from None
    until = _date(said["UNTIL"]) if "UNTIL" in said else date.max
    if every < 1 or count < 1:
        raise Unreadable("rule")
    n = made = 0
    while made < count:
        try:
            day = _step(first, said["FREQ"], n * every)
        except OverflowError:
            return
        n += 1
        if n > MOST_DAYS * 4:
            raise Unreadable("many")
        if day is None:
            continue  # the 31st of a month that has none, the 29th of February
        if day > until:
            return
        made += 1
        yield day


def _step(first: date, unit: str, n: int) -> date | None:
    if unit == "DAILY":
        return first + timedelta(days=n)
    if unit == "WEEKLY":
        return first + timedelta(weeks=n)
    months = first.month - 1 + (n if unit == "MONTHLY" else 12 * n)
    try:
        return first.replace(year=first.year + months // 12, month=months % 12 + 1)
    except ValueError:
        if first.year + months // 12 > date.max.year:
            raise OverflowError from None
        return None


def _date(words: str) -> date:
    try:
        return date(int(words[:4]), int(words[4:6]), int(words[6:8]))
    except ValueError:
        raise Unreadable("date") from None


def _text(words: str) -> str:
    plain = re.sub(r"\\([\\;,])", r"\1", re.sub(r"\\[nN]", " ", words))
    seen = "".join(sign if sign.isprintable() else " " for sign in plain)
    return " ".join(seen.split())[:120]


Hours = tuple[datetime, datetime, str]


def write(name: str, days: Mapping[date, str], hours: Iterable[Hours], made_at: datetime) -> bytes:
    """A file that other calendars take: each closed day with its name, and openings of their own
    as events with hours, so that whoever reads it does not take them for days off."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tanggap//Kalender//ID"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for day in sorted(days):
        after = day + timedelta(days=1)
        ends = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
        lines += _event(day.isoformat(), made_at, ends, days[day])
    for start, end, words in hours:
        ends = [f"DTSTART:{_stamp(start)}", f"DTEND:{_stamp(end)}"]
        lines += _event(_stamp(start), made_at, ends, words)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(uid: str, made_at: datetime, ends: list[str], words: str) -> list[str]:
    head = ["BEGIN:VEVENT", f"UID:{uid}@tanggap", f"DTSTAMP:{_stamp(made_at)}", *ends]
    return [*head, f"SUMMARY:{_escaped(words)}", "TRANSP:TRANSPARENT", "END:VEVENT"]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(words: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", " ".join(words.split()))


def _folded(line: str) -> bytes:
    """No line is longer than 75 bytes; what is more goes on after a blank."""
    pieces, rest = [], line
    while len(rest.encode()) > 73:
        n = 73
        while len(rest[:n].encode()) > 73:
            n -= 1
        pieces.append(rest[:n])
        rest = rest[n:]
    return "\r\n ".join([*pieces, rest]).encode() + b"\r\n"
