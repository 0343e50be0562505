"""Another system's rows, read and checked one by one; what is no good says why."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import Invalid
from helpdesk.imports.mapping import MappingFile

FIRST_YEAR, LAST_YEAR = 1970, 2100
LONGEST_ID, LONGEST_TITLE, SHOWN = 100, 200, 40


@dataclass(frozen=True, slots=True)
class Case:
    """A row that can be taken; times are UTC, words are the other system's own."""

    line: int
    external_id: str
    opened: datetime
    due: datetime | None
    closed: datetime | None
    title: str
    category: str
    place: str
    department: str
    kept: bool | None  # the other system's own verdict


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot, and why."""

    line: int
    reason: str


def rows(path: Path, mapping: MappingFile) -> Iterator[Case | Broken]:
    """Every row of a CSV, plain or gz. Raises Invalid if the file or its head is no good."""
    try:
        with _opened(path) as file:
            reader = csv.reader(file)
            read = _reading(next(reader, []), mapping)
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Broken(line, f"cannot be read: {error}")
                    continue
                if not cells:  # An empty line, mostly the last one.
                    continue
                try:
                    yield read(line, cells)
                except ValueError as error:
                    yield Broken(line, str(error))
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise Invalid(f"The file cannot be read any further: {error}") from error


def _opened(path: Path) -> io.TextIOBase:
    # Spreadsheets put a mark before the first column's name; "sig" takes it away.
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", errors="replace", newline="")
    return path.open(encoding="utf-8-sig", errors="replace", newline="")


def _reading(head: list[str], mapping: MappingFile) -> Callable[[int, list[str]], Case]:
    """How a row of this file is read; what it returns raises ValueError with a row's reason."""
    lacking = [name for name in mapping.columns.named() if name not in head]
    if lacking:
        raise Invalid(f"The file has no column named {lacking[0]}.")
    zone = mapping.zone
    columns = {n: head.index(c) for n, c in mapping.columns.model_dump().items() if c}

    def read(line: int, cells: list[str]) -> Case:
        if len(cells) != len(head):
            raise ValueError(f"has {len(cells)} columns instead of {len(head)}")
        found = {name: cells[place].strip() for name, place in columns.items()}
        if any("\0" in cell for cell in found.values()):
            raise ValueError("has a NUL byte in it")
        return _case(line, found, mapping, zone)

    return read


def _case(line: int, row: Mapping[str, str], mapping: MappingFile, zone: ZoneInfo) -> Case:
    external_id = row["id"]
    if not external_id or len(external_id) > LONGEST_ID:
        raise ValueError("has no usable id")
    opened, due, closed = (
        _time(row.get(name, ""), mapping.time_format, zone) for name in ("opened", "due", "closed")
    )
    if opened is None:
        raise ValueError("has no opening time")
    if closed is not None and closed < opened:
        if opened - closed > timedelta(seconds=mapping.slack_seconds):
            raise ValueError("was closed before it was opened")
        closed = opened
    _check_status(row.get("status", ""), closed, mapping)
    title = " ".join(row.get("title", "").split())[:LONGEST_TITLE]
    return Case(
        line=line,
        external_id=external_id,
        opened=opened,
        due=due,
        closed=closed,
        title=title or external_id,
        category=row.get("category", ""),
        place=row.get("place", ""),
        department=row.get("department", ""),
        kept=_kept(row.get("verdict", ""), mapping),
    )


def _time(words: str, form: str, zone: ZoneInfo) -> datetime | None:
    """An instant from local words; the first of two where clocks are put back."""
    if not words:
        return None
    try:
        moment = datetime.strptime(words, form)  # noqa: DTZ007
    except ValueError:
        raise ValueError(f"has a time that cannot be read: {words[:SHOWN]}") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"has a time far away: {words[:SHOWN]}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _check_status(word: str, closed: datetime | None, mapping: MappingFile) -> None:
    """A status that says otherwise than the times: nobody knows which is true."""
    if not word:
        return
    if word in mapping.status.closed:
        if closed is None:
            raise ValueError("is closed but has no closing time")
    elif word in mapping.status.open:
        if closed is not None:
            raise ValueError("is open but has a closing time")
    else:
        raise ValueError(f"has a status that the mapping does not name: {word[:SHOWN]}")


def _kept(word: str, mapping: MappingFile) -> bool | None:
    if word in mapping.verdict.kept:
        return True
    return False if word in mapping.verdict.broken else None
