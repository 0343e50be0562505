"""The composition root: puts the rooms together; nobody imports it but servers and commands."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # `python app.py` is the whole system. Its parent starts the servers first and imports the house
    # below meanwhile, in the processes that need it.
    from core.running import system

    sys.exit(system.main("demo:prepare"))

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts.start
import helpdesk.start
import permits.start
import prepare
import rehearse
import reports.start
import sla.start
from core import assets, events, i18n, jobs, logs
from core.config import Settings, load
from core.database import db
from core.live import patrol, sockets, soon
from core.mails import mail
from core.pages import floods, frame, health, http, safe_headers, static_files
from core.running import commands, gate, prepared, servers
from core.running.refusal import Refused
from core.seals import cli as seals_cli
from core.secrets import Vault
from core.uploads.files import Store

CANNOT_LOAD = 4  # tells gunicorn that trying again is of no use


def create_app(config: Mapping[str, Any] | None = None, settings: Settings | None = None) -> Flask:
    """An application of its own; `config` overrides single keys (tests, benches)."""
    with commands.refusals():
        settings = settings or servers.joined(load())
    app = Flask(__name__, static_folder=None)
    app.config.update(settings.flask_config())
    app.config.update(config or {})
    logs.init(settings)
    db.init_app(app)
    app.extensions["settings"] = settings
    app.extensions["vault"] = Vault(settings.contact_keys, settings.lookup_key)
    app.extensions["files"] = Store(settings.state_dir / "files")
    app.extensions["postman"] = mail.postman(settings.smtp_url, settings.state_dir / "mail")
    i18n.init(app)
    http.init(app)
    frame.init(app)
    floods.init(app)
    app.register_blueprint(health.blueprint)
    sockets.init(app, live=app.config["SOCKETS_LIVE"], origins=app.config["SOCKET_ORIGINS"])
    events.when_deliveries_wait(jobs.wake)
    for room in (accounts, sla, permits, helpdesk, reports):
        room.start.init(app)
    for command in (prepare.command, rehearse.command, *seals_cli.commands):
        app.cli.add_command(command)
    _serve_static(app)
    return app


def _serve_static(app: Flask) -> None:
    """Our own assets, before everything else; safe headers on them too."""
    static = static_files.StaticFiles(app.wsgi_app, assets.BUILD, "static/")
    https = app.config["BASE_URL"].startswith("https:")
    app.wsgi_app = safe_headers.on_everything(static, https=https)  # type: ignore[method-assign, assignment]
    if app.config.get("PROXIES"):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=app.config["PROXIES"], x_proto=1, x_host=1)  # type: ignore[method-assign]


def serve() -> Flask:
    """What the web server of a whole system serves, once its parent has prepared the database."""
    gate.wait()
    try:
        app = create_app()
        with app.app_context():
            prepared.demand()
        app.extensions["teller"] = soon.Teller(app)
        patrol.of(app).begin()
        return app
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(CANNOT_LOAD)
