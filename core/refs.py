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
    group: str = ""  # the heading under which a long list shows it


CardMaker = Callable[[str, object], Card | None]
Searcher = Callable[[str, object], list[Card]]

_cards: dict[str, CardMaker] = {}
_searches: dict[str, Searcher] = {}
_listings: dict[str, Callable[[], list[Card]]] = {}
_summaries: dict[str, Callable[[], str]] = {}


def register(
    kind: str,
    card: CardMaker,
    search: Searcher | None = None,
    listing: Callable[[], list[Card]] | None = None,
    summary: Callable[[], str] | None = None,
) -> None:
    """Refs "kind:ident" are shown by `card(ident, viewer)`, found by `search(text, viewer)`;
    short public lists may be had whole, and summed up in a few words."""
    _cards[kind] = card
    if search is not None:
        _searches[kind] = search
    if listing is not None:
        _listings[kind] = listing
    if summary is not None:
        _summaries[kind] = summary


def listing(kind: str) -> list[Card]:
    """All cards of a kind that offers its list; empty if it does not."""
    return _listings[kind]() if kind in _listings else []


def summary(kind: str) -> str:
    """A few words on all of a kind, or nothing."""
    return _summaries[kind]() if kind in _summaries else ""


def card(ref: str, viewer: object) -> Card | None:
    """The card of a ref, or None if it is unknown or not for this viewer."""
    kind, _, ident = ref.partition(":")
    maker = _cards.get(kind)
    return maker(ident, viewer) if maker else None


def search(text: str, viewer: object) -> list[Card]:
    """What every feature finds for these words, in the order of registration."""
    return [found for searcher in _searches.values() for found in searcher(text, viewer)]
