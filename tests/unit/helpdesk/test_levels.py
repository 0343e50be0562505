"""Who is asked at a level: shifts, leave, substitutes, and never nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.rules.levels import Duty, InvalidLeave, Leave, check, on_duty

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAY = timedelta(days=1)
ALL = range(1, 10)  # who works here


def away(who: int, substitute: int | None = None, days: int = 2) -> Leave:
    return Leave(who, NOW - DAY, NOW + days * DAY, substitute)


def test_whoever_is_there_is_asked_in_their_order() -> None:
    assert on_duty([Duty(2), Duty(1), Duty(2)], [], NOW, ALL) == [2, 1]


def test_a_turn_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    turn = Duty(1, NOW, NOW + DAY)
    others = [Duty(9)]
    assert on_duty([turn, *others], [], NOW, ALL) == [1, 9]
    assert on_duty([turn, *others], [], NOW + DAY, ALL) == [9]
    assert on_duty([turn, *others], [], NOW - timedelta(microseconds=1), ALL) == [9]


def test_a_substitute_stands_in_and_so_does_theirs() -> None:
    assert on_duty([Duty(1)], [away(1, 2)], NOW, ALL) == [2]
    assert on_duty([Duty(1)], [away(1, 2), away(2, 3)], NOW, ALL) == [3]
    assert on_duty([Duty(1), Duty(2)], [away(1, 2)], NOW, ALL) == [2]


def test_a_report_never_waits_before_an_empty_room() -> None:
    assert on_duty([Duty(1)], [away(1)], NOW, ALL) == [1]
    assert on_duty([Duty(1), Duty(2)], [away(1, 2), away(2, 1)], NOW, ALL) == [1, 2]


def test_leave_ends_before_its_last_moment() -> None:
    leave = away(1, 2)
    assert on_duty([Duty(1)], [leave], leave.until - timedelta(microseconds=1), ALL) == [2]
    assert on_duty([Duty(1)], [leave], leave.until, ALL) == [1]


@pytest.mark.parametrize(
    ("leave", "others"),
    [
        (Leave(1, NOW + DAY, NOW + DAY), []),
        (Leave(1, NOW - 2 * DAY, NOW), []),
        (away(1), [away(1)]),
        (away(1, 1), []),
        (away(1, 2), [away(2, 1)]),
        (away(1, 2), [away(2, 3), away(3, 1)]),
    ],
)
def test_leave_that_cannot_be_is_refused_with_a_sentence(leave: Leave, others: list[Leave]) -> None:
    with pytest.raises(InvalidLeave, match=r"\w+ \w+"):
        check(leave, others, NOW)


def test_substitutes_may_stand_in_for_each_other_at_different_times() -> None:
    later = Leave(2, NOW + 10 * DAY, NOW + 12 * DAY, 1)
    check(away(1, 2), [later], NOW)


people = st.integers(1, 5)


@given(
    st.lists(people, min_size=1, max_size=5),
    st.lists(st.tuples(people, st.one_of(st.none(), people)), max_size=6),
)
def test_somebody_is_always_asked_whoever_is_away(
    named: list[int], gone: list[tuple[int, int | None]]
) -> None:
    leaves = [away(who, substitute) for who, substitute in gone]
    found = on_duty([Duty(n) for n in named], leaves, NOW, ALL)
    assert found and len(set(found)) == len(found)
    missing = {who for who, _ in gone}
    if set(named) - missing:
        assert not set(found) & missing


def test_whoever_left_is_neither_asked_nor_stands_in() -> None:
    assert on_duty([Duty(1)], [away(1, 2)], NOW, {1, 3}) == [1]
    assert on_duty([Duty(1)], [away(1, 2), away(2, 3)], NOW, {1, 3}) == [3]
    assert on_duty([Duty(1), Duty(4)], [away(1, 2)], NOW, {1, 4}) == [4]
    assert on_duty([Duty(1)], [], NOW, {2}) == []
