"""A mail that will not arrive stands in the ticket's history, so that somebody calls instead."""

from __future__ import annotations

from core import clock, events
from core.canonical import Value
from core.events import Entry
from core.mails.mailbox import Mail
from helpdesk import kinds


def record_loss(mail: Mail) -> None:
    """Say in the log that a letter was refused for good or given up, and with which answer."""
    to = "requester" if mail.recipient == mail.subject else mail.recipient
    answer = mail.outcome or "UNKNOWN"
    data: dict[str, Value] = {
        "letter": mail.kind,
        "to": to,
        "state": mail.state,
        "answer": answer if kinds.ANSWER(answer) else "OTHER",
    }
    events.append([Entry(kinds.LETTER_LOST, mail.subject, "system", clock.now(), data)])
