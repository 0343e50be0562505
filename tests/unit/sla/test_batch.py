"""Arrays of due dates are those that the calendar gives one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import batch
from sla.rules.calendar import Calendar, OutOfRange
from sla.rules.interval import merged, micros, span_micros
from tests.unit.sla.questions import STEP, questions


@settings(max_examples=60, deadline=None)
@given(questions(), st.integers(1, 6))
def test_batches_answer_as_one_by_one(question: Any, n: int) -> None:
    calendar, slow, at, spans, other, span = question
    ats = [at, other, at - STEP, other + STEP, at]
    instants = np.array([micros(each) for each in ats], np.int64)
    lengths = np.array([span_micros(span) * k for k in range(1, 6)], np.int64)
    try:
        one = [calendar.add(each, span * k) for k, each in enumerate(ats, 1)]
    except ValueError:
        return
    assert [micros(each) for each in one] == batch.add(calendar, instants, lengths).tolist()
    gaps = [calendar.elapsed(a, b) for a, b in zip(ats, reversed(ats), strict=True)]
    found = batch.elapsed(calendar, instants, instants[::-1])
    assert [span_micros(gap) for gap in gaps] == found.tolist()
    days = [micros(calendar.add_working_days(each, n)) for each in ats]
    assert days == batch.add_working_days(calendar, instants, n).tolist()


@settings(max_examples=60, deadline=None)
@given(questions())
def test_pauses_in_batches_answer_as_one_by_one(question: Any) -> None:
    calendar, _, at, spans, other, span = question
    rows = [(at, spans), (other, spans[:1]), (at, []), (other, spans)]
    try:
        one = [calendar.add(start, span, around) for start, around in rows]
    except OutOfRange:
        return
    wanted = [batch.NEVER if due is None else micros(due) for due in one]
    joined = [merged(around) for _, around in rows]
    most = max(map(len, joined))
    pairs = []
    for k in range(most):
        column = [each[k] if k < len(each) else (batch.NEVER, None) for each in joined]
        starts = np.array([a for a, _ in column], np.int64)
        ends = np.array([batch.NEVER if b is None else b for _, b in column], np.int64)
        pairs.append((starts, ends))
    instants = np.array([micros(start) for start, _ in rows], np.int64)
    found = batch.add_around(calendar, instants, span_micros(span), pairs)
    assert found.tolist() == wanted


MONDAYS = Calendar.from_dict({"timezone": "UTC", "week": {"mon": [["09:00", "17:00"]]}})
NONE = np.array([], np.int64)
SOME = np.array([0, 86_400_000_000], np.int64)


def test_no_rows_are_no_dates() -> None:
    assert len(batch.add(MONDAYS, NONE, 1)) == 0
    assert len(batch.add_working_days(MONDAYS, NONE, 1)) == 0
    assert len(batch.elapsed(MONDAYS, NONE, NONE)) == 0


def test_nothing_or_less_is_not_added() -> None:
    for call in (batch.add, batch.add_working_days):
        with pytest.raises(ValueError, match="more than zero"):
            call(MONDAYS, SOME, np.array([1, 0]))


def test_too_far_away_is_said_and_not_tried() -> None:
    with pytest.raises(OutOfRange):
        batch.add(MONDAYS, SOME, 10**17)
    with pytest.raises(OutOfRange):
        batch.add_working_days(MONDAYS, SOME, 10**6)
    with pytest.raises(OutOfRange):
        batch.add(MONDAYS, np.array([2**62]), 1)
