"""Putting a backup into an empty folder and an empty database: never over anything."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from core.backups import database, manifest
from core.backups.manifest import DATABASE, FILES, Manifest
from core.config import SECRETS, Settings, load
from core.running import migrate
from core.running.refusal import Refused
from core.state import PRIVATE

LOGINS = "demo-logins.json"


def settings_for(source: Path, keys: Path | None, environ: Mapping[str, str]) -> Settings:
    """Settings of the system to be: with an empty state folder, and keys that fit the backup.

    Nothing is made before all of that is certain. Raises Refused.
    """
    found = manifest.read(source)
    state = Path(environ.get("STATE_DIR", "").strip() or "state").absolute()
    demand_empty(state)
    given = {name: _key(name, keys or state / "secrets", environ) for name in SECRETS}
    known = {name.upper(): value for name, value in given.items() if value}
    lacking = [n for n in ("LOOKUP_KEY", "CONTACT_KEYS") if n not in known]
    if lacking:
        raise Refused(
            f"The keys that the backup was made with are needed: {', '.join(lacking)}. Set them in "
            "the environment, or name the folder of secrets that has them: make restore KEYS=…"
        )
    if environ.get("ENV") != "production":  # else it must be given; here it only keeps sessions
        known.setdefault("SECRET_KEY", known["LOOKUP_KEY"])
    settings = load({**environ, **known})
    manifest.demand_keys(found, settings)
    if settings.database_owner_url and not settings.database_url:
        raise Refused("DATABASE_URL must be set too: the application's role gets its rights.")
    if keys is not None:
        _keep(keys, settings)
    return load(environ)


def demand_empty(state: Path) -> None:
    """A folder that is not there, is empty, or has nothing but secrets. Raises Refused."""
    if state.exists() and (not state.is_dir() or {p.name for p in state.iterdir()} - {"secrets"}):
        raise Refused(
            f"The folder {state} is not empty. A restore needs an empty one: name it by STATE_DIR."
        )


def _key(name: str, folder: Path, environ: Mapping[str, str]) -> str:
    place = folder / name
    said = environ.get(name.upper(), "").strip()
    return said or (place.read_text().strip() if place.is_file() else "")


def _keep(keys: Path, settings: Settings) -> None:
    """Copy the keys to where the new system looks for them, and a demonstration's logins."""
    for name in (*SECRETS, LOGINS):
        place = settings.state.folder("secrets") / name
        if (keys / name).is_file() and not place.exists():
            place.touch(mode=0o600)
            place.write_text((keys / name).read_text())


def fill(source: Path, known: Settings) -> Manifest:
    """Database, rights and files from a backup; its servers must run. Raises Refused."""
    found = manifest.read(source)
    assert known.database_url is not None
    owner = known.database_owner_url or known.database_url
    database.demand_empty(owner)
    database.load(owner, source / DATABASE)
    migrate.upgrade(owner, known.database_url, strictly=known.env == "production")
    database.analyze(owner)
    for name in found.digests:
        if name != DATABASE:
            target = known.state_dir / FILES / Path(name).relative_to(FILES)
            target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            shutil.copy2(source / name, target)
    return found
