"""A reply that is held for seconds: nobody sees it, no timer stops, and it can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.clock import MovableClock
from core.database import db, transaction
from core.errors import IllegalMove
from core.events import Event
from helpdesk import requester, tickets
from helpdesk.conversations import held
from helpdesk.conversations.thread import SentBefore
from helpdesk.models import HeldReply, Message, Ticket
from sla import tracking
from tests.integration.helpdesk.desk import bodies, fresh, report

pytestmark = pytest.mark.usefixtures("office")
ACTOR = "user:1"
HOLD = timedelta(seconds=10)
KEY = "k" * 24


@pytest.fixture
def ticket(clock: MovableClock) -> Ticket:
    return report()


def write(ticket: Ticket, words: str = "Kami periksa.", key: str | None = None) -> HeldReply:
    with transaction():
        found = held.answer(ticket.id, words, ACTOR, HOLD, key)
    assert isinstance(found, HeldReply)
    return found


def answered(ticket: Ticket) -> bool:
    rows = tracking.timers([ticket.ref])[ticket.ref]
    return next(r.stopped_at is not None for r in rows if r.metric == "FIRST_RESPONSE")


def kinds_of(ticket: Ticket) -> list[str]:
    told = select(Event.kind).where(Event.subject == ticket.ref).order_by(Event.id)
    return list(db.session.scalars(told))


def test_a_held_reply_is_not_in_the_thread_and_stops_nothing_until_it_leaves(
    ticket: Ticket, clock: MovableClock
) -> None:
    write(ticket)
    assert bodies(ticket, "PUBLIC") == ["Izin saya belum terbit."]
    assert not answered(ticket)
    clock.forward(HOLD - timedelta(seconds=1))
    assert held.send_what_left(clock.at) == 0
    clock.forward(timedelta(seconds=1))
    assert held.send_what_left(clock.at) == 1
    assert bodies(ticket, "PUBLIC")[1:] == ["Kami periksa."]
    assert answered(ticket)
    assert kinds_of(ticket) == ["TICKET_FILED", "REPLY_HELD", "TICKET_ANSWERED"]
    assert held.send_what_left(clock.at) == 0


def test_what_is_taken_back_gives_its_words_back_and_leaves_a_trace_without_them(
    ticket: Ticket, clock: MovableClock
) -> None:
    row = write(ticket)
    with transaction():
        assert held.undo(ticket.id, row.id, ACTOR) == "Kami periksa."
    clock.forward(HOLD * 2)
    assert held.send_what_left(clock.at) == 0
    assert not answered(ticket)
    assert kinds_of(ticket)[1:] == ["REPLY_HELD", "REPLY_UNDONE"]


def test_nothing_is_taken_back_once_its_seconds_are_over(
    ticket: Ticket, clock: MovableClock
) -> None:
    row = write(ticket)
    clock.forward(HOLD)
    with pytest.raises(IllegalMove), transaction():
        held.undo(ticket.id, row.id, ACTOR)


def test_a_retry_holds_one_reply_and_other_words_under_its_key_are_refused(
    ticket: Ticket,
) -> None:
    assert write(ticket, key=KEY).id == write(ticket, key=KEY).id
    with pytest.raises(SentBefore), transaction():
        held.answer(ticket.id, "Lain.", ACTOR, HOLD, KEY)


def test_a_retry_after_it_left_finds_the_message(ticket: Ticket, clock: MovableClock) -> None:
    write(ticket, key=KEY)
    clock.forward(HOLD)
    held.send_what_left(clock.at)
    with transaction():
        again = held.answer(ticket.id, "Kami periksa.", ACTOR, HOLD, KEY)
    assert isinstance(again, Message)
    assert bodies(ticket, "PUBLIC")[1:] == ["Kami periksa."]


def test_a_first_answer_that_was_held_does_not_answer_what_came_meanwhile(
    ticket: Ticket, clock: MovableClock
) -> None:
    write(ticket)
    clock.forward(timedelta(seconds=5))
    written = clock.at
    with transaction():
        requester.write(ticket.id, "Satu lagi.")
    clock.forward(timedelta(seconds=5))
    held.send_what_left(clock.at)
    rows = tracking.timers([ticket.ref])[ticket.ref]
    (following,) = [r for r in rows if r.metric == "NEXT_RESPONSE"]
    assert (following.started_at, following.stopped_at) == (written, None)
    assert tracking.same(rows, tracking.rebuild(ticket.ref, clock.at))


def test_words_held_for_a_report_that_ended_meanwhile_stay_as_a_note(
    ticket: Ticket, clock: MovableClock
) -> None:
    write(ticket)
    with transaction():
        tickets.spam(ticket.id, ACTOR)
    clock.forward(HOLD)
    assert held.send_what_left(clock.at) == 1
    assert bodies(ticket, "NOTE") == ["Kami periksa."]
    assert fresh(ticket.id).status == "CLOSED"


def test_words_that_were_sent_meanwhile_under_the_same_key_are_sent_once(
    ticket: Ticket, clock: MovableClock
) -> None:
    row = write(ticket, key=KEY)
    with transaction():
        tickets.answer(ticket.id, "Kami periksa.", ACTOR, KEY)
    clock.forward(HOLD)
    held.send_what_left(clock.at)
    assert bodies(ticket, "PUBLIC")[1:] == ["Kami periksa."]
    assert db.session.get(HeldReply, row.id) is None


def test_other_words_under_the_key_of_a_held_reply_do_not_keep_it_from_leaving(
    ticket: Ticket, clock: MovableClock
) -> None:
    write(ticket, key=KEY)
    with transaction():
        tickets.answer(ticket.id, "Satu lagi.", ACTOR, KEY)
    clock.forward(HOLD)
    held.send_what_left(clock.at)
    assert bodies(ticket, "PUBLIC")[1:] == ["Satu lagi.", "Kami periksa."]
