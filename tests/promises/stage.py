"""Plays an example through the real use cases, with a clock that is moved from event to event."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from accounts.models import User
from core import clock
from core.canonical import instant
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import changes, chores, filing, held, merging, requester, splitting, tickets
from helpdesk.acts import lock
from helpdesk.escalations import acts as escalations
from helpdesk.escalations.kinds import Cause
from helpdesk.models import Escalation, Message, Queue, RouteRow, Ticket
from helpdesk.rules.vocabulary import Priority, TicketClass
from sla import book, moves, publishing, sweeper, tracking
from sla.models import CalendarRevision, PolicyVersion
from sla.rules.calendar import Calendar
from sla.rules.gaming import around_closings
from tests.promises.examples import Case

ACTOR = "user:1"
LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words.replace("Z", "+00:00"))


class Stage:
    """An office with the calendars and policies of one example."""

    def __init__(self, case: Case, clock_: MovableClock) -> None:
        self.case = case
        self.clock = clock_
        self.ids: dict[str, int] = {}  # tickets by their names in the case
        self.levels: dict[str, int] = {}  # and escalations
        self.turn = 0
        self.held = 0

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
                email=f"{secrets.token_hex(4)}@a.test",
                password_hash="-",
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

    def _id(self, event: dict[str, Any]) -> int:
        return self.ids[event.get("ref", "ticket:1")]

    def _tag(self, event: dict[str, Any]) -> int:
        ticket = db.session.get_one(Ticket, self._id(event))
        if "policy" in event:
            ticket.tags = [event["policy"]]
            db.session.flush()
        return ticket.id

    def do_filed(self, event: dict[str, Any]) -> None:
        receipt = filing.file(
            filing.Filing(
                TicketClass.COMPLAINT,
                "Words.",
                secrets.token_hex(16),
                tags=(event["policy"],),
                confidential=event.get("confidential", False),
            )
        )
        self.ids[event.get("ref", "ticket:1")] = receipt.ticket_id

    def do_accepted(self, event: dict[str, Any]) -> None:
        tickets.accept(self._id(event), ACTOR)

    def do_assigned(self, event: dict[str, Any]) -> None:
        was = db.session.get_one(Ticket, self._id(event)).assignee_id
        tickets.assign(self._id(event), self.person, ACTOR, was)

    def do_answered(self, event: dict[str, Any]) -> None:
        if "hold" not in event:
            tickets.answer(self._id(event), "An answer.", ACTOR)
            return
        span = timedelta(seconds=event["hold"])
        found = held.answer(self._id(event), "An answer.", ACTOR, span)
        self.held = found.id

    def do_reply_undone(self, event: dict[str, Any]) -> None:
        held.undo(self._id(event), self.held, ACTOR)

    def do_snoozed(self, event: dict[str, Any]) -> None:
        tickets.snooze(self._id(event), self.clock.at + timedelta(days=1), ACTOR)

    def do_asked(self, event: dict[str, Any]) -> None:
        tickets.ask(self._id(event), "A question?", ACTOR)

    def do_held(self, event: dict[str, Any]) -> None:
        tickets.hold(self._id(event), event["agency"], "They must look.", ACTOR)

    def do_resumed(self, event: dict[str, Any]) -> None:
        tickets.resume(self._id(event), ACTOR)

    def do_resolved(self, event: dict[str, Any]) -> None:
        tickets.resolve(self._id(event), "Settled.", ACTOR)

    def do_refused(self, event: dict[str, Any]) -> None:
        tickets.refuse(self._id(event), "Not ours.", ACTOR)

    def do_forwarded(self, event: dict[str, Any]) -> None:
        tickets.forward(self._id(event), "Passed on.", ACTOR)

    def do_spam(self, event: dict[str, Any]) -> None:
        tickets.spam(self._id(event), ACTOR)

    def do_duplicate(self, event: dict[str, Any]) -> None:
        of = db.session.get_one(Ticket, self.ids[event["of"]]).number
        tickets.duplicate(self._id(event), of, ACTOR)

    def do_withdrawn(self, event: dict[str, Any]) -> None:
        requester.withdraw(self._id(event))

    def do_reopened(self, event: dict[str, Any]) -> None:
        tickets.reopen(self._id(event), ACTOR)

    def do_appealed(self, event: dict[str, Any]) -> None:
        ident = self._id(event)
        requester.appeal(ident, "We do not agree.")
        newest = select(Escalation.id).where(Escalation.ticket_id == ident)
        self.levels[event["escalation"]] = max(db.session.scalars(newest))

    def _choice(self, event: dict[str, Any]) -> book.Choice:
        return tracking.choose({"tag": [event["policy"]]}, self.clock.at)

    def do_merged(self, event: dict[str, Any]) -> None:
        merging.merge(self.ids[event["ref"]], self.ids[event["into"]], ACTOR)

    def do_unmerged(self, event: dict[str, Any]) -> None:
        merging.unmerge(self.ids[event["ref"]], ACTOR)

    def do_split(self, event: dict[str, Any]) -> None:
        old = self.ids[event.get("from", "ticket:1")]
        written = select(Message.id).where(
            Message.ticket_id == old, Message.at == moment(event["message_at"])
        )
        found = db.session.scalars(written.order_by(Message.id)).first()
        if found is None:  # the case does not tell of its being written
            self.clock.move_to(moment(event["message_at"]))
            found = requester.write(old, "Another matter.").message.id
            self.clock.move_to(moment(event["at"]))
        receipt = splitting.split(old, found, ACTOR, tags=(event["policy"],))
        self.ids[event["ref"]] = receipt.ticket_id

    def do_escalated(self, event: dict[str, Any]) -> None:
        moment = lock(self.ids[event.get("ticket", "ticket:1")])
        level = escalations.next_level(moment.ticket.id)
        choice = self._choice(event)
        row = escalations.open_level(moment, level, Cause.PERSON, ACTOR, choice)
        self.levels[event["ref"]] = row.id

    def do_acknowledged(self, event: dict[str, Any]) -> None:
        moment = lock(self.ids[event.get("ticket", "ticket:1")])
        escalations.take(moment, self.levels[event["ref"]], self.person)

    def do_given_back(self, event: dict[str, Any]) -> None:
        moment = lock(self.ids[event.get("ticket", "ticket:1")])
        row = self.levels[event["ref"]]
        escalations.give_back(moment, row, "Not ours.", ACTOR, self._choice(event))

    def do_citizen_wrote(self, event: dict[str, Any]) -> None:
        written = requester.write(self._id(event), "More words.")
        if "new_ref" in event:
            assert written.receipt is not None
            self.ids[event["new_ref"]] = written.receipt.ticket_id

    def do_noted(self, event: dict[str, Any]) -> None:
        tickets.note(self._id(event), "A note.", ACTOR)

    def do_auto_replied(self, event: dict[str, Any]) -> None:
        """Automatic replies are no act of a person; there is nothing to record."""

    def do_priority_changed(self, event: dict[str, Any]) -> None:
        self.turn += 1
        priority = [Priority.HIGH, Priority.NORMAL][self.turn % 2]
        changes.set_priority(self._tag(event), priority, ACTOR)

    def do_class_changed(self, event: dict[str, Any]) -> None:
        changes.classify(self._tag(event), TicketClass.SUGGESTION, None, ACTOR)

    do_category_changed = do_class_changed

    def do_queue_changed(self, event: dict[str, Any]) -> None:
        changes.move(self._tag(event), self.queues[1], "It belongs there.", ACTOR)

    def do_calendar_changed(self, event: dict[str, Any]) -> None:
        key = event.get("calendar", self.case.calendar)
        form = dict(publishing.newest_calendar(key).definition)  # type: ignore[union-attr]
        closed = set(form.get("holidays", ())) | set(event.get("holidays_added", ()))
        form["holidays"] = sorted(closed - set(event.get("holidays_removed", ())))
        form["date_overrides"] = {
            **form.get("date_overrides", {}),
            **event.get("date_overrides", {}),
        }
        publishing.publish_calendar(key, key, form, clock.now())

    def do_policy_version(self, event: dict[str, Any]) -> None:
        said = event["version"]
        publishing.publish_policy(
            event["policy"],
            publishing.Draft(targets=said["targets"], hold_pauses=said.get("hold_pauses")),
            valid_from=clock.now(),
            apply_to_open=event.get("apply_to_open", False),
            at=clock.now(),
        )

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
