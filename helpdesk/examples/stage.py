"""Plays an example through the real use cases, with a clock that is moved from event to event."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import delete, select

from accounts.models import User
from core import clock
from core.canonical import instant
from core.database import db, transaction
from helpdesk.conversations import held
from helpdesk.examples.climbs import Climbs
from helpdesk.examples.names import LONG_AGO, moment
from helpdesk.examples.talk import Talk
from helpdesk.models import Queue, RouteRow
from helpdesk.routine import chores
from sla import book, tracking
from sla.models import CalendarRevision, PolicyVersion
from sla.recalculation import moves
from sla.rules.calendar import Calendar
from sla.rules.gaming import around_closings
from sla.sweeps import sweeper


class Stage(Talk, Climbs):
    """An office with the calendars and policies of one example."""

    def set_up(self) -> None:
        """Save calendars and policies; each policy matches a tag of its own name."""
        self.clock.move_to(moment(self.case.events[0]["at"]))
        with transaction() as session:
            session.execute(delete(RouteRow))
            for n in (1, 2):
                session.add(Queue(key=f"q{n}", name=f"Q{n}"))
            session.flush()
            self.queues = list(session.scalars(select(Queue.id).order_by(Queue.id)))[-2:]
            session.add(RouteRow(position=1, queue_id=self.queues[0]))
            person = User(
                name="A",
                email=f"{secrets.token_hex(4)}@a.invalid",
                password_hash="-",  # nosec B106 -- nobody signs in with it
                roles=["AGENT"],
                created_at=clock.now(),
            )
            session.add(person)
            session.flush()
            self.person = person.id
            self._save_rulebook()

    def _save_rulebook(self) -> None:
        wanted = {self.case.calendar, *self.case.own_calendars}
        for name in self.case.used_policies():
            wanted.add(self.case.policies[name].get("calendar", self.case.calendar))
        for key in sorted(wanted):
            form = self.case.calendars[key]
            Calendar.from_dict(form)
            db.session.add(
                CalendarRevision(
                    key=key, revision=1, name=key, definition=form, made_at=clock.now()
                )
            )
        for n, name in enumerate(self.case.used_policies(), start=1):
            db.session.add(self._policy(n, name))
        db.session.flush()
        for row in db.session.scalars(select(PolicyVersion)):
            book.policy_of(row)

    def _policy(self, position: int, name: str) -> PolicyVersion:
        said = self.case.policies[name]
        steps = [{"name": str(p), "percent": p} for p in said.get("warn", [])]
        steps += said.get("steps", [])
        return PolicyVersion(
            key=name,
            position=position,
            name=name,
            valid_from=LONG_AGO,
            calendar_key=said.get("calendar", self.case.calendar),
            conditions={"tag": [name]},
            targets=said["targets"],
            steps=dict.fromkeys(said["targets"], steps),
            hold_pauses=said.get("hold_pauses", False),
        )

    def play(self) -> None:
        for event in self.case.events:
            self.clock.move_to(moment(event["at"]))
            self.let_time_work()
            with transaction():
                getattr(self, "do_" + event["kind"])(event)
            for move_id in moves.waiting(clock.now()):  # as the workers do
                assert moves.whole(move_id).failed == 0

    def let_time_work(self) -> None:
        """What the sweeper does at this moment."""
        sweeper.sweep()
        held.send_what_left(clock.now())
        chores.end_what_is_over(clock.now())

    def refs(self) -> dict[str, str]:
        """The subjects of the case's names."""
        tickets_ = {name: f"ticket:{ident}" for name, ident in self.ids.items()}
        return tickets_ | {name: f"escalation:{ident}" for name, ident in self.levels.items()}

    def readings(self) -> dict[tuple[str, str, int], dict[str, Any]]:
        """Every timer as the examples speak of it, as of the clock."""
        found: dict[tuple[str, str, int], dict[str, Any]] = {}
        for name, ref in self.refs().items():
            state = tracking.folded(ref)
            state.advance(self.clock.at)
            for row in tracking.timers([ref])[ref]:
                timer = next(
                    t for t in state.timers if (t.metric, t.cycle) == (row.metric, row.cycle)
                )
                # A closing counts up to the moment of asking, but no more from a stop on.
                stop = [(row.stopped_at, None)] if row.stopped_at else []
                calendar = book.current().calendar(row.calendar_id)
                found[name, row.metric, row.cycle] = {
                    "reading": row.reading,
                    "due_at": row.due_at,
                    "promised_at": row.promised_at,
                    "promised_to": row.promised_to,
                    "cause": row.cause,
                    "said": {**{n: w for w, n in row.plan}, **row.said},
                    "gaming": [instant(a) for a in around_closings(timer.pauses, calendar)],
                    "days_used": calendar.days_used(
                        row.started_at, self.clock.at, [*timer.pauses, *stop]
                    ),
                }
        return found
