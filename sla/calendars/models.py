"""What a calendar is to say, until it is published: a revision then holds what it said."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class CalendarDraft(Base):
    """A calendar's usual week, and whether it closes on national holidays and collective leave."""

    __tablename__ = "calendar_drafts"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    timezone: Mapped[str]
    week: Mapped[dict[str, list[list[str]]]] = mapped_column(JSONB)
    holidays: Mapped[bool] = mapped_column(server_default="true")
    joint_leave: Mapped[bool] = mapped_column(server_default="true")


class CalendarSpan(Base):
    """Days in a row with a week of their own, such as Ramadan; both ends belong to it."""

    __tablename__ = "calendar_spans"
    __table_args__ = (Index("ix_calendar_spans_key", "calendar_key", "first"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    calendar_key: Mapped[str]
    name: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    week: Mapped[dict[str, list[list[str]]]] = mapped_column(JSONB)
