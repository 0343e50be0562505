"""How long citizens have, as this office chose it; kept in memory, never out of date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, text

from core import clock, events
from core.canonical import Value
from core.database import db
from core.errors import Invalid
from core.events import Entry
from core.i18n import gettext
from core.storage.kept import kept
from helpdesk.models import WindowsRow
from helpdesk.rules.windows import LONGEST, SHORTEST, USUAL, Chosen, Windows
from helpdesk.setup.setup_kinds import WINDOWS_CHOSEN

# In the language of their law, as the sources of policies are.
REPLY_SOURCE = "UU 25/2009 pasal 43 ayat (4) dan (5): melengkapi pengaduan"
REOPEN_SOURCE = "SP4N-LAPOR!: selesai otomatis dalam 10 hari"
LONGEST_SOURCE = 200  # letters
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended('citizen_windows', 0))")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form says: the days, and where each is written. `of`: the row that says so, 0 where
    nobody has chosen."""

    windows: Windows = USUAL
    reply_source: str = REPLY_SOURCE
    reopen_source: str = REOPEN_SOURCE
    of: int = 0


@kept("citizen_windows")
def chosen() -> Chosen:
    """Every choice with its date."""
    rows = db.session.scalars(select(WindowsRow).order_by(WindowsRow.id)).all()
    return Chosen(tuple(row.since for row in rows), tuple(map(_windows, rows)))


@kept("citizen_windows")
def current() -> Choice:
    """The newest choice, or the usual."""
    row = db.session.scalars(select(WindowsRow).order_by(WindowsRow.id.desc()).limit(1)).first()
    if row is None:
        return Choice()
    return Choice(_windows(row), row.reply_source, row.reopen_source, row.id)


def _windows(row: WindowsRow) -> Windows:
    return Windows(row.reply, row.reopen)


def read(form: Mapping[str, str]) -> Choice:
    """What was typed. Raises Invalid with a sentence for each field."""
    errors: dict[str, str] = {}
    days = {name: _days(form, name, errors) for name in ("reply", "reopen")}
    reply_source, reopen_source = (
        _source(form, name, errors) for name in ("reply_source", "reopen_source")
    )
    if errors:
        raise Invalid(fields=errors)
    return Choice(Windows(**days), reply_source, reopen_source)


def _days(form: Mapping[str, str], name: str, errors: dict[str, str]) -> int:
    said = form.get(name, "").strip()
    whole = said.isascii() and said.isdecimal() and len(said) < 6
    if whole and SHORTEST <= int(said) <= LONGEST:
        return int(said)
    errors[name] = gettext(
        "Please give a whole number from %(least)d to %(most)d.", least=SHORTEST, most=LONGEST
    )
    return SHORTEST


def _source(form: Mapping[str, str], name: str, errors: dict[str, str]) -> str:
    said = " ".join(form.get(name, "").split())
    if not said:
        errors[name] = gettext("Please write where this is written.")
    elif len(said) > LONGEST_SOURCE:
        errors[name] = gettext("At most %(n)s letters, please.", n=LONGEST_SOURCE)
    elif not said.isprintable():
        errors[name] = gettext("This contains a sign that nobody can see.")
    return said


def choose(wanted: Choice, of: int, actor: str) -> bool:
    """Give citizens these days from now on; False if it is in force already. `of`: the row that
    was looked at. Raises Invalid on "form" where somebody else chose meanwhile."""
    db.session.execute(_ONE_BY_ONE)
    before = current()
    if before.of != of:
        raise Invalid(
            fields={"form": gettext("Somebody changed this meanwhile. Look at it once more.")}
        )
    days, were = wanted.windows, before.windows
    sources = (wanted.reply_source, wanted.reopen_source)
    if days == were and sources == (before.reply_source, before.reopen_source):
        return False
    at = clock.now()
    row = WindowsRow(
        since=at,
        reply=days.reply,
        reopen=days.reopen,
        reply_source=wanted.reply_source,
        reopen_source=wanted.reopen_source,
    )
    db.session.add(row)
    db.session.flush()
    data: dict[str, Value] = {"reply": days.reply, "reopen": days.reopen}
    data |= {"was_reply": were.reply, "was_reopen": were.reopen}
    data |= {"was": before.of} if before.of else {}
    events.append([Entry(WINDOWS_CHOSEN, f"citizen_windows:{row.id}", actor, at, data)])
    return True
