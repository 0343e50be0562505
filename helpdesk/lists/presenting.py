"""Tickets as components show them: rows of a list, stations of a journey."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import bindparam, select

from accounts.directory import names_of
from core.canonical import instant
from core.database import db
from core.event_kinds import Visibility
from core.events import Event
from core.i18n import compact_words, near_words, short_words
from helpdesk.conversations.conversation import who_filed
from helpdesk.lists.worklist import Listed
from helpdesk.models import Ticket
from helpdesk.promises.chips import nearest_chip
from helpdesk.wording import event_labels, window_words
from sla.kinds import TIMER_BREACHED
from sla.models import TimerRow
from sla.nearest import nearest

MOST = 50  # stations of a journey


def queue_rows(
    tickets: Sequence[Listed], now: datetime, selected: str = ""
) -> list[dict[str, Any]]:
    """Rows of the desk's list; the nearest timer of each ticket stands beside it: one statement."""
    found = nearest([f"ticket:{ticket.id}" for ticket in tickets])
    # A number is letters, digits and dashes, so one address made by the router serves all.
    stem = url_for("desk.ticket", number="-").removesuffix("-")
    return [
        {
            "number": ticket.number,
            "title": ticket.title,
            "who": who_filed(ticket.requester_name),
            "chip": nearest_chip(found.get(f"ticket:{ticket.id}"), now),
            "meta": short_words(ticket.filed_at, now),
            "url": stem + ticket.number,
            "selected": ticket.number == selected,
        }
        for ticket in tickets
    ]


def _events(ticket: Ticket, public: bool) -> list[Event]:
    wanted = select(Event).where(Event.subject == ticket.ref)
    if public:
        wanted = wanted.where(Event.visibility == Visibility.PUBLIC.value)
    return list(db.session.scalars(wanted.order_by(Event.id.desc()).limit(MOST)))


def journey(ticket: Ticket, now: datetime, rows: Sequence[TimerRow] = ()) -> list[dict[str, Any]]:
    """What happened, newest first, in the citizen's words; rows as they were told: what was due
    before the date that the citizen knows has not been missed yet."""
    kept = {(r.metric, r.cycle) for r in rows if r.breached_at is None}
    found = [e for e in _events(ticket, public=True) if not _kept(e, kept)]
    told = [(e, event_labels.for_citizen(e)) for e in found]
    return _stations([(e, words) for e, words in told if words], now, near_words)


def _kept(event: Event, kept: Set[tuple[str, int]]) -> bool:
    data = event.data
    return event.kind == TIMER_BREACHED.name and (data["metric"], data["cycle"]) in kept


_LOG = select(Event).where(Event.subject == bindparam("subject")).order_by(Event.id)


def whole_log(ticket: Ticket) -> list[Event]:
    """All that happened, oldest first: for a page of which several parts read it."""
    return list(db.session.scalars(_LOG, {"subject": ticket.ref}))


def history(log: Sequence[Event], now: datetime) -> list[dict[str, Any]]:
    """What happened, newest first, in the office's words."""
    found = log[: -MOST - 1 : -1]
    names = names_of(who for e in found for who in (e.actor, str(e.data.get("to", ""))))
    told = [(e, event_labels.for_office(e, names)) for e in found]
    return _stations([(e, words) for e, words in told if words], now, compact_words)


def _stations(
    told: list[tuple[Event, str]], now: datetime, moment: Callable[[datetime, datetime], str]
) -> list[dict[str, Any]]:
    return [
        {
            "id": event.id,
            "title": words,
            "when_words": moment(event.at, now),
            "when_iso": instant(event.at),
            "tone": event_labels.tone(event.kind),
            "note": window_words.given(event),
            "now": n == 0,
        }
        for n, (event, words) in enumerate(told)
    ]
