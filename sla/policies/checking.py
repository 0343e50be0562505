"""What is asked of a policy's version before it is stored; each refusal names its field."""

from __future__ import annotations

from datetime import datetime

from core.errors import Invalid
from core.i18n import gettext, moment_words
from sla import book
from sla.calendars import drafts
from sla.models import PolicyVersion
from sla.policies import order, refusals
from sla.rules.policy import InvalidPolicy

LONGEST_NAME = 80


def check(row: PolicyVersion, before: PolicyVersion | None, at: datetime, replacing: bool) -> None:
    """Raises Invalid for a version that cannot be promised, that would begin before now or before
    one that waits already (unless it replaces that), or that would leave something without a
    policy. `before`: the newest version of the same policy."""
    if row.valid_from < at:
        words = gettext("A version is valid from now on or later: nobody is bound afterwards.")
        raise Invalid(fields={"valid_from": words})
    _promises(row)
    _calendar(row, at)
    _name(row)
    if before is not None and row.valid_from < before.valid_from and not replacing:
        words = gettext(
            "A version that begins on %(when)s waits already; a newer one begins then or later.",
            when=moment_words(before.valid_from),
        )
        raise Invalid(fields={"valid_from": words})
    _order(row, before)


def _promises(row: PolicyVersion) -> None:
    try:
        book.policy_of(row)
    except (InvalidPolicy, ValueError, KeyError) as error:
        raise Invalid(fields={"targets": refusals.words(error)}) from error
    if not row.targets:
        raise Invalid(fields={"targets": gettext("A policy promises at least one thing.")})


def _calendar(row: PolicyVersion, at: datetime) -> None:
    newest = order.newest_calendar(row.calendar_key)
    if newest is None:
        raise Invalid(fields={"calendar_key": gettext("There is no such calendar.")})
    drafts.check(newest.definition, at, "calendar_key")


def _name(row: PolicyVersion) -> None:
    row.name = " ".join(row.name.split())
    if not any(letter.isprintable() and letter != " " for letter in row.name):
        raise Invalid(fields={"name": gettext("Please give a name.")})
    if not row.name.isprintable():  # two names that look alike, or one that reads backwards
        raise Invalid(fields={"name": gettext("This contains a sign that nobody can see.")})
    if len(row.name) > LONGEST_NAME:
        words = gettext("A name has at most %(n)s letters.", n=LONGEST_NAME)
        raise Invalid(fields={"name": words})
    others = (one for one in order.newest() if one.key != row.key)
    if any(one.name.casefold() == row.name.casefold() for one in others):
        raise Invalid(fields={"name": gettext("There is a policy of this name already.")})


def _order(row: PolicyVersion, before: PolicyVersion | None) -> None:
    """The last policy stays last and takes all else; no two stand at one place."""
    active = order.latest()
    if not active:
        return
    last = active[-1]
    if row.key == last.key:
        if row.conditions and not last.conditions:
            words = gettext("The last policy takes all else, so it has no conditions.")
            raise Invalid(fields={"conditions": words})
        if row.retired or row.position != last.position:
            raise Invalid(fields={"position": gettext("The last policy stays last.")})
    elif before is None or row.position != before.position:
        if row.position in order.taken(row.key):
            raise Invalid(fields={"position": gettext("Another policy stands at this place.")})
        if row.position > last.position:
            raise Invalid(fields={"position": gettext("The last policy stays last.")})
