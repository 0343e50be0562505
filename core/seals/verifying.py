"""Verifying: the whole log read once against its seals, in one look at the database.

An event is right if its digest is that of its stored values and of the seal that lists it, and if
it stands where the seals say. What is committed and not sealed yet is checked by its own digest
alone, and counted as waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sqlalchemy import text

from core import proofs
from core.database import db, let_go
from core.progress import Progress
from core.proofs import ERASED, Verdict
from core.seals import chain, form, log
from core.seals.log import Line, Row

_ERASED = text("SELECT data->>'event' FROM events WHERE kind = :kind AND subject = ANY(:subjects)")
_THERE = text("SELECT EXISTS (SELECT FROM events WHERE id = :id)")


class Verification:
    """One run: `findings` streams sentences in the order of the log; counts are right after it.

    `wanted`: hashes of seals, in hexadecimal, that were shown or printed earlier and must be there.
    """

    def __init__(self, progress: Progress, wanted: Iterable[str] = ()) -> None:
        self.progress = progress
        self.wanted = {one.lower() for one in wanted}
        self.seals = self.sealed = self.waiting = self.erased = 0

    def findings(self) -> Iterator[str]:
        """What is wrong, the first of it first; nothing if all is right."""
        let_go()
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        try:
            yield from self._all()
        finally:
            db.session.rollback()

    def _all(self) -> Iterator[str]:
        floors = log.floors()
        last = floors[-1]
        try:
            for floor, rows in groupby(chain.checked(log.seals()), lambda row: row.place.floor):
                yield from self._epoch(floors, floor, rows)
            if not self.seals:
                yield from self._epoch(floors, last, iter(()))
        except chain.Broken as broken:
            yield f"{broken}; nothing behind it is proved"
            return
        yield from (f"no seal has the hash {one}" for one in sorted(self.wanted))

    def _epoch(self, floors: list[int], floor: int, rows: Iterator[Row]) -> Iterator[str]:
        """All that was sealed under one floor, and what is left of it."""
        above = [one for one in floors if one > floor]
        low = floor if floor > floors[0] else -log.NO_CEILING
        stream = _Stream(self._told(log.events(low, above[0] if above else log.NO_CEILING)))
        for row in rows:
            yield from self._seal(row, stream)
        for line in stream.rest():
            if above or line.ahead:
                yield f"{_named(line)} was added: it stands in a time that had passed"
            elif not line.right:
                yield f"{_named(line)} was altered: its digest is not that of its values"
            else:
                self.waiting += 1
        yield from stream.findings

    def _seal(self, row: Row, stream: _Stream) -> Iterator[str]:
        self.seals += 1
        self.sealed += row.count
        self.wanted.discard(row.hash.hex())
        listed = {ident: (n, digest) for n, (ident, digest) in enumerate(form.read(row.covers))}
        last = -1
        for line in stream.until((row.place.xid, row.place.id)):
            n, digest = listed.pop(line.id, (None, b""))
            if n is None:
                yield f"{_named(line)} was added: no seal lists it, and seal {row.number} should"
            elif line.digest != digest or not line.right:
                yield f"{_named(line)} was altered: seal {row.number} lists another digest"
            elif n < last:
                yield f"{_named(line)} was altered: seal {row.number} lists it in another order"
            else:
                last = n
        for ident in listed:
            there = db.session.execute(_THERE, {"id": ident}).scalar()
            said = "was altered: it was moved" if there else "is missing"
            yield f"event {ident} {said}; seal {row.number} lists it"

    def _told(self, batches: Iterator[list[Line]]) -> Iterator[tuple[list[Line], list[str]]]:
        """Each batch with what is wrong with contents that are proved."""
        for batch in batches:
            self.progress.add(len(batch))
            yield batch, list(self._contents(batch))

    def _contents(self, batch: list[Line]) -> Iterator[str]:
        lines = {line.id: line for line in batch if line.kind in proofs.HELD}
        if not lines:
            return
        subjects = sorted({line.subject for line in lines.values()})
        said = db.session.execute(_ERASED, {"kind": ERASED.name, "subjects": subjects}).scalars()
        erased = {int(ref.partition(":")[2]) for ref in said}
        for kind in sorted({line.kind for line in lines.values()}):
            data = {i: line.data for i, line in lines.items() if line.kind == kind}
            for ident, found in proofs.verdicts(kind, data, erased).items():
                self.erased += found is Verdict.ERASED
                if found in (Verdict.ALTERED, Verdict.MISSING):
                    yield f"the content of {_named(lines[ident])} is {found}"


class _Stream:
    """Lines one by one, up to a place; findings on contents gather beside them."""

    def __init__(self, batches: Iterator[tuple[list[Line], list[str]]]) -> None:
        self.findings: list[str] = []
        self.lines = self._one_by_one(batches)
        self.ahead: Line | None = next(self.lines, None)

    def _one_by_one(self, batches: Iterator[tuple[list[Line], list[str]]]) -> Iterator[Line]:
        for batch, findings in batches:
            self.findings += findings
            yield from batch

    def until(self, place: tuple[int, int]) -> Iterator[Line]:
        while self.ahead is not None and (self.ahead.xid, self.ahead.id) <= place:
            yield self.ahead
            self.ahead = next(self.lines, None)

    def rest(self) -> Iterator[Line]:
        while self.ahead is not None:
            yield self.ahead
            self.ahead = next(self.lines, None)


def _named(line: Line) -> str:
    return f"event {line.id} ({line.kind} of {line.subject})"
