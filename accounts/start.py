"""Accounts joins an app: called once by the composition root."""

from __future__ import annotations

from flask import Flask

from accounts import admin, cli, frame, guests, sessions, web, who
from accounts.rules.access import Role
from core import i18n
from core.i18n import lazy_gettext
from core.live import screens, sockets

PLACES = {
    "login": "accounts.login_form",
    "logout": "accounts.sign_out",
    "account": "accounts.account",
}


def init(app: Flask) -> None:
    """Bind to an app: pages, commands, the office's frame, who is on a socket, whose language."""
    app.register_blueprint(web.blueprint)
    app.register_blueprint(admin.blueprint)
    for command in cli.commands:
        app.cli.add_command(command)
    for name, endpoint in PLACES.items():
        frame.place(name, endpoint)
    frame.section(lazy_gettext("People"), "people.index", Role.ADMIN)
    frame.init(app)
    app.after_request(who.note_use)
    if who.on_socket not in sockets.identify:
        sockets.identify.append(who.on_socket)
        screens.living.extend((sessions.living, guests.living))
    if who.preferred_language not in i18n.preference:
        i18n.preference.append(who.preferred_language)
