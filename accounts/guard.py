"""Who is asking, and who may: every endpoint carries exactly one of these marks.

`@staff(Role.X)`, `@signed_in`, `@guest` and `@public` leave `view.guard = (kind, roles)`, which the route × role
matrix in tests/architecture reads. Who somebody is gets asked once a request, from the database.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, redirect, request
from sqlalchemy.exc import SQLAlchemyError

from accounts import cookies, guests, sessions
from accounts.rules.access import Guest, Role, Viewer, has_any, is_staff
from core.errors import NotAllowed, NotSignedIn
from core.i18n import gettext
from core.sockets import Identity

_KEPT = "tanggap"
View = TypeVar("View", bound=Callable[..., Any])


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
        request.environ[key] = find()
    return request.environ[key]


def staff(*roles: Role) -> Callable[[View], View]:
    """Open to people with one of these roles, or with any role if none is named."""
    wanted = frozenset(roles)

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            person = viewer()
            if not (has_any(person.roles, wanted) if wanted else is_staff(person.roles)):
                raise NotAllowed(gettext("Your account has no right to this page."))
            return view(*args, **kwargs)

        return _marked(guarded, "staff", wanted)  # type: ignore[return-value]

    return mark


def signed_in(view: View) -> View:
    """Open to whoever has an account, with a role or without."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        viewer()
        return view(*args, **kwargs)

    return _marked(guarded, "signed_in", frozenset())  # type: ignore[return-value]


def guest(view: View) -> View:
    """Open to whoever opened something with its code and PIN; others are asked for them."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_guest() is None:
            return redirect(current_app.config.get("GUEST_LOGIN", "/lacak"))
        return view(*args, **kwargs)

    return _marked(guarded, "guest", frozenset())  # type: ignore[return-value]


def public(view: View) -> View:
    """Open to everyone, on purpose."""
    return _marked(view, "public", frozenset())


def _marked(view: View, kind: str, roles: frozenset[Role]) -> View:
    if hasattr(view, "guard"):  # a wrapper has its view's marks
        raise TypeError(f"{view.__name__} has two guards.")
    view.guard = (kind, roles)  # type: ignore[attr-defined]
    return view


def on_socket() -> Identity | None:
    """Who is on a socket, asked anew each time: its request lives as long as the connection."""
    person = sessions.person_of(request.cookies.get(cookies.name(cookies.SESSION)))
    if person is not None and is_staff(person.roles):
        return Identity(person.session_key, person.ref)
    found = guests.guest_of(request.cookies.get(cookies.name(cookies.GUEST)))
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
