"""What the engine remembers: policies, calendars (every revision of them), timers.

A policy version and a calendar revision are never edited: the log names them by id, and a promise
must be explainable for good. A timer's row is a cache of a fold over the log.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class CalendarRevision(Base):
    """One revision of a calendar, in the form that `Calendar.from_dict` takes."""

    __tablename__ = "calendars"
    __table_args__ = (UniqueConstraint("key", "revision"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key: Mapped[str]
    revision: Mapped[int]
    name: Mapped[str]
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime]


class CalendarDay(Base):
    """An override of the package's holidays or of the week: closed, open as usual, or hours."""

    __tablename__ = "calendar_days"

    calendar_key: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]  # closed | open | hours
    openings: Mapped[list[list[str]] | None] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(server_default="")


class PolicyVersion(Base):
    """One version of a policy; the newest that was valid at filing counts."""

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    position: Mapped[int]
    name: Mapped[str]
    valid_from: Mapped[datetime]
    calendar_key: Mapped[str]
    conditions: Mapped[dict[str, list[str]]] = mapped_column(JSONB, server_default="{}")
    targets: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSONB)
    steps: Mapped[dict[str, list[dict[str, Any]]]] = mapped_column(JSONB, server_default="{}")
    hold_pauses: Mapped[bool] = mapped_column(server_default=text("false"))
    for_open: Mapped[bool] = mapped_column(server_default=text("false"))  # binds what is open too
    retired: Mapped[bool] = mapped_column(server_default=text("false"))  # takes nothing new


class Move(Base):
    """A publishing that open subjects are brought to, and how far that has come."""

    __tablename__ = "moves"
    __table_args__ = (
        Index("ix_moves_waiting", "begins_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    what: Mapped[str]  # "calendar:7" or "policy:9": the revision or version
    actor: Mapped[str]
    made_at: Mapped[datetime]
    begins_at: Mapped[datetime]
    since: Mapped[datetime | None]  # promises that end before it are not touched; None: all are
    worked_at: Mapped[datetime | None]  # when it last came on
    total: Mapped[int | None]  # open subjects when it began
    seen: Mapped[int] = mapped_column(server_default="0")
    moved: Mapped[int] = mapped_column(server_default="0")  # dates
    later: Mapped[int] = mapped_column(server_default="0")  # those of them that are later
    failed: Mapped[int] = mapped_column(server_default="0")  # subjects
    after: Mapped[str] = mapped_column(server_default="")  # the last subject looked at
    held: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")  # by others; looked at last
    ended_at: Mapped[datetime | None]


class TimerRow(Base):
    """The stored fold of one (subject, metric, cycle)."""

    __tablename__ = "timers"
    __table_args__ = (
        UniqueConstraint("subject", "metric", "cycle"),
        # The sweeper's one question: what is due?
        Index(
            "ix_timers_next_action",
            "next_action_at",
            postgresql_where=text("next_action_at IS NOT NULL"),
        ),
        # The breach report's: which promises were broken, newest first?
        Index(
            "ix_timers_breached",
            text("breached_at DESC"),
            text("id DESC"),
            postgresql_where=text("breached_at IS NOT NULL"),
        ),
        # And which were kept in a period?
        Index("ix_timers_kept", "stopped_at", postgresql_where=text("reading = 'MET'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject: Mapped[str]
    metric: Mapped[str]
    cycle: Mapped[int]
    target: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # Their rows are never deleted (see core.running.migrate), so none is looked up at each write.
    policy_id: Mapped[int]
    calendar_id: Mapped[int]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]
    promised_to: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    reading: Mapped[str]
    cause: Mapped[str | None]
    said: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    plan: Mapped[list[list[str]]] = mapped_column(JSONB, server_default="[]")
    next_action_at: Mapped[datetime | None]
