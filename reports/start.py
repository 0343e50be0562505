"""Reports join an app: called once by the composition root."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Nothing to add yet."""
