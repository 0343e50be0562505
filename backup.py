"""Backups: `python backup.py make [FOLDER]` and `python backup.py restore FOLDER [KEYS]`.

`make backup` and `make restore` call it. A restore fills an empty state folder and an empty
database, begins a new epoch of seals, and then proves what it did: every event and every file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from core.backups import restoring, taking
from core.config import Settings, load
from core.running import servers
from core.running.refusal import Refused


def make(target: str = "") -> int:
    """Take a backup and say where it lies."""
    folder = taking.take(load(), Path(target) if target else None)
    print(f"The backup lies in {folder}.")
    print("It cannot be used without LOOKUP_KEY and CONTACT_KEYS, which are not in it: keep them")
    print("elsewhere (unless you set them, they are files in secrets/ of the state folder).")
    return 0


def restore(source: str, keys: str = "") -> int:
    """Restore, begin a new epoch, verify; 1 if what was restored is not right."""
    folder = Path(source).absolute()
    settings = restoring.settings_for(folder, Path(keys) if keys else None, os.environ)
    with servers.servers(settings) as known:
        found = restoring.fill(folder, known)
        print(f"Restored as of {found.at} into {settings.state_dir.absolute()}.")
        return 0 if _right(known) else 1


def _right(known: Settings) -> bool:
    from app import create_app
    from core import clock
    from core.database import db, transaction
    from core.seals import cli, sealing
    from helpdesk.conversations import unnamed_files

    app = create_app(settings=known)
    with app.app_context():
        with transaction():
            epoch = sealing.new_epoch(clock.now())
        print(f"Its seals go on in epoch {epoch}.")
        right = cli.verified()
        missing = list(unnamed_files.missing())
        print(f"{len(missing)} attachments without their file.")
        db.session.remove()
        db.engine.dispose()
    return right and not missing


def main(arguments: list[str]) -> int:
    command, more = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        if command == "make" and len(more) <= 1:
            return make(*more)
        if command == "restore" and 1 <= len(more) <= 2:
            return restore(*more)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
