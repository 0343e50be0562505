"""How patterns are judged in this office; kept in memory, never out of date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from core import clock, events
from core.canonical import Value
from core.database import db
from core.errors import Invalid
from core.events import Entry
from core.i18n import gettext
from core.storage.kept import kept
from helpdesk.models import LookedFor, PlaceInLog
from helpdesk.patterns import kinds
from helpdesk.rules.patterns import Sizes

LENGTHS = ("near", "short", "waiting")
# The smallest and the largest that make sense, as the form counts: minutes, hours or a number.
LIMITS = {
    "near": (5, 600), "short": (5, 600), "letters": (1, 500),
    "waiting": (1, 2000), "pauses": (1, 100), "settlings": (1, 20),
}  # fmt: skip
UNIT = {"near": 60, "short": 60, "waiting": 3600}  # seconds
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended('looked_for', 0))")


@kept("looked_for")
def current() -> Sizes:
    """The office's own, or ours where it has chosen none."""
    row = db.session.scalars(select(LookedFor)).one_or_none()
    return Sizes() if row is None else _of({name: getattr(row, name) for name in kinds.NAMES})


def _of(numbers: Mapping[str, int]) -> Sizes:
    return Sizes(
        near=timedelta(seconds=numbers["near"]),
        short=timedelta(seconds=numbers["short"]),
        letters=numbers["letters"],
        waiting=timedelta(seconds=numbers["waiting"]),
        pauses=numbers["pauses"],
        settlings=numbers["settlings"],
    )


def numbers(sizes: Sizes) -> dict[str, int]:
    """As they are stored: lengths in seconds."""
    return {
        name: int(getattr(sizes, name).total_seconds())
        if name in LENGTHS
        else int(getattr(sizes, name))
        for name in kinds.NAMES
    }


def typed(sizes: Sizes) -> dict[str, str]:
    """As the form shows them."""
    return {name: str(n // UNIT.get(name, 1)) for name, n in numbers(sizes).items()}


def change(words: Mapping[str, str], actor: str) -> Sizes:
    """Judge by these from now on, and look at the whole log anew by them. Raises Invalid with a
    sentence for each field. Saying what is said already changes nothing."""
    found, errors = {}, {}
    for name, (least, most) in LIMITS.items():
        said = words.get(name, "").strip()
        known = said.isascii() and said.isdecimal() and len(said) < 6
        if not known or not least <= int(said) <= most:
            sentence = gettext(
                "Please give a whole number from %(least)d to %(most)d.", least=least, most=most
            )
            errors[name] = sentence
        else:
            found[name] = int(said) * UNIT.get(name, 1)
    if errors:
        raise Invalid(fields=errors)
    db.session.execute(_ONE_BY_ONE)
    was = numbers(current())
    if found != was:
        statement = insert(LookedFor).values(id=1, **found)
        db.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=found))
        data: dict[str, Value] = {**found, **{f"was_{name}": n for name, n in was.items()}}
        sized = Entry(kinds.PATTERNS_SIZED, kinds.SETTING, actor, clock.now(), data)
        events.append([sized])
        begin_anew()
    return _of(found)


READER = "patterns"
TURN = 7_427_008  # any fixed number: readers take turns


def begin_anew() -> None:
    """Whoever looks through the log begins at its beginning. Waits for one who is just at it, and
    who would else write down how far they came."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": TURN})
    at_the_start = {"xid": 0, "event_id": 0}
    statement = insert(PlaceInLog).values(reader=READER, **at_the_start)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["reader"], set_=at_the_start)
    )
