"""Mails put into words when they are sent, in the recipient's language.

No mail can be answered yet, so every one says where to answer. None carries the words of the
thread, a name that a stranger typed, a code or a PIN: nobody can make us write for them, and a mail
that is read by others opens nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, render_template
from sqlalchemy import select

from accounts.models import User
from accounts.rules.access import is_staff
from core import events
from core.database import db
from core.i18n import force_locale, gettext, moment_words
from core.mails.letter import Letter
from core.mails.mailbox import WHEN_LOST, WRITERS, Mail
from helpdesk.contacts import vault
from helpdesk.lists import finding
from helpdesk.models import Ticket
from helpdesk.notifying.losses import record_loss
from helpdesk.rules.lifecycle import Status
from helpdesk.setup import office
from helpdesk.wording.labels import metric_words
from sla.models import TimerRow
from sla.rules.policy import Metric

TO_REQUESTER = (
    "received", "answered", "asked", "resolved", "refused", "forwarded", "later", "reminded",
    "lapsed", "duplicated",
)  # fmt: skip
TO_STAFF = ("breached",)

# Letters about what still lies ahead, and where the ticket must stand for that.
ONLY_IN = {
    "reminded": {Status.PENDING},
    "later": {Status.NEW, Status.OPEN, Status.ON_HOLD},
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the box in a mail."""

    label: str
    value: str


def register() -> None:
    for kind in TO_REQUESTER:
        WRITERS[kind] = to_requester
    for kind in TO_STAFF:
        WRITERS[kind] = to_staff
    if record_loss not in WHEN_LOST:
        WHEN_LOST.append(record_loss)


def subject_line(kind: str, number: str) -> str:
    return {
        "received": gettext("We have your report %(number)s", number=number),
        "answered": gettext("There is an answer to your report %(number)s", number=number),
        "asked": gettext("We need something from you for report %(number)s", number=number),
        "resolved": gettext("Your report %(number)s has been settled", number=number),
        "refused": gettext("Your report %(number)s was not accepted", number=number),
        "forwarded": gettext("Your report %(number)s has been passed on", number=number),
        "later": gettext("New date for your report %(number)s", number=number),
        "reminded": gettext("We still need your reply for report %(number)s", number=number),
        "lapsed": gettext("Your report %(number)s was closed without your reply", number=number),
        "duplicated": gettext("Your report %(number)s goes on in another report", number=number),
        "breached": gettext("A promise was missed: %(number)s", number=number),
    }[kind]


def to_requester(mail: Mail) -> Letter | None:
    """A letter to whoever filed the ticket; None if no address is known (any more), or if what it
    would say has passed meanwhile."""
    ticket = _ticket(mail)
    if ticket is None or ticket.email is None:
        return None
    if ticket.status not in ONLY_IN.get(mail.kind, set(Status)):
        return None
    to = vault().open(ticket.email, "ticket.email")
    with force_locale(ticket.language):
        return _written(mail, ticket, to, ticket.language, "/lacak", _for_citizen(mail, ticket))


def to_staff(mail: Mail) -> Letter | None:
    """A letter to a person of the office about a ticket; None once they work there no more, or
    the ticket is where they read nothing."""
    ticket = _ticket(mail)
    user = db.session.get(User, int(mail.recipient.partition(":")[2]))
    if ticket is None or user is None or not user.active or not is_staff(user.role_set):
        return None
    if not finding.may_read(user.id, user.role_set, ticket.queue_id):
        return None
    path = f"/laporan/{ticket.number}"
    with force_locale(user.locale):
        return _written(mail, ticket, user.email, user.locale, path, _for_office(mail, ticket))


def _ticket(mail: Mail) -> Ticket | None:
    found: Ticket | None = db.session.get(Ticket, int(mail.subject.partition(":")[2]))
    return found


def _written(
    mail: Mail, ticket: Ticket, to: str, language: str, path: str, facts: Sequence[Fact]
) -> Letter:
    subject = subject_line(mail.kind, ticket.number)
    context = {
        "title": subject,
        "number": ticket.number,
        "language": language,
        "facts": facts,
        "address": current_app.config["BASE_URL"] + path,
        "office": gettext("Bekasi City Licensing Service"),
    }
    return Letter(
        to=to,
        subject=subject,
        text=render_template(f"emails/{mail.kind}.txt", **context),
        html=render_template(f"emails/{mail.kind}.html", **context),
        language=language,
        thread=mail.subject,
    )


def _for_citizen(mail: Mail, ticket: Ticket) -> list[Fact]:
    """What was promised and still is, and until when they can do something."""
    facts = [Fact(gettext("Number of your report"), ticket.number)]
    words = {
        Metric.FIRST_RESPONSE.value: gettext("An officer answers at the latest"),
        Metric.NEXT_RESPONSE.value: gettext("Your message is answered at the latest"),
        Metric.RESOLUTION.value: gettext("It is settled at the latest"),
    }
    if ticket.status not in (Status.PENDING, Status.RESOLVED, Status.CLOSED):
        facts += [
            Fact(words[row.metric], moment_words(row.promised_at))
            for row in _running(ticket)
            if row.metric in words and row.promised_at
        ]
    if ticket.closes_at and ticket.status == Status.PENDING:
        facts.append(Fact(gettext("Please reply before"), moment_words(ticket.closes_at)))
    elif ticket.closes_at and ticket.status == Status.RESOLVED:
        facts.append(Fact(gettext("You can reply until"), moment_words(ticket.closes_at)))
    return facts


def _for_office(mail: Mail, ticket: Ticket) -> list[Fact]:
    event = db.session.get_one(events.Event, mail.event_id)
    queue = office.queue(ticket.queue_id)
    rows = [
        (gettext("Number of the report"), ticket.number),
        (gettext("What was promised"), metric_words(str(event.data["metric"]))),
        (gettext("It was due"), moment_words(event.at)),
        (gettext("Queue"), queue.name if queue else ""),
    ]
    return [Fact(label, value) for label, value in rows if value]


def _running(ticket: Ticket) -> Sequence[TimerRow]:
    return db.session.scalars(
        select(TimerRow)
        .where(TimerRow.subject == ticket.ref, TimerRow.stopped_at.is_(None))
        .order_by(TimerRow.promised_at)
    ).all()
