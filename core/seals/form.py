"""A seal's layout: which events it covers, and the hash over them and over the seal before.

The list is 40 bytes an event: its id (8 bytes, big-endian) and its digest (32). The hash is SHA-256
over the seal's own values as one line of ASCII, the hash of the seal before, and the list. So a
seal is checked by itself, in a stream, whatever the log's length.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.canonical import microseconds

ENTRY = struct.Struct(">q32s")
NONE_BEFORE = bytes(32)

Listed = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """How far the log is sealed: every event of this epoch up to (xid, id), in that order.

    An epoch's events have ids above `floor`; what came before it (with a restored database, whose
    transactions another server counted) has smaller ones.
    """

    epoch: int = 1
    floor: int = 0
    xid: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Stamp:
    """All that a seal's hash is over, but the list."""

    number: int
    at: datetime
    place: Place
    count: int
    before: bytes = NONE_BEFORE

    def line(self) -> bytes:
        p = self.place
        values = (self.number, microseconds(self.at), p.epoch, p.floor, p.xid, p.id, self.count)
        return ("seal 1 " + " ".join(map(str, values)) + "\n").encode("ascii")

    def hash(self, covers: bytes) -> bytes:
        """32 bytes over this stamp, the seal before and the list."""
        return hashlib.sha256(self.line() + self.before + covers).digest()


def written(entries: Iterable[Listed]) -> bytes:
    """The list as it is stored."""
    return b"".join(ENTRY.pack(ident, digest) for ident, digest in entries)


def read(covers: bytes) -> Iterator[Listed]:
    """The inverse of `written`. Raises ValueError for bytes that are no list."""
    if len(covers) % ENTRY.size:
        raise ValueError("The list of a seal is cut off.")
    return ENTRY.iter_unpack(covers)
