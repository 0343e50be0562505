"""How long citizens have: what was told is never taken back, and the log alone gives the date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.rules.lifecycle import Status, first_reminder
from helpdesk.rules.windows import USUAL, Chosen, Windows, days_until, end_of_day, ends_at

JAKARTA = ZoneInfo("Asia/Jakarta")
START = datetime(2026, 11, 23, 3, tzinfo=UTC)  # Monday, 10.00 in Bekasi
DAY = timedelta(days=1)

days = st.integers(1, 365)
hours = st.integers(0, 2000).map(lambda n: START + timedelta(hours=n))


@st.composite
def chosen(draw: st.DrawFn) -> Chosen:
    since = sorted(draw(st.sets(hours, max_size=5)))
    return Chosen(tuple(since), tuple(Windows(draw(days), draw(days)) for _ in since))


def test_where_nobody_chose_the_usual_days_hold() -> None:
    assert Chosen().days(Status.PENDING, START, START) == 30
    assert Chosen().days(Status.RESOLVED, START, START) == 10
    assert Chosen().days(Status.OPEN, START, START) is None


@pytest.mark.parametrize("n", [0, -1, 366])
def test_no_window_is_without_days_or_longer_than_a_year(n: int) -> None:
    with pytest.raises(ValueError, match="1 to 365"):
        Windows(reply=n)
    with pytest.raises(ValueError, match="1 to 365"):
        Windows(reopen=n)


def test_a_question_gets_what_holds_when_it_is_asked() -> None:
    office = Chosen((START,), (Windows(reply=14),))
    assert office.days(Status.PENDING, START - DAY, START - DAY) == 30
    assert office.days(Status.PENDING, START - DAY, START) == 14


def test_fewer_days_to_object_bind_what_is_filed_from_then_on_and_more_bind_at_once() -> None:
    office = Chosen((START, START + 2 * DAY), (Windows(reopen=5), Windows(reopen=20)))
    before, after = START - DAY, START + DAY
    assert office.days(Status.RESOLVED, before, after) == 10
    assert office.days(Status.RESOLVED, after, after) == 5
    assert office.days(Status.RESOLVED, after, START + 3 * DAY) == 20


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chosen(), hours, hours, hours)
def test_nothing_that_was_told_since_filing_becomes_shorter(
    office: Chosen, one: datetime, two: datetime, three: datetime
) -> None:
    filed, told, settled = sorted((one, two, three))
    given_days = office.days(Status.RESOLVED, filed, settled)
    assert given_days is not None
    assert given_days >= office.at(told).reopen
    assert given_days >= (office.days(Status.RESOLVED, filed, told) or 0)
    assert given_days in {USUAL.reopen, *(one.reopen for one in office.windows)}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chosen(), st.lists(st.tuples(hours, st.sampled_from(Status)), max_size=8))
def test_the_log_gives_the_date_whatever_is_chosen_later(
    office: Chosen, acts: list[tuple[datetime, Status]]
) -> None:
    acts = sorted(acts, key=lambda act: act[0])
    status, kept, log = None, None, []
    for at, after in acts:
        data: dict[str, object] = {"status": after.value}
        if after is not status:
            n = office.days(after, acts[0][0], at)
            kept = None if n is None else end_of_day(at, n, JAKARTA)
            if kept is not None:
                data["closes"] = kept.astimezone(UTC).isoformat()
        status = after
        log.append((at, data))
    assert ends_at(log, JAKARTA) == kept


def test_acts_of_before_the_days_could_be_chosen_gave_the_usual_ones() -> None:
    log: list[tuple[datetime, dict[str, object]]] = [
        (START, {"status": "NEW"}),
        (START + DAY, {"status": "RESOLVED"}),
        (START + 2 * DAY, {"metric": "RESOLUTION"}),
        (START + 3 * DAY, {"status": "RESOLVED"}),
    ]
    assert ends_at(log[:1], JAKARTA) is None
    assert ends_at(log, JAKARTA) == end_of_day(START + DAY, 10, JAKARTA)
    assert ends_at([*log, (START + 4 * DAY, {"status": "OPEN"})], JAKARTA) is None


@given(hours, days)
def test_a_window_has_its_days_to_the_end_of_the_last(at: datetime, n: int) -> None:
    ends = end_of_day(at, n, JAKARTA)
    assert days_until(at, ends, JAKARTA) == n
    assert ends.astimezone(JAKARTA).timetz().replace(tzinfo=None).isoformat() == "00:00:00"
    assert n * DAY < ends - at <= (n + 1) * DAY


@given(hours, days)
def test_a_reminder_never_says_more_days_than_are_left(at: datetime, n: int) -> None:
    ends = end_of_day(at, n, JAKARTA)
    first = first_reminder(Status.PENDING, at, ends)
    assert first is not None and at < first < ends
    assert ends - first == (7 if n >= 7 else 1) * DAY
    assert first_reminder(Status.RESOLVED, at, ends) is None
