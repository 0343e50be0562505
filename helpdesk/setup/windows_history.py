"""Changes of how long citizens have, as sentences for administrators."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.database import db
from core.events import Event
from core.i18n import gettext
from helpdesk.models import WindowsRow
from helpdesk.setup.citizen_windows import REOPEN_SOURCE, REPLY_SOURCE
from helpdesk.setup.setup_kinds import WINDOWS_CHOSEN

KIND = WINDOWS_CHOSEN.name


def latest(most: int) -> Sequence[Event]:
    """The newest changes, newest first."""
    ids = select(WindowsRow.id).order_by(WindowsRow.id.desc()).limit(most)
    subjects = [f"citizen_windows:{ident}" for ident in db.session.scalars(ids)]
    asked = select(Event).where(Event.subject.in_(subjects), Event.kind == KIND)
    return db.session.scalars(asked.order_by(Event.id.desc())).all()


def words(event: Event) -> str:
    """What was changed, each from its value before."""
    data = event.data
    names = {"reply": gettext("to reply"), "reopen": gettext("to object")}
    changed = [
        gettext(
            "%(what)s %(was)s → %(now)s days", what=what, was=data[f"was_{name}"], now=data[name]
        )
        for name, what in names.items()
        if data[name] != data[f"was_{name}"]
    ]
    changed += [f"“{was}” → “{now}”" for was, now in _sources(event) if was != now]
    return gettext("Citizens' time: %(what)s", what="; ".join(changed))


def _sources(event: Event) -> list[tuple[str, str]]:
    """Where the days were and are written, of both."""
    now = db.session.get(WindowsRow, int(event.subject.partition(":")[2]))
    was = db.session.get(WindowsRow, int(event.data.get("was", 0)))
    if now is None:
        return []
    return [
        (was.reply_source if was else REPLY_SOURCE, now.reply_source),
        (was.reopen_source if was else REOPEN_SOURCE, now.reopen_source),
    ]
