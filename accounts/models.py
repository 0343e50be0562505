"""People, their sessions, and wrong guesses.

Sessions live here and not in Redis, so flushing it signs nobody out, and ending one is a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from accounts.rules.access import Role, roles_of
from core.database import Base


class User(Base):
    """A person with an account; `email` is stored in its one comparable form."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    active: Mapped[bool] = mapped_column(server_default="true", default=True)
    locale: Mapped[str] = mapped_column(server_default="id", default="id")
    # Whether they are mailed what they are told on screen.
    letters: Mapped[bool] = mapped_column(server_default="true", default=True)
    created_at: Mapped[datetime]

    @property
    def ref(self) -> str:
        return f"user:{self.id}"

    @property
    def role_set(self) -> frozenset[Role]:
        return roles_of(self.roles)


class Session(Base):
    """A sign-in on one device; only the hash of its token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index(
            "ix_sessions_user_open",
            "user_id",
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_sessions_expires_at", "expires_at"),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    device: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def key(self) -> str:
        return session_key(self.token_hash)


class GuestSession(Base):
    """The right to one thing (`ref`), got by its code and PIN; `receipt` is sealed words to show
    once more, such as the code just issued."""

    __tablename__ = "guest_sessions"
    __table_args__ = (Index("ix_guest_sessions_expires_at", "expires_at"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    ref: Mapped[str] = mapped_column(index=True)
    receipt: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def key(self) -> str:
        return guest_key(self.token_hash)


class Attempt(Base):
    """A guess that stands as wrong until it proves right; counted over a window of time."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_what_key_at", "what", "key_hash", "at"),
        Index("ix_attempts_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    what: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


def hashes(keys: Iterable[str], kind: str) -> list[bytes]:
    """The hashes in those of the keys that begin with this letter."""
    return [bytes.fromhex(key[2:]) for key in keys if key.startswith(f"{kind}:")]


def session_key(token_hash: bytes) -> str:
    """How sockets name a person's session."""
    return f"s:{token_hash.hex()}"


def guest_key(token_hash: bytes) -> str:
    """How sockets name a guest's session."""
    return f"g:{token_hash.hex()}"
