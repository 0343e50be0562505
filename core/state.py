"""The state folder: everything that a running system keeps outside of its code.

secrets/ keys and passwords (0700, files 0600)     postgres/ valkey/ files/ mail/ what is kept
log/ what the processes say                        run/ locks, and where the servers listen
"""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from core.running.refusal import Refused

PRIVATE = 0o700


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


# How each secret is made; whatever is not named here is a random token.
RECIPES: dict[str, Callable[[], str]] = {"contact_keys": lambda: f"k1:{_key()}"}


@dataclass(frozen=True)
class State:
    root: Path

    def make(self) -> None:
        """Make the folder. Others may pass through it (the database's user must, if we are
        root), but not list it, and each folder within is closed. An existing one stays as it is.
        Raises Refused, as all that follows, where nothing can be made."""
        with self._usable():
            if not self.root.is_dir():
                self.root.mkdir(parents=True, exist_ok=True)
                self.root.chmod(0o711)

    def folder(self, name: str) -> Path:
        """A folder in it for us alone."""
        self.make()
        made = self.root / name
        with self._usable():
            made.mkdir(mode=PRIVATE, exist_ok=True)
        return made

    def secret(self, name: str) -> str:
        """A secret by name, made at the first asking; safe when two processes ask at once."""
        place = self.folder("secrets") / name
        with self._usable():
            if not place.exists():
                _make_secret(place)
            return place.read_text().strip()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Refused(
                f"The state folder {self.root} cannot be used: {error.strerror}. "
                "Mend that, or choose another folder with STATE_DIR."
            ) from error


def _make_secret(place: Path) -> None:
    """Whole or not at all, whatever the disk does; the first of two makers wins."""
    made = RECIPES.get(place.name, lambda: secrets.token_urlsafe(32))()
    part = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        part.touch(mode=0o600)
        part.write_text(made)
        with suppress(FileExistsError):
            os.link(part, place)
    finally:
        part.unlink(missing_ok=True)


class Lock:
    """An flock on a file; ends with the last process that holds its descriptor."""

    def __init__(self, place: Path) -> None:
        try:
            self.fd = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Refused(f"The file {place} cannot be used: {error.strerror}.") from error

    def take(self, *, shared: bool = False, wait: float = 0.0) -> bool:
        """True if we have it; tries for `wait` seconds."""
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self.fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    return False
                time.sleep(0.05)
            else:
                return True

    def close(self) -> None:
        os.close(self.fd)
