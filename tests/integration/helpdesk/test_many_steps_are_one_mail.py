"""Many steps at once are one mail, and as many notices on screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from accounts.rules.access import Role
from core import outbox
from core.canonical import instant
from core.clock import MovableClock
from core.database import db, transaction
from core.mails import mailing
from helpdesk import tickets
from helpdesk.models import Notice
from helpdesk.notifying.reaching import Telling, reach
from sla.models import TimerRow
from sla.sweeps import sweeper
from tests.counting import statements
from tests.integration.helpdesk.desk import Desk, report
from tests.integration.helpdesk.step_mails import WARN, mails, work, written
from tests.integration.helpdesk.test_steps_of_ladders import first_due, ladder, step
from tests.journeys.pages import person

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def boss(clock: MovableClock) -> int:
    return person("Wulan", "wulan@kota.example", Role.SUPERVISOR)


def test_few_are_mailed_each_and_more_than_ten_in_ten_minutes_become_one(
    clock: MovableClock, boss: int
) -> None:
    ladder(WARN)
    for _ in range(4):
        last = report()
    work(clock, last)
    assert [m.kind for m in mails(boss)] == ["stepped"] * 4
    clock.forward(timedelta(minutes=1))
    for _ in range(35):  # and the first four are missed meanwhile
        last = report()
    work(clock, last)
    assert [m.kind for m in mails(boss)] == ["stepped"] * 4 + ["gathered"]
    digest = mails(boss)[-1]
    assert digest.send_at == digest.posted_at + timedelta(minutes=10)
    letter = written(digest)
    assert letter.subject == "39 pemberitahuan tentang laporan"
    assert letter.text.count("T-2026-") == 30 and "Dan 9 lagi" in letter.text
    assert last.number not in letter.text
    shown = db.session.scalar(select(func.count(Notice.id)).where(Notice.user_id == boss))
    assert shown == 43, "on screen each stands by itself"


def test_what_comes_while_a_list_waits_joins_it_and_what_comes_later_begins_anew(
    clock: MovableClock, boss: int
) -> None:
    ladder(WARN)
    for _ in range(12):
        last = report()
    work(clock, last)
    (digest,) = mails(boss)
    clock.forward(timedelta(minutes=5))
    again = [report() for _ in range(3)]
    with transaction() as session:  # their moment comes while the list still waits
        session.execute(
            update(TimerRow)
            .where(TimerRow.subject.in_([t.ref for t in again]), TimerRow.plan != [])
            .values(plan=[[instant(clock.at), "75"]], next_action_at=clock.at)
        )
    clock.forward(timedelta(seconds=1))
    sweeper.sweep()
    outbox.drain("ladder")
    outbox.drain("notify")
    assert mails(boss) == [digest]
    assert written(digest).subject.startswith("27 "), "12, 3, and 12 missed meanwhile"
    clock.move_to(digest.send_at + timedelta(seconds=1))
    assert mailing.send_one()
    db.session.expire_all()
    assert mails(boss)[0].state == "SENT"


def test_a_step_told_by_two_is_one_notice_and_one_mail(app: Flask, clock: MovableClock) -> None:
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    ladder(step("75", {"do": "notify", "to": "holder"}))
    ticket = report()
    with transaction():
        tickets.assign(ticket.id, agent.id, "user:1", was=None)
    work(clock, ticket)
    assert [m.kind for m in mails(agent.id)] == ["stepped"]


def test_a_batch_of_notices_costs_no_more_statements_than_a_few(
    clock: MovableClock, boss: int
) -> None:
    ladder(WARN)
    counts = []
    for n in (15, 15, 60):
        for _ in range(n):
            last = report()
        clock.move_to(first_due(last) - timedelta(minutes=1))
        sweeper.sweep()
        with statements() as sent:
            outbox.drain("notify")
            outbox.drain("ladder")
        counts.append(len(sent))
    assert counts[2] <= counts[1] + 1, counts


def test_ten_thousand_at_once_are_a_mail_or_two_for_each_person(
    clock: MovableClock, boss: int
) -> None:
    ticket = report()
    other = person("Sari", "sari@kota.example", Role.SUPERVISOR)
    with transaction() as session:
        ids = session.scalars(
            text(
                """
                INSERT INTO events (at, kind, subject, actor, visibility, data, digest, format)
                SELECT at, kind, subject, actor, visibility, data, digest, format
                FROM (SELECT * FROM events WHERE kind = 'TICKET_FILED' LIMIT 1) e,
                     generate_series(1, 10000)
                RETURNING id
                """
            )
        ).all()
    costs = []
    for begin in range(0, len(ids), 200):
        with statements() as sent, transaction():
            reach(
                [
                    Telling(user, ident, ticket.id, "TIMER_BREACHED", clock.at, "breached")
                    for ident in ids[begin : begin + 200]
                    for user in (boss, other)
                ]
            )
        costs.append(len(sent))
    assert [len(mails(boss)), len(mails(other))] == [1, 1]
    assert max(costs) <= 12, costs
    letter = written(mails(boss)[0])
    assert letter.subject.startswith("10.000 ") and "Dan 9.970 lagi" in letter.text
