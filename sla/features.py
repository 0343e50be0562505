"""What a feature tells the engine of its subjects: how their events read, and how they are held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.canonical import Value
from sla.recalculation.crowd import Crowd
from sla.rules.facts import Fact

Translator = Callable[[str, datetime, Mapping[str, Value]], Fact | None]


Acts = Iterable[tuple[datetime, Mapping[str, Value]]]  # each one's moment and data, in order


class Dates(NamedTuple):
    """What a feature keeps of a subject: the date that lists are ordered by, and the one at which
    it ends by itself if nobody acts."""

    due: datetime | None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """When a subject ends by itself, as its log tells; and how what is kept of it is put right."""

    told: Callable[[Acts], datetime | None]
    keep: Callable[[str, datetime | None], None]


@dataclass(frozen=True, slots=True)
class Feature:
    """How the events of one kind of subject ("ticket") read as facts; how a subject is locked as
    its acts do; and the dates that it keeps, to be read and to be put right."""

    kinds: tuple[str, ...]
    translate: Translator
    lock: Callable[[str], None]
    kept: Callable[[Sequence[str]], Mapping[str, Dates]]
    keep_due: Callable[[str, datetime | None], None]
    crowd: Crowd | None = None  # how many of them are moved at once; None: nobody moves them
    ending: Ending | None = None  # None: they never end by themselves


FEATURES: dict[str, Feature] = {}


def register(prefix: str, feature: Feature) -> None:
    """Subjects "prefix:…" are told of in the log in this way."""
    FEATURES[prefix] = feature


def feature_of(subject: str) -> Feature:
    return FEATURES[subject.partition(":")[0]]
