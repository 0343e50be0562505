"""A gate between a parent and the web server it starts early.

Importing the house takes seconds, so the web server does that while the parent still brings the
database up to date, and waits here before it serves. The gate is a pipe that says nothing: it is
open once the parent has closed its end.
"""

from __future__ import annotations

import os

NAME = "TANGGAP_GATE"


class Gate:
    def __init__(self) -> None:
        self.inner, self._outer = os.pipe()

    def open(self) -> None:
        os.close(self._outer)


def wait() -> None:
    """Until the parent opens the gate; at once if there is none."""
    inner = os.environ.get(NAME)
    if inner:
        os.read(int(inner), 1)
