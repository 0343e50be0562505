"""What goes to the inspectorate leaks through no report, file, notice or mail to anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from accounts.rules.access import Role
from core import outbox
from core.clock import MovableClock
from core.database import db, transaction
from core.mails.mailbox import WRITERS, Mail
from helpdesk import changes, tickets
from helpdesk.models import Notice, Ticket
from sla.sweeps import sweeper
from tests.integration.helpdesk.desk import Desk, queue_id, report
from tests.journeys.pages import person

pytestmark = pytest.mark.usefixtures("office", "clock")

LEVY = "Pak Budi di loket 3 minta 500 ribu"
COMMON = "Izin saya belum terbit"
REPORT = "/pengawas/pelanggaran"


@pytest.fixture
def levy() -> Ticket:
    return report("pungli", LEVY)


@pytest.fixture
def common() -> Ticket:
    return report(body=COMMON)


def time_passes(clock: MovableClock, days: int = 100) -> None:
    clock.forward(timedelta(days=days))
    while sweeper.sweep():
        pass
    for subscriber in outbox.HANDLERS:
        outbox.drain(subscriber)


def told(ticket: Ticket) -> tuple[set[int], set[str]]:
    """Who has a notice of a missed promise of this ticket, and to whom a mail waits."""
    noticed = select(Notice.user_id).where(
        Notice.ticket_id == ticket.id, Notice.kind == "TIMER_BREACHED"
    )
    mailed = select(Mail.recipient).where(Mail.subject == ticket.ref, Mail.kind == "breached")
    return set(db.session.scalars(noticed)), set(db.session.scalars(mailed))


def test_a_missed_promise_is_told_to_those_who_answer_for_its_queue(
    clock: MovableClock, levy: Ticket, common: Ticket
) -> None:
    supervisor = person("Wulan", "wulan@kota.example", Role.SUPERVISOR)
    inspector = person("Nanda", "nanda@kota.example", Role.INSPECTOR, "inspektorat")
    person("Tono", "tono@kota.example", Role.INSPECTOR)
    person("Rani", "rani@kota.example", Role.AGENT, "pengaduan")
    person("Lia", "lia@kota.example", Role.LEADER)
    time_passes(clock)
    assert told(levy) == ({inspector}, {f"user:{inspector}"})
    assert told(common) == ({supervisor}, {f"user:{supervisor}"})


def test_whoever_held_it_and_reads_it_no_more_is_told_nothing(
    app: Flask, clock: MovableClock, common: Ticket
) -> None:
    agent = Desk(app, "Rani", Role.AGENT, "pengaduan")
    with transaction():
        tickets.assign(common.id, agent.id, f"user:{agent.id}", was=None)
    admin = Desk(app, "Agus", Role.ADMIN)
    admin.client.post(
        f"/pengaturan/antrean/{common.queue_id}/anggota", data={"csrf_token": admin.token}
    )
    time_passes(clock)
    assert told(common) == (set(), set())


def test_a_mail_that_waits_is_not_written_once_its_report_went_to_the_inspectorate(
    clock: MovableClock, common: Ticket
) -> None:
    person("Wulan", "wulan@kota.example", Role.SUPERVISOR)
    time_passes(clock)
    mail = db.session.scalars(select(Mail).where(Mail.kind == "breached").limit(1)).one()
    assert WRITERS["breached"](mail) is not None
    with transaction():
        changes.move(common.id, queue_id("inspektorat"), "Pungutan liar.", "user:1")
    assert WRITERS["breached"](mail) is None


def test_the_breach_report_of_a_supervisor_leaves_it_out_on_the_page_in_the_file_and_in_figures(
    app: Flask, clock: MovableClock, levy: Ticket
) -> None:
    supervisor = Desk(app, "Wulan", Role.SUPERVISOR)
    time_passes(clock)
    supervisor.sign_in("wulan@kota.example")
    page = supervisor.get(f"{REPORT}?from=2026-01-01").text
    assert "Tidak ada janji yang jatuh tempo" in page
    common = report(body=COMMON)
    time_passes(clock)
    supervisor.sign_in("wulan@kota.example")
    for path in (REPORT, f"{REPORT}.csv"):
        shown = supervisor.get(f"{path}?from=2026-01-01").text
        assert common.number in shown and COMMON in shown
        assert levy.number not in shown and LEVY not in shown and "Inspektorat" not in shown
    only = supervisor.get(f"{REPORT}?from=2026-01-01&queue={levy.queue_id}").text
    assert "Tidak ada janji yang jatuh tempo" in only


def test_a_supervisor_who_works_on_the_inspectorates_queue_reads_it_there_too(
    app: Flask, clock: MovableClock, levy: Ticket
) -> None:
    supervisor = Desk(app, "Wulan", Role.SUPERVISOR, "inspektorat")
    time_passes(clock)
    supervisor.sign_in("wulan@kota.example")
    assert levy.number in supervisor.get(f"{REPORT}.csv?from=2026-01-01").text
    assert supervisor.id in told(levy)[0]


def test_a_leader_reads_all_figures_and_no_report(
    app: Flask, clock: MovableClock, levy: Ticket, common: Ticket
) -> None:
    leader = Desk(app, "Lia", Role.LEADER)
    time_passes(clock)
    leader.sign_in("lia@kota.example")
    page = leader.get(f"{REPORT}?from=2026-01-01").text
    assert "Inspektorat" in page
    for ticket, words in ((levy, LEVY), (common, COMMON)):
        assert ticket.number not in page and words not in page
    assert leader.get(f"{REPORT}.csv?from=2026-01-01").status_code == 403


def test_nobody_of_the_office_who_is_shut_off_is_told(clock: MovableClock, common: Ticket) -> None:
    supervisor = person("Wulan", "wulan@kota.example", Role.SUPERVISOR)
    with transaction():
        db.session.get_one(User, supervisor).active = False
    time_passes(clock)
    assert told(common) == (set(), set())


def test_whoever_is_told_finds_the_way_to_what_they_are_told(
    app: Flask, clock: MovableClock, levy: Ticket
) -> None:
    """An inspector had notices, and no page led to them."""
    inspector = Desk(app, "Nanda", Role.INSPECTOR, "inspektorat")
    time_passes(clock)
    inspector.sign_in("nanda@kota.example")
    assert 'href="/pemberitahuan"' in inspector.get("/antrean").text
    assert levy.number in inspector.get("/pemberitahuan").text
