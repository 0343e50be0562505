"""Merging and parting, snoozing and withdrawing never lose or lengthen what a citizen is owed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.clock import MovableClock
from core.database import db, transaction
from core.errors import IllegalMove
from helpdesk import requester, tickets
from helpdesk.acts import lock
from helpdesk.escalations import acts
from helpdesk.escalations.kinds import Cause
from helpdesk.models import Ticket
from helpdesk.relations import merging
from sla import tracking
from sla.models import TimerRow
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import fresh, report

pytestmark = pytest.mark.usefixtures("office")
ACTOR = "user:1"


def merged(ticket: Ticket, into: Ticket) -> None:
    with transaction():
        merging.merge(ticket.id, into.id, ACTOR)


def parted(ticket: Ticket) -> None:
    with transaction():
        merging.unmerge(ticket.id, ACTOR)


def appealed(ticket: Ticket) -> None:
    with transaction():
        tickets.refuse(ticket.id, "Bukan wewenang kami.", ACTOR)
    with transaction():
        requester.appeal(ticket.id, "Kami keberatan.")


def timer(ticket: Ticket, metric: str) -> TimerRow:
    db.session.expire_all()
    (found,) = [r for r in tracking.timers([ticket.ref])[ticket.ref] if r.metric == metric]
    return found


def due(ticket: Ticket, metric: str) -> datetime:
    found = timer(ticket, metric).due_at
    assert found is not None
    return found


@pytest.mark.parametrize("metric", ["FIRST_RESPONSE", "VERIFICATION", "RESOLUTION"])
def test_a_merge_that_is_undone_before_the_date_leaves_the_date(
    clock: MovableClock, metric: str
) -> None:
    other, ticket = report(), report()
    promised = due(ticket, metric)
    clock.move_to(promised - timedelta(minutes=2))
    merged(ticket, other)
    clock.forward(timedelta(minutes=1))
    parted(ticket)
    assert due(ticket, metric) == promised
    rows = tracking.timers([ticket.ref])[ticket.ref]
    assert tracking.same(rows, tracking.rebuild(ticket.ref, clock.at))


def test_a_merge_over_the_date_gives_time_to_act_once_and_then_no_more(
    clock: MovableClock,
) -> None:
    """The verification of the merged one is not adopted by a report that is verified."""
    other, ticket = report(), report()
    with transaction():
        tickets.accept(other.id, ACTOR)
    promised = due(ticket, "VERIFICATION")
    for _ in range(2):
        clock.move_to(due(ticket, "VERIFICATION") - timedelta(minutes=1))
        merged(ticket, other)
        clock.forward(timedelta(minutes=2))
        parted(ticket)
        sweeper.sweep()
    late = timer(ticket, "VERIFICATION")
    assert late.breached_at == late.due_at
    assert late.due_at is not None and promised < late.due_at < clock.at
    rows = tracking.timers([ticket.ref])[ticket.ref]
    assert tracking.same(rows, tracking.rebuild(ticket.ref, clock.at))


def test_a_report_waits_before_its_level_again_after_a_merge_was_undone() -> None:
    ticket, other = report(), report()
    with transaction():
        acts.reach_level(lock(ticket.id), 1, Cause.STEP)
    merged(ticket, other)
    assert acts.waiting(ticket.id) == []
    parted(ticket)
    (row,) = acts.waiting(ticket.id)
    assert (row.level, row.cause) == (1, "STEP")
    assert row.due_at is not None


def test_a_report_whose_appeal_waits_is_not_merged_away() -> None:
    ticket, other = report(), report()
    appealed(ticket)
    with pytest.raises(IllegalMove):
        merged(ticket, other)
    merged(other, ticket)  # the other way round it goes on
    (row,) = acts.waiting(ticket.id)
    assert (row.level, row.cause) == (1, "APPEAL")


def test_an_appeal_brings_a_report_back_that_its_agent_had_put_off(clock: MovableClock) -> None:
    ticket = report()
    with transaction():
        tickets.snooze(ticket.id, clock.at + timedelta(days=30), ACTOR)
    appealed(ticket)
    assert fresh(ticket.id).snoozed_until is None


def test_who_takes_a_report_back_does_not_end_what_was_merged_into_it() -> None:
    first, survivor, last = report(), report(), report()
    merged(first, survivor)
    merged(last, survivor)
    with transaction():
        requester.withdraw(survivor.id)
    for other in (first, last):
        assert (fresh(other.id).status, fresh(other.id).merged_into) == ("OPEN", None)
        assert timer(other, "RESOLUTION").reading == "RUNNING"
        rows = tracking.timers([other.ref])[other.ref]
        assert tracking.same(rows, tracking.rebuild(other.ref, fresh(other.id).updated_at))
    assert fresh(survivor.id).outcome == "WITHDRAWN"
