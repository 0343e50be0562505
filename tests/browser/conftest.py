"""A whole system with demonstration data, and a headless Chromium to look at it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.faults.whole import Whole, state_folder, whole

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("Chromium is not installed; the browser tests were left out.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Site:
    """The running system, as somebody with a browser meets it."""

    system: Whole
    browser: Browser
    passwords: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.system.port}"

    def open(self, width: int, height: int, **more: object) -> Page:
        """A new browser window of that size; errors of scripts or of the content policy fail."""
        context: BrowserContext = self.browser.new_context(
            viewport={"width": width, "height": height}, base_url=self.address, locale="id-ID",
            **more,  # type: ignore[arg-type]
        )  # fmt: skip
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
        page.on("console", _no_errors)
        return page

    def sign_in(self, page: Page, who: str) -> None:
        email = f"{who}@tanggap.example"
        page.goto("/masuk")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", self.passwords[email])
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/masuk" not in url)

    def report(self, page: Page, text: str, klass: str = "COMPLAINT") -> None:
        page.goto("/lapor")
        page.check(f"input[name=klass][value={klass}]")
        page.fill("textarea[name=text]", text)
        page.click("main form button.wide")
        page.wait_for_url("**/lapor/terkirim")

    def short_queue(self, page: Page) -> None:
        """Where questions (INFORMATION) come in: few tests ask any, so its first page has all."""
        page.goto("/antrean")
        page.click("text=Tim Informasi")
        page.wait_for_url("**/antrean?antrean=*")


def _no_errors(message: object) -> None:
    kind, text = message.type, message.text  # type: ignore[attr-defined]
    if kind == "error" and "Content Security Policy" in text:
        pytest.fail(text)


@pytest.fixture(scope="package")
def site(chromium: Browser) -> Iterator[Site]:
    with state_folder() as state, whole(state) as system:
        logins = json.loads((state / "secrets" / "demo-logins.json").read_text())
        yield Site(system, chromium, logins)


@pytest.fixture(autouse=True)
def _windows_are_closed(site: Site) -> Iterator[None]:
    """An open page goes on asking for what is new; what wider fixtures opened is left to them."""
    before = list(site.browser.contexts)
    yield
    for context in site.browser.contexts:
        if context not in before:
            context.close()
