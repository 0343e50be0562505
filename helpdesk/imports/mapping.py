"""A mapping file: how another system's CSV is to be read. It is a TOML file, checked whole."""

from __future__ import annotations

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import Invalid


class _Part(BaseModel):
    """A misspelt name in the file is an error, never a setting that does nothing."""

    model_config = ConfigDict(extra="forbid")


class Columns(_Part):
    """Names of the columns; only `id` and `opened` must be there."""

    id: str
    opened: str
    due: str | None = None
    closed: str | None = None
    status: str | None = None
    title: str | None = None
    category: str | None = None
    place: str | None = None
    department: str | None = None
    verdict: str | None = None

    def named(self) -> list[str]:
        """Every column that the file must have."""
        return [name for name in self.model_dump().values() if name]


class StatusWords(_Part):
    """Words by which the other system says that a case is open or closed."""

    open: list[str] = []
    closed: list[str] = []


class VerdictWords(_Part):
    """Words by which the other system says that a promise was kept or broken."""

    kept: list[str] = []
    broken: list[str] = []


class MappingFile(_Part):
    """The file. `categories` and `departments` turn its words into keys of ours, `places` into
    names of kelurahan; a word that stands in no table leaves the ticket without one, and in the
    mapping's own queue.

    `slack_seconds` (whole seconds, 0 unless said): a closing that lies this little before the
    opening comes from two clocks that differ, and counts as at the opening.
    """

    source: str = Field(min_length=1, max_length=60)
    timezone: str
    time_format: str = "%Y-%m-%d %H:%M:%S"
    queue: str
    slack_seconds: int = Field(default=0, ge=0, le=3600)
    columns: Columns
    status: StatusWords = StatusWords()
    verdict: VerdictWords = VerdictWords()
    categories: dict[str, str] = {}
    places: dict[str, str] = {}
    departments: dict[str, str] = {}

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def load(path: Path) -> MappingFile:
    """Read a mapping file. Raises Invalid with a sentence."""
    try:
        found = MappingFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"The mapping file is wrong at {where}: {first['msg']}.") from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The mapping file cannot be read: {error}") from error
    try:
        ZoneInfo(found.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("The mapping file names an unknown time zone.") from error
    return found
