"""Where to go after signing in: a page of ours, never somebody else's."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(words: str | None) -> str | None:
    """The path (and query) if it stays on this site, else None.

    Browsers read a backslash as a slash and drop tabs and line ends, so any of these refuse.
    """
    if not words or not words.startswith("/") or words.startswith("//") or len(words) > 1000:
        return None
    if "\\" in words or any(ord(letter) < 33 or ord(letter) == 127 for letter in words):
        return None
    try:
        parts = urlsplit(words)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else words
