"""The ladders of a fresh office, and that an office which exists keeps its own."""

from __future__ import annotations

import pytest

from core import clock
from core.database import db, transaction
from helpdesk.models import Ticket
from sla import book, seed
from sla.models import PolicyVersion
from sla.policies import order
from sla.rules.deeds import Does
from sla.rules.policy import Metric, in_order
from tests.integration.helpdesk.desk import queue_id, report
from tests.integration.helpdesk.test_merging import filed
from tests.integration.sla.said_anew import say_anew

pytestmark = pytest.mark.usefixtures("office", "clock")


def key_of(ticket: Ticket) -> str:
    """The policy that a report fell under."""
    from helpdesk.policyfacts import of_ticket

    chosen = book.current().choose(of_ticket(ticket), ticket.filed_at).policy
    return db.session.get_one(PolicyVersion, chosen).key


def test_every_promise_of_every_policy_warns_and_then_climbs_two_levels() -> None:
    rules = book.current()
    for row in order.latest():
        policy = rules.policy(row.id)
        for metric in policy.targets if row.key != "imported" else ():
            steps = in_order(policy.steps[metric])
            assert "75" in [step.name for step in steps], (row.key, metric)
            levels = [d.n for s in steps for d in s.deeds if d.does is Does.LEVEL]
            assert levels == ([] if metric is Metric.ACKNOWLEDGEMENT else [1, 2]), (row.key, metric)


def test_what_goes_past_the_units_has_a_ladder_of_its_own() -> None:
    assert key_of(report("pungli")) == "apart"
    assert key_of(filed(confidential=True)) == "confidential"
    assert key_of(report()) == "ordinary"
    assert report("pungli").queue_id == queue_id("inspektorat")


def test_an_office_that_exists_keeps_its_ladders() -> None:
    mine = {"RESOLUTION": [{"name": "60", "percent": 60}]}
    say_anew(steps=mine)
    with transaction():
        seed.seed(clock.now())
    assert all(row.steps == mine for row in order.newest())
