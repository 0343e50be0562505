"""Logs of children do not grow for ever: a long one becomes the one before, which it replaces."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path


def turn_over(log: Path, most: int) -> bool:
    """Begin a log anew once it has more than so many bytes; True if it did.

    A server writes into its log by itself and keeps it open, so the file stays the same one and is
    emptied: what is appended then begins at its start. Lines that come between the copy and that
    are lost, which a log can bear. A full disk ends nobody: the log is emptied without a copy.
    """
    try:
        if log.stat().st_size <= most:
            return False
    except OSError:  # it has said nothing yet
        return False
    before = log.with_suffix(".log.1")
    try:
        shutil.copyfile(log, before)
    except OSError:
        with suppress(OSError):
            before.unlink(missing_ok=True)
    with suppress(OSError):
        os.truncate(log, 0)
    return True
