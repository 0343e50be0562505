"""Reports join an app: called once by the composition root."""

from __future__ import annotations

from flask import Flask

from accounts import frame
from core.i18n import lazy_gettext
from reports import web


def init(app: Flask) -> None:
    """The breach report for supervisors and leaders."""
    app.register_blueprint(web.blueprint)
    frame.place("breaches", "breaches.index")
    frame.section(lazy_gettext("Broken promises"), "breaches.index", *web.FIGURES)
