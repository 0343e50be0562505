"""Our readings beside another system's own verdicts, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text

from core.database import db
from helpdesk.imports.foreign import Broken, Case
from helpdesk.imports.mapping import MappingFile

BATCH = 2_000
SAYS = {"MET": True, "BREACHED": False}  # Any other reading agrees with neither verdict.

_READINGS = text(
    """
    SELECT k.external_id, t.reading FROM tickets k
    JOIN timers t ON t.subject = 'ticket:' || k.id AND t.metric = 'RESOLUTION' AND t.cycle = 1
    WHERE k.source = :source AND k.external_id = ANY(:ids)
    """
)


@dataclass
class Comparison:
    """How many agreed; `disagreed` holds lines; `left_out` rows without both dates or verdict."""

    agreed: int = 0
    disagreed: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    left_out: int = 0


def compare(rows: Iterator[Case | Broken], mapping: MappingFile) -> Comparison:
    """Compare every row that has both dates and a verdict."""
    found = Comparison()
    batch: list[Case] = []
    for row in rows:
        if isinstance(row, Broken) or row.kept is None or not row.due or not row.closed:
            found.left_out += 1
            continue
        batch.append(row)
        if len(batch) == BATCH:
            _compare(batch, mapping, found)
            batch = []
    _compare(batch, mapping, found)
    return found


def _compare(batch: Sequence[Case], mapping: MappingFile, found: Comparison) -> None:
    ids = [case.external_id for case in batch]
    rows = db.session.execute(_READINGS, {"source": mapping.source, "ids": ids})
    readings = {row.external_id: row.reading for row in rows}
    for case in batch:
        reading = readings.get(case.external_id)
        if reading is None:
            found.missing.append(case.line)
        elif SAYS.get(reading) is case.kept:
            found.agreed += 1
        else:
            found.disagreed.append(case.line)
