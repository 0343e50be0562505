"""What every page's frame needs: language, size of the text, assets, and the moment."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask_babel import get_locale
from sqlalchemy.exc import SQLAlchemyError

from core import assets, clock
from core.canonical import instant
from core.database import db

TEXT_COOKIE = "tulisan"
SIZES = ("normal", "large")


def init(app: Flask) -> None:
    app.jinja_env.globals["asset"] = assets.asset_url
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(context)


def context() -> dict[str, Any]:
    size = request.cookies.get(TEXT_COOKIE) if request else None
    locale = get_locale()
    return {
        "locale": locale.language if locale else "id",
        "text_size": size if size in SIZES else "normal",
        "theme": "auto",
        "now_iso": _moment(),
    }


def _moment() -> str:
    """The server's moment for countdowns; a page without a database gets by without."""
    try:
        return instant(clock.opened())
    except SQLAlchemyError:
        db.session.rollback()
        return ""
