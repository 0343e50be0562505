"""Letters to people of the office: who reads one, and how it is put together."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, render_template

from accounts.models import User
from accounts.rules.access import is_staff
from core.database import db
from core.i18n import gettext
from core.mails.letter import Letter
from core.mails.mailbox import Mail
from helpdesk.notifying.letters import Fact


def reader(mail: Mail) -> User | None:
    """Whom a mail is for, while they work here."""
    user: User | None = db.session.get(User, int(mail.recipient.partition(":")[2]))
    return user if user is not None and user.active and is_staff(user.role_set) else None


def letter(
    mail: Mail, user: User, title: str, path: str, facts: Sequence[Fact], **more: object
) -> Letter:
    """Called in the reader's language. `path` is where they go on from; `more`: what the kind's
    own templates need besides."""
    context = {
        "title": title,
        "number": "",
        "language": user.locale,
        "facts": facts,
        "address": current_app.config["BASE_URL"] + path,
        "office": gettext("Bekasi City Licensing Service"),
        **more,
    }
    return Letter(
        to=user.email,
        subject=title,
        text=render_template(f"emails/{mail.kind}.txt", **context),
        html=render_template(f"emails/{mail.kind}.html", **context),
        language=user.locale,
        thread=mail.subject,
    )
