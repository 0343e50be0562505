"""A reply that has not left yet: for some seconds it can be taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class HeldReply(Base):
    """It has no number in the thread and stops no timer; once it leaves or is undone it is gone
    from here, and the log says which."""

    __tablename__ = "held_replies"
    __table_args__ = (
        UniqueConstraint("ticket_id", "client_key"),
        Index("ix_held_replies_leaves", "leaves_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    author: Mapped[str]
    body: Mapped[str]
    written_at: Mapped[datetime]
    leaves_at: Mapped[datetime]
    client_key: Mapped[bytes | None] = mapped_column(LargeBinary)
