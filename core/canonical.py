"""The fixed byte form of an event, and its digest.

A digest is taken over stored values, never over a database's text of them: sorted keys, integers
and strings only, times as whole microseconds since 1970 (UTC). Format 1 is this form; a later form
gets the next number, so old rows stay provable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

FORMAT = 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = int | str

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode
_quoted = json.encoder.encode_basestring_ascii


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970; exact, no floating point on the way."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(at: datetime) -> str:
    """An instant as events hold it in `data`: ISO 8601, UTC, always six decimals."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def parse_instant(words: str) -> datetime:
    """The inverse of `instant`."""
    return datetime.fromisoformat(words)


def encoded(data: Mapping[str, Value]) -> str:
    """An event's data in the canonical form: ASCII, sorted keys, no blanks."""
    return _encode(dict(data))


def digest(
    *,
    at: datetime,
    kind: str,
    subject: str,
    actor: str,
    visibility: str,
    data: Mapping[str, Value],
    form: int = FORMAT,
) -> bytes:
    """SHA-256 over the canonical form: 32 bytes."""
    return digest_of_encoded(at, (kind, subject, actor, visibility), encoded(data), form)


def digest_of_encoded(at: datetime, words: Sequence[str], data: str, form: int = FORMAT) -> bytes:
    """The same, where the data are in their canonical form already."""
    said = ",".join(map(_quoted, words))
    return hashlib.sha256(f"[{form},{microseconds(at)},{said},{data}]".encode("ascii")).digest()
