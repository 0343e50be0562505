"""By keyboard, at twice the size, without motion: the public pages as different people use them."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Site
from tests.browser.test_pages import no_sideways_scroll

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
]


def test_the_skip_link_comes_first_and_leads_to_the_content(site: Site) -> None:
    for path in ("/", "/lapor", "/lacak", "/izin"):
        page = site.open(1440, 900)
        page.goto(path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#isi') !== null"), path


def test_every_stop_of_the_keyboard_can_be_seen(site: Site) -> None:
    page = site.open(1440, 900)
    page.goto("/lapor")
    for _ in range(14):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
              return e === document.body
                || s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; }"""
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


def test_at_twice_the_size_nothing_leaves_the_page(site: Site) -> None:
    """A window of 640 pixels is what a 1280 wide one shows at 200 %."""
    for path in ("/", "/lapor", "/lacak", "/izin"):
        page = site.open(640, 450)
        page.goto(path)
        no_sideways_scroll(page)


def test_nothing_moves_for_whoever_wants_no_motion(site: Site) -> None:
    page = site.open(1440, 900, reduced_motion="reduce")
    page.goto("/")
    quick = "getComputedStyle(document.querySelector('.btn')).transitionDuration"
    assert page.evaluate(quick) in ("0s", "0ms")
