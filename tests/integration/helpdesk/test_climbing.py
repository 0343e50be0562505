"""Reports that climb: an appeal, a level that takes it up or not, and the end of both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.rules.access import Role
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import Conflict, IllegalMove, NotFound
from helpdesk import requester, tickets
from helpdesk.acts import lock
from helpdesk.escalations import acts
from helpdesk.escalations.kinds import Cause
from helpdesk.models import Escalation, Ticket
from helpdesk.relations import doubling, merging
from helpdesk.rules.levels import USUAL_TOP
from sla import tracking
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import fresh, report
from tests.journeys.pages import person

pytestmark = pytest.mark.usefixtures("office")
ACTOR = "user:1"


@pytest.fixture
def ticket(clock: MovableClock) -> Ticket:
    return report()


def levels(ticket: Ticket) -> Sequence[Escalation]:
    db.session.expire_all()
    found = select(Escalation).where(Escalation.ticket_id == ticket.id)
    return db.session.scalars(found.order_by(Escalation.id)).all()


def appealed(ticket: Ticket) -> Escalation:
    with transaction():
        tickets.refuse(ticket.id, "Bukan wewenang kami.", ACTOR)
    with transaction():
        requester.appeal(ticket.id, "Kami keberatan.")
    return levels(ticket)[-1]


def climbed(clock: MovableClock, row: Escalation) -> None:
    assert row.due_at is not None
    clock.move_to(row.due_at + timedelta(seconds=1))
    sweeper.sweep()
    outbox.drain("climb")


def test_an_appeal_opens_a_level_and_promises_anew(ticket: Ticket) -> None:
    row = appealed(ticket)
    assert (row.level, row.cause, row.ended_at) == (1, "APPEAL", None)
    assert fresh(ticket.id).status == "OPEN"
    running = {
        (r.metric, r.cycle)
        for r in tracking.timers([ticket.ref])[ticket.ref]
        if r.stopped_at is None
    }
    assert running == {("VERIFICATION", 2), ("RESOLUTION", 2), ("NEXT_RESPONSE", 1)}


def test_there_is_nothing_to_appeal_against_while_it_is_at_work(ticket: Ticket) -> None:
    with pytest.raises(IllegalMove), transaction():
        requester.appeal(ticket.id, "Kami keberatan.")
    assert levels(ticket) == []


def test_what_nobody_takes_up_climbs_once_a_level_and_stops_at_the_top(
    ticket: Ticket, clock: MovableClock
) -> None:
    row = appealed(ticket)
    for level in range(2, USUAL_TOP + 1):
        climbed(clock, row)
        outbox.drain("climb")
        row = levels(ticket)[-1]
        assert (row.level, row.cause, len(levels(ticket))) == (level, "CLIMBED", level)
    climbed(clock, row)
    assert len(levels(ticket)) == USUAL_TOP


def test_what_was_taken_up_does_not_climb_and_of_two_who_take_it_one_is_told(
    ticket: Ticket, clock: MovableClock
) -> None:
    row, due = appealed(ticket), levels(ticket)[-1].due_at
    people = [person(n, f"{n}@kota.example", Role.SUPERVISOR) for n in ("wulan", "joko")]
    with transaction():
        acts.take(lock(ticket.id), row.id, people[0])
    with pytest.raises(Conflict), transaction():
        acts.take(lock(ticket.id), row.id, people[1])
    assert due is not None
    clock.move_to(due + timedelta(days=1))
    sweeper.sweep()
    outbox.drain("climb")
    assert len(levels(ticket)) == 1
    assert levels(ticket)[0].taken_by == people[0]


def test_given_back_it_waits_before_its_level_again_with_a_reason(
    ticket: Ticket, clock: MovableClock
) -> None:
    row, who = appealed(ticket), person("wulan", "wulan@kota.example", Role.SUPERVISOR)
    with pytest.raises(IllegalMove), transaction():
        acts.give_back(lock(ticket.id), row.id, "Belum.", ACTOR)
    with transaction():
        acts.take(lock(ticket.id), row.id, who)
    clock.forward(timedelta(hours=1))
    with transaction():
        acts.give_back(lock(ticket.id), row.id, "Bukan bidang saya.", f"user:{who}")
    cycles = {r.cycle: r.reading for r in tracking.timers([row.ref])[row.ref]}
    assert cycles == {1: "MET", 2: "RUNNING"}
    assert levels(ticket)[0].taken_by is None


def test_with_its_report_it_is_over_and_nobody_can_take_it_any_more(
    ticket: Ticket, clock: MovableClock
) -> None:
    row = appealed(ticket)
    with transaction():
        requester.withdraw(ticket.id)
    (timer,) = tracking.timers([row.ref])[row.ref]
    assert (timer.reading, timer.cause) == ("VOID", "WITHDRAWN")
    with pytest.raises(NotFound), transaction():
        acts.take(lock(ticket.id), row.id, 1)
    climbed_from = levels(ticket)[0]
    assert (climbed_from.ended_at, climbed_from.due_at) == (clock.at, None)


def test_stored_timers_of_an_escalation_are_what_the_log_gives(
    ticket: Ticket, clock: MovableClock
) -> None:
    row = appealed(ticket)
    climbed(clock, row)
    with transaction():
        acts.settle(lock(ticket.id), row.id, ACTOR)
    for one in levels(ticket):
        stored = tracking.timers([one.ref])[one.ref]
        assert tracking.same(stored, tracking.rebuild(one.ref, clock.at))
    assert levels(ticket)[1].cause == Cause.CLIMBED


def test_taking_and_giving_back_puts_off_nothing_for_ever(
    ticket: Ticket, clock: MovableClock
) -> None:
    row, who = appealed(ticket), person("wulan", "wulan@kota.example", Role.SUPERVISOR)
    for returned in (1, 2, 3):
        with transaction():
            acts.take(lock(ticket.id), row.id, who)
        clock.forward(timedelta(hours=1))
        with transaction():
            acts.give_back(lock(ticket.id), row.id, "Belum sempat.", f"user:{who}")
        found = [(one.level, one.cause) for one in levels(ticket)]
        assert found == [(1, "APPEAL"), (2, "RETURNED")][: 1 if returned == 1 else 2]
    above = levels(ticket)[1]
    assert tracking.timers([above.ref])[above.ref][0].reading == "RUNNING"


@pytest.mark.parametrize("how", ["merge", "duplicate"])
def test_an_appeal_does_not_vanish_in_another_report(ticket: Ticket, how: str) -> None:
    appealed(ticket)
    other = report()
    with pytest.raises(IllegalMove, match="keberatan|Keberatan"), transaction():
        if how == "merge":
            merging.merge(ticket.id, other.id, ACTOR)
        else:
            doubling.duplicate(ticket.id, other.number, ACTOR)
    assert fresh(ticket.id).status == "OPEN"
    assert levels(ticket)[0].ended_at is None


def test_another_report_may_go_into_one_with_an_appeal_and_it_goes_on(ticket: Ticket) -> None:
    row, other = appealed(ticket), report()
    with transaction():
        merging.merge(other.id, ticket.id, ACTOR)
    assert fresh(other.id).merged_into == ticket.id
    assert db.session.get_one(Escalation, row.id, populate_existing=True).ended_at is None


def test_once_the_appeal_is_settled_the_report_may_be_merged(ticket: Ticket) -> None:
    row, other = appealed(ticket), report()
    with transaction():
        acts.settle(lock(ticket.id), row.id, ACTOR)
    with transaction():
        merging.merge(ticket.id, other.id, ACTOR)
    assert fresh(ticket.id).merged_into == other.id
