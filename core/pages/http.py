"""What every page has in common: a request id, its content policy, and errors that say what to do.

The other safe headers are set on everything that leaves us (core.pages.safe_headers).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import (
    Flask,
    Response,
    current_app,
    g,
    request,
)
from flask_wtf.csrf import CSRFError, CSRFProtect

from core.database import only_reads
from core.logs import request_id
from core.pages.problems import register

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

csrf = CSRFProtect()


def policy(nonce: str) -> str:
    """The content policy: our own files only, scripts by nonce or from us, no inline styles."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def keeps_text(view: View) -> View:
    """Mark a view that shows a stale form again with what was typed (see `stale`)."""
    view.keeps_text = True  # type: ignore[attr-defined]
    return view


def stale() -> bool:
    """True if this request's form token was missing or too old, and the view keeps the text."""
    return bool(g.get("stale"))


def init(app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # _check_token decides what a stale form gets
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", 24 * 3600)
    # The token is asked for always. A Referer cannot be: by our own policy no browser sends one.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    csrf.init_app(app)
    app.before_request(_begin)
    app.before_request(_check_token)
    app.after_request(_finish)
    app.context_processor(lambda: {"csp_nonce": nonce()})
    register(app)


def secure() -> bool:
    """Do people come by https? Our address says so, whatever a proxy tells or forgets."""
    return str(current_app.config["BASE_URL"]).startswith("https:")


def nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _begin() -> None:
    request_id.set(secrets.token_hex(8))
    if request.method in ("GET", "HEAD"):
        only_reads()


def _check_token() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    try:
        csrf.protect()
    except CSRFError:
        if not getattr(view, "keeps_text", False):
            raise
        g.stale = True


def _finish(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", policy(nonce()))
    answer.headers["X-Request-Id"] = request_id.get()
    if "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store"
    return answer
