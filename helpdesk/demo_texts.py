"""Demonstration texts, all invented: what people of a licensing office hear every week."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_SAID: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "demo.json").read_text(encoding="utf-8")
)

# category, class, words (the first line is the title), name of an invented person ("": none)
REPORTS: list[tuple[str, str, str, str]] = [tuple(row) for row in _SAID["reports"]]
ANSWERS: list[str] = _SAID["answers"]
QUESTIONS: list[str] = _SAID["questions"]
REPLIES: list[str] = _SAID["replies"]
SOLVED: list[str] = _SAID["solved"]
NOTES: list[str] = _SAID["notes"]
REFUSED: str = _SAID["refused"]
FORWARDED: str = _SAID["forwarded"]
