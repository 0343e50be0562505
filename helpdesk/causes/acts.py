"""Whoever holds a report names the cause of a missed promise; a supervisor may excuse it.

Neither touches the promise: it was missed at its second, and every figure says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from core import clock, events
from core.canonical import Value
from core.database import db
from core.errors import Invalid, NotFound
from core.event_kinds import Kind
from core.events import Entry, Event
from core.i18n import gettext
from helpdesk.acts import lock
from helpdesk.causes import kinds
from helpdesk.causes.kinds import LateCause
from helpdesk.escalations.kinds import CAUSE_WANTED
from helpdesk.models import BreachCause, Ticket
from sla.models import TimerRow

LONGEST = 500  # letters
Promise = tuple[str, int]  # metric and cycle


def want(ticket: Ticket, about: Mapping[str, Value]) -> None:
    """A step of a ladder asks for the cause of one promise, once; the ticket is locked."""
    promise = (str(about["metric"]), int(about["cycle"]))
    if promise in _asked(ticket) or promise in _given(ticket):
        return
    ticket.cause_wanted = True
    events.append([Entry(CAUSE_WANTED, ticket.ref, "system", clock.now(), dict(about))])


def wanted(ticket: Ticket) -> list[Promise]:
    """The promises of which the cause was asked for and nobody has named it yet."""
    if not ticket.cause_wanted:
        return []
    given = _given(ticket)
    return [promise for promise in _asked(ticket) if promise not in given]


def _asked(ticket: Ticket) -> list[Promise]:
    found = db.session.scalars(
        select(Event)
        .where(Event.subject == ticket.ref, Event.kind == CAUSE_WANTED.name)
        .order_by(Event.id)
    )
    return [(str(event.data["metric"]), int(event.data["cycle"])) for event in found]


def _given(ticket: Ticket) -> set[Promise]:
    return {(row.metric, row.cycle) for row in of(ticket) if not row.excuse}


def of(ticket: Ticket) -> Sequence[BreachCause]:
    """The causes and excuses of a ticket's promises that stand."""
    return db.session.scalars(
        select(BreachCause)
        .where(BreachCause.subject == ticket.ref, BreachCause.withdrawn_at.is_(None))
        .order_by(BreachCause.id)
    ).all()


def give(ticket_id: int, promise: Promise, cause: str, remark: str, user_id: int) -> None:
    """Name the cause of a promise that was missed or of which it was asked; naming another
    replaces it. Raises Invalid on cause and remark, NotFound for a promise of which nobody asks."""
    code, words = _read(cause, remark)
    ticket = lock(ticket_id).ticket
    if promise not in _asked(ticket):
        _missed(ticket, promise)
    _store(ticket, promise, code, words, user_id, excuse=False)
    ticket.cause_wanted = bool(wanted(ticket))


def excuse(ticket_id: int, promise: Promise, cause: str, remark: str, user_id: int) -> None:
    """A supervisor finds that nobody here could have kept it. Raises Invalid on cause and remark,
    NotFound for a promise that was not missed."""
    code, words = _read(cause, remark)
    ticket = lock(ticket_id).ticket
    _missed(ticket, promise)
    _store(ticket, promise, code, words, user_id, excuse=True)


def withdraw(ticket_id: int, promise: Promise, user_id: int) -> None:
    """Take an excuse back. Raises NotFound where there is none."""
    ticket = lock(ticket_id).ticket
    if not _end(ticket, promise, user_id, excuse=True):
        raise NotFound(gettext("There is no excuse that could be taken back."))
    _say(kinds.EXCUSE_WITHDRAWN, ticket, promise, user_id)


def _read(cause: str, remark: str) -> tuple[LateCause, str | None]:
    words, errors = remark.replace("\r\n", "\n").strip(), {}
    code = LateCause(cause) if cause in {one.value for one in LateCause} else None
    if code is None:
        errors["cause"] = gettext("Please choose one from the list.")
    if len(words) > LONGEST:
        errors["remark"] = gettext("Please use at most %(most)d letters.", most=LONGEST)
    elif "\0" in words:
        errors["remark"] = gettext("This contains a sign that cannot be stored.")
    elif code is LateCause.OTHER and not any(c.isprintable() and c != " " for c in words):
        errors["remark"] = gettext("Please say which other cause it was.")
    if errors or code is None:
        raise Invalid(fields=errors)
    return code, words or None


def _missed(ticket: Ticket, promise: Promise) -> None:
    found = db.session.scalar(
        select(TimerRow.id).where(
            TimerRow.subject == ticket.ref,
            TimerRow.metric == promise[0],
            TimerRow.cycle == promise[1],
            TimerRow.breached_at.is_not(None),
        )
    )
    if found is None:
        raise NotFound(gettext("This promise was not missed."))


def _store(
    ticket: Ticket, promise: Promise, code: LateCause, words: str | None, by: int, *, excuse: bool
) -> None:
    said = (*promise, excuse, code.value, words, by)
    if said in {(r.metric, r.cycle, r.excuse, r.cause, r.remark, r.given_by) for r in of(ticket)}:
        return  # the form came twice
    _end(ticket, promise, by, excuse=excuse)
    db.session.add(
        BreachCause(
            subject=ticket.ref,
            metric=promise[0],
            cycle=promise[1],
            excuse=excuse,
            cause=code.value,
            remark=words,
            given_at=clock.now(),
            given_by=by,
        )
    )
    db.session.flush()
    kind = kinds.BREACH_EXCUSED if excuse else kinds.CAUSE_GIVEN
    _say(kind, ticket, promise, by, {"cause": code.value})


def _end(ticket: Ticket, promise: Promise, by: int, *, excuse: bool) -> bool:
    ended = db.session.scalars(
        update(BreachCause)
        .where(
            BreachCause.subject == ticket.ref,
            BreachCause.metric == promise[0],
            BreachCause.cycle == promise[1],
            BreachCause.excuse.is_(excuse),
            BreachCause.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now(), withdrawn_by=by)
        .returning(BreachCause.id)
    )
    return bool(ended.all())


def _say(
    kind: Kind, ticket: Ticket, promise: Promise, by: int, more: Mapping[str, Value] | None = None
) -> None:
    data: dict[str, Value] = {"metric": promise[0], "cycle": promise[1], **(more or {})}
    events.append([Entry(kind, ticket.ref, f"user:{by}", clock.now(), data)])
