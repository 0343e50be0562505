"""Safe headers on whatever leaves us, also where no view of ours answered: files, sockets.

A page sets its own content policy (see core.pages.http); what has none may load nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def on_everything(application: Wsgi, *, https: bool) -> Wsgi:
    """A WSGI application whose every answer has them; a header that is there already stays."""
    wanted = [*HEADERS.items(), *([HTTPS_ONLY] if https else [])]

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        def safely(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            there = {name.lower() for name, _ in headers}
            missing = [(name, value) for name, value in wanted if name.lower() not in there]
            return start(status, headers + missing, *rest)

        return application(environ, safely)

    return answer
