"""The log: every change appends one row, in the change's own transaction, and nothing edits it.

`data` holds ids, enums, numbers and instants only, never words of people: those live in tables
that can be erased. Each kind declares what its `data` holds; `append` refuses all else.
Durable subscribers get their delivery row in the same statement, so a committed event always
reaches them.

Nobody reads this table by `id > last`: ids commit out of order. Feeds take events with
`xid < pg_snapshot_xmin(pg_current_snapshot())`, in (xid, id) order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import BigInteger, FetchedValue, Identity, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from core.canonical import FORMAT, Value, digest, digest_of_encoded, encoded, instant
from core.database import Base, db, on_commit
from core.event_kinds import Kind, ref, who


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **kw: object) -> str:
        return "xid8"


class Event(Base):
    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_subject_id", "subject", "id"),
        Index("ix_events_xid_id", "xid", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    xid: Mapped[int] = mapped_column(
        Xid8(), server_default=text("pg_current_xact_id()"), server_onupdate=FetchedValue()
    )
    kind: Mapped[str]
    subject: Mapped[str]
    actor: Mapped[str]
    visibility: Mapped[str]
    data: Mapped[dict[str, Value]] = mapped_column(JSONB)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    format: Mapped[int] = mapped_column(SmallInteger)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to append. `actor` is a ref: "user:3", "requester", "system", "import"."""

    kind: Kind
    subject: str
    actor: str
    at: datetime
    data: Mapping[str, Value] = field(default_factory=dict)


_durable: dict[str, list[str]] = {}
_live: dict[str, list[Callable[[Sequence[Entry]], None]]] = {}
_after_deliveries: list[Callable[[set[str]], None]] = []


def subscribe_durable(subscriber: str, *kinds: Kind) -> None:
    """`subscriber` gets a delivery row for each event of these kinds (see core.outbox)."""
    for kind in kinds:
        names = _durable.setdefault(kind.name, [])
        if subscriber not in names:
            names.append(subscriber)


def subscribe_live(callback: Callable[[Sequence[Entry]], None], *kinds: Kind) -> None:
    """Call right after the commit, in this process, with all that was appended at once; may be
    lost, so screens also catch up."""
    for kind in kinds:
        callbacks = _live.setdefault(kind.name, [])
        if callback not in callbacks:
            callbacks.append(callback)


def when_deliveries_wait(callback: Callable[[set[str]], None]) -> None:
    """Told after a commit that left deliveries, with the names of their subscribers."""
    if callback not in _after_deliveries:
        _after_deliveries.append(callback)


def check(entry: Entry) -> None:
    """Raise ValueError for data that the kind does not declare, or for no ref."""
    if not ref(entry.subject) or not who(entry.actor):
        raise ValueError(f"{entry.kind.name} names its subject and actor by refs.")
    entry.kind.check(entry.data)


_APPEND = text(
    """
    WITH rows AS (
        SELECT r.* FROM ROWS FROM (
            jsonb_to_recordset(CAST(:rows AS jsonb)) AS (
                at timestamptz, kind text, subject text, actor text, visibility text,
                data jsonb, digest text)
        ) WITH ORDINALITY AS r(at, kind, subject, actor, visibility, data, digest, n)
    ), added AS (
        INSERT INTO events (at, kind, subject, actor, visibility, data, digest, format)
        SELECT at, kind, subject, actor, visibility, data, decode(digest, 'hex'), :format
        FROM rows ORDER BY n
        RETURNING id, kind, subject
    ), told AS (
        INSERT INTO deliveries (event_id, subscriber, subject)
        SELECT a.id, s.subscriber, a.subject
        FROM added a
        JOIN unnest(CAST(:sub_kinds AS text[]), CAST(:sub_names AS text[]))
            AS s(kind, subscriber) ON s.kind = a.kind
    )
    SELECT id FROM added ORDER BY id
    """
)


def append(entries: Sequence[Entry], *, quiet: bool = False) -> list[int]:
    """Append rows in one statement and return their ids in the order given.

    `quiet` leaves out subscribers (imports and moves by the thousand, which tell nobody one by
    one). Raises ValueError for data that the kind does not declare.
    """
    if not entries:
        return []
    for entry in entries:
        check(entry)
    names = {entry.kind.name for entry in entries}
    pairs = [] if quiet else [(k, s) for k in sorted(names) for s in _durable.get(k, ())]
    ids = list(
        db.session.execute(
            _APPEND,
            {
                "rows": f"[{','.join(map(_row, entries))}]",
                "format": FORMAT,
                "sub_kinds": [k for k, _ in pairs],
                "sub_names": [s for _, s in pairs],
            },
        ).scalars()
    )
    if not quiet:
        _tell_after_commit(list(entries), {s for _, s in pairs})
    return ids


def _row(entry: Entry) -> str:
    """A row of `_APPEND` as JSON; its data are put into words once, for the digest and for here."""
    kind, data = entry.kind, encoded(entry.data)
    words = (kind.name, entry.subject, entry.actor, kind.visibility.value)
    digest = digest_of_encoded(entry.at, words, data).hex()
    # Names and refs hold nothing that JSON would have to escape (see `check`).
    return (
        f'{{"at":"{instant(entry.at)}","kind":"{words[0]}","subject":"{words[1]}",'
        f'"actor":"{words[2]}","visibility":"{words[3]}","data":{data},"digest":"{digest}"}}'
    )


def digest_of(entry: Entry) -> bytes:
    """The digest of a row that is about to be stored."""
    return digest(
        at=entry.at,
        kind=entry.kind.name,
        subject=entry.subject,
        actor=entry.actor,
        visibility=entry.kind.visibility.value,
        data=entry.data,
    )


def wake_after_commit(subscribers: set[str]) -> None:
    """Have the deliveries of these looked for once the open transaction has committed."""
    _tell_after_commit([], subscribers)


def _tell_after_commit(entries: list[Entry], subscribers: set[str]) -> None:
    def tell() -> None:
        heard: dict[Callable[[Sequence[Entry]], None], list[Entry]] = {}
        for entry in entries:
            for callback in _live.get(entry.kind.name, ()):
                heard.setdefault(callback, []).append(entry)
        for callback, mine in heard.items():
            callback(mine)
        if subscribers:
            for wake in _after_deliveries:
                wake(subscribers)

    on_commit(tell)
