"""Moments are typed where clocks are put forward and back: what is shown is what was typed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules.access import Role
from core.database import db
from core.errors import Invalid
from helpdesk.models import LeaveRow, LevelPerson
from helpdesk.web import policy_due
from helpdesk.web.typed_moments import begin_of, end_of, moment, shown
from tests.integration.helpdesk.desk import Desk

pytestmark = pytest.mark.usefixtures("office", "clock")

# A time that is left out, one that comes twice, and the days on which they do.
ZONES = {
    "Europe/Amsterdam": ("2027-03-28T02:30", "2027-10-31T02:30"),
    "America/Santiago": ("2027-09-05T00:30", "2027-04-03T23:30"),
    "Asia/Gaza": ("2027-03-27T02:30", "2027-10-30T01:30"),
}


@pytest.fixture(params=ZONES)
def there(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    """An office, and its machine, in a zone with summer time."""
    was, host = app.config.get("TIMEZONE"), os.environ.get("TZ")
    app.config["TIMEZONE"] = os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    app.config["TIMEZONE"] = was or "Asia/Jakarta"
    os.environ.pop("TZ") if host is None else os.environ.update(TZ=host)
    time.tzset()


def test_a_time_that_is_left_out_is_refused_and_one_that_comes_twice_is_the_first(
    there: str,
) -> None:
    out, twice = ZONES[there]
    wrong: dict[str, str] = {}
    assert moment({"since": out}, "since", wrong) is None
    assert list(wrong) == ["since"]
    found = moment({"since": twice}, "since", {})
    assert found is not None
    assert shown(found) == shown(found + timedelta(hours=1)) == twice
    day, hour = out.split("T")
    with pytest.raises(Invalid) as told:
        policy_due.moment({"date": day, "time": hour}, "date", "time")
    assert list(told.value.fields) == ["time"]


def test_every_quarter_of_two_years_is_shown_as_it_was_typed_or_refused(there: str) -> None:
    typed, refused = datetime(2027, 1, 1), 0
    while typed.year < 2029:
        words, wrong = typed.strftime("%Y-%m-%dT%H:%M"), dict[str, str]()
        found = moment({"since": words}, "since", wrong)
        assert (found is None) == bool(wrong)
        assert found is None or shown(found) == words
        refused += found is None
        typed += timedelta(minutes=15)
    assert refused == 8, "two hours"


def test_days_follow_each_other_without_a_gap(there: str) -> None:
    day = date(2026, 1, 1)
    for _ in range(1100):
        assert end_of(day) == begin_of(day + timedelta(days=1))
        assert timedelta(hours=23) <= end_of(day) - begin_of(day) <= timedelta(hours=25)
        day += timedelta(days=1)


def test_the_forms_say_so_and_keep_what_was_typed(there: str, app: Flask) -> None:
    admin, (out, twice) = Desk(app, "Agus", Role.ADMIN), ZONES[there]
    data = {"csrf_token": admin.token, "person": admin.id, "level": 1, "way": "usual"}
    answer = admin.client.post("/pengaturan/jenjang", data={**data, "since": out})
    assert answer.status_code == 422
    assert f'value="{out}"' in answer.text
    assert (
        admin.client.post("/pengaturan/jenjang", data={**data, "since": twice}).status_code == 303
    )
    (row,) = db.session.scalars(select(LevelPerson).filter_by(user_id=admin.id))
    assert row.since is not None
    assert shown(row.since) == twice
    leave = {"csrf_token": admin.token, "person": admin.id, "first": out[:10], "last": twice[:10]}
    if leave["first"] > leave["last"]:
        leave["first"], leave["last"] = leave["last"], leave["first"]
    assert admin.client.post("/pengaturan/cuti", data=leave).status_code == 303
    (away,) = db.session.scalars(select(LeaveRow).filter_by(user_id=admin.id))
    assert away.since == begin_of(date.fromisoformat(leave["first"])).astimezone(UTC)
    assert away.until == end_of(date.fromisoformat(leave["last"]))
