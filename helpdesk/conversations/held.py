"""Replies that are held for some seconds, so that they can be taken back (promises, section 5.9).

A held reply stops no timer until it leaves, so none is held where a date would pass meanwhile.
What the citizen writes during the hold is not answered by it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core import clock, events
from core.canonical import Value, instant
from core.database import db, transaction
from core.errors import IllegalMove
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext
from helpdesk import kinds
from helpdesk.acts import act, lock
from helpdesk.conversations import thread
from helpdesk.models import HeldReply, Message
from helpdesk.moments import Moment
from helpdesk.routine.one_by_one import OneByOne
from helpdesk.rules.lifecycle import MOVES, Action, Status
from helpdesk.rules.vocabulary import MessageKind
from sla.models import TimerRow

LONGEST = timedelta(minutes=2)
BATCH = 100
_round = OneByOne("sending replies that were held")


def answer(
    ticket_id: int, body: str, actor: str, hold: timedelta, key: str | None = None
) -> Message | HeldReply:
    """Answer the citizen after `hold`, or at once where a date falls within it. Raises
    IllegalMove where an answer is no move, ValueError for a hold of nothing or of minutes."""
    if not timedelta(0) < hold <= LONGEST:
        raise ValueError("A reply is held for some seconds.")
    moment = lock(ticket_id)
    before = thread.said_before(ticket_id, key, MessageKind.PUBLIC, body)
    before_that = _held_before(ticket_id, key, body)
    if before is not None or before_that is not None:
        return before or before_that  # type: ignore[return-value]
    leaves_at = moment.at + hold
    if _due_by(moment, leaves_at):
        return _send(moment, actor, body, key)
    if Status(moment.ticket.status) not in MOVES[Action.ANSWER]:
        raise IllegalMove(
            gettext("This cannot be done any more: the report has moved on. Please look again.")
        )
    row = HeldReply(
        ticket_id=ticket_id,
        author=actor,
        body=thread.clean(body),
        written_at=moment.at,
        leaves_at=leaves_at,
        client_key=thread.hashed(key),
    )
    db.session.add(row)
    db.session.flush()
    _say(moment, kinds.REPLY_HELD, row)
    return row


def undo(ticket_id: int, held_id: int, actor: str) -> str:
    """Take a held reply back; its words are returned, so that they can be mended. Raises
    IllegalMove once it has left."""
    moment = lock(ticket_id)
    row = db.session.get(HeldReply, held_id)
    if row is None or row.ticket_id != ticket_id or row.leaves_at <= moment.at:
        raise IllegalMove(gettext("This reply has left the house; it cannot be taken back."))
    words = row.body
    _say(moment, kinds.REPLY_UNDONE, row, actor)
    db.session.delete(row)
    return words


def send_what_left(now: datetime) -> int:
    """A chore of the sweeper: each reply whose seconds are over, in a transaction of its own."""
    ids = db.session.scalars(
        select(HeldReply.id)
        .where(HeldReply.leaves_at <= now, HeldReply.id.not_in(_round.left_alone()))
        .order_by(HeldReply.leaves_at)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    return _round.each(ids, _leave)


def _leave(held_id: int) -> int:
    with transaction():
        row = db.session.get(HeldReply, held_id)
        if row is None:
            return 0  # another copy was faster
        moment = lock(row.ticket_id)
        row = db.session.get(HeldReply, held_id, populate_existing=True)
        if row is None or row.leaves_at > clock.now():
            return 0
        sent = _sent_meanwhile(row)
        if sent is not None and (sent.kind, sent.body) == (MessageKind.PUBLIC, row.body):
            pass  # the same form was sent once more, without a hold
        elif Status(moment.ticket.status) in MOVES[Action.ANSWER]:
            key = None if sent is not None else row.client_key
            _send(moment, row.author, row.body, None, row.written_at, key)
        else:
            # The report ended meanwhile: the words are not lost, and whoever looks sees them.
            message = thread.add(moment, MessageKind.NOTE, row.author, row.body)
            data: dict[str, Value] = {"message": message.id}
            noted = Entry(kinds.NOTE_ADDED, moment.ticket.ref, row.author, moment.at, data)
            events.append([noted])
        db.session.delete(row)
        return 1


def _sent_meanwhile(row: HeldReply) -> Message | None:
    """What came into the thread under the key of a held reply."""
    if row.client_key is None:
        return None
    return db.session.scalars(
        select(Message).where(
            Message.ticket_id == row.ticket_id, Message.client_key == row.client_key
        )
    ).one_or_none()


def _send(
    moment: Moment,
    actor: str,
    body: str,
    key: str | None,
    written_at: datetime | None = None,
    hashed_key: bytes | None = None,
) -> Message:
    message = thread.add(moment, MessageKind.PUBLIC, actor, body, client_key=key)
    if hashed_key is not None:
        message.client_key = hashed_key
    data: dict[str, Value] = {"message": message.id}
    if written_at is not None:
        data["since"] = instant(written_at)
    act(moment, Action.ANSWER, kinds.TICKET_ANSWERED, actor=actor, data=data)
    return message


def _due_by(moment: Moment, until: datetime) -> bool:
    """True if a date of the ticket's running promises falls within the hold."""
    falling = select(TimerRow.id).where(
        TimerRow.subject == moment.ticket.ref,
        TimerRow.stopped_at.is_(None),
        TimerRow.due_at.between(moment.at, until),
    )
    return db.session.scalar(falling.limit(1)) is not None


def _held_before(ticket_id: int, key: str | None, body: str) -> HeldReply | None:
    if not key:
        return None
    found = db.session.scalars(
        select(HeldReply).where(
            HeldReply.ticket_id == ticket_id, HeldReply.client_key == thread.hashed(key)
        )
    ).one_or_none()
    if found is not None and found.body != thread.clean(body):
        raise thread.SentBefore
    return found


def _say(moment: Moment, kind: Kind, row: HeldReply, actor: str | None = None) -> None:
    data: dict[str, Value] = {"held": row.id}
    events.append([Entry(kind, moment.ticket.ref, actor or row.author, moment.at, data)])
