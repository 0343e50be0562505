"""Guests: whoever showed the code and PIN of one thing may see that thing, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, select

from accounts.models import GuestSession, guest_key, hashes
from accounts.rules.access import Guest
from accounts.sessions import close_sockets
from core import clock
from core.database import db
from core.secrets import new_token, token_hash

GUEST_LIFE = timedelta(hours=12)
GUESTS = cast(Table, GuestSession.__table__)


def open_guest(ref: str, receipt: bytes | None = None) -> str:
    """A guest's session for one thing; returns its token."""
    token, at = new_token(), clock.opened()
    db.session.execute(
        GUESTS.insert().values(
            token_hash=token_hash(token),
            ref=ref,
            receipt=receipt,
            created_at=at,
            expires_at=at + GUEST_LIFE,
        )
    )
    return token


def _guest_row(token: str | None) -> GuestSession | None:
    if not token:
        return None
    found: GuestSession | None = db.session.scalars(
        select(GuestSession)
        .where(
            GuestSession.token_hash == token_hash(token),
            GuestSession.ended_at.is_(None),
            GuestSession.expires_at > clock.opened(),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    return found


def guest_of(token: str | None) -> Guest | None:
    """What the token opens; None if it is unknown or over."""
    row = _guest_row(token)
    return Guest(row.ref, row.key) if row else None


def receipt_of(token: str | None) -> bytes | None:
    """The sealed receipt that the guest's session still holds."""
    row = _guest_row(token)
    return row.receipt if row else None


def end_guest(token: str) -> None:
    """End one guest's session; a token that opens nothing changes nothing."""
    row = _guest_row(token)
    if row is not None:
        row.ended_at = clock.now()
        close_sockets([row.key])


def living(keys: Collection[str]) -> set[str]:
    """Which of these guests' sessions (by key) are neither ended nor over."""
    found = db.session.scalars(
        select(GuestSession.token_hash).where(
            GuestSession.token_hash.in_(hashes(keys, "g")),
            GuestSession.ended_at.is_(None),
            GuestSession.expires_at > clock.now(),
        )
    )
    return {guest_key(token_hash) for token_hash in found}
