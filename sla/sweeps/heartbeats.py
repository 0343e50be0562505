"""What sweepers say of themselves, and what an operator answers when their clock jumped."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, select, text
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, db
from sla.sweeps.clock_watch import Jump

SILENT = timedelta(seconds=15)
FORGOTTEN = timedelta(minutes=10)


class Heartbeat(Base):
    """What a sweeper last said; `jump` is the jump of its clock that it waits for."""

    __tablename__ = "sweepers"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    jump: Mapped[int | None] = mapped_column(BigInteger)
    jumped_by: Mapped[float | None]  # seconds
    confirmed: Mapped[int | None] = mapped_column(BigInteger)


_BEAT = text(
    """
    INSERT INTO sweepers (name, at, jump, jumped_by) VALUES (:name, :at, :jump, :by)
    ON CONFLICT (name) DO UPDATE SET at = :at, jump = :jump, jumped_by = :by
    RETURNING confirmed
    """
)
_FORGET = text("DELETE FROM sweepers WHERE at < :before")
_CONFIRM = text("UPDATE sweepers SET confirmed = jump WHERE jump IS NOT NULL RETURNING name")


def beat(name: str, at: datetime, jump: Jump | None) -> int | None:
    """Say that it lives and what it waits for; returns the number of the last jump confirmed."""
    said = {"name": name, "at": at, "jump": None, "by": None}
    if jump is not None:
        said |= {"jump": jump.number, "by": jump.seconds}
    confirmed: int | None = db.session.execute(_BEAT, said).scalar_one()
    db.session.execute(_FORGET, {"before": at - FORGOTTEN})
    return confirmed


def confirm() -> int:
    """Let every sweeper that waits for its clock go on; returns how many there are."""
    return len(db.session.execute(_CONFIRM).all())


def silent() -> bool:
    """True if no sweeper has reported for 15 s."""
    return not _lately()


def waiting() -> float | None:
    """By how many seconds the clock jumped, if every sweeper waits for that; else None."""
    jumps = [row.jumped_by for row in _lately()]
    return None if not jumps or None in jumps else jumps[0]


def _lately() -> list[Heartbeat]:
    alive = select(Heartbeat).where(Heartbeat.at > clock.now() - SILENT)
    return list(db.session.scalars(alive.execution_options(populate_existing=True)))
