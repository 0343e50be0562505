"""The seals by themselves: each one's hash, its number, and the seal before."""

from __future__ import annotations

from collections.abc import Iterator

from core.seals import form
from core.seals.form import Place, Stamp
from core.seals.log import Row


class Broken(Exception):
    """A seal that cannot be trusted, and why: nothing behind it is proved."""


def checked(rows: Iterator[Row]) -> Iterator[Row]:
    """The same seals, as far as they hold together. Raises Broken at the first that does not."""
    before, last = form.NONE_BEFORE, Place()
    for number, row in enumerate(rows, 1):
        if row.number != number:
            wrong = "was added" if row.number < number else "is missing"
            raise Broken(f"seal {min(row.number, number)} {wrong}")
        stamp = Stamp(row.number, row.at, row.place, row.count, row.before)
        if stamp.hash(row.covers) != row.hash or len(row.covers) != row.count * form.ENTRY.size:
            raise Broken(f"seal {row.number} was altered: its hash is not that of its values")
        if row.before != before:
            raise Broken(f"seal {row.number} does not follow the one before it, which was altered")
        if not _follows(last, row.place):
            raise Broken(f"seal {row.number} was altered: it goes back behind the one before it")
        yield row
        before, last = row.hash, row.place


def _follows(last: Place, place: Place) -> bool:
    if place.epoch not in (last.epoch, last.epoch + 1):
        return False
    if place.floor != last.floor:
        return place.floor > last.floor
    return (place.xid, place.id) >= (last.xid, last.id)
