"""Marks in a signed cookie: what this device has rightly opened before, as keyed hashes only.

They let an owner's own device through where strangers' wrong tries have used up a limit.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from accounts import cookies

AGE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Marks:
    """A cookie of at most `most` marks; `salt` keeps one cookie from passing for another."""

    cookie: str
    salt: str
    most: int

    def any(self) -> bool:
        """True on a device that opened something of this kind before."""
        return bool(self._held())

    def holds(self, name: str) -> bool:
        """True on a device that opened just this before (the cookie's own word, signed)."""
        return self._mark(name) in self._held()

    def add(self, answer: Response, name: str) -> None:
        """Let this device be known for it from now on; the oldest mark makes room."""
        mark = self._mark(name)
        held = [mark, *(m for m in self._held() if m != mark)]
        signed = self._signer().dumps(held[: self.most])
        value = signed if isinstance(signed, str) else signed.decode()
        cookies.put(answer, self.cookie, value, AGE)

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt=self.salt)

    def _mark(self, name: str) -> str:
        secret = str(current_app.config["SECRET_KEY"]).encode()
        return hmac.new(secret, f"{self.salt}\0{name}".encode(), "sha256").hexdigest()[:16]

    def _held(self) -> list[str]:
        age = int(AGE.total_seconds())
        try:
            held = self._signer().loads(cookies.read(self.cookie) or "", max_age=age)
        except BadSignature:
            return []
        return [str(mark) for mark in held] if isinstance(held, list) else []


ACCOUNTS = Marks(cookies.DEVICE, "device", most=8)  # a counter's computer is shared
REPORTS = Marks(cookies.RECEIPTS, "receipt", most=20)
