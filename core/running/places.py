"""Where the embedded servers' sockets may lie, and who may come near them."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from core.running.refusal import Refused
from core.running.spawn import Identity
from core.state import PRIVATE

LONGEST_SOCKET = 100  # bytes; the system's limit is 107 with the final zero
START_SECONDS = 30.0
# Servers inherit nothing of our own environment, secrets least of all.
ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"}


def passable(folder: Path) -> bool:
    """Can any user pass through this folder and all above it?"""
    return all(p.stat().st_mode & stat.S_IXOTH for p in [folder, *folder.parents])


def socket_folder(wish: Path, longest_name: str, note: Path, who: Identity | None) -> Path:
    """`wish` if a socket in it has a short enough path, else a short folder that is noted."""
    if len(os.fsencode(wish / longest_name)) <= LONGEST_SOCKET:
        wish.mkdir(mode=PRIVATE, exist_ok=True)
        return given(wish, who)
    if note.exists():
        noted = Path(note.read_text())
        if noted.is_dir() and noted.stat().st_uid == (who.uid if who else os.geteuid()):
            return noted
    made = given(Path(mkdtemp(prefix="tanggap-", dir="/tmp")), who)  # noqa: S108  # nosec B108
    note.write_text(str(made))
    return made


def given(folder: Path, who: Identity | None) -> Path:
    if who is not None:
        os.chown(folder, who.uid, who.gid)
    return folder


def wait(answers: Callable[[], bool], name: str, meanwhile: Callable[[float], None]) -> None:
    """Until it answers; `meanwhile` is called with seconds to spend. Raises Refused."""
    until = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > until:
            raise Refused(f"{name} does not answer; its log in the state folder says why.")
        meanwhile(0.03)
