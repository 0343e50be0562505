"""A holiday moves what a survivor promised to those who were merged into it, too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.canonical import parse_instant
from core.clock import MovableClock
from core.database import db, transaction
from helpdesk.relations import merging
from sla import tracking
from tests.integration.helpdesk.desk import report
from tests.promises import publishings

pytestmark = pytest.mark.usefixtures("office")


def test_the_later_date_is_kept_for_each_of_them_as_the_log_gives_it(clock: MovableClock) -> None:
    survivor, other = report(), report()
    with transaction():
        merging.merge(other.id, survivor.id, "user:1")
    publishings.a_day(clock.at + timedelta(days=2), True, clock.at)
    db.session.expire_all()
    rows = tracking.timers([survivor.ref])[survivor.ref]
    settled = next(row for row in rows if row.metric == "RESOLUTION")
    assert parse_instant(settled.promised_to[other.ref]) == settled.due_at == settled.promised_at
    assert tracking.same(rows, tracking.rebuild(survivor.ref, clock.at))
