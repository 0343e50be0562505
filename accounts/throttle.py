"""Counting wrong guesses in PostgreSQL, where neither a restart nor FLUSHALL forgets them.

A guess is written down and committed before it is looked at, and taken back if it was right. So a
hundred guesses at once cannot slip past the limit together, and what the request itself rolls
back stays counted. `counted` is called by entry points (it commits on its own):

    with throttle.counted(Limit("code", code), Limit("code-all", "", most=1000)):
        with transaction():
            tracking.open_with(code, pin)   # any error leaves the guess standing
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select, text

from accounts.models import Attempt
from core import clock
from core.database import db, let_go, transaction
from core.errors import TooMany
from core.i18n import gettext, span_words

PER_KEY = 10
WINDOW = timedelta(minutes=5)
# The overall limits are one key for everybody: who waits for its lock waits with a connection in
# hand, and a hundred guesses at once would have them all. So they queue up before they take one.
_turns = threading.BoundedSemaphore(2)
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` wrong guesses of a kind (`what`) at one `key` within `window`."""

    what: str
    key: str
    most: int = PER_KEY
    window: timedelta = WINDOW


@contextmanager
def counted(*limits: Limit) -> Iterator[None]:
    """Count a guess against every limit; it is taken back if the body ends well.

    Raises TooMany, with the seconds to wait, before the body runs.
    """
    let_go()
    with _turns, transaction():
        # In one order for everybody, so that two who hold a lock each never wait for one another.
        taken = [take(limit) for limit in sorted(limits, key=_hash)]
    yield
    with transaction() as session:
        session.execute(delete(Attempt).where(Attempt.id.in_(taken)))


def take(limit: Limit) -> int:
    """Write one guess down, or raise TooMany; returns its id. One key at a time."""
    key_hash = _hash(limit)
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(:key)"),
        {"key": int.from_bytes(key_hash[:8], "big", signed=True)},
    )
    now = clock.now()
    wait = _wait(limit, key_hash, now)
    if wait is not None:
        raise TooMany(_sentence(wait), wait=max(1, int(wait.total_seconds()) + 1))
    attempt = Attempt(what=limit.what, key_hash=key_hash, at=now)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def _wait(limit: Limit, key_hash: bytes, now: datetime) -> timedelta | None:
    """How long until the oldest guess that counts is out of the window; None if there is room."""
    newest = (
        select(Attempt.at)
        .where(
            Attempt.what == limit.what,
            Attempt.key_hash == key_hash,
            Attempt.at > now - limit.window,
        )
        .order_by(Attempt.at.desc())
        .limit(limit.most)
        .subquery()
    )
    count, oldest = db.session.execute(select(func.count(), func.min(newest.c.at))).one()
    if count < limit.most:
        return None
    return timedelta(0) if oldest is None else oldest + limit.window - now


def forget(now: datetime) -> int:
    """A chore: drop guesses that no window reaches any more; returns how many."""
    old = db.session.execute(
        delete(Attempt).where(Attempt.at < now - KEPT).returning(Attempt.id)
    ).all()
    return len(old)


def limit_of(what: str, default: int) -> int:
    """The overall limit of a kind, from the setting LIMITS {what: number}; a bench raises it."""
    limits: dict[str, int] = current_app.config.get("LIMITS") or {}
    return int(limits.get(what, default))


def _hash(limit: Limit) -> bytes:
    """Addresses and codes stand here under a key that is not in the database."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"{limit.what}\0{limit.key}".encode(), hashlib.sha256).digest()


def _sentence(wait: timedelta) -> str:
    return gettext(
        "Too many wrong tries. Please wait %(span)s and try again.",
        span=span_words(wait),
    )
