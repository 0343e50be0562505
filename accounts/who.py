"""Who is asking: looked up once a request, from the database, by the cookies."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Response, request
from sqlalchemy.exc import SQLAlchemyError

from accounts import cookies, guests, sessions
from accounts.rules.access import Guest, Viewer, is_staff
from core.database import transaction
from core.errors import NotSignedIn
from core.i18n import gettext
from core.live.sockets import Identity

log = logging.getLogger(__name__)

_KEPT = "tanggap"


def current_user() -> Viewer | None:
    """The signed-in person, or None."""
    found: Viewer | None = _once(
        "viewer", lambda: sessions.person_of(cookies.read(cookies.SESSION))
    )
    return found


def current_guest() -> Guest | None:
    """Whoever opened one thing with code and PIN, or None."""
    found: Guest | None = _once("guest", lambda: guests.guest_of(cookies.read(cookies.GUEST)))
    return found


def viewer() -> Viewer:
    """The signed-in person. Raises NotSignedIn; for views behind `@staff`."""
    found = current_user()
    if found is None:
        raise NotSignedIn(gettext("Please sign in first."))
    return found


def forget() -> None:
    """Ask anew from here on; for views that sign somebody in or out."""
    request.environ.pop(f"{_KEPT}.viewer", None)
    request.environ.pop(f"{_KEPT}.guest", None)


def _once(what: str, find: Callable[[], Any]) -> Any:
    """Kept in the request itself: an application context may outlive it, as in tests."""
    key = f"{_KEPT}.{what}"
    if key not in request.environ:
        request.environ[key] = None  # if the database is away, nobody, and asked only once
        request.environ[key] = find()
    return request.environ[key]


def note_use(answer: Response) -> Response:
    """After a request: every few minutes, note that the session is in use.

    A page that asks by itself is not somebody at the desk, so that does not count.
    """
    if request.headers.get("X-Requested-With") == "fetch":
        return answer
    person: Viewer | None = request.environ.get(f"{_KEPT}.viewer")
    token = cookies.read(cookies.SESSION)
    if person is not None and person.unnoted and token:
        try:
            with transaction():
                sessions.note_use(token)
        except SQLAlchemyError:
            log.warning("a session's use was not noted")
    return answer


def on_socket() -> Identity | None:
    """Who is on a socket, asked anew each time: its request lives as long as the connection."""
    forget()
    person = current_user()
    if person is not None and is_staff(person.roles):
        return Identity(person.session_key, person.ref)
    found = current_guest()
    return Identity(found.session_key, found.ref) if found else None


def preferred_language() -> str | None:
    """The signed-in person's language; asks nothing of the database for strangers."""
    if cookies.read(cookies.SESSION) is None:
        return None
    try:
        person = current_user()
    except SQLAlchemyError:
        return None  # the error page must be readable while the database is away
    return person.locale if person else None
