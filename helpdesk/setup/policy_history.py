"""Who changed which policy when, with what it said before and says since, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from accounts.directory import names_of
from core.canonical import instant
from core.database import db
from core.events import Event
from core.i18n import compact_words, gettext
from helpdesk.setup.policy_words import differences
from sla.kinds import POLICY_PLACED, POLICY_PUBLISHED, POLICY_RETIRED
from sla.models import PolicyVersion

KINDS = (POLICY_PUBLISHED.name, POLICY_RETIRED.name, POLICY_PLACED.name)
SHOWN = 20


def latest(now: datetime, key: str = "", limit: int = SHOWN) -> list[dict[str, Any]]:
    """The newest changes, newest first, as components/timeline.html takes them: of all policies,
    or of one."""
    found = newest(key, limit)
    rows = versions(found)
    names = names_of([event.actor for event in found])
    return [
        {
            "title": words(event, rows),
            "when_words": compact_words(event.at, now),
            "when_iso": instant(event.at),
            "tone": "met" if event.kind == POLICY_PUBLISHED.name else "",
            "note": names.get(event.actor, ""),
        }
        for event in found
    ]


def newest(key: str = "", limit: int = SHOWN) -> Sequence[Event]:
    """The newest events that changed policies."""
    ids = select(PolicyVersion.id).order_by(PolicyVersion.id.desc()).limit(limit)
    if key:
        ids = ids.where(PolicyVersion.key == key)
    subjects = [f"policy:{ident}" for ident in db.session.scalars(ids)]
    wanted = select(Event).where(Event.subject.in_(subjects), Event.kind.in_(KINDS))
    return db.session.scalars(wanted.order_by(Event.id.desc()).limit(limit)).all()


def versions(found: Sequence[Event]) -> dict[int, PolicyVersion]:
    """The versions that these events speak of, before and after, by id."""
    ids = {_made(event) for event in found} | {_was(event) for event in found}
    rows = db.session.scalars(select(PolicyVersion).where(PolicyVersion.id.in_(ids)))
    return {row.id: row for row in rows}


def words(event: Event, rows: Mapping[int, PolicyVersion]) -> str:
    """One change as a sentence."""
    row, was = rows[_made(event)], rows.get(_was(event))
    if event.kind == POLICY_PLACED.name:
        return gettext(
            "%(name)s: from place %(was)s to %(place)s",
            name=row.name,
            was=event.data["was_place"],
            place=event.data["place"],
        )
    if event.kind == POLICY_RETIRED.name:
        return gettext("%(name)s: retired, nothing new falls under it", name=row.name)
    if was is None:
        return gettext("%(name)s: made", name=row.name)
    said = "; ".join(f"{one.what}: {one.was} → {one.now}" for one in differences(was, row))
    return gettext(
        "%(name)s, version %(n)s: %(what)s",
        name=row.name,
        n=row.version,
        what=said or gettext("nothing else"),
    )


def _made(event: Event) -> int:
    return int(event.subject.partition(":")[2])


def _was(event: Event) -> int:
    return int(str(event.data.get("was", 0)))
