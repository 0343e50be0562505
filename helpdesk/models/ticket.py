"""The ticket: one complaint, question, suggestion or appreciation, from filing to close."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

# Asked on every desk page, so it must read the same in the index and in the query.
AT_WORK = "status IN ('NEW', 'OPEN', 'PENDING', 'ON_HOLD')"


class Ticket(Base):
    __tablename__ = "tickets"
    __table_args__ = (
        # The desk's page: by next due date, paused ones last, keyset-paged.
        Index(
            "ix_tickets_queue_due",
            "queue_id",
            "next_due_at",
            "id",
            postgresql_where=text(AT_WORK),
        ),
        Index(
            "ix_tickets_assignee_due",
            "assignee_id",
            "next_due_at",
            "id",
            postgresql_where=text(AT_WORK),
        ),
        Index("ix_tickets_due", "next_due_at", "id", postgresql_where=text(AT_WORK)),
        # What came in since a page was made.
        Index("ix_tickets_arrived", "queue_id", "arrived_at", postgresql_where=text(AT_WORK)),
        # The counts beside the queues, where few of many match.
        Index("ix_tickets_waiting", "queue_id", "id", postgresql_where=text("status = 'PENDING'")),
        Index(
            "ix_tickets_unheld",
            "queue_id",
            "next_due_at",
            "id",
            postgresql_where=text(f"{AT_WORK} AND assignee_id IS NULL"),
        ),
        # What ends by itself: resolved or waiting tickets whose time is over.
        Index("ix_tickets_closes", "closes_at", postgresql_where=text("closes_at IS NOT NULL")),
        # In which report a closed one goes on.
        Index("ix_tickets_follows", "follows", postgresql_where=text("follows IS NOT NULL")),
        # Questions without a reply, of which the citizen is reminded.
        Index("ix_tickets_remind", "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
        Index(
            "uq_tickets_source",
            "source",
            "external_id",
            unique=True,
            postgresql_where=text("source IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    ticket_class: Mapped[str]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    title: Mapped[str]
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    priority: Mapped[str] = mapped_column(server_default="NORMAL")
    status: Mapped[str] = mapped_column(server_default="NEW")
    outcome: Mapped[str | None]
    channel: Mapped[str] = mapped_column(server_default="WEB")
    language: Mapped[str] = mapped_column(server_default="id")
    tags: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")

    requester_name: Mapped[str | None]
    requester_kind: Mapped[str] = mapped_column(server_default="GUEST")  # as it was filed
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_key: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_key: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    about_ref: Mapped[str | None]  # "permit_type:IPTM", shown through core.refs
    public_ok: Mapped[bool] = mapped_column(server_default="false")

    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None]
    transfers: Mapped[int] = mapped_column(server_default="0")
    waits_for: Mapped[str | None]  # the agency while ON_HOLD
    cause_wanted: Mapped[bool] = mapped_column(server_default="false")
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    merged_at: Mapped[datetime | None]
    parted_at: Mapped[datetime | None]  # when a merge was last undone
    split_from: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    confidential: Mapped[bool] = mapped_column(server_default="false")
    snoozed_until: Mapped[datetime | None]
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    follows: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))

    code_key: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    pin_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    idempotency_key: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)

    filed_at: Mapped[datetime]
    arrived_at: Mapped[datetime]  # on the list where it is: filed, moved there, or reopened
    updated_at: Mapped[datetime]
    next_due_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    last_seq: Mapped[int] = mapped_column(server_default="0")

    source: Mapped[str | None]
    external_id: Mapped[str | None]

    @property
    def ref(self) -> str:
        return f"ticket:{self.id}"
