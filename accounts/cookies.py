"""The cookies: whose session, whose ticket, and what a device opened before (see accounts.marks).

On https the names begin with __Host-, which keeps sub-domains from planting their own; plain
names are for development over http only.
"""

from __future__ import annotations

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from core.pages.http import secure

SESSION = "tanggap_session"
GUEST = "tanggap_guest"
DEVICE = "tanggap_device"
RECEIPTS = "tanggap_receipts"


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
