"""Consequences that were set aside and letters that were lost, as a test needs them."""

from __future__ import annotations

from sqlalchemy import select, text

from core.aside.setting import set_aside
from core.database import db, transaction
from core.events import Event
from core.mails.mailbox import Mail
from tests.integration.helpdesk.desk import report


def held_up(error: str = "RuntimeError", place: str = "helpdesk/escalation.py:9") -> int:
    """A report whose first notices could never be written; returns the event's id."""
    event_id = filed()
    with transaction():
        set_aside("notify", event_id, error, place)
    return event_id


def lost_letter(state: str = "REFUSED", outcome: str = "550") -> int:
    """A letter to a citizen that did not arrive; returns its id."""
    event_id = filed()
    ref = db.session.get_one(Event, event_id).subject
    with transaction() as session:
        now = session.execute(text("SELECT now()")).scalar_one()
        mail = Mail(
            event_id=event_id, kind="received", recipient=ref, subject=ref, state=state,
            outcome=outcome, tries=1, posted_at=now, send_at=now,
        )  # fmt: skip
        session.add(mail)
        session.flush()
        return mail.id


def filed() -> int:
    """The event by which a report was filed."""
    asked = select(Event.id).where(Event.subject == report().ref, Event.kind == "TICKET_FILED")
    return db.session.scalars(asked).one()
