"""A running system seen from inside its database, for tests that break it meanwhile."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select, text

from core.config import load
from core.database import db, transaction
from core.running.embedded import APPLICATION, OWNER, Postgres
from core.running.valkey import Valkey
from helpdesk import filing
from helpdesk.conversations.thread import hashed
from helpdesk.rules.vocabulary import TicketClass
from sla import seed, tracking
from sla.models import PolicyVersion, TimerRow
from tests.faults.whole import Whole, until

LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class Inside:
    """Files tickets with a promise of a few seconds, and looks at what became of them."""

    def __init__(self, system: Whole) -> None:
        from app import create_app

        settings = load({"STATE_DIR": str(system.state), "ENV": "development", **system.given})
        if not system.given:
            postgres, valkey = Postgres.of(settings.state), Valkey.of(settings.state)
            addresses = {
                "database_url": postgres.url(APPLICATION),
                "database_owner_url": postgres.url(OWNER),
                "redis_url": valkey.url,
            }
            settings = settings.model_copy(update=addresses)
        self.app: Flask = create_app(settings=settings, config={"SOCKETS_LIVE": False})

    @contextmanager
    def look(self) -> Iterator[None]:
        """A fresh look: a database that was restarted meanwhile is connected to anew."""
        with self.app.app_context():
            yield
            db.session.rollback()

    def promise(self, seconds: int) -> str:
        """A policy of so many seconds on the wall clock, for tickets with the tag returned."""
        tag = f"fault-{secrets.token_hex(4)}"
        with self.look(), transaction():
            db.session.add(
                PolicyVersion(
                    key=tag,
                    position=-1,
                    name=tag,
                    valid_from=LONG_AGO,
                    calendar_key=seed.OFFICE,
                    conditions={"tag": [tag]},
                    targets={"RESOLUTION": {"n": seconds, "unit": "seconds", "clock": "wall"}},
                    steps={"RESOLUTION": [{"name": "75", "percent": 75}]},
                )
            )
        return tag

    def file(self, tag: str, count: int) -> list[str]:
        """File tickets; returns their refs."""
        refs = []
        with self.look():
            for _ in range(count):
                with transaction():
                    receipt = filing.file(
                        filing.Filing(
                            TicketClass.SUGGESTION, "Kata-kata.", secrets.token_hex(16), tags=(tag,)
                        )
                    )
                refs.append(f"ticket:{receipt.ticket_id}")
        return refs

    def filed(self, keys: list[str]) -> tuple[int, ...]:
        """Tickets with these forms' keys, how many keys that are, and how many have promises."""
        with self.look():
            found = db.session.execute(
                text(
                    "SELECT count(DISTINCT k.id), count(DISTINCT k.idempotency_key), "
                    "count(DISTINCT t.subject) FROM tickets k "
                    "LEFT JOIN timers t ON t.subject = 'ticket:' || k.id "
                    "WHERE k.idempotency_key = ANY(:keys)"
                ),
                {"keys": [hashed(key) for key in keys]},
            ).one()
            return tuple(found)

    def overdue(self, refs: list[str]) -> tuple[int, float]:
        """How many missed promises are not found out yet, and for how many seconds the oldest."""
        asked = text(
            "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0) "
            "FROM timers WHERE subject = ANY(:refs) AND breached_at IS NULL "
            "AND due_at < clock_timestamp()"
        )
        with self.look():
            count, oldest = db.session.execute(asked, {"refs": refs}).one()
            return int(count), float(oldest)

    def some_are_late(self, refs: list[str]) -> bool:
        return self._count("breached_at IS NOT NULL", refs) > 0

    def _count(self, what: str, refs: list[str]) -> int:
        with self.look():
            return int(
                db.session.execute(
                    text(f"SELECT count(*) FROM timers WHERE subject = ANY(:refs) AND {what}"),  # noqa: S608
                    {"refs": refs},
                ).scalar_one()
            )

    def settled(self, refs: list[str]) -> bool:
        """All are late, and nothing waits to be carried out."""
        try:
            late = self._count("breached_at IS NOT NULL", refs)
            with self.look():
                waits = db.session.execute(text("SELECT count(*) FROM deliveries")).scalar_one()
        except Exception:  # noqa: BLE001 -- the database is being restarted: look again
            return False
        return late == len(refs) and waits == 0

    def wait_until_settled(self, refs: list[str]) -> None:
        until(lambda: self.settled(refs), "the end of all consequences")

    def check(self, refs: list[str]) -> None:
        """I3, I5 and I8: one breach a timer, dated at due, each consequence once, log agrees."""
        with self.look():
            rows = db.session.scalars(select(TimerRow).where(TimerRow.subject.in_(refs))).all()
            assert all(row.breached_at == row.due_at for row in rows)
            due = {row.subject: row.due_at for row in rows}
            assert self._per_subject("TIMER_BREACHED", refs) == {ref: [due[ref]] for ref in refs}
            assert set(self._per_subject("PRIORITY_SET", refs)) == set(refs)
            assert all(
                len(found) == 1 for found in self._per_subject("PRIORITY_SET", refs).values()
            )
            assert all(
                len(found) == 1 for found in self._per_subject("TIMER_STEPPED", refs).values()
            )
            notices = db.session.execute(
                text(
                    "SELECT n.ticket_id, n.user_id, count(*) FROM notices n "
                    "JOIN events e ON e.id = n.event_id AND e.kind = 'TIMER_BREACHED' "
                    "WHERE e.subject = ANY(:refs) GROUP BY 1, 2"
                ),
                {"refs": refs},
            ).all()
            assert len({row[0] for row in notices}) == len(refs)
            assert all(row[2] == 1 for row in notices)
            statuses = db.session.execute(
                text(
                    "SELECT DISTINCT status, priority FROM tickets "
                    "WHERE 'ticket:' || id = ANY(:refs)"
                ),
                {"refs": refs},
            ).all()
            assert [tuple(row) for row in statuses] == [("NEW", "HIGH")]
            now = max(row.due_at for row in rows)
            for ref in refs:
                stored = tracking.timers([ref])[ref]
                assert tracking.same(stored, tracking.rebuild(ref, _later(now)))

    def _per_subject(self, kind: str, refs: list[str]) -> dict[str, list[datetime]]:
        found: dict[str, list[datetime]] = {}
        rows = db.session.execute(
            text("SELECT subject, at FROM events WHERE kind = :kind AND subject = ANY(:refs)"),
            {"kind": kind, "refs": refs},
        )
        for subject, at in rows:
            found.setdefault(subject, []).append(at)
        return found


def _later(at: datetime | None) -> datetime:
    assert at is not None
    return at + timedelta(seconds=1)
