"""A report that was brought before a level of the office, until somebody there takes it up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

WAITS = "ended_at IS NULL"


class Escalation(Base):
    """`level` counts from 1. `cause`: what brought it there (Cause). `ended_at`: settled by the
    level, or over because its ticket is."""

    __tablename__ = "escalations"
    __table_args__ = (
        # Those of a ticket that are not over: every act of the ticket looks at them.
        Index("ix_escalations_ticket", "ticket_id", postgresql_where=text(WAITS)),
        # A level's inbox, the most pressing first.
        Index("ix_escalations_inbox", "level", "due_at", "id", postgresql_where=text(WAITS)),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    level: Mapped[int]
    cause: Mapped[str]
    opened_at: Mapped[datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]  # until when it should be taken; a cache of its timer

    @property
    def ref(self) -> str:
        return f"escalation:{self.id}"


class LevelPerson(Base):
    """Somebody of a level; `apart`: of the ladder for reports that go past the office's units."""

    __tablename__ = "level_people"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    level: Mapped[int]
    apart: Mapped[bool] = mapped_column(server_default="false")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]


class LeaveRow(Base):
    """Somebody is away, and who stands in."""

    __tablename__ = "leaves"
    __table_args__ = (Index("ix_leaves_until", "until"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
