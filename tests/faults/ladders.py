"""Promises of some seconds with a whole ladder on them, and what must be true of it afterwards."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from core.database import db, transaction
from core.events import Event
from helpdesk.models import Escalation
from helpdesk.rules.levels import USUAL_TOP
from sla import seed, tracking
from sla.models import PolicyVersion, TimerRow
from tests.faults.office import LONG_AGO, Inside

SECONDS = 8  # of the promise; a level has three to take it up
STEPS: list[dict[str, Any]] = [
    {"name": "25", "percent": 25, "does": [{"do": "notify", "to": "SUPERVISOR"}]},
    {"name": "75", "percent": 75, "does": [{"do": "raise"}, {"do": "cause"}]},
    {"name": "due", "percent": 100, "does": [{"do": "webhook"}]},
    {
        "name": "after",
        "after": {"n": 1, "unit": "seconds", "clock": "wall"},
        "does": [{"do": "level", "n": 1}],
    },
]


class Ladders:
    """Files reports under such a policy, and looks at what became of them."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside

    def file(self, count: int, seconds: int = SECONDS) -> list[str]:
        """Reports with a ladder of their own; returns their refs."""
        tag = f"ladder-{secrets.token_hex(4)}"
        wall = {"unit": "seconds", "clock": "wall"}
        with self.inside.look(), transaction():
            db.session.add(
                PolicyVersion(
                    key=tag,
                    position=-2,
                    name=tag,
                    valid_from=LONG_AGO,
                    calendar_key=seed.OFFICE,
                    conditions={"tag": [tag]},
                    targets={
                        "RESOLUTION": {"n": seconds, **wall},
                        "ACKNOWLEDGEMENT": {"n": 3, **wall},
                    },
                    steps={"RESOLUTION": STEPS},
                )
            )
        return self.inside.file(tag, count)

    def begun(self, refs: list[str]) -> bool:
        """The first step of one of them has been said."""
        return self._said(refs) > 0

    def ended(self, refs: list[str]) -> bool:
        """Each stands at the highest level, was missed there too, and nothing waits any more."""
        try:
            with self.inside.look():
                rows = self._levels(refs)
                late = [row for row in rows if row.level == USUAL_TOP and self._missed(row.ref)]
                waits = db.session.execute(text("SELECT count(*) FROM deliveries")).scalar_one()
        except Exception:  # noqa: BLE001 -- the database is being restarted: look again
            return False
        return len(late) == len(refs) and waits == 0

    def check(self, refs: list[str]) -> None:
        """Exactly one of each step and of each level, in order, dated as the promise says."""
        with self.inside.look():
            for row in db.session.scalars(select(TimerRow).where(TimerRow.subject.in_(refs))):
                self._steps(row)
            for kind, times in (("PRIORITY_SET", 2), ("CAUSE_WANTED", 1), ("WEBHOOK_WANTED", 1)):
                found = Counter(self._events(kind, refs))
                assert found == dict.fromkeys(refs, times), kind
            rows = self._levels(refs)
            opened = Counter((row.ticket_id, row.level) for row in rows)
            assert set(opened.values()) == {1}
            assert len(opened) == USUAL_TOP * len(refs)
            self._notices(refs)
            every = [*refs, *(row.ref for row in rows)]
            stored = tracking.timers(every)
            now = max(t.due_at for found in stored.values() for t in found if t.due_at)
            for ref in every:
                fresh = tracking.rebuild(ref, now + timedelta(seconds=1))
                assert tracking.same(stored[ref], fresh), ref

    def _steps(self, row: TimerRow) -> None:
        assert row.due_at is not None
        span = timedelta(seconds=int(row.target["n"]))
        wanted: list[tuple[str, datetime]] = [
            ("25", row.started_at + span * 0.25),
            ("75", row.started_at + span * 0.75),
            ("due", row.due_at),
            ("after", row.due_at + timedelta(seconds=1)),
        ]
        asked = select(Event.data["step"].astext, Event.at).where(
            Event.subject == row.subject, Event.kind == "TIMER_STEPPED"
        )
        found = [tuple(one) for one in db.session.execute(asked.order_by(Event.id))]
        assert [name for name, _ in found] == [name for name, _ in wanted], row.subject
        for (name, at), (_, moment) in zip(found, wanted, strict=True):
            # A step's moment is rounded up to a second.
            assert timedelta(0) <= at - moment < timedelta(seconds=1), (row.subject, name)
        assert row.breached_at == row.due_at

    def _notices(self, refs: list[str]) -> None:
        twice = db.session.execute(
            text(
                "SELECT n.user_id, n.event_id FROM notices n JOIN events e ON e.id = n.event_id "
                "WHERE e.subject = ANY(:refs) GROUP BY 1, 2 HAVING count(*) > 1"
            ),
            {"refs": refs},
        ).all()
        assert twice == []

    def _levels(self, refs: list[str]) -> list[Escalation]:
        ids = [int(ref[7:]) for ref in refs]
        asked = select(Escalation).where(Escalation.ticket_id.in_(ids))
        return list(db.session.scalars(asked))

    def _missed(self, ref: str) -> bool:
        asked = select(TimerRow.id).where(
            TimerRow.subject == ref, TimerRow.breached_at.is_not(None)
        )
        return db.session.scalar(asked) is not None

    def _said(self, refs: list[str]) -> int:
        with self.inside.look():
            return len(self._events("TIMER_STEPPED", refs))

    def _events(self, kind: str, refs: list[str]) -> list[str]:
        asked = select(Event.subject).where(Event.kind == kind, Event.subject.in_(refs))
        return list(db.session.scalars(asked))
