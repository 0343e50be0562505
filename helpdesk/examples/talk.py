"""Acts of an example: filing, the office's words, the citizen's, and how it ends."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from core.database import db
from helpdesk import filing, requester, tickets
from helpdesk.conversations import held
from helpdesk.examples.names import ACTOR, Names
from helpdesk.models import Ticket
from helpdesk.relations import doubling
from helpdesk.rules.vocabulary import TicketClass


class Talk(Names):
    """One method a kind of event."""

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
        doubling.duplicate(self._id(event), of, ACTOR)

    def do_withdrawn(self, event: dict[str, Any]) -> None:
        requester.withdraw(self._id(event))

    def do_reopened(self, event: dict[str, Any]) -> None:
        tickets.reopen(self._id(event), ACTOR)

    def do_citizen_wrote(self, event: dict[str, Any]) -> None:
        written = requester.write(self._id(event), "More words.")
        if "new_ref" in event:
            assert written.receipt is not None
            self.ids[event["new_ref"]] = written.receipt.ticket_id

    def do_noted(self, event: dict[str, Any]) -> None:
        tickets.note(self._id(event), "A note.", ACTOR)

    def do_auto_replied(self, event: dict[str, Any]) -> None:
        """Automatic replies are no act of a person; there is nothing to record."""
