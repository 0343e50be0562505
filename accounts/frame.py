"""What the office's frame shows: who is signed in, and the sections that they may open.

Each feature adds its own sections and places at start, so none knows another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from accounts.rules.access import Role, Viewer, has_any
from accounts.who import current_user


@dataclass(frozen=True, slots=True)
class Section:
    """A line of the office's navigation; `label` is a lazy text, `count` how much waits there for
    somebody."""

    label: object
    endpoint: str
    roles: frozenset[Role]
    count: Callable[[Viewer], int] | None = None


_sections: list[Section] = []
_places: dict[str, str] = {}
_alarms: dict[Callable[[], str | None], str] = {}


def section(
    label: object, endpoint: str, *roles: Role, count: Callable[[Viewer], int] | None = None
) -> None:
    """Show a line to people with one of these roles (to all staff if none is named). `count` is
    asked on each of their pages, so it must be cheap."""
    entry = Section(label, endpoint, frozenset(roles or Role), count)
    if all(known.endpoint != endpoint for known in _sections):
        _sections.append(entry)


def alarm(words: Callable[[], str | None], tone: str = "late") -> None:
    """Ask this for every page of an administrator's: a sentence, or None if all is well. `tone`:
    "late" for what goes wrong now, "soon" for what will if nobody acts."""
    _alarms.setdefault(words, tone)


def place(name: str, endpoint: str) -> None:
    """Make `urls.<name>` known to every template."""
    _places[name] = endpoint


def urls(**more: str) -> dict[str, str]:
    """Addresses for templates: those that every page has, and more of one's own."""
    common = {name: address(endpoint) for name, endpoint in _places.items()}
    return {"home": "/", **common, **more}


def address(endpoint: str) -> str:
    """The endpoint's address, or the first page while that feature is not there."""
    return url_for(endpoint) if endpoint in current_app.view_functions else "/"


def sections_for(viewer: Viewer) -> list[Section]:
    return [
        entry
        for entry in _sections
        if has_any(viewer.roles, entry.roles) and entry.endpoint in current_app.view_functions
    ]


def landing(roles: frozenset[Role]) -> str:
    """Where somebody begins: the first section open to them, else their account."""
    for entry in _sections:
        if has_any(roles, entry.roles) and entry.endpoint in current_app.view_functions:
            return url_for(entry.endpoint)
    return address("accounts.account")


def context() -> dict[str, Any]:
    """For templates. An error page without a database gets by."""
    if not has_request_context():
        return {}
    viewer = _viewer_if_any()
    nav = [
        {
            "label": entry.label,
            "url": url_for(entry.endpoint),
            "current": request.endpoint == entry.endpoint,
            "count": _counted(entry, viewer),
        }
        for entry in (sections_for(viewer) if viewer else [])
    ]
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return {"viewer": viewer, "nav": nav, "urls": urls(), "here": here, "alarms": _sounding(viewer)}


def _counted(entry: Section, viewer: Viewer | None) -> int:
    if entry.count is None or viewer is None:
        return 0
    try:
        return entry.count(viewer)
    except SQLAlchemyError:
        return 0


def _sounding(viewer: Viewer | None) -> list[tuple[str, str]]:
    if viewer is None or Role.ADMIN not in viewer.roles:
        return []
    try:
        return [(tone, words) for ask, tone in _alarms.items() if (words := ask())]
    except SQLAlchemyError:
        return []


def _viewer_if_any() -> Viewer | None:
    try:
        return current_user()
    except SQLAlchemyError:
        return None


def init(app: Flask) -> None:
    app.context_processor(context)
