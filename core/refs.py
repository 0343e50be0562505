"""How features show things on one page without knowing each other.

A ref is a string, "ticket:12" or "permit_type:IPTM". Each feature registers how its refs look as
a card to a viewer, and how they are searched; pages compose what they get.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A few words that stand for a ref on another feature's page."""

    ref: str
    title: str
    note: str
    url: str | None = None


CardMaker = Callable[[str, object], Card | None]
Searcher = Callable[[str, object], list[Card]]

_cards: dict[str, CardMaker] = {}
_searches: dict[str, Searcher] = {}


def register(kind: str, card: CardMaker, search: Searcher | None = None) -> None:
    """Refs "kind:ident" are shown by `card(ident, viewer)`, found by `search(text, viewer)`."""
    _cards[kind] = card
    if search is not None:
        _searches[kind] = search


def card(ref: str, viewer: object) -> Card | None:
    """The card of a ref, or None if it is unknown or not for this viewer."""
    kind, _, ident = ref.partition(":")
    maker = _cards.get(kind)
    return maker(ident, viewer) if maker else None


def search(text: str, viewer: object) -> list[Card]:
    """What every feature finds for these words, in the order of registration."""
    return [found for searcher in _searches.values() for found in searcher(text, viewer)]
