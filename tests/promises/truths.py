"""What must be true of a report after every step of its life, whatever was done to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from core.canonical import digest, instant
from core.database import db
from core.events import Event
from helpdesk import kinds
from helpdesk.models import Message, Ticket
from helpdesk.rules.lifecycle import MOVES, Action
from helpdesk.rules.vocabulary import MessageKind
from sla import tracking
from sla.models import TimerRow
from sla.sweeps import sweeper
from tests.promises.by_hand import counted_by_hand

_A = Action
BY: dict[str, tuple[Action, ...]] = {
    kinds.TICKET_ACCEPTED.name: (_A.ACCEPT,),
    kinds.TICKET_ASSIGNED.name: (_A.ASSIGN,),
    kinds.TICKET_ANSWERED.name: (_A.ANSWER,),
    kinds.TICKET_ASKED.name: (_A.ASK,),
    kinds.TICKET_HELD.name: (_A.HOLD,),
    kinds.TICKET_RESUMED.name: (_A.RESUME,),
    kinds.REQUESTER_WROTE.name: (_A.WRITE,),
    kinds.TICKET_REOPENED.name: (_A.REOPEN, _A.WRITE),
    kinds.TICKET_RESOLVED.name: (_A.RESOLVE,),
    kinds.TICKET_REFUSED.name: (_A.REFUSE,),
    kinds.TICKET_FORWARDED.name: (_A.FORWARD,),
    kinds.TICKET_APPEALED.name: (_A.APPEAL,),
    kinds.TICKET_SPAMMED.name: (_A.SPAM,),
    kinds.TICKET_DUPLICATED.name: (_A.DUPLICATE,),
    kinds.TICKET_WITHDRAWN.name: (_A.WITHDRAW,),
    kinds.TICKET_LAPSED.name: (_A.LAPSE,),
    kinds.TICKET_CLOSED.name: (_A.CLOSE,),
}
Key = tuple[str, int]

_ALL = text(
    """
    SELECT jsonb_build_object('ticket', to_jsonb(t),
        'timers', (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.id) FROM timers r
                   WHERE r.subject = 'ticket:' || t.id),
        'events', (SELECT count(*) FROM events e WHERE e.subject = 'ticket:' || t.id),
        'messages', (SELECT count(*) FROM messages m WHERE m.ticket_id = t.id),
        'deliveries', (SELECT count(*) FROM deliveries d WHERE d.subject = 'ticket:' || t.id),
        'tickets', (SELECT count(*) FROM tickets))
    FROM tickets t WHERE t.id = :id
    """
)


def everything(ref: str) -> Any:
    """All that is stored of a report, to see whether anything has changed."""
    return db.session.execute(_ALL, {"id": int(ref[7:])}).scalar_one()


class Witness:
    """Holds what is stored of one report against what it saw before."""

    def __init__(self, ref: str) -> None:
        self.ref = ref
        self.due: dict[Key, datetime | None] = {}  # of timers that ran, when last seen
        self.promised: dict[Key, datetime] = {}
        self.breached: dict[Key, datetime] = {}

    def look(self, now: datetime) -> None:
        """Raises AssertionError for the first thing that is not true."""
        db.session.expire_all()
        ticket = db.session.get_one(Ticket, int(self.ref[7:]))
        rows = tracking.timers([self.ref])[self.ref]
        asked = select(Event).where(Event.subject == self.ref).order_by(Event.id)
        log = list(db.session.scalars(asked))
        self._rebuilt(rows, now)
        counted_by_hand(rows, log, now)
        self._breaches(rows, log, now)
        self._steps(rows, log)
        self._legal(ticket, log)
        self._numbered(ticket)
        running = [r.due_at for r in rows if r.stopped_at is None and r.due_at is not None]
        assert ticket.next_due_at == min(running, default=None)
        for event in log:
            assert event.digest == digest(
                at=event.at,
                kind=event.kind,
                subject=event.subject,
                actor=event.actor,
                visibility=event.visibility,
                data=event.data,
                form=event.format,
            )
        self._remember(rows)
        db.session.rollback()

    def _rebuilt(self, rows: Sequence[TimerRow], now: datetime) -> None:
        """The log alone gives what is stored, once a sweep at this moment is added to it."""
        fresh = {(v["metric"], v["cycle"]): v for v in tracking.rebuild(self.ref, now)}
        assert set(fresh) == {(r.metric, r.cycle) for r in rows}
        for row in rows:
            stored: dict[str, Any] = {name: getattr(row, name) for name in fresh[_key(row)]}
            if row.next_action_at is not None and row.next_action_at < now:
                stored |= sweeper.came(row, now).values
                stored.pop("id")
            pairs = {k: (_plain(stored[k]), _plain(v)) for k, v in fresh[_key(row)].items()}
            differs = {k: (has, gives) for k, (has, gives) in pairs.items() if has != gives}
            assert differs == {}, f"{_key(row)}: stored and rebuilt {differs}"

    def _breaches(self, rows: Sequence[TimerRow], log: Sequence[Event], now: datetime) -> None:
        """One event a missed promise, dated when it was due before anybody touched it."""
        said = Counter((_key_of(e), e.at) for e in log if e.kind == "TIMER_BREACHED")
        assert said == Counter(
            (_key(r), r.breached_at) for r in rows if r.breached_at is not None
        ), "breaches"
        for row in rows:
            key = _key(row)
            assert row.breached_at in (None, row.due_at)
            if key in self.breached:
                assert row.breached_at == self.breached[key], "a breach was moved"
            elif row.breached_at is not None:
                assert row.breached_at < now, "a breach before its time"
                assert self.due.get(key) == row.breached_at, "another date than was in force"
            if key in self.promised:
                assert row.promised_at is not None
                assert row.promised_at >= self.promised[key], "a promise became earlier"

    def _steps(self, rows: Sequence[TimerRow], log: Sequence[Event]) -> None:
        said = Counter(
            (*_key_of(e), e.data["step"], instant(e.at)) for e in log if e.kind == "TIMER_STEPPED"
        )
        assert said == Counter((*_key(r), n, at) for r in rows for n, at in r.said.items())

    def _legal(self, ticket: Ticket, log: Sequence[Event]) -> None:
        """Each act led where the table says, and no act lies before the one that it followed."""
        status, at = "NEW", log[0].at
        for event in log:
            if "status" not in event.data:
                continue
            assert event.at >= at, "the log goes backwards"
            after, at = str(event.data["status"]), event.at
            actions = BY.get(event.kind)
            if actions is None:
                assert after == status
            else:
                assert after in {str(MOVES[a].get(status)) for a in actions}  # type: ignore[call-overload]
            status = after
        assert ticket.status == status
        assert (ticket.closes_at is not None) == (status in ("PENDING", "RESOLVED"))

    def _numbered(self, ticket: Ticket) -> None:
        asked = select(Message.seq).where(
            Message.ticket_id == ticket.id, Message.kind != MessageKind.NOTE.value
        )
        numbers = list(db.session.scalars(asked.order_by(Message.id)))
        assert numbers == list(range(1, ticket.last_seq + 1))

    def _remember(self, rows: Sequence[TimerRow]) -> None:
        self.due = {_key(r): r.due_at for r in rows if r.stopped_at is None}
        self.promised = {_key(r): r.promised_at for r in rows if r.promised_at is not None}
        self.breached = {_key(r): r.breached_at for r in rows if r.breached_at is not None}


def _key(row: TimerRow) -> Key:
    return row.metric, row.cycle


def _key_of(event: Event) -> Key:
    return str(event.data["metric"]), int(event.data["cycle"])


def _plain(value: Any) -> Any:
    return instant(value) if isinstance(value, datetime) else value
