"""What was changed in the office's set-up, by whom and when, as sentences for administrators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from accounts.directory import names_of
from core.canonical import instant
from core.database import db
from core.events import Event
from core.i18n import compact_words, gettext
from helpdesk.escalations import history as levels_history
from helpdesk.patterns import history as pattern_history
from helpdesk.patterns.kinds import PATTERNS_SIZED, SETTING
from helpdesk.setup import office, policy_history, setup_kinds, windows_history
from helpdesk.wording.labels import class_words

SHOWN = 30


def latest(now: datetime) -> list[dict[str, Any]]:
    """The newest thirty changes, newest first: some statements, however many there are."""
    queues = [f"queue:{ident}" for ident in office.queues()]
    kinds = [kind.name for kind in setup_kinds.CHANGES]
    asked = select(Event).order_by(Event.id.desc()).limit(SHOWN)
    of_queues = asked.where(Event.subject.in_(queues), Event.kind.in_(kinds))
    of_patterns = asked.where(Event.subject == SETTING, Event.kind == PATTERNS_SIZED.name)
    found = [*db.session.scalars(of_queues), *db.session.scalars(of_patterns)]
    found += levels_history.latest(SHOWN)
    found += windows_history.latest(SHOWN)
    of_policies = policy_history.newest(limit=SHOWN)
    versions = policy_history.versions(of_policies)
    found += of_policies
    found = sorted(found, key=lambda event: event.id, reverse=True)[:SHOWN]
    names = names_of(
        [event.actor for event in found]
        + [f"user:{event.data.get('user', 0)}" for event in found]
        + [ref for event in found for ref in levels_history.people(event)]
    )
    return [
        {
            "title": policy_history.words(event, versions)
            if event.kind in policy_history.KINDS
            else words(event, names),
            "when_words": compact_words(event.at, now),
            "when_iso": instant(event.at),
            "tone": "",
            "note": names.get(event.actor, ""),
        }
        for event in found
    ]


def words(event: Event, names: Mapping[str, str]) -> str:
    """One change as a sentence; every kind of set-up has one."""
    if event.kind in levels_history.KINDS:
        return levels_history.words(event, names)
    if event.kind == PATTERNS_SIZED.name:
        return pattern_history.words(event)
    if event.kind == windows_history.KIND:
        return windows_history.words(event)
    data = event.data
    found = office.queue(int(event.subject.partition(":")[2]))
    queue = found.name if found else ""
    person = names.get(f"user:{data.get('user')}", "")
    return {
        setup_kinds.ROUTE_ADDED.name: gettext(
            "%(queue)s now takes: %(what)s", queue=queue, what=_what(event)
        ),
        setup_kinds.ROUTE_REMOVED.name: gettext(
            "%(queue)s has lost a line: %(what)s", queue=queue, what=_what(event)
        ),
        setup_kinds.ROUTE_PLACED.name: gettext(
            "%(queue)s: a line went from place %(was)s to %(place)s",
            queue=queue,
            was=data.get("was"),
            place=data.get("place"),
        ),
        setup_kinds.MEMBER_ADDED.name: gettext(
            "%(person)s now works on %(queue)s", person=person, queue=queue
        ),
        setup_kinds.MEMBER_REMOVED.name: gettext(
            "%(person)s works on %(queue)s no more", person=person, queue=queue
        ),
    }[event.kind]


def _what(event: Event) -> str:
    klass, topic = event.data.get("class"), office.topic(_number(event.data.get("category")))
    return ", ".join(
        (
            class_words(str(klass)) if klass else gettext("any kind"),
            topic.name_id if topic else gettext("any topic"),
        )
    )


def _number(value: object) -> int | None:
    return int(str(value)) if value is not None else None
