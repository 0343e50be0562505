"""What import contracts cannot say: rules use the standard library alone, and whoever acts or
remembers never looks at a request."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "accounts", "sla", "helpdesk", "permits", "reports")
# These speak with a browser by their nature.
ASKING = {
    "accounts/cookies.py",
    "accounts/frame.py",
    "accounts/guard.py",
    "accounts/who.py",
    "core/pages/floods.py",
    "core/pages/frame.py",
    "core/pages/http.py",
    "core/pages/problems.py",
    "core/i18n.py",
    "core/live/sockets.py",
}
LONGEST = 200  # lines of one file


def _modules() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")


def _imports(source: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", tuple(alias.name for alias in node.names)


def test_rules_use_the_standard_library_and_other_rules_only() -> None:
    wrong = [
        f"{path}: {module}"
        for path, source in _modules()
        if "/rules/" in path
        for module, _ in _imports(source)
        if module.split(".")[0] not in sys.stdlib_module_names and ".rules" not in module
    ]
    assert wrong == []


def test_only_who_asks_sees_a_request() -> None:
    wrong = [
        path
        for path, source in _modules()
        if path not in ASKING
        and "/web" not in path
        and not path.endswith(("/admin.py", "/start.py"))
        for module, names in _imports(source)
        if module == "flask" and {"request", "session", "g", "flash", "redirect"} & set(names)
    ]
    assert wrong == []


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    long = {path: n for path, s in _modules() if (n := s.count("\n")) > LONGEST}
    assert long == {}
