"""What deserves a look is found in the log, once, with its evidence, and nothing else is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock as clocks
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from helpdesk import changes, requester, tickets
from helpdesk.conversations import held
from helpdesk.models import Category, SightingRow, Ticket
from helpdesk.patterns import reading, sightings, sizes
from helpdesk.rules.vocabulary import Priority, TicketClass
from sla import tracking
from sla.rules.policy import Metric
from tests.integration.helpdesk.desk import queue_id, report

pytestmark = pytest.mark.usefixtures("office")
ME = "user:1"
REAL = "Mohon kirimkan foto KTP dan nomor berkas Anda."


def due(ticket: Ticket, metric: Metric = Metric.RESOLUTION) -> datetime:
    rows = tracking.timers([ticket.ref])[ticket.ref]
    found = next(r.due_at for r in reversed(rows) if r.metric == metric)
    assert found is not None
    return found


def do(act: object, *given: object) -> None:
    with transaction():
        act(*given)  # type: ignore[operator]


def seen(ticket: Ticket, ahead: bool = False) -> list[SightingRow]:
    """All that is found by now, in the order of the log; `ahead`: what will be, too."""
    with transaction():
        sightings.store(sightings.of_tickets([ticket.ref]))
    db.session.expire_all()
    found = select(SightingRow).where(SightingRow.ticket_id == ticket.id)
    rows = db.session.scalars(found.order_by(SightingRow.event_id, SightingRow.pattern))
    return [row for row in rows if ahead or row.at <= clocks.now()]


def patterns(ticket: Ticket) -> list[str]:
    return [row.pattern for row in seen(ticket)]


@pytest.fixture
def ticket(clock: MovableClock) -> Ticket:
    """Accepted and answered on its first day; settled within fourteen working days."""
    one = report("izin-terlambat")
    do(tickets.accept, one.id, ME)
    do(tickets.answer, one.id, "Kami periksa.", ME)
    return one


def nearly(clock: MovableClock, ticket: Ticket, left: timedelta = timedelta(hours=1)) -> None:
    """An hour before it is to be settled; the citizen had news the day before."""
    clock.move_to(due(ticket) - timedelta(days=1))
    do(tickets.answer, ticket.id, "Masih kami kerjakan.", ME)
    clock.move_to(due(ticket) - left)


def test_an_ordinary_life_shows_nothing(clock: MovableClock, ticket: Ticket) -> None:
    clock.forward(timedelta(days=2))
    do(tickets.ask, ticket.id, REAL, ME)
    clock.forward(timedelta(days=3))
    do(requester.write, ticket.id, "Ini nomornya.")
    do(changes.set_priority, ticket.id, Priority.LOW, ME)
    do(tickets.resolve, ticket.id, "Sudah terbit.", ME)
    assert patterns(ticket) == []


def test_a_pause_within_two_open_hours_of_the_date(clock: MovableClock, ticket: Ticket) -> None:
    nearly(clock, ticket)
    do(tickets.ask, ticket.id, REAL, ME)
    (row,) = seen(ticket)
    event = db.session.get_one(Event, row.event_id)
    assert (row.pattern, row.person, row.metric) == ("PAUSED_NEAR", ME, "RESOLUTION")
    assert (event.kind, row.at, row.evidence) == ("TICKET_ASKED", event.at, [event.id])
    assert row.left == 3600
    assert row.queue_id == ticket.queue_id


def test_just_outside_of_two_open_hours_is_not_near(clock: MovableClock, ticket: Ticket) -> None:
    nearly(clock, ticket, timedelta(hours=2, seconds=1))
    do(tickets.ask, ticket.id, REAL, ME)
    assert patterns(ticket) == []


@pytest.mark.parametrize(
    ("act", "wanted"),
    [
        (lambda i: changes.set_priority(i, Priority.LOW, ME), ["LOWERED_NEAR"]),
        (lambda i: changes.set_priority(i, Priority.URGENT, ME), []),
        (lambda i: changes.set_priority(i, Priority.LOW, "system"), []),
        (lambda i: changes.move(i, queue_id("informasi"), "Bukan kami.", ME), ["MOVED_NEAR"]),
        (lambda i: changes.move(i, queue_id("informasi"), "Tangga.", "system"), []),
        (
            lambda i: changes.classify(i, TicketClass.SUGGESTION, None, ME, "Usul."),
            ["CHANGED_NEAR"],
        ),
        (lambda i: tickets.spam(i, ME), ["ENDED_NEAR"]),
        (lambda i: requester.withdraw(i), ["ENDED_NEAR"]),
        (lambda i: tickets.resolve(i, "Selesai.", ME), []),
        (lambda i: tickets.answer(i, "Kabar.", ME), []),
        (lambda i: tickets.hold(i, "Bapenda", "Menunggu.", ME), []),  # this policy pauses nothing
        (lambda i: held.answer(i, "Kabar.", ME, timedelta(seconds=30)), []),
    ],
)
def test_what_else_is_done_an_hour_before_the_date(
    clock: MovableClock, ticket: Ticket, act: object, wanted: list[str]
) -> None:
    nearly(clock, ticket)
    do(act, ticket.id)
    assert patterns(ticket) == wanted


def test_after_the_date_nothing_is_near_any_more(clock: MovableClock, ticket: Ticket) -> None:
    nearly(clock, ticket)
    clock.move_to(due(ticket) + timedelta(minutes=1))
    do(tickets.spam, ticket.id, ME)
    assert patterns(ticket) == []


def test_a_change_that_gives_a_later_date_says_so(clock: MovableClock, ticket: Ticket) -> None:
    nearly(clock, ticket)
    before = due(ticket)
    pungli = db.session.scalars(select(Category.id).filter_by(key="pungli")).one()
    do(changes.classify, ticket.id, TicketClass.COMPLAINT, pungli, ME, "Perlu pemeriksaan.")
    (row,) = [one for one in seen(ticket) if one.pattern == "CHANGED_NEAR"]
    assert (row.due_at, row.later_at) == (before, due(ticket))


def test_settled_near_the_date_and_taken_up_again(clock: MovableClock, ticket: Ticket) -> None:
    nearly(clock, ticket)
    do(tickets.resolve, ticket.id, "Sudah.", ME)
    clock.forward(timedelta(days=1))
    do(requester.write, ticket.id, "Belum!")
    (row,) = seen(ticket)
    kinds = [db.session.get_one(Event, ident).kind for ident in row.evidence]
    assert (row.pattern, row.person) == ("REOPENED_NEAR", ME)
    assert kinds == ["TICKET_RESOLVED", "TICKET_REOPENED"]
    assert row.later_at is not None


def test_settled_and_reopened_twice(clock: MovableClock, ticket: Ticket) -> None:
    for _ in range(2):
        assert patterns(ticket) == []
        do(tickets.resolve, ticket.id, "Sudah.", ME)
        clock.forward(timedelta(hours=1))
        do(requester.write, ticket.id, "Belum!")
    (row,) = seen(ticket)
    assert (row.pattern, row.count, len(row.evidence)) == ("SETTLED_AGAIN", 2, 4)


def test_a_short_pause_over_the_closing_of_a_day(clock: MovableClock, ticket: Ticket) -> None:
    clock.move_to(datetime.fromisoformat("2026-11-25T15:30:00+07:00"))
    do(tickets.ask, ticket.id, REAL, ME)
    clock.move_to(datetime.fromisoformat("2026-11-26T08:00:00+07:00"))
    do(tickets.resume, ticket.id, ME)
    (row,) = seen(ticket)
    assert (row.pattern, row.metric, len(row.evidence)) == ("AROUND_CLOSING", "RESOLUTION", 2)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("Ok?", ["NO_QUESTION"]), ("Terima kasih atas laporan Anda.", ["NO_QUESTION"]), (REAL, [])],
)
def test_a_wait_without_a_question(ticket: Ticket, words: str, wanted: list[str]) -> None:
    do(tickets.ask, ticket.id, words, ME)
    assert patterns(ticket) == wanted


def test_more_questions_than_usual_and_a_wait_that_goes_on(
    clock: MovableClock, ticket: Ticket
) -> None:
    for _ in range(3):
        do(tickets.ask, ticket.id, REAL, ME)
        clock.forward(timedelta(minutes=10))
        do(requester.write, ticket.id, "Ini.")
        clock.forward(timedelta(minutes=10))
    assert patterns(ticket) == []
    do(tickets.ask, ticket.id, REAL, ME)
    (row,) = seen(ticket)
    assert (row.pattern, row.count, row.at) == ("OVER_BUDGET", 4, clock.at)


def test_a_long_wait_is_known_beforehand_and_forgotten_if_the_reply_comes(
    clock: MovableClock, ticket: Ticket
) -> None:
    do(tickets.ask, ticket.id, REAL, ME)
    (row,) = seen(ticket, ahead=True)
    assert row.pattern == "OVER_BUDGET" and row.at > clock.at + timedelta(days=21)
    assert patterns(ticket) == []
    clock.forward(timedelta(days=1))
    do(requester.write, ticket.id, "Ini.")
    assert seen(ticket, ahead=True) == []


def test_looking_again_finds_the_same_and_the_check_agrees(
    clock: MovableClock, ticket: Ticket
) -> None:
    nearly(clock, ticket)
    do(tickets.ask, ticket.id, "Ok", ME)
    once = [(row.id, row.event_id, row.pattern) for row in seen(ticket, ahead=True)]
    assert len(once) == 3
    assert reading.differing()[1] == []
    again = seen(ticket, ahead=True)
    assert [(row.id, row.event_id, row.pattern) for row in again] == once
    with transaction() as session:
        session.delete(session.get_one(SightingRow, once[0][0]))
    assert reading.differing()[1] == [ticket.ref]


def test_other_measures_see_something_else(clock: MovableClock, ticket: Ticket) -> None:
    nearly(clock, ticket, timedelta(hours=2, minutes=30))
    do(tickets.spam, ticket.id, ME)
    assert patterns(ticket) == []
    words = {**sizes.typed(sizes.current()), "near": "180"}
    do(sizes.change, words, ME)
    assert patterns(ticket) == ["ENDED_NEAR"]
