"""The fixed byte form of an event, and its digest.

A digest is taken over stored values, never over a database's text of them: sorted keys, integers
and strings only, times as whole microseconds since 1970 (UTC). Format 1 is this form; a later form
gets the next number, so old rows stay provable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

FORMAT = 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = int | str

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970; exact, no floating point on the way."""
    return (at - EPOCH) // timedelta(microseconds=1)


def instant(at: datetime) -> str:
    """An instant as events hold it in `data`: ISO 8601, UTC, always six decimals."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def parse_instant(words: str) -> datetime:
    """The inverse of `instant`."""
    return datetime.fromisoformat(words)


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
    values = [form, microseconds(at), kind, subject, actor, visibility, dict(data)]
    return hashlib.sha256(_encode(values).encode("ascii")).digest()
