"""The one statement that stores a filed ticket, with its number and its first message."""

from __future__ import annotations

from sqlalchemy import text

COLUMNS = [
    "ticket_class",
    "category_id",
    "title",
    "queue_id",
    "priority",
    "status",
    "channel",
    "language",
    "tags",
    "requester_name",
    "requester_kind",
    "phone",
    "phone_key",
    "email",
    "email_key",
    "place_id",
    "about_ref",
    "public_ok",
    "follows",
    "split_from",
    "confidential",
    "code_key",
    "pin_key",
    "idempotency_key",
    "filed_at",
    "arrived_at",
    "next_due_at",
    "updated_at",
    "last_seq",
]


# The number is drawn in the same statement; a repeated key draws one and leaves a gap, which
# hurts nobody. A conflict waits for the other transaction, so a double tap gets one ticket.
INSERT = text(
    f"""
    WITH filed AS (
        INSERT INTO tickets (number, {", ".join(COLUMNS)})
        SELECT 'T-' || :year || '-' || lpad(n, greatest(6, length(n)), '0'),
               {", ".join(":" + c for c in COLUMNS)}
        FROM (SELECT nextval('ticket_numbers')::text) drawn(n)
        ON CONFLICT DO NOTHING
        RETURNING id, number
    ), said AS (
        INSERT INTO messages (ticket_id, seq, kind, author, body, at)
        SELECT id, 1, :kind, 'requester', :body, :filed_at FROM filed
        RETURNING id
    )
    SELECT filed.id, filed.number, said.id AS message_id FROM filed, said
    """  # noqa: S608  # nosec B608 -- column names are ours
)
