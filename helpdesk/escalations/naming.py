"""People are put at the levels of the office, get other turns there, and are taken off."""

from __future__ import annotations

from datetime import datetime

from core import clock, events
from core.canonical import Value, instant
from core.database import db
from core.errors import Invalid, NotFound
from core.event_kinds import Kind
from core.events import Entry
from core.i18n import gettext
from helpdesk.escalations import kinds
from helpdesk.escalations.standing import one_by_one, require_staff
from helpdesk.models import LevelPerson
from helpdesk.rules.levels import TOP


def name(
    level: int,
    user_id: int,
    actor: str,
    *,
    apart: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
) -> LevelPerson:
    """Put somebody at a level. Raises Invalid on level, person, since or until."""
    wrong: dict[str, str] = {}
    if not 1 <= level <= TOP:
        wrong["level"] = gettext("There are levels 1 to %(n)d.", n=TOP)
    one_by_one()
    require_staff(user_id, "person", wrong)
    _check_turn(since, until, wrong)
    if wrong:
        raise Invalid(fields=wrong)
    row = LevelPerson(level=level, apart=apart, user_id=user_id, since=since, until=until)
    _refuse_doubles(row)
    db.session.add(row)
    db.session.flush()
    _record(kinds.LEVEL_NAMED, row, actor)
    return row


def change_turn(
    person_id: int, since: datetime | None, until: datetime | None, actor: str
) -> LevelPerson:
    """Somebody stands at their level from another moment, or until another. Raises Invalid on
    since or until, NotFound."""
    one_by_one()
    row = _find(person_id)
    wrong: dict[str, str] = {}
    _check_turn(since, until, wrong)
    if wrong:
        raise Invalid(fields=wrong)
    was = _turn(row, "was_")
    row.since, row.until = since, until
    _refuse_doubles(row)
    _record(kinds.LEVEL_TURNED, row, actor, was)
    return row


def take_off(person_id: int, actor: str) -> None:
    """Take somebody off a level. Raises NotFound."""
    one_by_one()
    row = _find(person_id)
    _record(kinds.LEVEL_LEFT, row, actor)
    db.session.delete(row)


def _find(person_id: int) -> LevelPerson:
    row = db.session.get(LevelPerson, person_id, populate_existing=True)
    if row is None:
        raise NotFound(gettext("This line is not there any more."))
    return row


def _check_turn(since: datetime | None, until: datetime | None, wrong: dict[str, str]) -> None:
    if since is not None and until is not None and until <= since:
        wrong["until"] = gettext("This ends before it begins.")
    elif until is not None and until <= clock.now():
        wrong["until"] = gettext("This is over already.")


def _refuse_doubles(row: LevelPerson) -> None:
    """Nobody stands twice at the same level at one moment."""
    with db.session.no_autoflush:
        others = db.session.query(LevelPerson).filter(
            LevelPerson.level == row.level,
            LevelPerson.apart == row.apart,
            LevelPerson.user_id == row.user_id,
        )
        for other in others:
            if other is not row and _meet(row, other):
                sentence = gettext("This person stands at this level then already.")
                raise Invalid(fields={"since": sentence})


def _meet(a: LevelPerson, b: LevelPerson) -> bool:
    return (a.since is None or b.until is None or a.since < b.until) and (
        b.since is None or a.until is None or b.since < a.until
    )


def _turn(row: LevelPerson, prefix: str = "") -> dict[str, Value]:
    ends = {"since": row.since, "until": row.until}
    return {f"{prefix}{name}": instant(at) for name, at in ends.items() if at is not None}


def _record(kind: Kind, row: LevelPerson, actor: str, more: dict[str, Value] | None = None) -> None:
    data: dict[str, Value] = {
        "level": row.level,
        "person": f"user:{row.user_id}",
        "apart": int(row.apart),
        **_turn(row),
        **(more or {}),
    }
    events.append([Entry(kind, f"level:{row.id}", actor, clock.now(), data)])
