"""Open tickets by the ten thousand, with their timers, straight into the tables."""

from __future__ import annotations

from sqlalchemy import text

from core.database import transaction

_TICKETS = text(
    """
    INSERT INTO tickets (number, ticket_class, title, queue_id, priority, status, channel, language,
                         filed_at, arrived_at, updated_at, next_due_at, last_seq, source,
                         external_id)
    SELECT 'B-' || :batch || '-' || n, 'COMPLAINT', 'Laporan nomor ' || n,
           (SELECT id FROM queues WHERE key = 'pengaduan'), 'NORMAL', 'OPEN', 'WEB', 'id',
           now() - interval '1 day', now() - interval '1 day', now(),
           now() + make_interval(secs => :first + n * 10), 1, 'bench', :batch || '-' || n
    FROM generate_series(1, :count) AS n
    """
)
_TIMERS = text(
    """
    INSERT INTO timers (subject, metric, cycle, target, policy_id, calendar_id, started_at, due_at,
                        promised_at, reading, next_action_at)
    SELECT 'ticket:' || t.id, m.metric, 1, '{"n": 14, "unit": "days", "clock": "business"}',
           (SELECT max(id) FROM policies WHERE key = 'ordinary'),
           (SELECT max(id) FROM calendars WHERE key = 'office'), t.filed_at,
           t.next_due_at, t.next_due_at, 'RUNNING', t.next_due_at
    FROM tickets t CROSS JOIN (VALUES ('VERIFICATION'), ('FIRST_RESPONSE'), ('RESOLUTION'))
        AS m(metric)
    WHERE t.source = 'bench' AND t.external_id LIKE :batch || '-%'
      AND (m.metric = 'RESOLUTION' OR NOT :one)
    """
)


def tickets(batch: str, count: int, first: float = 3600, *, one: bool = False) -> None:
    """`count` open tickets, due from `first` seconds on, ten seconds apart; `one` timer each."""
    with transaction() as session:
        session.execute(_TICKETS, {"batch": batch, "count": count, "first": first})
        session.execute(_TIMERS, {"batch": batch, "one": one})
    with transaction() as session:
        session.execute(text("ANALYZE tickets, timers"))


def due_at_once(batch: str) -> None:
    """Move a batch's timers to one moment, a second ago."""
    with transaction() as session:
        session.execute(
            text(
                "UPDATE timers SET due_at = now() - interval '1 second', "
                "next_action_at = now() - interval '1 second' FROM tickets t "
                "WHERE timers.subject = 'ticket:' || t.id AND t.source = 'bench' "
                "AND t.external_id LIKE :batch || '-%'"
            ),
            {"batch": batch},
        )
