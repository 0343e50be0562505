"""Errors turned into a page or a problem document, in this one place."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from flask import (
    Flask,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_wtf.csrf import CSRFError
from jinja2 import Template
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from core.database import db
from core.errors import DomainError, Invalid, NotSignedIn, TooMany, Unavailable
from core.i18n import gettext
from core.labels import http_sentence
from core.logs import request_id

log = logging.getLogger(__name__)


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or request.is_json


def problem(status: int, detail: str, **more: object) -> Response:
    """RFC 9457 problem details; "about:blank" has the status's own phrase as its title."""
    title = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    answer = jsonify(
        {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    )
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def error_page(
    status: int, sentence: str = "", page: str = "", fields: Mapping[str, str] | None = None
) -> tuple[str, int] | Response:
    """What happened, in this sentence or in the status's; `page` is a template of its own."""
    words = sentence or http_sentence(status)
    if wants_json():
        return problem(status, words, **({"fields": fields} if fields else {}))
    pages: list[str | Template] = [f"errors/{page or status}.html", "errors/error.html"]
    return render_template(pages, sentence=words, request_id=request_id.get()), status


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    return error_page(
        400,
        gettext(
            "This form has been open for too long. Go back, your words are still there, "
            "load the page again and send it once more."
        ),
        page="stale",
    )


def _domain_error(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    fields = error.fields if isinstance(error, Invalid) else {}
    if isinstance(error, NotSignedIn) and not wants_json():
        back = request.full_path if request.method == "GET" else "/"
        return redirect("/masuk?" + urlencode({"next": back}))
    answer = error_page(error.status, str(error), fields=fields)
    if isinstance(error, TooMany | Unavailable):
        made = make_response(answer)
        made.headers["Retry-After"] = str(getattr(error, "wait", 5))
        return made
    return answer


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    answer = make_response(error_page(error.code))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _foreign_host(error: SecurityError) -> ResponseReturnValue:
    """Somebody asked us under a name that is not ours. By hand: no address can be made from it."""
    words = escape(gettext("This service does not answer to the address that was asked for."))
    page = f'<!doctype html><html lang="{get_locale()}"><title>{words}</title><h1>{words}</h1>'
    return page, 400


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    """Away is 503 with Retry-After; a value that the database refuses (a NUL byte) is 400."""
    db.session.rollback()
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return _database_away(error)
    if type(error).__name__ == "DataError":
        return error_page(400)
    return _bug(error)


def _database_away(error: Exception) -> ResponseReturnValue:
    log.warning("the database is away: %s", type(getattr(error, "orig", error)).__name__)
    return _domain_error(Unavailable(_away_sentence()))


def _away_sentence() -> str:
    return gettext(
        "The service is resting for a moment. Nothing you sent before was lost. "
        "Please try again in a few seconds."
    )


def _bug(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.exception("a bug met a person at %s %s", request.method, request.path)
    return error_page(500)


def register(app: Flask) -> None:
    """Every error of an app goes through here."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(Exception, _bug)
