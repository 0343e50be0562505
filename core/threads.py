"""More than a few milliseconds of CPU never runs in the web server's event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def aside(work: Callable[[], T]) -> T:
    """Run in gevent's pool of real threads where gevent serves, else right here.

    The work must touch neither the database session nor the request.
    """
    from gevent import get_hub
    from gevent.monkey import is_module_patched

    if not is_module_patched("threading"):
        return work()
    result: T = get_hub().threadpool.apply(work)
    return result
