"""A page that lost its line shows what it missed, by itself, and keeps what is being written."""

from __future__ import annotations

import contextlib
import os
import re
import signal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, text

from core.database import transaction
from helpdesk import tickets
from helpdesk.models import Ticket
from tests.browser.conftest import Site
from tests.faults.office import Inside
from tests.faults.whole import descendants, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(400),
]

PATIENCE = 90_000  # milliseconds; no test asserts a time
DRAFT = "Ini sedang saya tulis"


@pytest.fixture(scope="module")
def inside(site: Site) -> Inside:
    return Inside(site.system)


def own_report(site: Site, words: str) -> tuple[Page, str]:
    """A citizen's page of a report that was just filed, and its number."""
    page = site.open(360, 740)
    site.report(page, words, "INFORMATION")
    number = re.search(r"T-\d{4}-\d{6}", page.inner_text("main"))
    assert number is not None
    page.goto("/laporan-saya")
    return page, number.group(0)


def at_the_desk(site: Site, path: str) -> Page:
    page = site.open(1440, 900)
    site.sign_in(page, "rani")
    page.goto(path)
    return page


def sockets(inside: Inside) -> int:
    with inside.look(), transaction() as session:
        return int(session.execute(text("SELECT count(*) FROM sockets")).scalar_one())


def kill_web(site: Site) -> None:
    """All web processes at once; the parent starts them again."""
    web = site.system.child("gunicorn")
    assert web is not None
    for pid, _ in descendants(web):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def behind_the_back(inside: Inside, number: str) -> None:
    """Accept and answer a report without a word to any screen."""
    with inside.look():
        with transaction() as session:
            found = session.scalars(select(Ticket.id).filter_by(number=number)).one()
            tickets.accept(found, "user:1")
        with transaction():
            tickets.note(found, "Catatan sewaktu terputus.", "user:1")
        with transaction():
            tickets.answer(found, "Jawaban sewaktu terputus.", "user:1")


def test_pages_whose_server_was_killed_show_what_they_missed_and_keep_the_draft(
    site: Site, inside: Inside
) -> None:
    citizen, number = own_report(site, "Sambungan saya sering putus")
    agent = at_the_desk(site, f"/laporan/{number}")
    queue = at_the_desk(site, "/antrean")
    site.short_queue(queue)
    for page in (citizen, agent, queue):
        page.wait_for_load_state("networkidle")
    until(lambda: sockets(inside) >= 3, "the sockets of three pages")
    expect(citizen.locator(".pill").first).to_have_text("Diterima")
    citizen.fill("textarea[name=text]", DRAFT)
    agent.fill("#reply textarea[name=text]", DRAFT)

    kill_web(site)
    behind_the_back(inside, number)
    until(site.system.ready, "the web server again")

    for page in (citizen, agent):
        expect(page.locator("text=Jawaban sewaktu terputus.")).to_be_visible(timeout=PATIENCE)
        expect(page.locator("text=Jawaban sewaktu terputus.")).to_have_count(1)
    expect(agent.locator(".note >> text=Catatan sewaktu terputus.")).to_be_visible()
    expect(citizen.locator("text=Catatan sewaktu terputus.")).to_have_count(0)
    # Not the thread alone: status, promise, journey and history too.
    expect(citizen.locator(".pill").first).to_have_text("Dikerjakan", timeout=PATIENCE)
    expect(citizen.locator("ol.timeline")).to_contain_text("Petugas menjawab")
    expect(agent.locator("aside ol.timeline")).to_contain_text("Dijawab", timeout=PATIENCE)
    expect(queue.locator("[data-queue-show]")).to_be_visible(timeout=PATIENCE)
    assert citizen.input_value("textarea[name=text]") == DRAFT
    assert agent.input_value("#reply textarea[name=text]") == DRAFT
    queue.click("[data-queue-show]")
    expect(queue.locator("[data-queue-show]")).to_be_hidden()


def test_without_a_socket_a_page_asks_every_thirty_seconds(site: Site, inside: Inside) -> None:
    page = site.open(360, 740)
    page.clock.install()
    page.route(re.compile(r"socket\.io"), lambda route: route.abort())
    site.report(page, "Tanpa soket")
    number = re.search(r"T-\d{4}-\d{6}", page.inner_text("main"))
    assert number is not None
    page.goto("/laporan-saya")
    page.fill("textarea[name=text]", DRAFT)
    behind_the_back(inside, number.group(0))
    page.clock.run_for(20_000)
    expect(page.locator("text=Jawaban sewaktu terputus.")).to_have_count(0)
    page.clock.run_for(11_000)
    expect(page.locator("text=Jawaban sewaktu terputus.")).to_be_visible(timeout=PATIENCE)
    assert page.input_value("textarea[name=text]") == DRAFT


BROKEN_ONCE = """
    const text = Response.prototype.text;
    Response.prototype.text = async function () {
        Response.prototype.text = text;
        window.broke = true;
        throw new TypeError("the line broke");
    };
"""


def test_an_answer_that_broke_off_half_way_is_asked_for_again(site: Site, inside: Inside) -> None:
    citizen, number = own_report(site, "Putus di tengah jawaban")
    page = citizen.context.new_page()  # where an error of a script is what is wanted
    page.clock.install()
    page.route(re.compile(r"socket\.io"), lambda route: route.abort())
    page.add_init_script(BROKEN_ONCE)
    page.goto("/laporan-saya")
    behind_the_back(inside, number)
    page.clock.run_for(31_000)
    until(lambda: page.evaluate("window.broke"), "an answer that broke off")
    page.clock.run_for(31_000)
    expect(page.locator("text=Jawaban sewaktu terputus.")).to_be_visible(timeout=PATIENCE)


def test_a_page_that_was_signed_out_says_so_and_keeps_the_draft(site: Site, inside: Inside) -> None:
    _, number = own_report(site, "Petugasnya keluar")
    agent = at_the_desk(site, f"/laporan/{number}")
    agent.fill("#reply textarea[name=text]", DRAFT)
    other = agent.context.new_page()
    other.goto("/akun")
    until(lambda: sockets(inside) >= 1, "a socket")
    other.evaluate("document.querySelector('form[action=\"/keluar\"]').submit()")
    other.wait_for_url(lambda url: "/akun" not in url)
    expect(agent.locator("[data-connection]")).to_contain_text(
        "Tulisan Anda tetap di sini", timeout=PATIENCE
    )
    assert agent.input_value("#reply textarea[name=text]") == DRAFT


def test_a_page_whose_socket_the_office_closed_comes_back_and_is_live_again(
    site: Site, inside: Inside
) -> None:
    queue = at_the_desk(site, "/antrean")
    queue.wait_for_load_state("networkidle")
    until(lambda: sockets(inside) >= 1, "a socket")
    with inside.look(), transaction() as session:
        closed = session.execute(text("DELETE FROM sockets RETURNING sid")).scalars().all()
        assert closed
    until(lambda: sockets(inside) >= 1, "the socket again, once the patrol has closed the old one")
    site.report(site.open(360, 740), "Datang setelah kembali")
    expect(queue.locator("[data-queue-show]")).to_be_visible(timeout=20_000)
