"""Policies stand in an order that people move: each at its own place, the last one for good."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from core import clock as core_clock
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.events import Event
from helpdesk import changes, filing
from helpdesk.rules.vocabulary import Priority, TicketClass
from sla import tracking
from sla.models import PolicyVersion, TimerRow
from sla.policies import order, placing, retiring
from sla.recalculation import publishing
from sla.recalculation.publishing import Draft
from tests.integration.sla.test_policy_versions import filed

pytestmark = pytest.mark.usefixtures("office", "clock")

ACTOR = "user:1"
DAY = {"RESOLUTION": {"n": 1, "unit": "days"}}


def keys() -> list[str]:
    db.session.expire_all()
    return [row.key for row in order.latest()]


def add(key: str, **more: object) -> None:
    draft = Draft(
        name=key.title(),
        position=order.first(key),
        calendar_key="office",
        conditions={"class": ["COMPLAINT"]},
        targets=DAY,
    )
    with transaction():
        at = core_clock.now()
        publishing.publish_policy(key, draft, valid_from=at, apply_to_open=False, at=at)


def place(key: str, wanted: int) -> int | None:
    with transaction():
        return placing.place(key, wanted, core_clock.now(), ACTOR)


def retire(key: str) -> int | None:
    with transaction():
        return retiring.retire(key, core_clock.now(), ACTOR)


def key_of(ticket_id: int) -> str:
    chosen = tracking.folded(f"ticket:{ticket_id}").chosen
    assert chosen is not None
    return db.session.get_one(PolicyVersion, chosen[0].id).key


def test_a_policy_goes_to_any_place_but_the_last(clock: MovableClock) -> None:
    first, *_, last = keys()
    count = len(keys())
    for wanted in (2, count - 1, 1, 3):
        place(first, wanted)
        assert keys().index(first) == wanted - 1
        assert keys()[-1] == last
    for wanted in (0, -1, count, 10**12):
        with pytest.raises(Invalid):
            place(first, wanted)
    with pytest.raises(Conflict):
        place(last, 1)
    with pytest.raises(NotFound):
        place("nowhere", 1)


def test_of_a_move_one_policy_gets_a_version_and_an_event_that_says_from_where() -> None:
    before = {row.key: row.version for row in order.newest()}
    assert place("information", 1) is not None
    assert place("information", 1) is None, "it stands there already"
    after = {row.key: row.version for row in order.newest()}
    assert {key for key in after if after[key] != before[key]} == {"information"}
    event = db.session.scalars(select(Event).where(Event.kind == "POLICY_PLACED")).one()
    row = order.find("information")
    was = db.session.scalars(select(PolicyVersion).filter_by(key="information", version=1)).one()
    assert (event.subject, event.actor) == (f"policy:{row.id}", ACTOR)
    assert event.data == {
        "version": 2, "was": was.id, "for_open": 0, "place": 1, "was_place": 3,
    }  # fmt: skip
    assert row.targets == was.targets and row.conditions == was.conditions


def test_however_often_policies_are_moved_no_two_stand_at_one_place() -> None:
    for key in ("light", "heavy"):
        add(key)
    for _ in range(8):
        for key in keys()[:-1]:
            place(key, 3)
    numbers: dict[int, str] = {}
    for row in db.session.scalars(select(PolicyVersion)):
        assert numbers.setdefault(row.position, row.key) == row.key


def test_a_place_that_another_policy_has_is_refused(clock: MovableClock) -> None:
    other = order.find("supervisory").position
    for wanted in (other, order.find("ordinary").position + 1):
        with pytest.raises(Invalid) as refused, transaction():
            publishing.publish_policy(
                "information", Draft(position=wanted),
                valid_from=clock.at, apply_to_open=False, at=clock.at,
            )  # fmt: skip
        assert "position" in refused.value.fields


def test_what_was_filed_earlier_keeps_the_order_of_its_day(clock: MovableClock) -> None:
    add("light")
    clock.forward(timedelta(minutes=1))
    before = filed()
    clock.forward(timedelta(minutes=1))
    add("heavy")
    assert key_of(filed()) == "heavy"
    clock.forward(timedelta(minutes=1))
    place("light", 1)
    assert key_of(filed()) == "light"
    clock.forward(timedelta(minutes=1))
    place("light", 4)
    with transaction():
        changes.set_priority(before, Priority.HIGH, ACTOR)
    assert key_of(before) == "light"
    assert key_of(filed()) == "heavy"


def test_under_a_retired_policy_nothing_new_falls_and_what_did_keeps_its_promises(
    clock: MovableClock,
) -> None:
    add("light")
    clock.forward(timedelta(minutes=1))
    ticket_id = filed()
    due = [r.due_at for r in db.session.scalars(select(TimerRow))]
    clock.forward(timedelta(minutes=1))
    assert retire("light") is not None
    assert retire("light") is None
    assert "light" not in keys()
    assert key_of(filed()) == "ordinary"
    with transaction():
        changes.set_priority(ticket_id, Priority.HIGH, ACTOR)
    assert key_of(ticket_id) == "light"
    wanted = select(TimerRow).where(TimerRow.subject == f"ticket:{ticket_id}")
    assert [r.due_at for r in db.session.scalars(wanted)] == due
    with pytest.raises(Conflict):
        retire("ordinary")
    clock.forward(timedelta(minutes=1))
    with transaction():
        back = Draft(retired=False)
        at = core_clock.now()
        publishing.publish_policy("light", back, valid_from=at, apply_to_open=False, at=at)
    assert key_of(filed()) == "light"


def publish(key: str, n: int, days: int, replacing: bool = False) -> int:
    with transaction():
        at = core_clock.now()
        targets = {"RESOLUTION": {"n": n, "unit": "days"}}
        return publishing.publish_policy(
            key, Draft(targets=targets), valid_from=at + timedelta(days=days),
            apply_to_open=False, at=at, replacing=replacing,
        )  # fmt: skip


def target_of(ticket_id: int) -> int:
    chosen = tracking.folded(f"ticket:{ticket_id}").chosen
    assert chosen is not None
    return next(iter(chosen[0].targets.values())).n


def test_a_version_that_waits_is_passed_over_by_none_but_one_that_replaces_it(
    clock: MovableClock,
) -> None:
    publish("ordinary", 20, days=7)
    with pytest.raises(Invalid) as refused:
        publish("ordinary", 10, days=0)
    assert "valid_from" in refused.value.fields
    publish("ordinary", 30, days=14)
    clock.forward(timedelta(days=8))
    assert target_of(filed()) == 20
    clock.forward(timedelta(minutes=1))
    publish("ordinary", 10, days=0, replacing=True)
    assert target_of(filed()) == 10
    clock.forward(timedelta(days=8))
    assert target_of(filed()) == 10, "the version that waited was replaced before it began"


def test_a_retired_policy_does_not_come_back_by_a_version_that_waited(
    clock: MovableClock,
) -> None:
    add("light")
    publish("light", 3, days=2)
    clock.forward(timedelta(minutes=1))
    retire("light")
    clock.forward(timedelta(days=3))
    assert key_of(filed()) == "ordinary"


def test_two_policies_that_were_stored_at_one_place_are_parted_by_the_first_move() -> None:
    first = order.latest()[0]
    twin = {name: getattr(first, name) for name in ("position", "valid_from", "calendar_key")}
    with transaction() as session:
        values = {**twin, "key": "twin", "name": "Twin", "conditions": {"tag": ["x"]}}
        session.execute(insert(PolicyVersion).values(**values, targets=DAY))
    before = keys()
    assert before[:2] == [first.key, "twin"]
    place("information", 2)
    assert keys() == [first.key, "information", *[k for k in before[1:] if k != "information"]]


def test_a_complaint_of_now_falls_where_the_list_says() -> None:
    with transaction():
        one = filing.Filing(TicketClass.INFORMATION, "Kata.", secrets.token_hex(16))
        ticket_id = filing.file(one).ticket_id
    assert key_of(ticket_id) == "information"
