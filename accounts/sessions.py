"""Sessions: opened, found by their token, ended at once on every screen.

Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import Interval, bindparam, literal, select, update

from accounts.models import Session, User, hashes, session_key
from accounts.rules.access import Viewer, roles_of
from core import clock
from core.database import db
from core.live import screens
from core.secrets import new_token, token_hash
from core.storage.opening import opening_with, with_opening

LIFE = timedelta(hours=12)  # a working day and its overtime
IDLE = timedelta(hours=3)
NOTED_EVERY = timedelta(minutes=5)


def open_session(user: User, device: str) -> str:
    """A new session under a new token, which is returned and nowhere stored."""
    token, at = new_token(), clock.now()
    db.session.add(
        Session(
            token_hash=token_hash(token),
            user_id=user.id,
            device=device[:80],
            created_at=at,
            seen_at=at,
            expires_at=at + LIFE,
        )
    )
    return token


_NOW = clock.opened_sql()
_PERSON = with_opening(
    select(
        Session.token_hash, Session.seen_at, User.id, User.name, User.roles, User.email,
        User.locale,
    )
    .join(User, User.id == Session.user_id)
    .where(
        Session.token_hash == bindparam("token"),
        Session.ended_at.is_(None),
        Session.expires_at > _NOW,
        Session.seen_at > _NOW - literal(IDLE, Interval()),
        User.active,
    )
)  # fmt: skip


def person_of(token: str | None) -> Viewer | None:
    """Who the token belongs to; None if it is unknown, over, idle for too long or shut off."""
    if not token:
        return None
    row = opening_with(_PERSON, {"token": token_hash(token), "moved": clock.moved()})
    if row.id is None:
        return None
    return Viewer(
        id=row.id,
        name=row.name,
        roles=roles_of(row.roles),
        email=row.email,
        locale=row.locale,
        session_key=session_key(row.token_hash),
        unnoted=clock.opened() - row.seen_at >= NOTED_EVERY,
    )


def note_use(token: str) -> None:
    """Note that a session is in use, so that it does not end as idle."""
    db.session.execute(
        update(Session).where(Session.token_hash == token_hash(token)).values(seen_at=clock.now())
    )


def end_sessions(user_id: int, *, but: str | None = None) -> int:
    """End a person's sessions, all or all but one (its key); returns how many."""
    rows = open_sessions(user_id)
    at = clock.now()
    ended = [row for row in rows if row.key != but]
    for row in ended:
        row.ended_at = at
    close_sockets([row.key for row in ended])
    return len(ended)


def open_sessions(user_id: int) -> Sequence[Session]:
    """A person's sessions that are neither ended nor over, the latest first."""
    now = clock.now()
    return db.session.scalars(
        select(Session)
        .where(
            Session.user_id == user_id,
            Session.ended_at.is_(None),
            Session.expires_at > now,
            Session.seen_at > now - IDLE,
        )
        .order_by(Session.created_at.desc())
    ).all()


def close_sockets(keys: Sequence[str]) -> None:
    """Close the screens of these sessions once the change is committed."""
    screens.end(keys)


def living(keys: Collection[str]) -> set[str]:
    """Which of these sessions (by key) are neither ended, over, idle for too long nor shut off."""
    now = clock.now()
    found = db.session.scalars(
        select(Session.token_hash)
        .join(User, User.id == Session.user_id)
        .where(
            Session.token_hash.in_(hashes(keys, "s")),
            Session.ended_at.is_(None),
            Session.expires_at > now,
            Session.seen_at > now - IDLE,
            User.active,
        )
    )
    return {session_key(token_hash) for token_hash in found}
