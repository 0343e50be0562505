"""A ticket's status: one table says where it may go, one function writes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.rules.lifecycle import MOVES, Action, Status

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "accounts", "sla", "helpdesk", "permits", "reports")
WRITER = "helpdesk/acts.py"
# An imported row's past is reckoned here; no ticket stands in the database yet.
RECKONS = {"helpdesk/imports/past_lives.py"}
WRITES_ONE = re.compile(r"\bUPDATE\s+tickets\b[^;]*\bstatus\s*=", re.IGNORECASE)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def writes(tree: ast.Module) -> bool:
    """True if it assigns an attribute `status`, sets it by name, or updates it in SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "status":
            if isinstance(node.ctx, ast.Store):
                return True
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if WRITES_ONE.search(node.value):
                return True
        elif isinstance(node, ast.Call):
            named = {word.arg for word in node.keywords}
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            if called in ("values", "Ticket") and "status" in named:
                return True
            if called == "setattr" and "status" in texts:
                return True
    return False


def test_only_one_file_writes_a_status() -> None:
    found = {path for path, tree in modules() if path.startswith("helpdesk/") and writes(tree)}
    assert found - RECKONS == {WRITER}


@pytest.mark.parametrize(
    "words",
    [
        "ticket.status = 'CLOSED'",
        "a, moment.ticket.status = 1, 'CLOSED'",
        "setattr(ticket, 'status', 'CLOSED')",
        "update(Ticket).values(status='CLOSED')",
        "text('UPDATE tickets SET priority = 1, status = :status WHERE id = 1')",
        "Ticket(number='T-1', status='CLOSED')",
    ],
)
def test_a_second_writer_would_be_found(words: str) -> None:
    assert writes(ast.parse(words))


@pytest.mark.parametrize("status", Status)
def test_no_report_can_get_stuck(status: Status) -> None:
    reached, more = {status}, {status}
    while more:
        more = {m[s] for m in MOVES.values() for s in more if s in m} - reached
        reached |= more
    assert Status.CLOSED in reached


def test_closed_is_the_end_unless_a_merge_is_taken_back() -> None:
    assert [a for a, moves in MOVES.items() if Status.CLOSED in moves] == [Action.UNMERGE]
