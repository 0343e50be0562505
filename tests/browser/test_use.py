"""The pages in use: long threads, long words, small screens, and nothing that jumps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.test_pages import axe_finds_nothing, no_sideways_scroll, nothing_is_cut_off

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
]
LINES = 60


def number_of(page: Page) -> str:
    found = re.search(r"T-\d{4}-\d{6}", page.inner_text("main"))
    assert found is not None
    return found.group(0)


def desk(site: Site, number: str, width: int = 1440, height: int = 900) -> Page:
    page = site.open(width, height)
    site.sign_in(page, "rani")
    page.goto(f"/laporan/{number}")
    page.wait_for_load_state("networkidle")
    return page


@pytest.fixture(scope="module")
def own(site: Site) -> Iterator[Page]:
    """A citizen's page of a report with words and a name that are hard to fit."""
    page = site.open(360, 740)
    page.goto("/lapor")
    page.fill("textarea[name=text]", "Rekomendasi-" * 12 + "\n" + "w" * 300)
    page.fill("input[name=name]", "Suryokusumowirodiningratadiwijaya" * 2)
    page.click("main form button.wide")
    page.wait_for_url("**/lapor/terkirim")
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def number(own: Page) -> str:
    return number_of(own)


def place_of(page: Page, selector: str) -> dict[str, float]:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"]}


def test_a_long_thread_shows_its_end_and_earlier_lines_without_moving(
    site: Site, number: str
) -> None:
    page = desk(site, number)
    page.evaluate(
        """async ([lines, number]) => {
          const form = document.querySelector('#note');
          for (let n = 1; n <= lines; n++) {
            const data = new FormData(form);
            data.set('text', `Catatan ke-${n}.`);
            data.set('key', `catatan-panjang-${number}-${n}-`.padEnd(32, 'x'));
            await fetch(form.action, {method: 'POST', body: data, redirect: 'manual'});
          }
        }""",
        [LINES, number],
    )
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator(".thread .note").count() < LINES
    assert page.locator(f"text=Catatan ke-{LINES}.").is_visible()
    page.locator("[data-earlier]").scroll_into_view_if_needed()
    first = ".thread [data-seq]"
    mark = page.locator(first).first.get_attribute("data-seq")
    before = place_of(page, f'[data-seq="{mark}"]')
    page.locator("[data-earlier]").evaluate("link => link.click()")
    page.wait_for_selector("text=Catatan ke-1.", state="attached")
    assert page.locator(".thread .note").count() == LINES
    assert abs(place_of(page, f'[data-seq="{mark}"]')["y"] - before["y"]) <= 2
    assert page.locator("[data-earlier]").count() == 0


def test_without_scripts_earlier_lines_are_a_page_of_their_own(site: Site) -> None:
    citizen = site.open(360, 740, java_script_enabled=False)
    site.report(citizen, "Tanpa skrip, panjang")
    citizen.goto("/laporan-saya?sebelum=2")
    assert citizen.locator("text=Kembali ke pesan terbaru").count() == 1
    citizen.click("text=Kembali ke pesan terbaru")
    assert "sebelum" not in citizen.url


def test_names_of_acts_stay_where_they_are_when_one_opens(site: Site, number: str) -> None:
    page = desk(site, number)
    assert page.locator(".acts > .act > summary").count() > 3
    where = (
        "[...document.querySelectorAll('.acts > .act > summary')]"
        ".map(s => [s.offsetLeft, s.offsetTop])"
    )
    before = page.evaluate(where)[:4]
    page.click("#act-assign > summary")
    assert page.evaluate(where)[:4] == before
    page.click("#act-priority > summary")  # of one group one is open at a time
    assert page.locator(".acts > .act[open]").count() == 1
    axe_finds_nothing(page)
    page.keyboard.press("Escape")
    assert page.locator(".acts > .act[open]").count() == 0
    focused = page.evaluate("document.activeElement.closest('details').id")
    assert focused == "act-priority"


def test_reply_and_note_are_two_tabs_that_stand_still(site: Site, number: str) -> None:
    page = desk(site, number)
    lefts = (
        "[...document.querySelectorAll('.compose > summary')]"
        ".map(s => Math.round(s.getBoundingClientRect().left))"
    )
    before = page.evaluate(lefts)
    page.keyboard.press("n")
    assert page.locator("#note textarea").is_visible()
    assert not page.locator("#reply textarea").is_visible()
    assert page.evaluate(lefts) == before
    page.keyboard.type("Catatan")
    assert page.locator("#note textarea").input_value().endswith("atatan")


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_long_words_and_names_stay_within_the_page(
    site: Site, own: Page, number: str, width: int
) -> None:
    own.set_viewport_size({"width": width, "height": 800})
    for path in ("/lapor/terkirim", "/laporan-saya"):
        own.goto(path)
        no_sideways_scroll(own)
    office = desk(site, number, width, 800)
    no_sideways_scroll(office)
    nothing_is_cut_off(office)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("wulan", "/pengawas/pelanggaran"),
        ("wulan", "/pengawas/pelanggaran?from=2026-02-02&to=2026-01-01"),
        ("wulan", "/pengawasan/perlu-dilihat"),
        ("admin", "/pengaturan/perlu-dilihat"),
        ("admin", "/pengaturan/antrean"),
        ("admin", "/orang"),
        ("rani", "/pemberitahuan"),
        ("rani", "/akun"),
    ],
)
def test_office_lists_are_cards_on_a_phone(site: Site, who: str, path: str) -> None:
    page = site.open(320, 640)
    site.sign_in(page, who)
    page.goto(path)
    no_sideways_scroll(page)
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll-x')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert wide == 0
    axe_finds_nothing(page)


def test_a_question_that_waits_is_said_first(site: Site) -> None:
    citizen = site.open(360, 740)
    site.report(citizen, "Ditanya balik")
    page = desk(site, number_of(citizen))
    page.click("#act-accept > summary")
    page.click("#act-accept button[type=submit]")
    page.fill("#reply textarea", "Berapa nomor permohonannya?")
    page.click("text=Kirim, tunggu warga")
    page.wait_for_load_state("networkidle")
    citizen.goto("/laporan-saya")
    assert "Berapa nomor permohonannya?" in citizen.inner_text(".promise")
    citizen.click("text=Balas sekarang")
    assert citizen.evaluate("location.hash") == "#f-text"
    axe_finds_nothing(citizen)
