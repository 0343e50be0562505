"""What the steps of a ladder do to a report, each once and in their order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from accounts.rules.access import Role
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import Invalid
from core.events import Event
from helpdesk import tickets
from helpdesk.escalations import leaving, naming
from helpdesk.models import Escalation, Notice, Queue, Ticket
from sla import tracking
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import fresh, queue_id, report
from tests.integration.sla.said_anew import say_anew
from tests.journeys.pages import person

pytestmark = pytest.mark.usefixtures("office")
ACTOR = "user:1"
HOUR = {"n": 1, "unit": "hours"}


@pytest.fixture
def people(clock: MovableClock) -> dict[str, int]:
    return {
        "rani": person("Rani", "rani@kota.example", Role.AGENT, "pengaduan", "informasi"),
        "wulan": person("Wulan", "wulan@kota.example", Role.SUPERVISOR),
        "kepala": person("Kepala", "kepala@kota.example", Role.SUPERVISOR),
    }


def ladder(*steps: dict[str, Any]) -> None:
    """Every policy gets this ladder for its first answer."""
    say_anew(steps={"FIRST_RESPONSE": list(steps)})


def step(name: str, *does: dict[str, Any]) -> dict[str, Any]:
    if name.isdecimal():
        return {"name": name, "percent": int(name), "does": list(does)}
    amount = {"n": int(name[1:-1]), "unit": "hours"}
    return {"name": name, "before" if name[0] == "b" else "after": amount, "does": list(does)}


def first_due(ticket: Ticket) -> datetime:
    rows = tracking.timers([ticket.ref])[ticket.ref]
    due = next(r.due_at for r in rows if r.metric == "FIRST_RESPONSE")
    assert due is not None
    return due


def work(clock: MovableClock, at: datetime) -> None:
    """What sweeper and worker do until a moment."""
    clock.move_to(at)
    sweeper.sweep()
    sweeper.sweep()
    for _ in range(3):
        outbox.drain("ladder")


def kinds_of(ticket: Ticket) -> list[str]:
    told = select(Event.kind).where(Event.subject == ticket.ref).order_by(Event.id)
    return list(db.session.scalars(told))


def told(user_id: int, kind: str = "TIMER_STEPPED") -> int:
    found = select(Notice.id).where(Notice.user_id == user_id, Notice.kind == kind)
    return len(db.session.scalars(found).all())


def levels_of(ticket: Ticket) -> Sequence[int]:
    found = select(Escalation.level).where(Escalation.ticket_id == ticket.id)
    return db.session.scalars(found.order_by(Escalation.id)).all()


def test_a_whole_ladder_is_climbed_each_step_once(
    people: dict[str, int], clock: MovableClock
) -> None:
    ladder(
        step("50", {"do": "notify", "to": f"user:{people['rani']}"}),
        step("b1h", {"do": "raise"}),
        step("a1h", {"do": "level", "n": 1}, {"do": "cause"}, {"do": "webhook"}),
        step("a2h", {"do": "queue", "n": queue_id("informasi")}),
        step("a3h", {"do": "reassign", "n": people["rani"]}, {"do": "level", "n": 2}),
    )
    ticket = report()
    work(clock, first_due(ticket) + timedelta(days=3))
    found = fresh(ticket.id)
    assert (found.priority, found.cause_wanted) == ("HIGH", True)
    assert (found.queue_id, found.assignee_id) == (queue_id("informasi"), people["rani"])
    assert levels_of(ticket) == [1, 2]
    assert told(people["rani"]) == 0, "a warning after its date warns nobody"
    assert kinds_of(ticket).count("TIMER_STEPPED") == 5
    before = kinds_of(ticket)
    work(clock, clock.at + timedelta(days=1))
    assert [k for k in kinds_of(ticket)[len(before) :] if k != "TIMER_BREACHED"] == []


def test_a_warning_in_time_reaches_whom_it_names_and_only_who_may_read(
    people: dict[str, int], clock: MovableClock
) -> None:
    outsider = person("Budi", "budi@kota.example", Role.AGENT, "kesehatan")
    ladder(
        step(
            "50",
            {"do": "notify", "to": "SUPERVISOR"},
            {"do": "notify", "to": f"user:{outsider}"},
        )
    )
    ticket = report()
    work(clock, first_due(ticket) - timedelta(minutes=1))
    assert told(people["wulan"]) == told(people["kepala"]) == 1
    assert told(outsider) == 0


def test_the_level_is_told_and_who_is_away_is_stood_in_for(
    people: dict[str, int], clock: MovableClock
) -> None:
    ladder(step("a1h", {"do": "level", "n": 1}))
    with transaction():
        naming.name(1, people["wulan"], ACTOR)
        leaving.grant_leave(
            people["wulan"],
            clock.at - timedelta(days=1),
            clock.at + timedelta(days=30),
            people["kepala"],
            ACTOR,
        )
    ticket = report()
    work(clock, first_due(ticket) + timedelta(days=1))
    assert told(people["kepala"], "ESCALATED") == 1
    assert told(people["wulan"], "ESCALATED") == 0


def test_what_was_settled_meanwhile_is_left_alone(
    people: dict[str, int], clock: MovableClock
) -> None:
    ladder(step("a1h", {"do": "level", "n": 1}, {"do": "raise"}))
    ticket = report()
    clock.move_to(first_due(ticket) + timedelta(days=1))
    sweeper.sweep()
    with transaction():
        tickets.accept(ticket.id, ACTOR)
        tickets.resolve(ticket.id, "Sudah.", ACTOR)
    outbox.drain("ladder")
    assert levels_of(ticket) == []
    assert fresh(ticket.id).priority == "NORMAL"


def test_a_step_that_cannot_be_done_holds_up_no_other(
    people: dict[str, int], clock: MovableClock
) -> None:
    shut = queue_id("kesehatan")
    ladder(step("a1h", {"do": "queue", "n": shut}, {"do": "raise"}))
    with transaction() as session:
        session.execute(update(Queue).where(Queue.id == shut).values(active=False))
    ticket = report()
    work(clock, first_due(ticket) + timedelta(days=1))
    assert fresh(ticket.id).queue_id == queue_id("pengaduan")
    assert fresh(ticket.id).priority == "HIGH"


def test_leave_in_a_circle_or_in_the_past_is_refused(
    people: dict[str, int], clock: MovableClock
) -> None:
    week = clock.at + timedelta(days=7)
    with transaction():
        leaving.grant_leave(people["wulan"], clock.at, week, people["kepala"], ACTOR)
    with pytest.raises(Invalid), transaction():
        leaving.grant_leave(people["kepala"], clock.at, week, people["wulan"], ACTOR)
    with pytest.raises(Invalid), transaction():
        leaving.grant_leave(people["rani"], clock.at - 2 * (week - clock.at), clock.at, None, ACTOR)
