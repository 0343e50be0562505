"""What a step of a ladder does, in words and as the choices of a form; and who that is now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.directory import everybody, name_of
from accounts.labels import role_names
from accounts.rules.access import Role
from core.i18n import gettext, ngettext
from helpdesk.escalations.labels import level_words
from helpdesk.escalations.levels import Staffing
from helpdesk.escalations.whom import HOLDER, named
from helpdesk.rules.levels import TOP, USUAL_TOP
from helpdesk.setup import office
from sla.rules.deeds import Deed, Does

NAMED_AT_MOST = 3
TOLD_BY_ROLE = (
    Role.AGENT, Role.SUPERVISOR, Role.COUNTER, Role.INSPECTOR, Role.LEADER, Role.ADMIN,
)  # fmt: skip


def value_of(deed: Deed) -> str:
    """A deed as a form sends it: notify:holder, notify:user:3, level:2, raise."""
    more = deed.to or (str(deed.n) if deed.n else "")
    return f"{deed.does.value}:{more}" if more else deed.does.value


def deed_of(value: str) -> Deed:
    """The deed that a form sent. Raises InvalidDeed."""
    does, _, more = value.partition(":")
    if does == Does.NOTIFY:
        return Deed.from_dict({"do": does, "to": more})
    number = int(more) if more.isascii() and more.isdecimal() and len(more) < 10 else 0
    return Deed.from_dict({"do": does, "n": number})


def words(deed: Deed, *, apart: bool = False) -> str:
    """As a sentence's part: tell the supervisors, bring it before level 2. `apart`: of the ladder
    apart, whose levels are others'."""
    if deed.does is Does.NOTIFY:
        return gettext("tell %(whom)s", whom=whom_words(deed.to, apart=apart))
    if deed.does is Does.LEVEL:
        return gettext("bring it before %(level)s", level=level_name(deed.n, apart=apart))
    if deed.does is Does.REASSIGN:
        return gettext("hand it to %(name)s", name=_person(deed.n))
    if deed.does is Does.QUEUE:
        queue = office.queue(deed.n)
        return gettext("move it to %(queue)s", queue=queue.name if queue else _gone())
    return {
        Does.RAISE: gettext("raise its urgency one step"),
        Does.CAUSE: gettext("ask for the cause"),
        Does.WEBHOOK: gettext("tell another system"),
    }[deed.does]


def whom_words(to: str, *, apart: bool = False) -> str:
    kind, _, n = to.partition(":")
    if to == HOLDER:
        return gettext("whoever holds it")
    if kind == "user":
        return _person(int(n))
    if kind == "level":
        return level_name(int(n), apart=apart)
    return gettext("everybody who is: %(role)s", role=_roles().get(kind, kind))


def level_name(level: int, *, apart: bool = False) -> str:
    if level > USUAL_TOP:
        return gettext("level %(n)s", n=level)
    return gettext("level %(n)s (%(name)s)", n=level, name=level_words(level, apart=apart))


def who_now(deed: Deed, there: Staffing, *, apart: bool) -> str:
    """The names of those whom a deed would reach at that moment, the first few of many; nothing
    for what reaches nobody in particular."""
    if deed.does is Does.LEVEL:
        ids = there.people_of(deed.n, apart=apart)
    elif deed.does is Does.NOTIFY and deed.to != HOLDER:
        ids = named(deed.to, there, apart=apart)
    else:
        return ""
    names = [name for name in map(name_of, ids) if name]
    if not names:
        return gettext("nobody now")
    shown, rest = names[:NAMED_AT_MOST], len(names) - NAMED_AT_MOST
    listed = ", ".join(shown)
    if rest <= 0:
        return listed
    return ngettext(
        "%(names)s and %(num)d other", "%(names)s and %(num)d others", rest, names=listed
    )


def choices(there: Staffing, kept: Iterable[str], *, apart: bool) -> list[dict[str, Any]]:
    """Everything that a step can do, in groups. `kept`: values that stand in the form; one that
    could not be chosen any more (somebody left) is shown as what it was."""
    people = [one.id for one in everybody().values() if one.id in there.roles]
    heights = range(1, TOP + 1)
    tellable = [HOLDER, *TOLD_BY_ROLE, *(f"level:{n}" for n in heights)]
    tellable += [f"user:{person}" for person in people]
    queues = [queue.id for queue in office.queues().values() if queue.active]
    groups: list[tuple[str, list[Deed]]] = [
        (gettext("Tell"), [Deed(Does.NOTIFY, to) for to in tellable]),
        (gettext("Bring before"), [Deed(Does.LEVEL, n=n) for n in heights]),
        (gettext("Move to"), [Deed(Does.QUEUE, n=queue) for queue in queues]),
        (gettext("Hand to"), [Deed(Does.REASSIGN, n=person) for person in people]),
        (gettext("And"), [Deed(does) for does in (Does.RAISE, Does.CAUSE, Does.WEBHOOK)]),
    ]
    found = [
        {
            "group": name,
            "options": [{"value": value_of(d), "label": words(d, apart=apart)} for d in deeds],
        }
        for name, deeds in groups
    ]
    known = {value_of(deed) for _, deeds in groups for deed in deeds}
    lost = [value for value in dict.fromkeys(kept) if value not in known]
    if lost:
        options = [{"value": value, "label": _lost_words(value)} for value in lost]
        found.append({"group": gettext("No longer there"), "options": options})
    return found


def _lost_words(value: str) -> str:
    try:
        return words(deed_of(value))
    except ValueError:
        return value[:60]


def _person(user_id: int) -> str:
    return name_of(user_id) or _gone()


def _gone() -> str:
    return gettext("somebody or something that is no more")


def _roles() -> dict[str, str]:
    return {role.value: name for role, name in role_names().items()}
