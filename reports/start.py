"""Reports join an app: called once by the composition root."""

from __future__ import annotations

from flask import Flask

from accounts import frame
from core.i18n import lazy_gettext
from reports import web, web_seals


def init(app: Flask) -> None:
    """The breach report for supervisors and leaders, and the newest seal of the log."""
    app.register_blueprint(web.blueprint)
    frame.place("breaches", "breaches.index")
    frame.section(lazy_gettext("Broken promises"), "breaches.index", *web.FIGURES)
    app.register_blueprint(web_seals.blueprint)
    frame.section(lazy_gettext("Seal"), "seals.index", *web_seals.READERS)
