"""What every answer has in common: a request id, safe headers, and errors that say what to do."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import Template
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from core.database import db
from core.errors import DomainError, Invalid, NotSignedIn, TooMany, Unavailable
from core.i18n import gettext
from core.labels import http_sentence
from core.logs import request_id

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

csrf = CSRFProtect()

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=()",
}


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


def static_headers(headers: Any, path: str, url: str) -> None:
    """The same safe headers on files, for the server of static files."""
    for name, value in HEADERS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = "default-src 'none'"


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or request.is_json


def problem(status: int, title: str, detail: str, **more: object) -> Response:
    """RFC 9457 problem details."""
    answer = jsonify(
        {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    )
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def error_page(status: int, sentence: str, **more: object) -> tuple[str, int] | Response:
    if wants_json():
        return problem(status, "error", sentence, **more)
    pages: list[str | Template] = [f"errors/{status}.html", "errors/error.html"]
    return render_template(pages, status=status, sentence=sentence), status


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
    csrf.init_app(app)
    app.before_request(_begin)
    app.before_request(_check_token)
    app.after_request(_finish)
    app.context_processor(lambda: {"csp_nonce": nonce()})
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(Exception, _bug)


def nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _begin() -> None:
    request_id.set(secrets.token_hex(8))


def _check_token() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    try:
        csrf.protect()
    except CSRFError:
        if not getattr(view, "keeps_text", False):
            raise
        g.stale = True


def _finish(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Content-Security-Policy", policy(nonce()))
    answer.headers["X-Request-Id"] = request_id.get()
    if "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return answer


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    return error_page(
        400,
        gettext(
            "This form has been open for too long. Go back, your words are still there, "
            "load the page again and send it once more."
        ),
    )


def _domain_error(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    fields = error.fields if isinstance(error, Invalid) else {}
    if isinstance(error, NotSignedIn) and not wants_json():
        back = request.full_path if request.method == "GET" else "/"
        return redirect("/masuk?" + urlencode({"next": back}))
    answer = error_page(error.status, str(error), **({"fields": fields} if fields else {}))
    if isinstance(error, TooMany | Unavailable):
        made = make_response(answer)
        made.headers["Retry-After"] = str(getattr(error, "wait", 5))
        return made
    return answer


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    answer = make_response(error_page(error.code, http_sentence(error.code)))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    """Away is 503 with Retry-After; a value that the database refuses (a NUL byte) is 400."""
    db.session.rollback()
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return _database_away(error)
    if type(error).__name__ == "DataError":
        return error_page(400, http_sentence(400))
    return _bug(error)


def _database_away(error: Exception) -> ResponseReturnValue:
    log.warning("the database is away: %s", type(error).__name__)
    return _domain_error(Unavailable(_away_sentence()))


def _away_sentence() -> str:
    return gettext(
        "The service is resting for a moment. Nothing you sent before was lost. "
        "Please try again in a few seconds."
    )


def _bug(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.exception("a bug met a person at %s %s", request.method, request.path)
    return error_page(500, http_sentence(500))
