"""What nobody can use any more is not kept: sessions that are over, and receipts with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from core.database import transaction

EVERY = 60.0  # seconds
BATCH = 1000
KEPT = timedelta(days=1)  # an account's own sessions, past their end

# A guest's session holds the sealed receipt, code and PIN: it goes as soon as it opens nothing.
_GUESTS = text(
    """
    DELETE FROM guest_sessions WHERE token_hash IN (
        SELECT token_hash FROM guest_sessions WHERE expires_at < :before LIMIT :batch)
    """
)
_SESSIONS = text(
    """
    DELETE FROM sessions WHERE token_hash IN (
        SELECT token_hash FROM sessions WHERE expires_at < :before LIMIT :batch)
    """
)


def forget_what_is_over(now: datetime) -> int:
    """A chore of the sweeper; returns how many rows went, at most `BATCH` of a table."""
    with transaction() as session:
        guests = session.execute(_GUESTS, {"before": now, "batch": BATCH})
        people = session.execute(_SESSIONS, {"before": now - KEPT, "batch": BATCH})
    return guests.rowcount + people.rowcount  # type: ignore[attr-defined,no-any-return]
