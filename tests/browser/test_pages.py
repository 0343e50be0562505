"""The pages as people see them: no sideways scroll, nothing axe finds, light over the wire."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
]

SIZES = {"360": (360, 740), "768": (768, 1024), "1440": (1440, 900)}
PUBLIC = {"home": "/", "lapor": "/lapor", "lacak": "/lacak", "izin": "/izin", "masuk": "/masuk"}
MOST_BYTES = 100_000
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def no_sideways_scroll(page: Page) -> None:
    wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room, f"{page.url} is {wide} wide in {room}"


def nothing_is_cut_off(page: Page) -> None:
    """No pane of the desk is narrower than what stands in it."""
    cut = page.evaluate(
        "[...document.querySelectorAll('.pane')].filter(p => p.scrollWidth > p.clientWidth + 1)"
        ".map(p => p.className)"
    )
    assert cut == []


def axe_finds_nothing(page: Page) -> None:
    found = Axe().run(page, options=RULES)
    told = [(v["id"], [n["target"] for n in v["nodes"]]) for v in found.response["violations"]]
    assert told == [], (page.url, told)


def picture(page: Page, name: str) -> None:
    """Kept where SCREENSHOTS says, for eyes."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_fit_and_are_accessible_in_screenshots(
    site: Site, name: str, size: str
) -> None:
    page = site.open(*SIZES[size])
    page.goto(PUBLIC[name])
    no_sideways_scroll(page)
    axe_finds_nothing(page)
    picture(page, f"{name}-{size}")


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_fit_the_smallest_phone(site: Site, name: str) -> None:
    page = site.open(320, 640)
    page.goto(PUBLIC[name])
    no_sideways_scroll(page)
    page.goto(f"/tulisan/large?next={PUBLIC[name]}")
    no_sideways_scroll(page)


@pytest.mark.parametrize("size", SIZES)
def test_receipt_and_own_report_in_screenshots(site: Site, size: str) -> None:
    page = site.open(*SIZES[size])
    site.report(page, "Kode bayar belum keluar\nSudah tiga hari saya menunggu.")
    for name, path in (("terkirim", "/lapor/terkirim"), ("laporan-saya", "/laporan-saya")):
        page.goto(path)
        no_sideways_scroll(page)
        axe_finds_nothing(page)
        picture(page, f"{name}-{size}")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_office_in_screenshots(site: Site, size: str, scheme: str) -> None:
    page = site.open(*SIZES[size], color_scheme=scheme)
    site.sign_in(page, "rani")
    suffix = size if scheme == "light" else f"{size}-dark"
    page.goto("/antrean")
    page.wait_for_load_state("networkidle")
    no_sideways_scroll(page)
    axe_finds_nothing(page)
    picture(page, f"antrean-{suffix}")
    page.locator(".qrow").nth(1).click()
    page.wait_for_load_state("networkidle")
    no_sideways_scroll(page)
    nothing_is_cut_off(page)
    axe_finds_nothing(page)
    picture(page, f"laporan-{suffix}")


@pytest.mark.parametrize("size", SIZES)
def test_the_breach_report_in_screenshots(site: Site, size: str) -> None:
    page = site.open(*SIZES[size])
    site.sign_in(page, "wulan")
    page.goto("/pengawas/pelanggaran")
    no_sideways_scroll(page)
    axe_finds_nothing(page)
    picture(page, f"pelanggaran-{size}")


@pytest.mark.parametrize("path", ["/", "/lapor"])
def test_the_first_pages_are_light_over_the_wire(site: Site, path: str) -> None:
    page = site.open(360, 740)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert len(sizes) >= 3
    assert sum(sizes) <= MOST_BYTES, sizes


def test_the_way_of_a_complaint_without_scripts(site: Site) -> None:
    page = site.open(360, 740, java_script_enabled=False)
    site.report(page, "Tanpa skrip pun terkirim")
    assert "pukul" in page.inner_text(".promise .when")
    page.click("text=Buka halaman laporan ini")
    page.fill("textarea[name=text]", "Saya tambahkan satu hal.")
    page.click("text=Kirim pesan")
    assert "Saya tambahkan satu hal." in page.inner_text("main")


def test_a_new_report_arrives_live_without_moving_the_list(site: Site) -> None:
    desk = site.open(1440, 900)
    site.sign_in(desk, "rani")
    site.short_queue(desk)
    desk.wait_for_load_state("networkidle")
    before = desk.locator("[data-number]").count()
    citizen = site.open(360, 740)
    site.report(citizen, "Laporan yang datang langsung", "INFORMATION")
    desk.wait_for_selector("[data-queue-show]:not([hidden])", timeout=20_000)
    assert desk.locator("[data-number]").count() == before
    desk.click("[data-queue-show]")
    desk.wait_for_selector("text=Laporan yang datang langsung")


def test_an_answer_reaches_the_citizens_open_page(site: Site) -> None:
    citizen = site.open(360, 740)
    site.report(citizen, "Menunggu jawaban di halaman ini")
    number = citizen.locator("text=/T-\\d{4}-\\d{6}/").first.inner_text()
    citizen.goto("/laporan-saya")
    citizen.wait_for_load_state("networkidle")
    desk = site.open(1440, 900)
    site.sign_in(desk, "rani")
    desk.goto(f"/laporan/{number}")
    desk.fill("#reply textarea[name=text]", "Sudah kami periksa, terima kasih.")
    desk.click("#reply button[type=submit]:not([formaction])")
    citizen.wait_for_selector("text=Sudah kami periksa, terima kasih.", timeout=20_000)


def test_a_report_without_a_topic_is_accepted_as_it_stands(site: Site) -> None:
    citizen = site.open(360, 740)
    site.report(citizen, "Diterima tanpa memilih hal")
    number = citizen.locator("text=/T-\\d{4}-\\d{6}/").first.inner_text()
    desk = site.open(1440, 900)
    site.sign_in(desk, "rani")
    desk.goto(f"/laporan/{number}")
    desk.click("#act-accept summary")
    assert desk.locator("#accept-category").input_value() == ""
    desk.click("#act-accept button[type=submit]")
    desk.wait_for_selector("#act-classify")
    assert desk.locator("#classify-category").input_value() == ""
    assert "Jenis:" not in desk.inner_text("main")  # no change of kind stands in its history
