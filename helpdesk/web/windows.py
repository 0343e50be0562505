"""Ways through a long conversation: addresses of earlier lines, and fragments for thread.js."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request, url_for

from helpdesk.conversations.conversation import CAUGHT_UP, Window
from helpdesk.models import Ticket

LARGEST = 2**62  # no id is larger, and the database takes none


def key(name: str) -> int | None:
    """A line's key as the address says it; None where it says none."""
    found = request.args.get(name, type=int)
    return None if found is None else min(max(0, found), LARGEST)


def office(ticket: Ticket, window: Window) -> dict[str, str]:
    """Addresses of the desk's page with the lines before these, and with the newest."""
    return _ways(window, "desk.ticket", number=ticket.number)


def citizen(window: Window) -> dict[str, str]:
    """The same of the requester's page."""
    return _ways(window, "tracking.mine")


def _ways(window: Window, endpoint: str, **values: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    if window.earlier is not None:
        found["earlier_url"] = url_for(
            endpoint, **values, sebelum=window.earlier, _anchor="percakapan"
        )
    if not window.newest:
        found["newest_url"] = url_for(endpoint, **values, _anchor="percakapan")
    return found


def fragment(
    lines: list[dict[str, Any]], ways: dict[str, str] | None = None
) -> str | tuple[str, int]:
    """Lines alone, below the way to those before them; nothing (204) if there are none."""
    if not lines:
        return "", 204
    return render_template("desk/_thread.html", lines=lines, ways=ways or {})


def caught_up(lines: list[dict[str, Any]], mark: str) -> Response:
    """Lines alone for a page that was away, with X-Mark (of what else it shows) and X-More where
    more of them wait behind these."""
    answer = make_response(fragment(lines))
    answer.headers["X-Mark"] = mark
    if len(lines) == CAUGHT_UP:
        answer.headers["X-More"] = "1"
    return answer
