"""What supervisors are shown to look at, why a promise was missed, and how far the log was read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

UNSEEN = "seen_at IS NULL"
GIVEN = "withdrawn_at IS NULL"


class SightingRow(Base):
    """A pattern that was found in a ticket's log. All but what stands from `seen_at` on is a cache
    of a pure rule over that log; `at` may still lie ahead, for a wait that is not over."""

    __tablename__ = "sightings"
    __table_args__ = (
        # One act shows a pattern once.
        Index("uq_sightings_event_pattern", "event_id", "pattern", unique=True),
        Index("ix_sightings_at", text("at DESC"), text("id DESC")),
        Index("ix_sightings_ticket", "ticket_id"),
        Index("ix_sightings_unseen", text("at DESC"), postgresql_where=text(UNSEEN)),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    event_id: Mapped[int] = mapped_column(BigInteger)
    pattern: Mapped[str]
    person: Mapped[str]  # "user:3", "requester"
    at: Mapped[datetime]
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))  # where the ticket was then
    evidence: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))  # ids of events, in order
    metric: Mapped[str | None]
    due_at: Mapped[datetime | None]  # before the act
    later_at: Mapped[datetime | None]  # after it, where that is later
    left: Mapped[int | None]  # seconds of the promise's own time that were left
    count: Mapped[int | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    remark: Mapped[str | None]


class LookedFor(Base):
    """How patterns are judged: one row, of which the office decides. Lengths are seconds of open
    time."""

    __tablename__ = "looked_for"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    near: Mapped[int]
    short: Mapped[int]
    letters: Mapped[int]
    waiting: Mapped[int]
    pauses: Mapped[int]
    settlings: Mapped[int]


class PlaceInLog(Base):
    """How far somebody has read the log, in its order."""

    __tablename__ = "places_in_log"

    reader: Mapped[str] = mapped_column(primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[int] = mapped_column(BigInteger)


class BreachCause(Base):
    """Why a promise was missed: as whoever held the ticket said, or (`excuse`) as a supervisor
    does. The breach stays what it is; a cause that was withdrawn stays to be read."""

    __tablename__ = "breach_causes"
    __table_args__ = (
        Index(
            "uq_breach_causes_given",
            "subject",
            "metric",
            "cycle",
            "excuse",
            unique=True,
            postgresql_where=text(GIVEN),
        ),
        Index("ix_breach_causes_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject: Mapped[str]
    metric: Mapped[str]
    cycle: Mapped[int]
    excuse: Mapped[bool]
    cause: Mapped[str]
    remark: Mapped[str | None]
    given_at: Mapped[datetime]
    given_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
