"""Content that must be provable and yet erasable: the log holds a keyed hash of it, no word of it.

An event of such a kind holds HMAC-SHA256 of the content under a random salt, which lies beside the
content in a table that can be erased. Erasing by right deletes both and appends ERASED to the same
subject; from then on nobody can guess the content from the log, and whoever verifies says "erased".
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum

from core.event_kinds import Kind, declare, like, ref

PROOF = like(r"[0-9a-f]{64}")  # what a key named in `HELD` holds

# `event`: whose content was erased, as "event:17".
ERASED = declare("ERASED", needs="event", holds={"event": ref})

Content = tuple[bytes, bytes]  # the content and its salt
Source = Callable[[Sequence[int]], Mapping[int, Content]]

# By kind: the key of its data that holds the proof, and who has the content of given event ids.
HELD: dict[str, tuple[str, Source]] = {}


class Verdict(StrEnum):
    PROVED = "proved"
    ALTERED = "altered"
    MISSING = "missing"
    ERASED = "erased"


def held(kind: Kind, key: str, source: Source) -> None:
    """The content of this kind's events is proved by what stands under `key`."""
    HELD.setdefault(kind.name, (key, source))


def salt() -> bytes:
    """A new one, for one content."""
    return secrets.token_bytes(32)


def proof(content: bytes, salt: bytes) -> str:
    """What the event holds: 64 hexadecimal digits."""
    return hmac.new(salt, content, hashlib.sha256).hexdigest()


def verdict(said: object, content: Content | None, erased: bool) -> Verdict:
    """What became of the content of an event that said this proof of it."""
    if content is None:
        return Verdict.ERASED if erased else Verdict.MISSING
    # Content that is there although it was erased is somebody's addition.
    right = not erased and hmac.compare_digest(proof(*content), str(said))
    return Verdict.PROVED if right else Verdict.ALTERED


def verdicts(
    kind: str, said: Mapping[int, Mapping[str, object]], erased: Collection[int]
) -> dict[int, Verdict]:
    """By event id, for events of one kind with their data."""
    key, source = HELD[kind]
    found = source(list(said))
    return {i: verdict(data.get(key), found.get(i), i in erased) for i, data in said.items()}
