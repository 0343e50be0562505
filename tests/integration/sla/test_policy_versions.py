"""Versions of policies bind from a date; what is open only if asked; what is settled never."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import Invalid
from core.events import Event
from helpdesk import changes, filing, requester, tickets
from helpdesk.rules.vocabulary import Priority, TicketClass
from sla import book, seed, tracking
from sla.models import Move, PolicyVersion, TimerRow
from sla.proving import repair
from sla.recalculation import jobs, moves, moving, publishing
from sla.recalculation.publishing import Draft

pytestmark = pytest.mark.usefixtures("office", "clock")

ACTOR = "user:1"
TEN_DAYS = {"RESOLUTION": {"n": 10, "unit": "days"}}


def filed() -> int:
    with transaction():
        one = filing.Filing(TicketClass.COMPLAINT, "Kata.", secrets.token_hex(16))
        return filing.file(one).ticket_id


def settled() -> int:
    ticket_id = filed()
    with transaction():
        tickets.accept(ticket_id, ACTOR)
        tickets.resolve(ticket_id, "Sudah.", ACTOR)
    return ticket_id


def publish(apply_to_open: bool, valid_from: datetime | None = None) -> int:
    with transaction():
        at = core_clock.now()
        made = publishing.publish_policy(
            "ordinary",
            Draft(targets=TEN_DAYS),
            valid_from=valid_from or at,
            apply_to_open=apply_to_open,
            at=at,
        )
    carry_on()
    return made


def carry_on() -> None:
    for move_id in moves.waiting(core_clock.now()):
        moves.whole(move_id)


def version(ticket_id: int) -> int:
    chosen = tracking.folded(f"ticket:{ticket_id}").chosen
    assert chosen is not None
    return chosen[0].id


def timer(ticket_id: int, metric: str = "RESOLUTION") -> TimerRow:
    db.session.expire_all()
    wanted = select(TimerRow).where(TimerRow.subject == f"ticket:{ticket_id}")
    return db.session.scalars(wanted.where(TimerRow.metric == metric)).one()


def kinds(ticket_id: int) -> list[str]:
    wanted = select(Event.kind).where(Event.subject == f"ticket:{ticket_id}").order_by(Event.id)
    return list(db.session.scalars(wanted))


def test_a_version_binds_what_is_filed_from_its_date_and_nothing_that_is_open() -> None:
    before = filed()
    was = version(before)
    made = publish(apply_to_open=False)
    assert version(before) == was
    assert version(filed()) == made
    assert list(db.session.scalars(select(Move))) == []


def test_what_is_open_moves_if_that_is_asked_for_and_the_log_says_from_where(
    clock: MovableClock,
) -> None:
    ticket_id = filed()
    due = timer(ticket_id).due_at
    clock.forward(timedelta(hours=1))
    made = publish(apply_to_open=True)
    row = timer(ticket_id)
    assert (version(ticket_id), row.policy_id) == (made, made)
    assert due is not None and row.due_at == due - timedelta(days=6), "four working days less"
    assert row.promised_at == due, "what the citizen was told stays"
    facts = [k for k in kinds(ticket_id) if k.endswith("MOVED")]
    assert facts == ["POLICY_MOVED", "TIMER_MOVED"]
    assert timer(ticket_id, "VERIFICATION").cause == "POLICY", "the version lacks it"
    assert not repair.differs(f"ticket:{ticket_id}")


def test_a_version_of_a_later_date_moves_what_is_open_then(clock: MovableClock) -> None:
    ticket_id = filed()
    was = version(ticket_id)
    made = publish(apply_to_open=True, valid_from=clock.at + timedelta(days=1))
    assert version(ticket_id) == was
    assert version(filed()) == was
    clock.forward(timedelta(days=1))
    carry_on()
    assert version(ticket_id) == made


def test_a_later_change_keeps_to_the_version_that_what_is_open_was_moved_to(
    clock: MovableClock,
) -> None:
    ticket_id, other = filed(), settled()
    was = version(other)
    clock.forward(timedelta(hours=1))
    made = publish(apply_to_open=True)
    clock.forward(timedelta(hours=1))
    for each in (ticket_id, other):
        with transaction():
            changes.set_priority(each, Priority.HIGH, ACTOR)
    assert version(ticket_id) == made
    assert version(other) == was, "it was settled, so it was not open"
    with transaction():
        requester.write(other, "Belum selesai.")
    assert version(other) == was
    assert not repair.differs(f"ticket:{other}")


def test_a_reopened_report_counts_by_the_calendar_of_its_reopening(clock: MovableClock) -> None:
    ticket_id, other = settled(), filed()
    with transaction():
        form = seed.calendar_form()
        form["holidays"] = sorted([*form["holidays"], "2026-12-01"])
        publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, clock.at)
    carry_on()
    assert "CALENDAR_MOVED" not in kinds(ticket_id)
    clock.forward(timedelta(minutes=30))
    with transaction():
        requester.write(ticket_id, "Belum selesai.")
    assert kinds(ticket_id).count("CALENDAR_MOVED") == 1
    assert timer(ticket_id).due_at == timer(other).due_at
    assert not repair.differs(f"ticket:{ticket_id}")


def test_a_move_that_was_cut_off_goes_on_where_it_was(clock: MovableClock) -> None:
    ids = [filed() for _ in range(5)]
    with transaction():
        at = core_clock.now()
        publishing.publish_policy(
            "ordinary", Draft(targets=TEN_DAYS), valid_from=at, apply_to_open=True, at=at
        )
    (move_id,) = moves.waiting(core_clock.now())
    assert moves.step(move_id, batch=2)
    row = db.session.get_one(Move, move_id)
    assert (row.total, row.seen, row.ended_at) == (5, 2, None)
    jobs.go_on(move_id)
    db.session.expire_all()
    row = db.session.get_one(Move, move_id)
    assert (row.seen, row.failed, row.ended_at is not None) == (5, 0, True)
    assert [kinds(i).count("POLICY_MOVED") for i in ids] == [1] * 5
    assert moves.waiting(core_clock.now()) == []


def test_a_batch_that_breaks_off_leaves_nothing_half_done(
    clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [filed() for _ in range(4)]
    with transaction():
        at = core_clock.now()
        publishing.publish_policy(
            "ordinary", Draft(targets=TEN_DAYS), valid_from=at, apply_to_open=True, at=at
        )
    (move_id,) = moves.waiting(core_clock.now())
    assert moves.step(move_id, batch=2)
    before = [kinds(i) for i in ids]

    def killed(*more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(moving, "WHEN_MOVED", [killed])
        with pytest.raises(KeyboardInterrupt):
            moves.step(move_id, batch=2)
    assert [kinds(i) for i in ids] == before
    assert db.session.get_one(Move, move_id).seen == 2
    move = moves.whole(move_id)
    assert (move.seen, move.failed) == (4, 0)
    assert [kinds(i).count("POLICY_MOVED") for i in ids] == [1] * 4
    assert not any(repair.differs(f"ticket:{i}") for i in ids)


def test_one_subject_that_cannot_be_counted_holds_up_no_other(
    clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [filed() for _ in range(3)]
    catch_up = moving.catching_up.catch_up

    def fails(subject: str, *more: object) -> object:
        if subject == f"ticket:{ids[1]}":
            raise ValueError
        return catch_up(subject, *more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(moving.catching_up, "catch_up", fails)
        made = publish(apply_to_open=True)
    (row,) = db.session.scalars(select(Move))
    assert (row.seen, row.failed) == (3, 1)
    assert [version(i) == made for i in ids] == [True, False, True]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(targets={}), "targets"),
        (Draft(targets={"RESOLUTION": {"n": 0, "unit": "days"}}), "targets"),
        (Draft(targets={"SOON": {"n": 1, "unit": "days"}}), "targets"),
        (Draft(calendar_key="nowhere"), "calendar_key"),
        (Draft(steps={"RESOLUTION": [{"name": "1000", "percent": 1000}]}), "targets"),
    ],
)
def test_a_version_that_cannot_be_promised_is_refused_by_its_field(
    draft: Draft, field: str, clock: MovableClock
) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        publishing.publish_policy(
            "ordinary", draft, valid_from=clock.at, apply_to_open=False, at=clock.at
        )
    assert field in refused.value.fields


def test_nobody_is_bound_afterwards(clock: MovableClock) -> None:
    with pytest.raises(Invalid), transaction():
        publishing.publish_policy(
            "ordinary",
            Draft(targets=TEN_DAYS),
            valid_from=clock.at - timedelta(days=1),
            apply_to_open=False,
            at=clock.at,
        )
    assert (
        len(list(db.session.scalars(select(PolicyVersion).where(PolicyVersion.version > 1)))) == 0
    )
    assert book.current().since(clock.at) < datetime(2026, 1, 1, tzinfo=UTC)
