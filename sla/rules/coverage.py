"""Which policies nothing can fall under, because earlier ones take all that could.

Exact: what may be told of a subject is listed as *aspects* that have nothing to do with each
other, each with the *readings* that it may have (a topic with its weight; a place with all areas
that it lies in). A policy then takes a box, the readings of each aspect that fit its conditions,
and what earlier boxes leave of it is cut out piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Reading = Mapping[str, frozenset[str]]
Aspect = Sequence[Reading]
Conditions = Mapping[str, Sequence[str]]
Box = tuple[int, ...]  # of each aspect, which of its readings, as bits

MOST_PIECES = 20_000  # beyond them nothing is claimed


def caught(policies: Sequence[Conditions], aspects: Sequence[Aspect]) -> dict[int, tuple[int, ...]]:
    """Of each policy that nothing can fall under, by its place from 0: the places of earlier ones
    that take all it could, or none if its own conditions never come together."""
    boxes = [_box(conditions, aspects) for conditions in policies]
    found: dict[int, tuple[int, ...]] = {}
    for n, box in enumerate(boxes):
        if not all(box):
            found[n] = ()
            continue
        before = [m for m in range(n) if _meet(box, boxes[m])]
        if _covered(box, [boxes[m] for m in before]):
            found[n] = tuple(_needed(box, before, boxes))
    return found


def _box(conditions: Conditions, aspects: Sequence[Aspect]) -> Box:
    known = {name for aspect in aspects for reading in aspect for name in reading}
    if not known >= set(conditions):  # a name that nothing is told of never fits
        return tuple(0 for _ in aspects) or (0,)
    return tuple(_bits(_fits(conditions, reading) for reading in aspect) for aspect in aspects)


def _fits(conditions: Conditions, reading: Reading) -> bool:
    return all(
        not reading[name].isdisjoint(wanted)
        for name, wanted in conditions.items()
        if name in reading
    )


def _bits(which: Iterable[bool]) -> int:
    return sum(1 << n for n, one in enumerate(which) if one)


def _meet(one: Box, other: Box) -> bool:
    return all(a & b for a, b in zip(one, other, strict=True))


def _covered(box: Box, others: Sequence[Box]) -> bool:
    """Do the others take all of it together?"""
    todo, pieces = [(box, 0)], 0
    while todo:
        piece, at = todo.pop()
        while at < len(others) and not _meet(piece, others[at]):
            at += 1
        pieces += 1
        if at == len(others) or pieces > MOST_PIECES:
            return False
        rest = list(piece)
        for n, taken in enumerate(others[at]):
            left = rest[n] & ~taken
            if left:
                todo.append(((*rest[:n], left, *rest[n + 1 :]), at + 1))
            rest[n] &= taken
    return True


def _needed(box: Box, before: list[int], boxes: Sequence[Box]) -> list[int]:
    """Of the earlier ones only those without which something would be left."""
    alone = next((m for m in before if _covered(box, [boxes[m]])), None)
    if alone is not None:
        return [alone]
    needed = list(before)
    for m in before:
        fewer = [boxes[other] for other in needed if other != m]
        if _covered(box, fewer):
            needed.remove(m)
    return needed
