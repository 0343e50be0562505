"""Files from outside: what they really are, made harmless, kept under random names.

A photo is decoded and encoded anew (see core.uploads.pictures), and what only calls itself a
picture is refused by its content. Bytes lie outside the web root; a row names them. They are
written before the row commits and taken away if it does not, so a row always has its file. A commit
whose end we never heard of may have happened, so its files stay (see
helpdesk.conversations.unnamed_files).
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import puremagic

from core.uploads import pictures

LARGEST = 10 * 1024 * 1024
ASIDE = "set-aside"  # a folder beside those of two signs
KINDS = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
ENDINGS = {".jpg": "jpg", ".jpeg": "jpg", ".jfif": "jpg", ".png": "png", ".pdf": "pdf"}


class Refused(Exception):
    """A file that is not taken; `reason` is a key that the web puts into words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason  # empty | large | kind | content | bomb


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A checked file: a display name, its kind and its bytes as they will be kept."""

    name: str
    kind: str
    body: bytes


def display_name(given: str, kind: str) -> str:
    """The last part of a name, without control characters, at most 80 letters."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in last if c.isprintable()).strip(" .")
    stem = plain.rsplit(".", 1)[0] if "." in plain else plain
    return f"{(stem or 'berkas')[:76]}.{kind}"


def clean(given_name: str, stream: IO[bytes]) -> Cleaned:
    """Check and clean one file; raises Refused. Costs CPU: call it in core.threads."""
    body = stream.read(LARGEST + 1)
    if not body:
        raise Refused("empty")
    if len(body) > LARGEST:
        raise Refused("large")
    kind = ENDINGS.get(Path(given_name.lower()).suffix)
    if kind is None:
        raise Refused("kind")
    if kind == "pdf":
        _check_pdf(body)
    else:
        body = _encode_anew(body, kind)
    return Cleaned(display_name(given_name, kind), kind, body)


def _check_pdf(body: bytes) -> None:
    if not body.startswith(b"%PDF-") or b"%%EOF" not in body[-2048:]:
        raise Refused("content")
    try:
        found = puremagic.from_string(body[:4096], mime=True)
    except puremagic.PureError as error:
        raise Refused("content") from error
    if "pdf" not in found:
        raise Refused("content")


def _encode_anew(body: bytes, kind: str) -> bytes:
    try:
        return pictures.encode_anew(body, kind)
    except pictures.Burst as error:
        raise Refused("bomb") from error
    except pictures.Damaged as error:
        raise Refused("content") from error


def _remember(folder: Path) -> None:
    """A new name in a folder outlives a power cut once the folder itself is written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class Store:
    """A folder of files under random names."""

    folder: Path

    def put(self, body: bytes) -> str:
        """Write durably and return the random name under which the bytes lie."""
        name = secrets.token_hex(20)
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(body)
                out.flush()
                os.fsync(out.fileno())
            _remember(target.parent)
            _remember(self.folder)
        except OSError:  # a full disk leaves no half of a file
            target.unlink(missing_ok=True)
            raise
        return name

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def drop(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def older_than(self, folder: str, moment: datetime) -> set[str]:
        """Names of the files in one of the folders that were written before `moment`."""
        place = self.folder / folder
        if not place.is_dir():
            return set()
        before = moment.timestamp()
        return {e.name for e in os.scandir(place) if e.is_file() and e.stat().st_mtime < before}

    def set_aside(self, name: str, at: datetime) -> None:
        """Take a file out from among the others; its time is now when that was."""
        target = self.folder / ASIDE / name
        target.parent.mkdir(exist_ok=True, mode=0o700)
        self.path(name).rename(target)
        os.utime(target, (at.timestamp(), at.timestamp()))

    def drop_set_aside(self, moment: datetime) -> None:
        """Drop for good what was set aside before `moment`."""
        for name in self.older_than(ASIDE, moment):
            (self.folder / ASIDE / name).unlink(missing_ok=True)
