"""A device in two words, so that a person knows their own in a list."""

from __future__ import annotations

# The first match counts, so those who pretend to be others stand before them.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_words(agent: str) -> str:
    """ "Chrome, Android" from a browser's name of itself; "" if nothing is known."""
    found = (
        next((word for mark, word in names if mark in agent), "") for names in (BROWSERS, SYSTEMS)
    )
    return ", ".join(word for word in found if word)
