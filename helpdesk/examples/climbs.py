"""Acts of an example: appeals, levels, merges, splits, and changes of what applies."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core import clock
from core.database import db
from helpdesk import changes, requester
from helpdesk.acts import lock
from helpdesk.escalations import acts as escalations
from helpdesk.escalations.kinds import Cause
from helpdesk.examples.names import ACTOR, Names, moment
from helpdesk.models import Escalation, Message
from helpdesk.relations import merging, splitting
from helpdesk.rules.vocabulary import Priority, TicketClass
from sla.recalculation import publishing


class Climbs(Names):
    """One method a kind of event."""

    def do_appealed(self, event: dict[str, Any]) -> None:
        ident = self._id(event)
        requester.appeal(ident, "We do not agree.")
        newest = select(Escalation.id).where(Escalation.ticket_id == ident)
        self.levels[event["escalation"]] = max(db.session.scalars(newest))

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
            written_now = requester.write(old, "Another matter.").message
            assert written_now is not None
            found = written_now.id
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
        newest = publishing.newest_calendar(key)
        assert newest is not None
        form = dict(newest.definition)
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
