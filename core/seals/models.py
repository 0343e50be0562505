"""The table of seals: added to and read, never changed, like the log itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.events import Xid8


class Seal(Base):
    """One seal; see core.seals.form for what its values mean."""

    __tablename__ = "seals"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    epoch: Mapped[int]
    floor_id: Mapped[int] = mapped_column(BigInteger)
    last_xid: Mapped[int] = mapped_column(Xid8())
    last_id: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    covers: Mapped[bytes] = mapped_column(LargeBinary)
    before: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
