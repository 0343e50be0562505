"""The outbox of mails: a row first, sent afterwards, at least once and under a stable id.

A row names whom and what by ref and kind; words and addresses are put together when it is sent
(core.mails.mailing), so nothing personal waits here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, db, on_commit
from core.mails.letter import Letter


class Mail(Base):
    """`state`: WAITING SENT; REFUSED by the server for good; GAVE_UP after days of trying; LEFT
    by an administrator who knows; DROPPED, for there is nobody to write to (any more). `outcome`
    is the last try's: a code of the server ("451") or a word of ours, and UNKNOWN until that try
    says how it ended."""

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("event_id", "recipient", "kind"),
        Index("ix_mails_waiting", "send_at", postgresql_where=text("state = 'WAITING'")),
        # How many somebody of the office was sent of late.
        Index(
            "ix_mails_people",
            "recipient",
            "posted_at",
            postgresql_where=text("recipient LIKE 'user:%'"),
        ),
        Index("ix_mails_lost", "id", postgresql_where=text("state IN ('REFUSED', 'GAVE_UP')")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("events.id"))
    kind: Mapped[str]
    recipient: Mapped[str]  # "user:3" or "ticket:12" (its requester)
    subject: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="WAITING")
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    outcome: Mapped[str | None]
    posted_at: Mapped[datetime]
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """What its Message-ID is made of; never another mail's."""
        return f"mail-{self.id}-{self.event_id}"


# kind -> puts a row into words, or None if there is nobody to write to any more.
WRITERS: dict[str, Callable[[Mail], Letter | None]] = {}

# Told, in the transaction that ends it, of a mail that will not arrive.
WHEN_LOST: list[Callable[[Mail], None]] = []


@dataclass(frozen=True, slots=True)
class Order:
    """`send_at`: not before then; None: at once."""

    event_id: int
    kind: str
    recipient: str
    subject: str
    send_at: datetime | None = None


def post(orders: Sequence[Order]) -> None:
    """Queue mails in the open transaction; a second order of the same kind for the same event
    and person changes nothing."""
    if not orders:
        return
    at = clock.now()
    rows = [
        {
            "event_id": o.event_id,
            "kind": o.kind,
            "recipient": o.recipient,
            "subject": o.subject,
            "posted_at": at,
            "send_at": o.send_at or at,
        }
        for o in orders
    ]
    db.session.execute(upsert(Mail).on_conflict_do_nothing(), rows)
    on_commit(_wake)


def _wake() -> None:
    from core.mails.mailing import wake

    wake()
