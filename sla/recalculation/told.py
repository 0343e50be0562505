"""What the log tells and what is stored of many subjects, read in one statement.

One statement sees one moment, so an act that comes in between is in both or in neither.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from core.database import UTCDateTime, db
from sla.features import FEATURES
from sla.models import TimerRow
from sla.proving.histories import Read, read_kinds

COLUMNS = {c.name: c for c in TimerRow.__table__.columns if c.name not in ("id", "subject")}
DATES = tuple(n for n, c in enumerate(COLUMNS.values()) if isinstance(c.type, UTCDateTime))

_READ = text(
    f"""
    WITH told AS (
        SELECT subject, json_agg(json_build_array(id, kind, at, data) ORDER BY id) AS log
        FROM events WHERE subject > :after AND subject <= :upto AND kind = ANY(:kinds)
        GROUP BY subject
    ), kept AS (
        SELECT subject, json_agg(json_build_array({", ".join(COLUMNS)})) AS timers
        FROM timers WHERE subject > :after AND subject <= :upto
        GROUP BY subject
    )
    SELECT subject, CAST(log AS text), CAST(timers AS text)
    FROM told FULL JOIN kept USING (subject) ORDER BY subject
    """  # nosec B608 -- names of our own columns
)
_NEXT = text(
    """
    SELECT max(subject), count(*) FROM (
        SELECT subject FROM events WHERE subject > :after AND subject < :end
        GROUP BY subject ORDER BY subject LIMIT :batch) named
    """
)
_COUNT = text(
    """
    SELECT coalesce(max(CASE WHEN s.n_distinct >= 0 THEN s.n_distinct
                             ELSE -s.n_distinct * c.reltuples END), 0)
    FROM pg_stats s JOIN pg_class c ON c.relname = s.tablename
    WHERE s.tablename = 'timers' AND s.attname = 'subject'
    """
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject's log and its stored timers, each a dictionary by `COLUMNS`."""

    name: str
    log: Read
    timers: Sequence[dict[str, Any]]


Span = tuple[str, str, str]  # a feature's prefix, after, up to


def spans(batch: int) -> Iterator[Span]:
    """All that the log may tell of, in spans of so many subjects; what is stored without a log
    lies in one of them too."""
    for prefix in sorted(FEATURES):
        after, end = f"{prefix}:", f"{prefix};"
        while True:
            asked = {"after": after, "end": end, "batch": batch}
            last, count = db.session.execute(_NEXT, asked).one()
            if count < batch:
                break
            yield prefix, after, last
            after = last
        yield prefix, after, end


def count() -> int:
    """Nearly how many subjects there are: those that have timers, as the last ANALYZE saw them."""
    return int(db.session.execute(_COUNT).scalar_one())


def read(span: Span) -> Iterator[Subject]:
    """Every subject of a span that has a log or stored timers."""
    _, after, upto = span
    asked = {"after": after, "upto": upto, "kinds": list(read_kinds(after))}
    rows = db.session.execute(_READ, asked)
    for name, log, timers in rows.all():
        told = [(i, kind, _at(at), data) for i, kind, at, data in json.loads(log or "[]")]
        yield Subject(name, told, [_timer(values) for values in json.loads(timers or "[]")])


def _timer(values: list[Any]) -> dict[str, Any]:
    for n in DATES:
        if values[n] is not None:
            values[n] = _at(values[n])
    return dict(zip(COLUMNS, values, strict=True))


_at = datetime.fromisoformat
