"""More than a few milliseconds of CPU never runs in the web server's event loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")
AT_ONCE = 2  # a picture that is unpacked takes up to 300 MB; gevent's usual pool runs ten


@lru_cache(maxsize=1)
def _pool() -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(AT_ONCE)


def aside(work: Callable[[], T]) -> T:
    """Run in a small pool of real threads where gevent serves, else right here.

    The work must touch neither the database session nor the request; whoever finds the pool busy
    waits, and so does nobody else.
    """
    from gevent.monkey import is_module_patched

    if not is_module_patched("threading"):
        return work()
    result: T = _pool().apply(work)
    return result
