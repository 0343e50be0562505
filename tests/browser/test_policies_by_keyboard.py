"""An administrator moves, changes and looks at policies without a mouse, on a phone and a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.test_pages import no_sideways_scroll

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
]

HOME = "/pengaturan/aturan"
SIZES = [(360, 740), (1440, 900)]


def names(page: Page) -> list[str]:
    return page.locator("tr[id^=aturan-] b").all_inner_texts()


def stands_at(page: Page) -> str:
    """The version that the policy of questions stands at; other tests of this site publish too."""
    page.goto(f"{HOME}/information")
    found = re.search(r"versi \d+", page.inner_text("main"))
    assert found is not None
    return found.group()


def tab_to(page: Page, what: str) -> None:
    """Press Tab until the element with this selector has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", what):
            return
    pytest.fail(f"no key leads to {what}")


@pytest.mark.parametrize("size", SIZES)
def test_policies_are_moved_by_keys_and_the_next_press_is_near(
    site: Site, size: tuple[int, int]
) -> None:
    page = site.open(*size)
    site.sign_in(page, "admin")
    page.goto(HOME)
    before = names(page)
    tab_to(page, f"[action='{HOME}/appreciation/urutan'] button:last-of-type")
    page.keyboard.press("Enter")
    page.wait_for_url("**#aturan-appreciation")
    moved = names(page)
    assert moved == [before[0], before[2], before[1], *before[3:]]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('tr').id") == "aturan-appreciation"
    tab_to(page, f"[action='{HOME}/appreciation/urutan'] button")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('tr[id] b')[1].innerText == n", arg=before[1]
    )
    assert names(page) == before
    no_sideways_scroll(page)


@pytest.mark.parametrize("size", SIZES)
def test_a_version_is_typed_looked_at_and_left_by_keys(site: Site, size: tuple[int, int]) -> None:
    page = site.open(*size)
    site.sign_in(page, "admin")
    version = stands_at(page)
    page.goto(f"{HOME}/information/ubah")
    dates = page.locator("[data-due-list]")
    before = dates.inner_text()
    tab_to(page, "[name=n-RESOLUTION]")
    page.keyboard.press("Control+A")
    page.keyboard.type("21")
    page.wait_for_function(
        "b => document.querySelector('[data-due-list]').innerText != b", arg=before
    )
    assert "21 hari kerja" in dates.inner_text()
    no_sideways_scroll(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#pratinjau")
    assert page.evaluate("document.activeElement.id") == "pratinjau"
    assert "5 hari kerja" in page.inner_text("#pratinjau")
    no_sideways_scroll(page)
    tab_to(page, "#pratinjau summary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#pratinjau details[open] table")
    no_sideways_scroll(page)
    tab_to(page, "[formaction$='/information/terbitan']")
    tab_to(page, "#pratinjau a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{HOME}/information")
    assert stands_at(page) == version, "nothing was published"


def test_without_scripts_a_button_works_the_dates_out(site: Site) -> None:
    page = site.open(360, 740, java_script_enabled=False)
    site.sign_in(page, "admin")
    page.goto(f"{HOME}/information/ubah")
    page.fill("[name=n-RESOLUTION]", "nol")
    page.fill("[name=at_date]", "2026-12-23")
    page.click("[data-due-button]")
    page.wait_for_selector("#f-n-RESOLUTION-error")
    assert page.input_value("[name=n-RESOLUTION]") == "nol"
    page.fill("[name=n-RESOLUTION]", "2")
    page.click("[data-due-button]")
    page.wait_for_selector("#pratinjau")
    assert "30 Desember 2026" in page.inner_text("[data-due-list]")
