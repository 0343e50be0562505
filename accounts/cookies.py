"""The cookies: whose session, whose ticket, and a device that its owner signed in on before.

On https the names begin with __Host-, which keeps sub-domains from planting their own; plain
names are for development over http only.
"""

from __future__ import annotations

import hmac
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from core.http import secure

SESSION = "tanggap_session"
GUEST = "tanggap_guest"
DEVICE = "tanggap_device"

DEVICE_AGE = timedelta(days=180)
PEOPLE_PER_DEVICE = 8  # a counter's computer is shared


def name(plain: str) -> str:
    return f"__Host-{plain}" if secure() else plain


def read(plain: str) -> str | None:
    return request.cookies.get(name(plain))


def put(answer: Response, plain: str, value: str, age: timedelta | None = None) -> None:
    """Set a cookie; without `age` it goes when the browser closes."""
    answer.set_cookie(
        name(plain),
        value,
        max_age=age,
        secure=secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop(answer: Response, plain: str) -> None:
    answer.delete_cookie(name(plain), secure=secure(), httponly=True, samesite="Lax", path="/")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="device")


def _mark(email: str) -> str:
    secret = str(current_app.config["SECRET_KEY"])
    return hmac.new(secret.encode(), f"device\0{email}".encode(), "sha256").hexdigest()[:16]


def _marks() -> list[str]:
    try:
        held = _signer().loads(read(DEVICE) or "", max_age=int(DEVICE_AGE.total_seconds()))
    except BadSignature:
        return []
    return [str(mark) for mark in held] if isinstance(held, list) else []


def knows(email: str) -> bool:
    """True on a device that signed in as this address before (the cookie's own word, signed)."""
    return _mark(email) in _marks()


def remember(answer: Response, email: str) -> None:
    """Let this device be known to the account from now on."""
    marks = [_mark(email), *(m for m in _marks() if m != _mark(email))]
    signed = _signer().dumps(marks[:PEOPLE_PER_DEVICE])
    put(answer, DEVICE, signed if isinstance(signed, str) else signed.decode(), DEVICE_AGE)
