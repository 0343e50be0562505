"""A backup put into an empty folder is the same system: every table, every file, every seal."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from core.backups import database, manifest
from core.config import SECRETS, Settings, load
from core.database import db
from core.running import servers as running
from core.running.throwaway import Servers
from core.seals import sealing
from core.uploads.files import Store
from tests.integration.core.sealed import AT, note, seal
from tests.integration.helpdesk.desk import report

ROOT = Path(__file__).parents[3]
FILES = {b"%PDF-1.4 pertama": "", b"%PDF-1.4 kedua": ""}


@dataclass(frozen=True)
class Old:
    """A system with a ticket, files and sealed events, and where a backup of it may go."""

    settings: Settings
    place: Path

    def run(self, *arguments: object, **env: object) -> subprocess.CompletedProcess[str]:
        own = {k: v for k, v in os.environ.items() if k.upper() not in {"STATE_DIR", "ENV"}}
        return subprocess.run(
            [sys.executable, "backup.py", *map(str, arguments)],
            cwd=ROOT, env={**own, **{k: str(v) for k, v in env.items()}},
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def backup(self) -> Path:
        done = self.run(
            "make", self.place / "backup",
            STATE_DIR=self.settings.state_dir,
            DATABASE_OWNER_URL=self.settings.database_owner_url,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return self.place / "backup"


@pytest.fixture
def old(committed_app: Flask, servers: Servers) -> Iterator[Old]:
    import prepare

    place = Path(tempfile.mkdtemp(prefix="tb-"))
    place.chmod(0o711)
    with committed_app.app_context():
        prepare.starting_data()
        report()
        note(1, 2, 3)
        assert seal()
        note(4)  # waits for its seal
        name = db.engine.url.database or ""
    settings = servers.settings(name, STATE_DIR=str(place / "old"), ENV="development")
    for secret in SECRETS:  # made as a first start does
        settings.state.secret(secret)
    store = Store(settings.state.folder("files"))
    for body in FILES:
        store.put(body)
    yield Old(settings, place)
    shutil.rmtree(place, ignore_errors=True)


def everything(url: str) -> dict[str, object]:
    """Each table's rows and each sequence's state, but the seals."""
    info, password = database.address(url)
    with psycopg.connect(info, password=password) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'seals'"
        ).fetchall()
        found: dict[str, object] = {
            name: connection.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t"  # noqa: S608
            ).fetchone()
            for (name,) in tables
        }
        found["sequences"] = connection.execute(
            "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"
        ).fetchall()
        return found


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_restored_system_is_the_same_and_goes_on_in_a_new_epoch(old: Old) -> None:
    assert old.settings.database_owner_url is not None
    before = everything(old.settings.database_owner_url)
    assert len(before) > 20
    folder = old.backup()
    keys = old.settings.state_dir / "secrets"
    done = old.run("restore", folder, keys, STATE_DIR=old.place / "new")
    assert done.returncode == 0, done.stderr
    assert "epoch 2" in done.stdout
    assert "0 wait for a seal: all is right" in done.stdout
    assert "0 attachments without their file" in done.stdout
    assert contents(old.place / "new/files") == contents(old.settings.state_dir / "files")
    assert sorted(contents(old.place / "new/files").values()) == sorted(FILES)
    known = load({"STATE_DIR": str(old.place / "new")})
    assert known.lookup_key == load({"STATE_DIR": str(old.settings.state_dir)}).lookup_key
    with running.servers(known) as started:
        assert started.database_owner_url is not None
        assert everything(started.database_owner_url) == before
        _goes_on(started)
    again = old.run("restore", folder, keys, STATE_DIR=old.place / "new")
    assert again.returncode == 1
    assert "is not empty" in again.stderr


def _goes_on(settings: Settings) -> None:
    """What happens after it is sealed, though the other server's transactions had other numbers."""
    from app import create_app
    from core.seals import cli

    app = create_app(settings=settings.model_copy(update={"env": "test"}))
    with app.app_context():
        note(5)
        assert sealing.seal(AT) == 1
        assert cli.verified()
        with pytest.raises(Exception, match="permission denied"):  # the role's rights came back
            db.session.execute(db.text("DELETE FROM seals"))
        db.session.remove()
        db.engine.dispose()


def test_nothing_is_restored_over_anything_or_without_its_keys(old: Old) -> None:
    folder, new = old.backup(), old.place / "new"
    keys = old.settings.state_dir / "secrets"
    lacking = old.run("restore", folder, STATE_DIR=new)
    assert lacking.returncode == 1
    assert "LOOKUP_KEY, CONTACT_KEYS" in lacking.stderr
    other = old.run("restore", folder, keys, STATE_DIR=new, LOOKUP_KEY="q" * 40)
    assert (other.returncode, "other keys than ours: LOOKUP_KEY" in other.stderr) == (1, True)
    assert not new.exists()
    (new / "files").mkdir(parents=True)
    full = old.run("restore", folder, keys, STATE_DIR=new)
    assert (full.returncode, "is not empty" in full.stderr) == (1, True)
    (new / "files").rmdir()
    used = old.run(
        "restore", folder, keys, STATE_DIR=new,
        DATABASE_URL=old.settings.database_url, REDIS_URL=old.settings.redis_url,
        DATABASE_OWNER_URL=old.settings.database_owner_url,
    )  # fmt: skip
    assert (used.returncode, "The database is not empty" in used.stderr) == (1, True)


@pytest.mark.parametrize("harm", ["altered", "gone", "manifest"])
def test_a_damaged_backup_is_refused_by_the_name_of_the_file(old: Old, harm: str) -> None:
    folder = old.backup()
    stored = next((folder / "files").rglob("*/*"))
    if harm == "altered":
        stored.write_bytes(b"other")
    elif harm == "gone":
        stored.unlink()
    else:
        (folder / manifest.NAME).write_text("{")
    keys = old.settings.state_dir / "secrets"
    done = old.run("restore", folder, keys, STATE_DIR=old.place / "new")
    assert done.returncode == 1
    assert (manifest.NAME if harm == "manifest" else stored.name) in done.stderr
    assert not (old.place / "new").exists()


def test_a_backup_holds_no_key_and_is_for_its_owner_alone(old: Old) -> None:
    folder = old.backup()
    assert folder.stat().st_mode & 0o077 == 0
    secrets = {p.read_bytes().strip() for p in (old.settings.state_dir / "secrets").iterdir()}
    raw = io.BytesIO(b"".join(contents(folder).values())).getvalue()
    assert secrets and not any(one in raw for one in secrets)
    twice = old.run("make", folder, STATE_DIR=old.settings.state_dir)
    assert (twice.returncode, "is there already" in twice.stderr) == (1, True)


def test_a_database_that_cannot_be_had_is_a_sentence_and_leaves_nothing(old: Old) -> None:
    wrong = f"postgresql://nobody:hush@/none?host={old.settings.state_dir}"
    done = old.run(
        "make", old.place / "backup", STATE_DIR=old.settings.state_dir, DATABASE_OWNER_URL=wrong
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be used")
    assert "hush" not in done.stderr and "Traceback" not in done.stderr
    assert not list(old.place.glob("backup*"))
