"""Deliveries that could be taken and that nobody takes: then no job worker is at work."""

from __future__ import annotations

from sqlalchemy import text

from core.database import db

PATIENCE = 60  # seconds

# What waits behind an earlier one of its subject, which is to be tried again later, is nobody's
# neglect (see core.outbox).
_NEGLECTED = text(
    """
    SELECT EXISTS (
        SELECT 1 FROM deliveries d
        WHERE greatest(d.since, d.leased_until) < clock_timestamp() - make_interval(secs => :wait)
          AND NOT EXISTS (
              SELECT 1 FROM deliveries e
              WHERE e.subscriber = d.subscriber AND e.subject = d.subject
                AND e.event_id < d.event_id AND e.leased_until >= clock_timestamp()))
    """
)


def for_readiness() -> str | None:
    """A sentence if notices and other consequences have been lying about for a minute."""
    if db.session.execute(_NEGLECTED, {"wait": PATIENCE}).scalar_one():
        return "Notices have been waiting for a minute; no job worker takes them."
    return None
