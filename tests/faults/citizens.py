"""Citizens who send the form, and send it again with the same key if nothing came back."""

from __future__ import annotations

import http.client
import http.cookiejar
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.whole import GENEROUS

LONGEST = 20.0  # seconds that a browser waits for an answer before it counts as hanging


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and when it was asked and answered (monotonic, seconds). `status` None:
    nothing came."""

    began: float
    ended: float
    status: int | None
    retry_after: str | None = None


class Citizen:
    """One browser with its cookies. `acknowledged`: the keys of what it was told is filed."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.acknowledged: list[str] = []
        self.answers: list[Answer] = []

    def file(self, count: int) -> None:
        """So many reports, each tried until it is taken: a killed server needs its seconds."""
        for _ in range(count):
            form = self._form(GENEROUS)
            if form is not None:
                self._send(*form, patience=GENEROUS)

    def file_until(self, stop: threading.Event, pause: float) -> None:
        """One report after another; none is given up before the end."""
        while not stop.is_set():
            form = self._form(0)
            while form is not None and not stop.is_set() and not self._send(*form, patience=0):
                stop.wait(pause)
            stop.wait(pause)

    def _send(self, token: str, key: str, patience: float) -> bool:
        fields = {"csrf_token": token, "key": key, "klass": "COMPLAINT", "text": "Kata-kata."}
        body = urllib.parse.urlencode(fields).encode()
        for _ in self._tries(patience):
            came = self._ask("/lapor", body)
            if came is not None:
                if came[0].endswith("/lapor/terkirim"):
                    self.acknowledged.append(key)
                return True
        return False

    def _form(self, patience: float) -> tuple[str, str] | None:
        for _ in self._tries(patience):
            came = self._ask("/lapor")
            if came is not None:
                token = re.search(r'name="csrf_token" value="([^"]+)"', came[1])
                key = re.search(r'name="key" value="([^"]+)"', came[1])
                assert token is not None
                assert key is not None
                return token.group(1), key.group(1)
        return None

    def _tries(self, patience: float) -> Iterator[None]:
        """Once, and again and again for so many seconds."""
        end = time.monotonic() + patience
        yield
        while time.monotonic() < end:
            threading.Event().wait(0.1)
            yield

    def _ask(self, path: str, body: bytes | None = None) -> tuple[str, str] | None:
        """Where it led and the page; None if it failed. Either way it is noted."""
        began = time.monotonic()
        try:
            with self.opener.open(self.base + path, body, timeout=LONGEST) as answer:
                came = answer.url, answer.read().decode()
                self.answers.append(Answer(began, time.monotonic(), answer.status))
                return came
        except urllib.error.HTTPError as error:
            wait = error.headers.get("Retry-After")
            self.answers.append(Answer(began, time.monotonic(), error.code, wait))
        except (OSError, http.client.HTTPException):  # the server was killed half-way, too
            self.answers.append(Answer(began, time.monotonic(), None))
        return None
