"""Kinds of events: their names, what their data must and may hold, and who may see them.

The log is kept for good and nobody can erase a row of it, so nothing that a person typed may get
in: each key holds a whole number or, where its kind says so, one of a few words, a ref or an
instant. No name, no telephone and no identity number is any of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LARGEST = 2**31 - 1  # an id or a count; an identity number has sixteen digits
ALONE = frozenset({"system", "requester", "import"})  # actors that are no row of a table

Fits = Callable[[str], bool]


class Visibility(StrEnum):
    """Who may be shown that this happened."""

    PUBLIC = "PUBLIC"  # the requester too
    STAFF = "STAFF"
    RESTRICTED = "RESTRICTED"  # named roles only


def one_of(words: Iterable[str]) -> Fits:
    """A key that holds one of these words (an enum is such a list)."""
    return frozenset(str(word) for word in words).__contains__


def like(pattern: str) -> Fits:
    """A key that holds what the whole of a pattern fits."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: compiled.fullmatch(value) is not None


ref = like(r"[a-z][a-z_]{0,30}:[1-9][0-9]{0,9}")
instant = like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def who(value: str) -> bool:
    """An actor: a ref, or one of the words for whoever is no row."""
    return value in ALONE or ref(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: its name, the keys its data must and may have, those of them that hold no
    whole number, and who may see it."""

    name: str
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    visibility: Visibility = Visibility.STAFF
    holds: Mapping[str, Fits] = field(default_factory=dict, compare=False)

    def check(self, data: Mapping[str, object]) -> None:
        """Raises ValueError for data that this kind does not declare; never with the value."""
        keys = set(data)
        if not self.needs <= keys or not keys <= self.needs | self.may:
            raise ValueError(f"{self.name} needs {sorted(self.needs)} and got {sorted(keys)}.")
        for key, value in data.items():
            fits = self.holds.get(key)
            if fits is None and not _number(value):
                raise ValueError(f"{self.name}.{key} must be a whole number, an id or a count.")
            if fits is not None and not (isinstance(value, str) and fits(value)):
                raise ValueError(f"{self.name}.{key} is none of the words that it may hold.")


def _number(value: object) -> bool:
    return type(value) is int and abs(value) <= LARGEST


KINDS: dict[str, Kind] = {}


def declare(
    name: str,
    needs: str = "",
    may: str = "",
    visibility: Visibility = Visibility.STAFF,
    holds: Mapping[str, Fits] | None = None,
) -> Kind:
    """Make a kind known; `needs` and `may` are key names in one string, parted by spaces. A key
    holds a whole number, if `holds` does not say what else (it may name keys of other kinds too).
    """
    if name in KINDS:
        raise ValueError(f"The event kind {name} is declared twice.")
    must, can = frozenset(needs.split()), frozenset(may.split())
    said = {key: fits for key, fits in (holds or {}).items() if key in must | can}
    kind = KINDS[name] = Kind(name, must, can, visibility, said)
    return kind
