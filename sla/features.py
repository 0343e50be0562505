"""What a feature tells the engine of its subjects: how their events read, and how they are held."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.canonical import Value
from sla.recalculation.crowd import Crowd
from sla.rules.facts import Fact

Translator = Callable[[str, datetime, Mapping[str, Value]], Fact | None]


@dataclass(frozen=True, slots=True)
class Feature:
    """How the events of one kind of subject ("ticket") read as facts; how a subject is locked as
    its acts do; and the date that it keeps of its timers, to be read and to be put right."""

    kinds: tuple[str, ...]
    translate: Translator
    lock: Callable[[str], None]
    kept_dues: Callable[[Sequence[str]], Mapping[str, datetime | None]]
    keep_due: Callable[[str, datetime | None], None]
    crowd: Crowd | None = None  # how many of them are moved at once; None: nobody moves them


FEATURES: dict[str, Feature] = {}


def register(prefix: str, feature: Feature) -> None:
    """Subjects "prefix:…" are told of in the log in this way."""
    FEATURES[prefix] = feature


def feature_of(subject: str) -> Feature:
    return FEATURES[subject.partition(":")[0]]
