"""Progress of long commands: a line on stderr now and then, so that stdout holds results alone."""

from __future__ import annotations

import sys
import time

EVERY = 1.0  # seconds between lines; on a terminal they overwrite each other
EVERY_IN_FILES = 10.0


class Progress:
    """Counts up to a total that is known beforehand, or nearly."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.done = what, total, 0
        self.began = self.told = time.monotonic()
        self.terminal = sys.stderr.isatty()

    def add(self, more: int) -> None:
        self.done += more
        now = time.monotonic()
        if now - self.told >= (EVERY if self.terminal else EVERY_IN_FILES):
            self.told = now
            self._say("")

    def end(self) -> None:
        """The last line, with the whole time."""
        self._say(f", {time.monotonic() - self.began:.1f} s", last=True)

    def _say(self, more: str, last: bool = False) -> None:
        of = f" of {self.total:,}" if self.total and not last else ""
        line = f"{self.done:,}{of} {self.what}{more}"
        begin, end = ("\r", "\x1b[K") if self.terminal else ("", "\n")
        sys.stderr.write(begin + line + (end if not last else end.rstrip("\n") + "\n"))
        sys.stderr.flush()
