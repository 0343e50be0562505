"""Starting a child process that goes when its parent goes, however the parent ends.

Each child leads a session of its own, so a Ctrl-C reaches us alone and we stop the others in
order. If we are killed, the kernel signals the child (PR_SET_PDEATHSIG, Linux). That signal comes
when the *thread* that made the child ends, so children are made from the main thread only.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child between fork and exec must not look for libraries.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Identity:
    """A user that a child runs as; only root may choose one."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run and how it wants to be ended."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str = "/"
    run_as: Identity | None = None
    stop: signal.Signals = signal.SIGTERM
    orphaned: signal.Signals = signal.SIGKILL  # sent by the kernel when the parent dies
    keep_fds: tuple[int, ...] = ()
    console: bool = False  # its lines are shown, not only kept in its log


def _leash(sign: int, parent: int) -> Callable[[], None] | None:
    libc = _LIBC
    if libc is None:
        return None

    def put_on() -> None:
        libc.prctl(PR_SET_PDEATHSIG, sign, 0, 0, 0)
        if os.getppid() != parent:  # it died before the leash was on
            os.kill(os.getpid(), signal.SIGKILL)

    return put_on


def spawn(plan: Plan, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start it; both of its outputs go to `output` (a file, or subprocess.PIPE)."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("Children are made from the main thread only.")
    who = plan.run_as
    return subprocess.Popen(
        plan.command,
        env=dict(plan.env),
        cwd=plan.cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=who.uid if who else None,
        group=who.gid if who else None,
        extra_groups=[] if who else None,
        pass_fds=plan.keep_fds,
        # Runs after the change of user, which would take the leash off again.
        preexec_fn=_leash(plan.orphaned, os.getpid()),
    )


def end_group(process: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    """Signal a child's whole session, if any of it is left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, sign)
