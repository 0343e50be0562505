"""Sightings of random lives: each is in the log, near is near, and nothing depends on when one
looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.facts import fact
from helpdesk.rules import questions, watch
from helpdesk.rules.patterns import Line, Pattern, Sighting, Sizes
from helpdesk.rules.waiting import spent, waits
from sla.presets import bekasi
from sla.rules.calendar import Calendar
from sla.rules.facts import Fact
from sla.rules.policy import Metric, Policy, Target, Unit

CALENDAR = Calendar.from_dict(bekasi(range(2026, 2029)))
BEGIN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DAYS, HOURS = Target(2, Unit.DAYS), Target(6, Unit.HOURS)


class Rules:
    """Two policies: one promises sooner than the other, and only one stands still on hold."""

    def policy(self, ident: int) -> Policy:
        days = Target(1 + ident, Unit.DAYS)
        targets = {Metric.RESOLUTION: days, Metric.UPDATE: DAYS, Metric.FIRST_RESPONSE: HOURS}
        return Policy(ident, "office", targets, hold_pauses=ident == 2)

    def calendar(self, ident: int) -> Calendar:
        return CALENDAR


AFTER = {
    "TICKET_ACCEPTED": "OPEN", "TICKET_ANSWERED": "OPEN", "TICKET_ASKED": "PENDING",
    "TICKET_HELD": "ON_HOLD", "TICKET_RESUMED": "OPEN", "REQUESTER_WROTE": "OPEN",
    "TICKET_RESOLVED": "RESOLVED", "TICKET_REOPENED": "OPEN", "TICKET_SPAMMED": "CLOSED",
    "TICKET_MOVED": "", "TICKET_CLASSED": "", "PRIORITY_SET": "",
}  # fmt: skip
FROM_RESOLVED = {"TICKET_REOPENED"}
MINUTE = timedelta(minutes=1)


def later(at: datetime) -> st.SearchStrategy[datetime]:
    """Some time later, and more often than by chance in the last hours before an office closes,
    which is when working days are due."""
    closing = at.replace(hour=9, minute=0)  # 16.00 in Jakarta
    near = [closing + timedelta(days=d) - m * MINUTE for d in (0, 1, 2) for m in (1, 60, 119, 121)]
    gaps = [at + m * MINUTE for m in (1, 20, 450, 1000, 1439)]
    return st.sampled_from(gaps + [one for one in near if one > at])


Life = tuple[list[Line], list[Fact]]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Acts as a ticket may have them, with gaps of minutes to days between."""
    lines = [_line(1, "TICKET_FILED", BEGIN, "requester", {"status": "NEW", "queue": 1})]
    status, at, queue = "NEW", BEGIN, 1
    for n in range(2, draw(st.integers(2, 14))):
        if status == "CLOSED":
            break
        kinds = [k for k in AFTER if (k in FROM_RESOLVED) == (status == "RESOLVED")]
        kind = draw(st.sampled_from(sorted(kinds)))
        at = draw(later(at))
        actor = draw(st.sampled_from(["user:1", "user:2", "system"]))
        actor = "requester" if kind == "REQUESTER_WROTE" else actor
        status = AFTER[kind] or status
        data: dict[str, Any] = {"status": status}
        if kind == "TICKET_MOVED":
            data |= {"was": queue, "queue": 3 - queue}
            queue = 3 - queue
        elif kind == "TICKET_CLASSED":
            data |= {"class": draw(st.sampled_from(["COMPLAINT", "INFORMATION"]))}
            data |= {"was": "COMPLAINT"}
        elif kind == "PRIORITY_SET":
            data |= {"priority": draw(st.sampled_from(["LOW", "HIGH"])), "was": "NORMAL"}
        elif kind == "TICKET_ASKED":
            data |= {"letters": draw(st.integers(0, 40)), "asks": draw(st.integers(0, 1))}
        if not AFTER[kind]:
            data |= {"policy": draw(st.integers(1, 3)), "calendar": 1}
        lines.append(_line(n, kind, at, actor, data))
    lines[0].data.update({"policy": 1, "calendar": 1})  # type: ignore[attr-defined]
    return lines, [_fact(line) for line in lines]


def _line(n: int, kind: str, at: datetime, actor: str, data: dict[str, Any]) -> Line:
    return Line(10 * n, kind, actor, at, data)


def _fact(line: Line) -> Fact:
    found = fact(line.kind, line.at, line.data)
    assert found is not None
    return found


def look(life: Life, sizes: Sizes = Sizes()) -> list[Sighting]:  # noqa: B008
    return watch.sightings(*life, Rules(), sizes)


@given(lives())
def test_every_sighting_is_in_the_log_once_and_by_whom_the_log_says(life: Life) -> None:
    by_id = {line.id: line for line in life[0]}
    found = look(life)
    assert len({(one.event, one.pattern) for one in found}) == len(found)
    for one in found:
        assert set(one.evidence) <= set(by_id)
        assert one.event in one.evidence
        assert one.person in {by_id[ident].actor for ident in one.evidence}
        assert one.at >= by_id[one.event].at
        assert one.queue in (1, 2)


@given(lives())
def test_near_is_before_the_date_and_within_two_open_hours_of_it(life: Life) -> None:
    for one in look(life):
        if one.due_at is None:
            assert not one.pattern.endswith("_NEAR")
            continue
        settled = one.pattern is Pattern.REOPENED_NEAR
        at = next(x.at for x in life[0] if x.id == one.evidence[0]) if settled else one.at
        assert at <= one.due_at
        assert one.left == CALENDAR.elapsed(at, one.due_at) <= timedelta(hours=2)
        assert one.later_at is None or one.later_at > one.due_at


@given(lives())
def test_what_happens_by_itself_is_nobodys_pattern(life: Life) -> None:
    own = {Pattern.PAUSED_NEAR, Pattern.LOWERED_NEAR, Pattern.MOVED_NEAR, Pattern.CHANGED_NEAR}
    assert all(one.person.startswith("user:") for one in look(life) if one.pattern in own)


@given(lives(), st.integers(1, 14))
def test_whoever_looks_earlier_finds_what_is_found_of_that_part_later(life: Life, n: int) -> None:
    part = life[0][:n], life[1][:n]
    upto = part[0][-1]
    early = {(one.event, one.pattern): one for one in look(part) if one.at <= upto.at}
    late = {
        (one.event, one.pattern): one
        for one in look(life)
        if one.event <= upto.id and one.at <= upto.at
    }
    # A wait that lasts is known to be over its budget from the moment at which it is.
    assert early == late


@given(lives())
def test_a_wider_measure_finds_no_less(life: Life) -> None:
    wide = Sizes(near=timedelta(hours=6), short=timedelta(hours=6), letters=30, settlings=1)
    narrow = {(one.event, one.pattern) for one in look(life)}
    assert narrow <= {(one.event, one.pattern) for one in look(life, wide)}


@given(lives())
def test_waits_follow_one_another_and_what_is_spent_is_their_sum(life: Life) -> None:
    found, now = waits(life[0]), life[0][-1].at + timedelta(days=3)
    for one, following in zip(found, found[1:], strict=False):
        assert one.end is not None and one.begin.at <= one.end.at <= following.begin.at
    used = spent(life[0], CALENDAR, now)
    assert used.times == len(found)
    assert used.time == sum((one.length(CALENDAR, now) for one in found), timedelta(0))


@pytest.mark.parametrize(
    ("words", "asking"),
    [
        ("Apakah berkasnya sudah lengkap", True),
        ("Mohon kirimkan foto KTP.", True),
        ("Nomor berkas?", True),
        ("Could you send the letter", True),
        ("Terima kasih, kami proses.", False),
        ("", False),
    ],
)
def test_a_question_is_known_by_its_mark_or_a_word_of_asking(words: str, asking: bool) -> None:
    assert questions.asks(words) is asking


def test_blanks_and_signs_are_no_letters() -> None:
    assert questions.letters(" a 1, … \n\t b! ") == 3
