"""Kinds of events: their names, the keys that their data must have, and who may see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# Enum names, refs ("ticket:12"), codes and instants: nothing a person could have typed fits.
CODE = re.compile(r"[A-Za-z0-9_.:+/-]{1,80}")


class Visibility(StrEnum):
    """Who may be shown that this happened."""

    PUBLIC = "PUBLIC"  # the requester too
    STAFF = "STAFF"
    RESTRICTED = "RESTRICTED"  # named roles only


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: its name, the keys its data must and may have, and who may see it."""

    name: str
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    visibility: Visibility = Visibility.STAFF


KINDS: dict[str, Kind] = {}


def declare(
    name: str,
    needs: str = "",
    may: str = "",
    visibility: Visibility = Visibility.STAFF,
) -> Kind:
    """Make a kind known; `needs` and `may` are key names in one string, parted by spaces."""
    if name in KINDS:
        raise ValueError(f"The event kind {name} is declared twice.")
    kind = Kind(name, frozenset(needs.split()), frozenset(may.split()), visibility)
    KINDS[name] = kind
    return kind
