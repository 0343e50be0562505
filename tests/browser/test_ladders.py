"""Ladders, levels, leave and the inbox by keyboard, on a telephone and on a desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_pages import axe_finds_nothing, no_sideways_scroll, nothing_is_cut_off

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LADDER = {360: "appreciation", 1440: "information"}  # each window has its own
WIDTHS = [(360, 740), (1440, 900)]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands there."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"The keyboard does not reach {selector}.")


def looks_right(page: Page) -> None:
    axe_finds_nothing(page)
    no_sideways_scroll(page)
    nothing_is_cut_off(page)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_a_ladder_is_changed_by_keyboard(site: Site, width: int, height: int) -> None:
    page = site.open(width, height)
    site.sign_in(page, "admin")
    page.goto(f"/pengaturan/aturan/{LADDER[width]}/tangga/UPDATE")
    looks_right(page)
    steps = page.locator("fieldset.panel").count()
    tab_to(page, "[name=s0-n]")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1000")
    page.keyboard.press("Enter")  # draws, and saves nothing
    expect(page.locator("#f-s0-n-error")).to_contain_text("1 sampai 100")
    expect(page.locator("[name=s0-n]")).to_have_value("1000")
    looks_right(page)
    tab_to(page, "[name=s0-n]")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("61")
    tab_to(page, "[name=s0-hours]")
    page.keyboard.press("Space")
    tab_to(page, "[name=s0-do]")
    page.keyboard.type("naikkan")
    tab_to(page, "[value=add]")
    page.keyboard.press("Enter")
    expect(page.locator("fieldset.panel")).to_have_count(steps + 1)
    expect(page.locator("[name=s0-do]").first).to_have_value("raise")
    tab_to(page, f"[value=remove-{steps}]")
    page.keyboard.press("Enter")
    expect(page.locator("fieldset.panel")).to_have_count(steps)
    tab_to(page, "[value=save]")
    page.keyboard.press("Enter")
    expect(page.locator(".office-flashes")).to_contain_text("Tersimpan sebagai versi baru")
    expect(page.locator(".ladder")).to_contain_text("hanya pada jam buka")
    expect(page.locator(".ladder")).to_contain_text("naikkan tingkat mendesaknya")


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_people_and_leave_are_entered_by_keyboard(site: Site, width: int, height: int) -> None:
    page = site.open(width, height)
    site.sign_in(page, "admin")
    page.goto("/pengaturan/jenjang")
    looks_right(page)
    tab_to(page, "[name=person]")
    page.keyboard.type("Rani")
    tab_to(page, "[name=level]")
    page.keyboard.type("Jenjang 9" if width == 360 else "Jenjang 8")
    tab_to(page, "form[action$='/jenjang'] button.btn")
    page.keyboard.press("Enter")
    expect(page.locator(".office-flashes")).to_contain_text("Tersimpan")
    level = "Jenjang 9" if width == 360 else "Jenjang 8"
    rung = page.locator(".ladder").first.locator("li", has_text=level)
    expect(rung).to_contain_text("Rani Kartika")
    looks_right(page)
    page.goto("/pengaturan/cuti")
    year = "2031" if width == 360 else "2032"
    page.fill("[name=first]", f"{year}-03-05")
    page.fill("[name=last]", f"{year}-03-01")
    page.focus("[name=last]")
    page.keyboard.press("Enter")
    expect(page.locator("#f-last-error")).to_be_visible()
    expect(page.locator("[name=first]")).to_have_value(f"{year}-03-05")
    looks_right(page)
    page.fill("[name=last]", f"{year}-03-09")
    page.focus("[name=last]")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(f"5 Maret {year}")
    looks_right(page)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_what_climbed_is_taken_given_back_and_settled_by_keyboard(
    site: Site, width: int, height: int
) -> None:
    page = site.open(width, height)
    site.sign_in(page, "wulan")
    page.goto("/eskalasi")
    looks_right(page)
    mine = page.locator("form[action$='/selesai']").count()
    tab_to(page, "form[action$='/ambil'] button")
    page.keyboard.press("Enter")
    expect(page.locator("form[action$='/selesai']")).to_have_count(mine + 1)
    tab_to(page, "details > summary:not(.me summary)")
    page.keyboard.press("Enter")
    tab_to(page, "[name=reason]")
    page.keyboard.type("Bukan bidang saya.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("form[action$='/selesai']")).to_have_count(mine)
    tab_to(page, "form[action$='/ambil'] button")
    page.keyboard.press("Enter")
    expect(page.locator("form[action$='/selesai']")).to_have_count(mine + 1)
    tab_to(page, "form[action$='/selesai'] button")
    page.keyboard.press("Enter")
    expect(page.locator("form[action$='/selesai']")).to_have_count(mine)
    looks_right(page)
