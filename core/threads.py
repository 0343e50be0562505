"""More than a few milliseconds of CPU never runs in the web server's event loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from flask import has_app_context

from core.database import let_go

T = TypeVar("T")
AT_ONCE = 2  # a picture that is unpacked takes up to 300 MB; gevent's usual pool runs ten


@lru_cache(maxsize=8)
def _pool(kind: str) -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(AT_ONCE)


def aside(kind: str, work: Callable[[], T]) -> T:
    """Run in a small pool of real threads where gevent serves, else right here.

    Each kind of work has a pool of its own, so that photos do not hold up who signs in. The work
    must touch neither the database session nor the request. Whoever finds the pool busy waits, and
    so does nobody else: raises RuntimeError in an open transaction, whose connection would wait
    too, and gives back the one that the request has.
    """
    from gevent.monkey import is_module_patched

    if has_app_context():
        let_go()
    if not is_module_patched("threading"):
        return work()
    result: T = _pool(kind).apply(work)
    return result
