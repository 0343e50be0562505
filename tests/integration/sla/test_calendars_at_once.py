"""Two people edit or publish one calendar at once: one after the other, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import prepare
from core.database import db, transaction
from core.errors import DomainError
from sla import seed
from sla.calendars import drafts, editing
from sla.calendars.building import Day
from sla.calendars.models import CalendarSpan
from sla.models import CalendarDay, CalendarRevision

DAY, NEXT = date(2027, 6, 15), date(2027, 6, 16)
WEEK = {"mon": [["08:00", "12:00"]]}
Act = Callable[[], object]


def at_once(app: Flask, monkeypatch: pytest.MonkeyPatch, *acts: Act) -> list[str]:
    """Lets each act come as far as its check of the draft, or to wait for another, and go on."""
    gate, check = threading.Barrier(len(acts)), drafts.check
    said: list[str] = []

    def slowly(*args: Any, **more: Any) -> str:
        with suppress(threading.BrokenBarrierError):  # the other waits for us, as it should
            gate.wait(1.5)
        return check(*args, **more)

    def run(act: Act) -> None:
        with app.app_context():
            try:
                with transaction():
                    act()
                said.append("done")
            except DomainError:
                said.append("told")
            except Exception as error:
                said.append(type(error).__name__)
            finally:
                db.session.remove()

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "check", slowly)
        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    return sorted(said)


def close(day: date) -> Act:
    return lambda: editing.set_days(seed.OFFICE, day, day, Day("closed", []), "user:1")


def span(name: str, last: date) -> Act:
    return lambda: editing.add_span(seed.OFFICE, name, DAY, last, WEEK, "user:1")


def test_two_who_close_the_same_day_have_both_closed_it(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
    assert at_once(committed_app, monkeypatch, close(DAY), close(DAY)) == ["done", "done"]
    with committed_app.app_context():
        days = db.session.scalars(select(CalendarDay.day).where(CalendarDay.day == DAY))
        assert list(days) == [DAY]


def test_of_two_who_give_the_same_days_hours_one_is_told(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
    said = at_once(committed_app, monkeypatch, span("Renovasi", DAY), span("Pindahan", NEXT))
    assert said == ["done", "told"]
    with committed_app.app_context():
        asked = select(CalendarSpan).where(CalendarSpan.first == DAY)
        assert len(list(db.session.scalars(asked))) == 1


def test_of_two_who_add_a_calendar_of_one_name_one_is_told(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
    store = drafts.store
    gate = threading.Barrier(2)

    def together(*args: Any) -> Any:
        with suppress(threading.BrokenBarrierError):
            gate.wait(1.5)
        return store(*args)

    monkeypatch.setattr(drafts, "store", together)

    def add() -> object:
        return editing.add("Sabtu", seed.OFFICE, "user:1")

    assert at_once(committed_app, monkeypatch, add, add) == ["done", "told"]


def test_who_publishes_while_another_edits_and_publishes_never_brings_the_old_draft_back(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed_app.app_context():
        prepare.starting_data()
        with transaction():
            close(DAY)()
    check, newer = drafts.check, []

    def another_comes_meanwhile(*args: Any, **more: Any) -> str:
        if not newer:
            newer.append(threading.Thread(target=edit_and_publish))
            newer[0].start()
            newer[0].join(1.5)
        return check(*args, **more)

    def edit_and_publish() -> None:
        with committed_app.app_context():
            with transaction():
                close(NEXT)()
            with transaction():
                editing.publish(seed.OFFICE, "user:2")
            db.session.remove()

    with committed_app.app_context():
        with monkeypatch.context() as patch:
            patch.setattr(drafts, "check", another_comes_meanwhile)
            with transaction():
                editing.publish(seed.OFFICE, "user:1")
        newer[0].join(30)
        asked = select(CalendarRevision).where(CalendarRevision.key == seed.OFFICE)
        last = db.session.scalars(asked.order_by(CalendarRevision.revision.desc())).first()
        assert last is not None
        assert {DAY.isoformat(), NEXT.isoformat()} <= set(last.definition["holidays"])
        assert last.definition == seed.calendar_form()
