"""Only words of a person stop a promise of a reply: nothing that the system says by itself does."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock as clocks
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk import changes, filing, kinds, requester, tickets
from helpdesk.conversations import held
from helpdesk.facts import ACTS
from helpdesk.models import Category, Message, Ticket
from helpdesk.patterns import reading
from helpdesk.routine import chores, reminders
from helpdesk.rules.vocabulary import TicketClass
from sla import tracking
from sla.models import TimerRow
from sla.rules.facts import Act
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import fresh, report

pytestmark = pytest.mark.usefixtures("office")
ME = "user:1"
REPLIES = ("FIRST_RESPONSE", "NEXT_RESPONSE")


def do(act: Callable[..., object], *given: object) -> None:
    with transaction():
        act(*given)


def mailed() -> Ticket:
    with transaction():
        one = filing.Filing(
            TicketClass.COMPLAINT, "Izin.", secrets.token_hex(16), email="siti@warga.example"
        )
        return fresh(filing.file(one).ticket_id)


def owed(ticket: Ticket) -> list[TimerRow]:
    db.session.expire_all()
    rows = tracking.timers([ticket.ref])[ticket.ref]
    return [row for row in rows if row.metric in REPLIES and row.stopped_at is None]


def pungli(ticket: Ticket) -> None:
    chosen = db.session.scalars(select(Category.id).filter_by(key="pungli")).one()
    changes.classify(ticket.id, TicketClass.COMPLAINT, chosen, ME, "Perlu pemeriksaan.")


def told(ticket: Ticket) -> None:
    outbox.drain("notify")


@pytest.mark.parametrize(
    "said",
    [
        told,  # the letter of receipt
        pungli,  # a line of the system in the thread: it takes longer
        lambda t: tickets.note(t.id, "Hanya untuk kantor.", ME),
        lambda t: tickets.accept(t.id, ME),
        lambda t: tickets.assign(t.id, None, ME),
        lambda t: tickets.snooze(t.id, clocks.now() + timedelta(hours=1), ME),
        lambda t: held.answer(t.id, "Kabar.", ME, timedelta(seconds=30)),  # it has not left yet
        lambda t: requester.write(t.id, "Ada kabar?"),
    ],
    ids=["receipt", "later", "note", "accept", "assign", "snooze", "held", "citizen"],
)
def test_the_first_answer_stays_owed_whatever_is_said_by_itself(
    clock: MovableClock, said: Callable[[Ticket], object]
) -> None:
    ticket = mailed()
    (before,) = owed(ticket)
    if said is told:
        told(ticket)  # opens its own transaction
    else:
        do(said, ticket)
    (after,) = owed(ticket)
    assert (after.id, after.stopped_at) == (before.id, None)


def test_a_missed_date_its_letters_and_its_ladder_answer_nobody(clock: MovableClock) -> None:
    ticket = mailed()
    clock.forward(timedelta(days=20))
    sweeper.sweep()
    for name in ("notify", "escalate", "ladder"):
        outbox.drain(name)
    reading.look(clock.at)
    (row,) = owed(ticket)
    assert row.reading == "BREACHED"


def test_a_reminder_is_no_answer_and_a_lapse_or_a_closing_makes_none_kept(
    clock: MovableClock,
) -> None:
    ticket = mailed()
    do(tickets.accept, ticket.id, ME)
    do(tickets.ask, ticket.id, "Mohon kirimkan nomor berkas Anda.", ME)
    do(requester.write, ticket.id, "Yang mana?")
    do(tickets.ask, ticket.id, "Nomor di tanda terima, mohon dikirim.", ME)
    answers = _met(ticket)
    clock.forward(timedelta(days=24))
    assert reminders.remind(clock.at) == 1
    outbox.drain("notify")
    assert _met(ticket) == answers
    clock.forward(timedelta(days=8))
    assert chores.end_what_is_over(clock.at) == 1
    outbox.drain("notify")
    assert fresh(ticket.id).outcome == "NOT_COMPLETED"
    assert _met(ticket) == answers
    other = report()
    do(tickets.resolve, _accepted(other).id, "Selesai.", ME)
    answers = _met(other)
    clock.forward(timedelta(days=12))
    assert chores.end_what_is_over(clock.at) == 1
    assert fresh(other.id).status == "CLOSED"
    assert _met(other) == answers


def _accepted(ticket: Ticket) -> Ticket:
    do(tickets.accept, ticket.id, ME)
    return ticket


def _met(ticket: Ticket) -> list[tuple[str, int]]:
    db.session.expire_all()
    rows = tracking.timers([ticket.ref])[ticket.ref]
    return [(r.metric, r.cycle) for r in rows if r.metric in REPLIES and r.reading == "MET"]


def test_whatever_stops_a_reply_carries_a_public_message_of_a_person(clock: MovableClock) -> None:
    """The acts of the engine that answer, as the helpdesk's events state them: each needs its
    message, and in the thread that is somebody's and never the system's."""
    answering = {kind for kind, act in ACTS.items() if act in (Act.ANSWERED, Act.RESOLVED)}
    assert answering == {
        kinds.TICKET_ANSWERED, kinds.TICKET_ASKED, kinds.TICKET_RESOLVED, kinds.TICKET_REFUSED,
        kinds.TICKET_FORWARDED,
    }  # fmt: skip
    ticket = _accepted(report())
    for act in (tickets.answer, tickets.ask, tickets.resolve):
        with transaction():
            message = act(ticket.id, "Mohon ditunggu.", ME)
        row = db.session.get_one(Message, message.id)
        assert (row.kind, row.author) == ("PUBLIC", ME)


def test_the_letter_of_a_later_date_goes_to_the_citizen(clock: MovableClock) -> None:
    from core.mails.mailbox import Mail

    ticket = mailed()
    do(pungli, ticket)
    outbox.drain("notify")
    posted = db.session.scalars(select(Mail.kind).where(Mail.subject == ticket.ref)).all()
    assert "later" in posted
