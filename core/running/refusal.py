"""A start or a command that cannot be: whoever runs it is told why in a sentence."""

from __future__ import annotations


class Refused(Exception):
    """Settings, servers or folders do not allow it; `str(error)` is a sentence (or one a line)."""
