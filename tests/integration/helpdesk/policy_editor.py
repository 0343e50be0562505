"""The editor of a policy as a browser uses it: load its form, change fields, look, publish."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.integration.helpdesk.desk import Desk

PAGE = "/pengaturan/aturan"
TICKS = ("checkbox", "radio")


class _Form(HTMLParser):
    """What a browser would send of the form with an id."""

    def __init__(self, ident: str) -> None:
        super().__init__()
        self.ident, self.inside, self.select = ident, False, ""
        self.fields: MultiDict[str, str] = MultiDict()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form":
            self.inside = a.get("id") == self.ident
        if not self.inside:
            return
        if tag == "select":
            self.select = str(a["name"])
        elif tag == "option" and (self.select not in self.fields or "selected" in a):
            self.fields.setlist(self.select, [str(a["value"])])
        elif tag == "input" and a.get("name") and (a.get("type") not in TICKS or "checked" in a):
            self.fields.add(str(a["name"]), str(a.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def fields_of(page: str) -> MultiDict[str, str]:
    form = _Form("aturan")
    form.feed(page)
    assert form.fields, "there is no editor on this page"
    return form.fields


class Editor:
    """One editor that somebody opened; `fields` is what stands in its form."""

    def __init__(self, admin: Desk, path: str) -> None:
        self.admin = admin
        answer = admin.client.get(f"{PAGE}/{path}")
        assert answer.status_code == 200
        self.key = "baru" if path.startswith("baru") else path.split("/")[0]
        self.text = answer.get_data(as_text=True)
        self.fields = fields_of(self.text)
        # A duty of a policy that is there already opens that policy.
        target = re.search(rf'action="{PAGE}/([a-z0-9-]+)/pratinjau', self.text)
        assert target is not None
        self.key = target.group(1)

    def type(self, **typed: Any) -> Editor:
        """Put values into fields; "__" stands for "-", None unticks."""
        for name, value in typed.items():
            field = name.replace("__", "-")
            if value is None:
                self.fields.poplist(field)
            else:
                self.fields.setlist(field, value if isinstance(value, list) else [str(value)])
        return self

    def look(self) -> TestResponse:
        """What would change? The page keeps what was typed, and goes on from there."""
        answer = self._send("pratinjau")
        self.fields = fields_of(self.text)
        return answer

    def publish(self) -> TestResponse:
        return self._send("terbitan")

    def save(self) -> TestResponse:
        """Look, then publish; returns what came of the publishing."""
        looked = self.look()
        return self.publish() if looked.status_code == 200 else looked

    def _send(self, what: str) -> TestResponse:
        answer = self.admin.client.post(f"{PAGE}/{self.key}/{what}", data=self.fields)
        self.text = answer.get_data(as_text=True)
        return answer
