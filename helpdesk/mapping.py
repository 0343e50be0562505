"""How another system's CSV reads as tickets: a mapping file, and rows checked one by one."""

from __future__ import annotations

import csv
import gzip
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1970, 2100
LONGEST_TITLE = 200


class Columns(BaseModel):
    """Names of the columns; `id` and `opened` must be there."""

    model_config = ConfigDict(extra="forbid")

    id: str
    opened: str
    due: str | None = None
    closed: str | None = None
    title: str | None = None
    verdict: str | None = None


class Verdict(BaseModel):
    """Words by which the other system says that a promise was kept or broken."""

    kept: list[str] = []
    broken: list[str] = []


class Mapping311(BaseModel):
    """A mapping file, checked."""

    model_config = ConfigDict(extra="forbid")

    source: str
    timezone: str
    time_format: str = "%Y-%m-%d %H:%M:%S"
    queue: str
    columns: Columns
    verdict: Verdict = Verdict()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Case:
    """A row that can be taken; times are aware."""

    line: int
    external_id: str
    opened: datetime
    due: datetime | None
    closed: datetime | None
    title: str
    kept: bool | None  # the other system's own verdict


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot, and why."""

    line: int
    reason: str


def load(path: Path) -> Mapping311:
    """Read a mapping file. Raises Invalid with a sentence."""
    try:
        found = Mapping311.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        ZoneInfo(found.timezone)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The mapping file cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"The mapping file is wrong at {where}: {first['msg']}.") from error
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid("The mapping file names an unknown time zone.") from error
    return found


def _opened(path: Path) -> io.TextIOBase:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8", errors="replace", newline="")
    return path.open(encoding="utf-8", errors="replace", newline="")


def rows(path: Path, mapping: Mapping311) -> Iterator[Case | Broken]:
    """Every row of a CSV, plain or gz. Raises Invalid if the file or its head is no good."""
    try:
        with _opened(path) as file:
            reader = csv.reader(line.replace("\0", "\ufffd") for line in file)
            head = next(reader, [])
            named = [n for n in mapping.columns.model_dump().values() if n]
            lacking = [name for name in named if name not in head]
            if lacking:
                raise Invalid(f"The file has no column named {lacking[0]}.")
            for cells in reader:
                yield _row(reader.line_num, head, cells, mapping)
    except (OSError, EOFError, csv.Error) as error:
        raise Invalid(f"The file cannot be read any further: {error}") from error


def _row(line: int, head: list[str], cells: list[str], mapping: Mapping311) -> Case | Broken:
    if len(cells) != len(head):
        return Broken(line, f"has {len(cells)} columns instead of {len(head)}")
    row = dict(zip(head, cells, strict=True))
    names = mapping.columns
    external_id = row[names.id].strip()
    if not external_id or len(external_id) > 100:
        return Broken(line, "has no usable id")
    try:
        opened = _time(row[names.opened], mapping)
        due = _time(row[names.due], mapping) if names.due else None
        closed = _time(row[names.closed], mapping) if names.closed else None
    except ValueError as error:
        return Broken(line, str(error))
    if opened is None:
        return Broken(line, "has no opening time")
    if closed is not None and closed < opened:
        return Broken(line, "was closed before it was opened")
    title = (row[names.title].strip() if names.title else "")[:LONGEST_TITLE]
    return Case(line, external_id, opened, due, closed, title or external_id, _kept(row, mapping))


def _time(words: str, mapping: Mapping311) -> datetime | None:
    """A local time; the first of two where clocks are put back."""
    if not words.strip():
        return None
    try:
        naive = datetime.strptime(words.strip(), mapping.time_format)  # noqa: DTZ007
    except ValueError:
        raise ValueError(f"has a time that cannot be read: {words.strip()[:40]}") from None
    if not FIRST_YEAR <= naive.year <= LAST_YEAR:
        raise ValueError(f"has a time far away: {words.strip()[:40]}")
    return naive.replace(tzinfo=mapping.zone)


def _kept(row: Mapping[str, str], mapping: Mapping311) -> bool | None:
    words = row[mapping.columns.verdict].strip() if mapping.columns.verdict else ""
    if words in mapping.verdict.kept:
        return True
    return False if words in mapping.verdict.broken else None
