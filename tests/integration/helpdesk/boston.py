"""The city of Boston's rows, a slice of them and rows written for a test."""

from __future__ import annotations

from pathlib import Path

from helpdesk.imports import foreign, importing, mapping
from helpdesk.imports.importing import Outcomes

ROOT = Path(__file__).parents[3]
SLICE = ROOT / "tests/fixtures/boston311_slice.csv.gz"
MAPPING = ROOT / "helpdesk/data/boston311.toml"
BOSTON = mapping.load(MAPPING)
HEAD = (
    "CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,CASE_TITLE,OnTime_Status,"
    "CASE_STATUS,REASON,Department"
)


def bring_in(path: Path) -> Outcomes:
    return importing.bring_in(foreign.rows(path, BOSTON), BOSTON, lambda done: None)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "rows.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n")
    return path
