"""Mails put into words when they are sent, in the recipient's language.

No mail can be answered yet, so every one says where to answer; none carries the words of the
thread, a code or a PIN.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, render_template
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.database import db
from core.i18n import force_locale, gettext, near_words
from core.mailbox import WRITERS, Letter, Mail
from helpdesk.contacts import vault
from helpdesk.models import Ticket
from sla.models import TimerRow


@dataclass(frozen=True, slots=True)
class Promise:
    metric: str
    when: str


def register() -> None:
    for kind in ("received", "answered", "asked", "resolved"):
        WRITERS[kind] = to_requester
    WRITERS["breached"] = to_staff


def subject_line(kind: str, number: str) -> str:
    lines = {
        "received": gettext("We have your report %(number)s", number=number),
        "answered": gettext("There is an answer to your report %(number)s", number=number),
        "asked": gettext("We need something from you for report %(number)s", number=number),
        "resolved": gettext("Your report %(number)s has been settled", number=number),
        "breached": gettext("A promise was missed: %(number)s", number=number),
    }
    return lines[kind]


def _ticket(mail: Mail) -> Ticket | None:
    found: Ticket | None = db.session.get(Ticket, int(mail.subject.partition(":")[2]))
    return found


def to_requester(mail: Mail) -> Letter | None:
    """A letter to whoever filed the ticket, or None if no address is known (any more)."""
    ticket = _ticket(mail)
    if ticket is None or ticket.email is None:
        return None
    with force_locale(ticket.language):
        body = render_template(
            f"emails/{mail.kind}.txt",
            ticket=ticket,
            promises=_promises(ticket),
            address=current_app.config["BASE_URL"] + "/lacak",
        )
        return Letter(
            to=vault().open(ticket.email, "ticket.email"),
            subject=subject_line(mail.kind, ticket.number),
            body=body,
        )


def to_staff(mail: Mail) -> Letter | None:
    """A letter to a person of the office about a ticket."""
    ticket = _ticket(mail)
    user = db.session.get(User, int(mail.recipient.partition(":")[2]))
    if ticket is None or user is None or not user.active:
        return None
    with force_locale(user.locale):
        body = render_template(
            f"emails/{mail.kind}.txt",
            ticket=ticket,
            user=user,
            promises=_promises(ticket),
            address=f"{current_app.config['BASE_URL']}/laporan/{ticket.number}",
        )
        return Letter(to=user.email, subject=subject_line(mail.kind, ticket.number), body=body)


def _promises(ticket: Ticket) -> list[Promise]:
    rows = db.session.scalars(
        select(TimerRow).where(TimerRow.subject == ticket.ref).order_by(TimerRow.id)
    )
    now = clock.now()
    return [Promise(r.metric, near_words(r.promised_at, now)) for r in rows if r.promised_at]
