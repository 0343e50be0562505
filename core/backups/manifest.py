"""What a backup says of itself: each of its files with its digest, and which keys it needs.

The keys are not in it: who finds a backup must not be able to read contacts. Their fingerprints
are, so that a restore with other keys is refused before it does anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from core.config import Settings
from core.running.refusal import Refused

NAME = "manifest.json"
FORMAT = 1
DATABASE = "database.dump"
FILES = "files"
BLOCK = 2**20


@dataclass(frozen=True)
class Manifest:
    """`at`: when it was begun, by the database's clock. `digests`: SHA-256 by path within."""

    at: str
    digests: Mapping[str, str]
    keys: Mapping[str, str]
    format: int = field(default=FORMAT)

    def write(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1, sort_keys=True))


def read(folder: Path) -> Manifest:
    """A backup's list, every file of which is there and as it was. Raises Refused."""
    try:
        found = Manifest(**json.loads((folder / NAME).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise Refused(f"{folder} holds no backup: its {NAME} cannot be read.") from error
    if found.format != FORMAT:
        raise Refused(f"The backup {folder} has format {found.format}, and we know {FORMAT}.")
    for name, said in found.digests.items():
        place = folder / name
        if not place.resolve().is_relative_to(folder.resolve()):
            raise Refused(f"The backup {folder} names a file outside of it: {name}.")
        if not place.is_file() or digest(place) != said:
            raise Refused(f"The backup {folder} is damaged: {name} is missing or was altered.")
    return found


def digest(place: Path) -> str:
    found = hashlib.sha256()
    with place.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def fingerprints(settings: Settings) -> dict[str, str]:
    """Of the keys without which contacts cannot be read nor codes be checked."""
    named = {"LOOKUP_KEY": settings.lookup_key}
    named |= {f"CONTACT_KEYS ({name})": key for name, key in settings.contact_keys.items()}
    return {name: _fingerprint(key) for name, key in named.items()}


def _fingerprint(key: bytes) -> str:
    """The keys are random and long, so nothing leads back from it."""
    return hashlib.sha256(b"tanggap backup\n" + key).hexdigest()[:16]


def demand_keys(found: Manifest, settings: Settings) -> None:
    """Raise Refused unless we have every key that the backup was made with."""
    ours = fingerprints(settings)
    lacking = sorted(name for name, said in found.keys.items() if ours.get(name) != said)
    if lacking:
        raise Refused(
            f"The backup was made with other keys than ours: {', '.join(lacking)}. Set them in the "
            "environment, or name the folder of secrets that has them: make restore KEYS=…"
        )
