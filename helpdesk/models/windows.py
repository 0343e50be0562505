"""How long citizens have, as the office chose it: a row for each choice, never edited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class WindowsRow(Base):
    """Calendar days from a moment on, until the next row; and where each is written."""

    __tablename__ = "citizen_windows"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    since: Mapped[datetime]
    reply: Mapped[int]
    reopen: Mapped[int]
    reply_source: Mapped[str]
    reopen_source: Mapped[str]
