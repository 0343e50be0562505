"""A line of the thread, and the files that came with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class Message(Base):
    """`seq` numbers the public lines of a ticket from 1 without gaps; notes have none."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        UniqueConstraint("ticket_id", "client_key"),
        Index("ix_messages_ticket_id", "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    seq: Mapped[int | None]
    kind: Mapped[str]
    author: Mapped[str]  # "requester", "user:3", "system"; "ticket:7": of one merged into it
    body: Mapped[str]
    at: Mapped[datetime]
    split_into: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    client_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # one key, one message


class Attachment(Base):
    """A file of a message; its bytes lie under a random name outside the web root."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_message", "message_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    name: Mapped[str]
    kind: Mapped[str]  # jpg | png | pdf
    size: Mapped[int]
    stored: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]


class Notice(Base):
    """What a person of the office is told on their screen; one per event and person."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("user_id", "event_id"),
        Index(
            "ix_notices_unread",
            "user_id",
            text("id DESC"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notices_gathered",
            "user_id",
            "gathered",
            "id",
            postgresql_where=text("gathered IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("events.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    # The event under which one mail tells of it together with others.
    gathered: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("events.id"))
