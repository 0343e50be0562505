"""Promises counted anew on arrays are what the fold makes of the same lives, row by row."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from core import clock as core_clock
from core.clock import MovableClock
from core.database import db, transaction
from core.errors import DomainError
from helpdesk import changes, filing, requester, tickets
from helpdesk.models import Ticket
from helpdesk.rules.vocabulary import Priority, TicketClass
from sla import book, seed, tracking
from sla.models import PolicyVersion
from sla.proving import repair
from sla.recalculation import catching_up, moves, moving, publishing
from sla.recalculation.publishing import Draft
from sla.recalculation.stored import Kept
from sla.recalculation.straight import Straight, count_anew
from sla.sweeps import sweeper

pytestmark = pytest.mark.usefixtures("office")
AGENT = "user:1"
LADDER = [
    {"name": "50", "percent": 50},
    {"name": "b30m", "before": {"n": 30, "unit": "minutes"}, "in_hours": True},
    {"name": "a2h", "after": {"n": 2, "unit": "hours"}},
]
ON_THE_WALL = {"n": 72, "unit": "hours", "clock": "wall"}
ROWS = text(
    "SELECT subject, metric, cycle, calendar_id, due_at, promised_at, reading, said, plan, "
    "next_action_at, breached_at, target FROM timers ORDER BY id"
)
LOG = text("SELECT subject, kind, at, data, digest FROM events WHERE id > :after ORDER BY id")
LAST = text("SELECT coalesce(max(id), 0) FROM events")
NEXT = text("SELECT id, next_due_at FROM tickets ORDER BY id")


class Undone(Exception):
    """Takes back what a trial did."""


def ladders(at: Any) -> None:
    """Every policy gets warnings of all kinds, and one a promise on the wall clock."""
    for row in db.session.scalars(select(PolicyVersion).where(PolicyVersion.key != "imported")):
        targets = {**row.targets, "UPDATE": ON_THE_WALL}
        steps = dict.fromkeys(targets, LADDER)
        draft = Draft(targets=targets, steps=steps)
        publishing.publish_policy(row.key, draft, valid_from=at, apply_to_open=False, at=at)


def live(draw: random.Random, clock: MovableClock) -> list[int]:
    """Some reports to which things happened; most of them lived straight."""
    ids: list[int] = []
    for _ in range(8):
        said = filing.Filing(draw.choice(list(TicketClass)), "Kata.", secrets.token_hex(16))
        with transaction():
            ids.append(filing.file(said).ticket_id)
        clock.forward(timedelta(minutes=draw.randrange(1, 600)))
    for _ in range(20):
        one = draw.choice(ids)
        doing: Callable[[], object] = draw.choice(
            [
                lambda one=one: tickets.answer(one, "Jawaban.", AGENT),
                lambda one=one: tickets.answer(one, "Jawaban.", AGENT),
                lambda one=one: tickets.accept(one, AGENT),
                lambda one=one: requester.write(one, "Lagi."),
                lambda one=one: requester.write(one, "Lagi."),
                lambda one=one: tickets.assign(one, None, AGENT),
                lambda: tickets.ask(ids[0], "Nomor berkas?", AGENT),
                lambda: tickets.resolve(ids[1], "Selesai.", AGENT),
                lambda: changes.set_priority(ids[2], Priority.HIGH, AGENT),
            ]
        )
        with transaction() as session:
            try:
                with session.begin_nested():
                    doing()
            except DomainError:
                pass
        clock.forward(timedelta(minutes=draw.randrange(1, 240)))
        if draw.random() < 0.7:
            sweeper.sweep(clock.at)
    return ids


def holidays(draw: random.Random, clock: MovableClock) -> None:
    """A next revision: days more and, sometimes, days fewer."""
    form = seed.calendar_form()
    first = draw.choice([1, 1, 6])
    days = [(clock.at + timedelta(days=n)).date().isoformat() for n in range(first, 25)]
    kept = [day for day in form["holidays"] if draw.random() < 0.8]
    form["holidays"] = sorted({*kept, *draw.sample(days, draw.randrange(6, 12))})
    with transaction():
        publishing.publish_calendar(seed.OFFICE, "Jam kantor", form, core_clock.now())


def outcome(subjects: list[str]) -> dict[str, Any]:
    """What a move makes of them, and it is taken back."""
    found: dict[str, Any] = {}
    with pytest.raises(Undone), transaction() as session:
        after = session.execute(LAST).scalar_one()
        done = moving.move("ticket", subjects)
        assert (done.failed, done.held) == (0, [])
        found["timers"] = [tuple(row) for row in session.execute(ROWS)]
        found["log"] = sorted(map(repr, session.execute(LOG, {"after": after})))
        found["next"] = [tuple(row) for row in session.execute(NEXT)]
        found["moved"] = sorted((m.subject, m.metric, m.later) for m in done.moved)
        raise Undone
    return found


@pytest.mark.parametrize("seed_", range(6))
def test_arrays_and_the_fold_agree(
    seed_: int, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(seed_)
    with transaction():
        ladders(clock.at)
    subjects = [f"ticket:{ident}" for ident in live(draw, clock)]
    counted: list[int] = []
    moved = 0

    def watched(*args: Any) -> dict[str, Straight | None]:
        found = count_anew(*args)
        counted.append(len(found))
        return found

    def nothing(_: Mapping[str, Sequence[Kept]], *args: Any) -> dict[str, Straight | None]:
        return {}

    for _ in range(2):  # the second time on dates that a move made
        holidays(draw, clock)
        open_ = [f"ticket:{i}" for i in moving.tracking.FEATURES["ticket"].crowd.open_after(0, 99)]
        assert set(open_) <= set(subjects)
        monkeypatch.setattr(moving, "count_anew", nothing)
        folded = outcome(open_)
        monkeypatch.setattr(moving, "count_anew", watched)
        assert outcome(open_) == folded
        moved += sum("TIMER_MOVED" in said for said in folded["log"])
        (move_id,) = moves.waiting(clock.at)
        assert moves.whole(move_id).moved == len(folded["moved"])
        assert [one for one in subjects if repair.differs(one)] == []
        left = [catching_up.catch_up(one, tracking.folded(one), clock.at) for one in open_]
        assert [said for told in left for said in told[1:]] == [], "what was not touched stands"
        clock.forward(timedelta(minutes=draw.randrange(1, 2000)))
        sweeper.sweep(clock.at)
    assert moved
    assert counted[0] >= 3, "most of them were counted on arrays"


def test_rows_that_timers_name_cannot_be_deleted() -> None:
    for table in ("policies", "calendars"):
        with pytest.raises(Exception, match="permission denied"), transaction() as session:
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    assert book.current().newest
    assert db.session.scalars(select(Ticket.id)).all() == []
