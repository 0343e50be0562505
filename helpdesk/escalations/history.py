"""Changes of levels and leave as sentences, for whoever reads how the office was set up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from core.canonical import Value, parse_instant
from core.database import db
from core.events import Event
from core.i18n import date_words, gettext, local, moment_words
from helpdesk.escalations import kinds
from helpdesk.escalations.kinds import LEAVE_CHANGES, LEVEL_CHANGES

KINDS = frozenset(kind.name for kind in (*LEVEL_CHANGES, *LEAVE_CHANGES))


def latest(most: int) -> Sequence[Event]:
    """The newest of each, newest first; two statements along the index of subjects."""
    found: list[Event] = []
    for prefix in ("level:", "leave:"):
        of_these = select(Event).where(Event.subject.like(f"{prefix}%"))
        found += db.session.scalars(of_these.order_by(Event.id.desc()).limit(most))
    return found


def people(event: Event) -> list[str]:
    """The refs of those whom a change names."""
    keys = ("person", "substitute") if event.kind in KINDS else ()
    return [str(event.data[key]) for key in keys if key in event.data]


def words(event: Event, names: Mapping[str, str]) -> str:
    """One change with what was before it, where something was."""
    data = event.data
    person = names.get(str(data.get("person", "")), "")
    if event.kind in {kind.name for kind in LEAVE_CHANGES}:
        return _leave(event, person, names)
    level = gettext("level %(n)s", n=data["level"])
    if data.get("apart"):
        level = gettext("level %(n)s of the ladder apart", n=data["level"])
    turn = turn_words(data)
    if event.kind == kinds.LEVEL_NAMED.name:
        return gettext(
            "%(person)s stands at %(level)s: %(turn)s", person=person, level=level, turn=turn
        )
    if event.kind == kinds.LEVEL_TURNED.name:
        return gettext(
            "%(person)s stands at %(level)s: %(turn)s, before it was %(was)s",
            person=person,
            level=level,
            turn=turn,
            was=turn_words(data, "was_"),
        )
    return gettext("%(person)s stands at %(level)s no more", person=person, level=level)


def turn_words(data: Mapping[str, Value], prefix: str = "") -> str:
    """From when until when somebody stands at a level."""
    since, until = data.get(f"{prefix}since"), data.get(f"{prefix}until")
    if since is None and until is None:
        return gettext("always")
    ends = {
        "since": moment_words(parse_instant(str(since))) if since else "",
        "until": moment_words(parse_instant(str(until))) if until else "",
    }
    if until is None:
        return gettext("from %(since)s", **ends)
    if since is None:
        return gettext("until %(until)s", **ends)
    return gettext("from %(since)s until %(until)s", **ends)


def _leave(event: Event, person: str, names: Mapping[str, str]) -> str:
    data = event.data
    first = local(parse_instant(str(data["since"]))).date()
    last = local(parse_instant(str(data["until"])) - timedelta(seconds=1)).date()
    substitute = names.get(str(data.get("substitute", "")), "")
    said = {
        "person": person,
        "first": date_words(first),
        "last": date_words(last),
        "other": substitute or gettext("nobody"),
    }
    if event.kind == kinds.LEAVE_ENDED.name:
        return gettext("%(person)s is not away %(first)s to %(last)s any more", **said)
    return gettext("%(person)s is away %(first)s to %(last)s, in their place: %(other)s", **said)
