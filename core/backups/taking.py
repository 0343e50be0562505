"""Taking a backup of a system, running or not.

The database first, at one moment, then the files: those are written before the row that names them
commits, and are never changed, so every row of the dump finds its file.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from core.backups import database, manifest
from core.backups.manifest import DATABASE, FILES, Manifest
from core.canonical import instant
from core.config import Settings
from core.running import servers
from core.running.refusal import Refused

PRIVATE = 0o700


def take(settings: Settings, wished: Path | None = None) -> Path:
    """Make a backup in a new folder (named by the moment if not given) and return the folder.

    Whole or not at all: until it is complete its name ends in ".part". Raises Refused.
    """
    with ExitStack() as stack:
        url = settings.database_owner_url or settings.database_url
        if url is None:
            known = stack.enter_context(servers.servers(settings))
            url = known.database_owner_url or known.database_url
        assert url is not None
        at = _moment(url)
        name = at.partition(".")[0].replace(":", "").replace("-", "")
        target = (wished or Path("backups") / f"tanggap-{name}Z").absolute()
        part = _begun(target)
        try:
            digests = {DATABASE: _dumped(url, part), **_copied(settings.state_dir / FILES, part)}
            Manifest(at, digests, manifest.fingerprints(settings)).write(part)
            os.sync()
            part.rename(target)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return target


def _moment(url: str) -> str:
    with database.connect(url) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    return instant(row[0])


def _begun(target: Path) -> Path:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"{target} is there already. Choose another folder for the backup.")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(part, ignore_errors=True)  # of one that was broken off
        part.mkdir(mode=PRIVATE)
    except OSError as error:
        raise Refused(f"The folder {part} cannot be made: {error.strerror}.") from error
    return part


def _dumped(url: str, part: Path) -> str:
    place = part / DATABASE
    place.touch(mode=0o600)
    database.dump(url, place)
    return manifest.digest(place)


def _copied(files: Path, part: Path) -> dict[str, str]:
    """Every file of people with its digest."""
    digests: dict[str, str] = {}
    for place in sorted(files.rglob("*")) if files.is_dir() else ():
        if not place.is_file():
            continue
        name = Path(FILES) / place.relative_to(files)
        target = part / name
        target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        try:
            shutil.copy2(place, target)
        except FileNotFoundError:
            continue  # its row was rolled back meanwhile, or it was set aside
        digests[str(name)] = manifest.digest(target)
    return digests
