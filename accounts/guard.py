"""Who may: every endpoint carries exactly one of these marks.

`@staff(Role.X)`, `@signed_in`, `@guest` and `@public` leave `view.guard = (kind, roles)`, which
the route × role matrix in tests/architecture reads.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, redirect

from accounts.rules.access import Role, has_any, is_staff
from accounts.who import current_guest, current_user, viewer
from core.errors import NotAllowed
from core.i18n import gettext

View = TypeVar("View", bound=Callable[..., Any])


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


__all__ = ["current_guest", "current_user", "guest", "public", "signed_in", "staff", "viewer"]
