"""The table of what was set aside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class SetAside(Base):
    """A delivery out of its line. `error` and `place` say what went wrong and where in our code,
    never with words of people; `since`: when it was first to be delivered."""

    __tablename__ = "set_aside"

    event_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("events.id"), primary_key=True, autoincrement=False
    )
    subscriber: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    attempts: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[datetime]
    at: Mapped[datetime]
    error: Mapped[str]
    place: Mapped[str]
