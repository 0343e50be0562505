"""A published calendar moves running promises: late ones never, none without time to act."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from core import clock as core_clock
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.events import Event
from core.mails.mailbox import Mail
from helpdesk import filing, requester, tickets
from helpdesk.lists import presenting
from helpdesk.rules.vocabulary import TicketClass
from sla import book, seed
from sla.models import CalendarDay, CalendarRevision, TimerRow
from sla.proving import repair
from sla.recalculation import moving, publishing
from sla.rules.facts import Act, Fact, Standing
from sla.rules.fold import fold
from sla.rules.policy import Metric
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import fresh

pytestmark = pytest.mark.usefixtures("office", "clock")

ACTOR = "user:1"


def filed() -> int:
    with transaction():
        one = filing.Filing(
            TicketClass.COMPLAINT, "Kata.", secrets.token_hex(16), email="siti@warga.example"
        )
        return filing.file(one).ticket_id


def timer(ticket_id: int, metric: str = "RESOLUTION") -> TimerRow:
    db.session.expire_all()
    subject = f"ticket:{ticket_id}"
    wanted = select(TimerRow).where(TimerRow.subject == subject, TimerRow.metric == metric)
    return db.session.scalars(wanted).one()


def due(ticket_id: int, metric: str = "RESOLUTION") -> datetime:
    found = timer(ticket_id, metric).due_at
    assert found is not None
    return found


def events_of(ticket_id: int, *kinds: str) -> list[Event]:
    wanted = select(Event).where(Event.subject == f"ticket:{ticket_id}", Event.kind.in_(kinds))
    return list(db.session.scalars(wanted.order_by(Event.id)))


def command(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["calendar", *words])


def day(app: Flask, *words: str) -> None:
    result = command(app, "day", *words)
    assert result.exit_code == 0, result.output


def publish(app: Flask) -> str:
    result = command(app, "publish")
    assert result.exit_code == 0, result.output
    return result.output


def letters() -> list[str]:
    outbox.drain("notify")
    return list(db.session.scalars(select(Mail.kind).order_by(Mail.id)))


def test_a_new_holiday_moves_open_promises_and_new_ones_and_is_told(
    app: Flask, clock: MovableClock
) -> None:
    ticket_id = filed()
    before = due(ticket_id)
    day(app, "2026-12-01", "closed", "--note", "Pilkada")
    assert due(ticket_id) == before, "nothing moves before it is published"
    assert "1 open subjects looked at, 1 dates moved, 1 of them later." in publish(app)
    assert due(ticket_id) == before + timedelta(days=1)
    assert timer(ticket_id).promised_at == due(ticket_id)
    assert fresh(ticket_id).next_due_at == due(ticket_id, "FIRST_RESPONSE")
    (fact,) = events_of(ticket_id, "CALENDAR_MOVED")
    assert set(fact.data) == {"policy", "calendar", "was"}
    (said,) = events_of(ticket_id, "TIMER_MOVED")
    assert said.data["was"] < said.data["due"] == said.data["promised"]
    assert sorted(letters()) == ["later", "received"]
    told = [one["title"] for one in presenting.journey(fresh(ticket_id), clock.at)]
    assert told[0].startswith("Tanggal baru, lebih lambat. Penyelesaian: Selasa, 15 Desember 2026")
    assert due(filed()) == due(ticket_id)
    assert not repair.differs(f"ticket:{ticket_id}")


def test_a_second_run_changes_nothing_and_one_that_broke_off_goes_on(app: Flask) -> None:
    ids = [filed() for _ in range(3)]
    day(app, "2026-12-01", "closed")
    publish(app)
    first = [due(i) for i in ids]
    output = publish(app)
    assert "Revision 2 of the calendar is in force already." in output
    assert "0 open subjects" in output
    assert [len(events_of(i, "CALENDAR_MOVED", "TIMER_MOVED")) for i in ids] == [2, 2, 2]

    day(app, "2026-12-02", "closed")
    with transaction():
        publishing.publish_calendar(
            seed.OFFICE, "Jam kantor", seed.calendar_form(), core_clock.now()
        )
    with transaction():
        assert len(moving.move("ticket", [f"ticket:{ids[1]}"]).moved) == 1
        assert moving.move("ticket", [f"ticket:{ids[1]}"]).moved == []
    assert "3 open subjects looked at, 2 dates moved" in publish(app)
    assert [due(i) for i in ids] == [d + timedelta(days=1) for d in first]


def test_a_day_more_makes_a_promise_earlier_inside_and_never_for_the_citizen(app: Flask) -> None:
    day(app, "2026-12-01", "closed")
    publish(app)
    ticket_id = filed()
    before = due(ticket_id)
    day(app, "2026-12-01", "open")
    assert "1 dates moved, 0 of them later." in publish(app)
    row = timer(ticket_id)
    assert row.due_at == before - timedelta(days=1)
    assert row.promised_at == before
    assert letters() == ["received"]


def test_nothing_is_due_before_people_had_time_to_act(app: Flask, clock: MovableClock) -> None:
    for number in range(7, 12):
        day(app, f"2026-12-{number:02}", "closed")
    publish(app)
    ticket_id = filed()
    assert due(ticket_id).date() == date(2026, 12, 21)
    clock.move_to(datetime(2026, 12, 15, 2, tzinfo=UTC))
    for number in range(7, 12):
        day(app, f"2026-12-{number:02}", "open")
    publish(app)
    # Counted anew it had been due on the 14th; one working day is left to act.
    assert due(ticket_id) == datetime(2026, 12, 16, 9, tzinfo=UTC)


def test_what_is_past_due_or_settled_is_never_moved(app: Flask, clock: MovableClock) -> None:
    late, settled = filed(), filed()
    with transaction():
        tickets.accept(settled, ACTOR)
        tickets.resolve(settled, "Sudah.", ACTOR)
    missed, kept = due(late, "FIRST_RESPONSE"), due(settled)
    clock.move_to(missed + timedelta(minutes=1))
    day(app, "2026-11-24", "closed")  # the day of receipt itself: all would begin a day later
    assert "1 open subjects looked at" in publish(app)
    assert due(late, "FIRST_RESPONSE") == missed
    assert due(settled) == kept
    (breach,) = events_of(late, "TIMER_BREACHED")
    assert breach.at == missed
    sweeper.sweep()
    assert len(events_of(late, "TIMER_BREACHED")) == 1
    assert not repair.differs(f"ticket:{late}")


def test_a_promise_that_stands_still_is_counted_anew_when_it_goes_on(
    app: Flask, clock: MovableClock
) -> None:
    ticket_id, other = filed(), filed()
    for each in (ticket_id, other):
        with transaction():
            tickets.accept(each, ACTOR)
            tickets.answer(each, "Sedang diurus.", ACTOR)
    with transaction():
        tickets.ask(ticket_id, "Nomor berkasnya?", ACTOR)
    day(app, "2026-12-01", "closed")
    publish(app)
    assert timer(ticket_id).due_at is None
    assert events_of(ticket_id, "TIMER_MOVED") == []
    clock.forward(timedelta(minutes=10))
    with transaction():
        requester.write(ticket_id, "B-17.")
    assert due(ticket_id) == due(other)
    told = [str(e.data["metric"]) for e in events_of(ticket_id, "PROMISE_LATER")]
    assert sorted(told) == ["RESOLUTION", "UPDATE"]


def test_a_date_that_another_system_fixed_stays(app: Flask) -> None:
    fixed = datetime(2026, 12, 10, 3, tzinfo=UTC)
    ticket_id = filed()
    (event,) = events_of(ticket_id, "TICKET_FILED")
    policy, calendar = int(event.data["policy"]), int(event.data["calendar"])
    brought = Fact(
        event.at, Act.FILED, Standing.OPEN, policy, calendar, fixed={Metric.RESOLUTION: fixed}
    )
    day(app, "2026-12-01", "closed")
    publish(app)
    newest = timer(ticket_id).calendar_id
    moved = Fact(core_clock.now(), Act.RECKONED, Standing.OPEN, policy, newest)
    state = fold([brought, moved], book.current())
    found = state.current(Metric.RESOLUTION)
    assert found is not None
    assert (found.due_at, found.calendar_id) == (fixed, newest)
    assert newest != calendar


@pytest.mark.parametrize(
    "words",
    [
        ("2026-12-01", "hours"),
        ("2026-12-01", "closed", "--hours", "08:00-12:00"),
        ("2026-12-01", "hours", "--hours", "12:00-08:00"),
        ("2026-12-01", "hours", "--hours", "pagi"),
        ("2026-12-01", "hours", "--hours", "08:00-12:00", "--hours", "11:00-13:00"),
        ("2026-13-01", "closed"),
        ("1999-12-01", "closed"),
        ("2026-12-01", "perhaps"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused_with_a_sentence(
    app: Flask, words: tuple[str, ...]
) -> None:
    result = command(app, "day", *words)
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert list(db.session.scalars(select(CalendarDay))) == []


def test_hours_of_a_day_are_kept_and_promised_by(app: Flask) -> None:
    day(app, "2026-11-24", "hours", "--hours", "08:00-12:00", "--note", "Rapat")
    publish(app)
    # 3 hours on this Tuesday from 09.00, the other 4 h 30 on Wednesday.
    assert due(filed(), "FIRST_RESPONSE") == datetime(2026, 11, 25, 5, tzinfo=UTC)
    office = select(CalendarRevision).where(CalendarRevision.key == seed.OFFICE)
    assert len(list(db.session.scalars(office))) == 2
