"""How gunicorn serves us (`gunicorn -c python:core.running.serving`).

One greenlet a connection. A worker that is asked to end closes its sockets first: gunicorn would
otherwise wait for them as long as they are open. No max_requests: it would drop them at random.
"""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType
from typing import Any

worker_class = "gevent"
worker_connections = 4000
timeout = 60
graceful_timeout = 2
keepalive = 15
control_socket_disable = True
# Proxies are believed by ProxyFix alone, as many as TRUSTED_PROXIES says.
forwarded_allow_ips = ""
loglevel = "warning"
if Path("/dev/shm").is_dir():  # noqa: S108  # nosec B108 -- the heartbeat file, not on a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108  # nosec B108


def post_worker_init(worker: Any) -> None:
    import gevent

    before: Any = signal.getsignal(signal.SIGTERM)

    def close_sockets_first(signum: int, frame: FrameType | None) -> None:
        gevent.spawn(_close_sockets)
        if callable(before):
            before(signum, frame)

    signal.signal(signal.SIGTERM, close_sockets_first)


def _close_sockets() -> None:
    from core.live.sockets import socketio

    if socketio.server is not None:
        for one in list(socketio.server.eio.sockets.values()):
            one.close(wait=False, abort=True)
