"""Which open subjects are looked at while somebody waits: all of few, some of many.

Up to `FEW` open ones of a kind are counted. Of more, ids that lie evenly between the first and the
last are tried, until enough of them are open and asked about; how many there are is reckoned from
their share. So the time does not grow with what is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import ceil

from sqlalchemy import Select, Table

from sla import tracking
from sla.recalculation.crowd import Crowd

SAMPLE = 400  # subjects; more than these are not folded
FEW = 20_000  # open subjects
TRIES = (2_000, 20_000)  # ids
# Of a kind of subject and its table: a row for each reason why a subject is asked about.
Among = Callable[[str, Table], Select[bool]]


@dataclass(slots=True)
class Sample:
    """`total` open subjects that are asked about, nearly so if `about`; those to look at."""

    total: int = 0
    about: bool = False
    subjects: dict[str, list[str]] = field(default_factory=dict)  # by their kind


@dataclass(slots=True)
class Looked:
    """How many open subjects there are (nearly so if `about`), and how many were looked at."""

    total: int
    about: bool = False
    looked: int = 0

    @property
    def whole(self) -> bool:
        return not self.about and self.looked >= self.total


def sample(among: Among | None = None) -> Sample:
    """Of everything that is open, or that is asked about."""
    found = Sample()
    known = [(kind, *_look(kind, crowd, among)) for kind, crowd in _crowds()]
    found.total = sum(total for _, total, _, _ in known)
    found.about = any(tried is not None for *_, tried in known)
    if found.about:
        found.total = _roughly(found.total)
    every = ceil(found.total / SAMPLE) or 1
    for (kind, total, there, tried), (_, crowd) in zip(known, _crowds(), strict=True):
        ids = crowd.spread(every, there) if tried is None else _thin(tried, total // every)
        found.subjects[kind] = [f"{kind}:{ident}" for ident in ids]
    return found


def _crowds() -> Iterator[tuple[str, Crowd]]:
    for kind, feature in sorted(tracking.FEATURES.items()):
        if feature.crowd is not None:
            yield kind, feature.crowd


def _look(
    kind: str, crowd: Crowd, among: Among | None
) -> tuple[int, Select[bool] | None, list[int] | None]:
    """How many there are, why they are asked about, and of many the ids that were found."""
    there = among(kind, crowd.table) if among else None
    if crowd.few(FEW):
        return crowd.count(None if there is None else there.exists()), there, None
    first, last = crowd.span()
    many, found = last - first + 1, list[int]()
    for tries in TRIES:
        ids = sorted({first + place * many // tries for place in range(tries)})
        found = crowd.open_of(ids, there)
        if len(found) >= SAMPLE:
            break
    return round(len(found) * many / len(ids)), there, found


def _roughly(count: float) -> int:
    """Two digits of it: no more are known."""
    return int(float(f"{count:.2g}"))


def _thin(ids: list[int], wanted: int) -> list[int]:
    """So many of them, evenly; all where there are fewer."""
    if len(ids) <= wanted:
        return ids
    return [ids[place * len(ids) // wanted] for place in range(wanted)]
