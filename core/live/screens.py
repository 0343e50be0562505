"""Open sockets as rows: a socket may stay open as long as its row is there and its session lives.

Ending a session takes the rows away in the same transaction, and the sockets are closed right after
the commit, on whichever process they live. If that word is lost, each process finds out by itself
(core.live.patrol).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, db, on_commit

MOST = 40  # sockets of one session: a person with many tabs, never a thousand
LEFT_BEHIND = timedelta(minutes=10)  # rows of a process that was killed


class Socket(Base):
    """An open socket and the session that it belongs to; `at` is when it was last seen open."""

    __tablename__ = "sockets"

    sid: Mapped[str] = mapped_column(primary_key=True)
    session_key: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


# Each says which of these sessions (by key) still live.
living: list[Callable[[Collection[str]], set[str]]] = []


def opened(sid: str, session_key: str) -> bool:
    """Remember an open socket; False, and nothing remembered, if its session has MOST already."""
    there = select(Socket.sid).where(Socket.session_key == session_key).limit(MOST).subquery()
    if db.session.execute(select(func.count()).select_from(there)).scalar_one() >= MOST:
        return False
    db.session.add(Socket(sid=sid, session_key=session_key, at=clock.now()))
    return True


def gone(sids: Iterable[str]) -> None:
    db.session.execute(delete(Socket).where(Socket.sid.in_(list(sids))))


def end(session_keys: Iterable[str]) -> None:
    """Take away the sockets of these sessions, and close them once that is committed."""
    wanted = list(session_keys)
    if not wanted:
        return
    sids = db.session.scalars(
        delete(Socket).where(Socket.session_key.in_(wanted)).returning(Socket.sid)
    ).all()
    on_commit(lambda: _close(sids))


def _close(sids: Iterable[str]) -> None:
    from core.live.sockets import close

    for sid in sids:
        close(sid)


def allowed(sids: Collection[str]) -> set[str]:
    """Which of these sockets may stay open; those are noted as seen."""
    rows = db.session.execute(
        select(Socket.sid, Socket.session_key).where(Socket.sid.in_(sids))
    ).all()
    keys = {row.session_key for row in rows}
    alive = set().union(*(ask(keys) for ask in living))
    good = {row.sid for row in rows if row.session_key in alive}
    now = clock.now()
    db.session.execute(update(Socket).where(Socket.sid.in_(good)).values(at=now))
    db.session.execute(delete(Socket).where(Socket.at < now - LEFT_BEHIND))
    return good
