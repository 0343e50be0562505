"""Only whoever asks knows that there is a web: use cases, models and rules never see a request."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("accounts", "sla", "helpdesk", "permits", "reports")
OF_A_REQUEST = {"request", "session", "g", "flash", "redirect"}
# In accounts the web has a few modules of its own: who asks, by which cookie, in which frame.
ASKING = {"web", "admin", "who", "cookies", "frame", "guard", "start", "cli"}


def modules() -> list[str]:
    found = (path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return sorted(str(path) for path in found if not ASKING & {*path.parts, path.stem})


@pytest.mark.parametrize("module", modules())
def test_what_acts_remembers_or_decides_never_sees_a_request(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text())
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "flask"
        for alias in node.names
    }
    assert not names & OF_A_REQUEST
