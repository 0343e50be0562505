"""What a policy may be bound to: each condition's name, its words, and the values it may have.

The one table from which an editor draws its form and a list says in words what falls under a
policy. helpdesk.policyfacts tells of a ticket by the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import get_locale

from core import refs
from core.i18n import gettext
from helpdesk.rules.requesters import RequesterKind
from helpdesk.rules.vocabulary import Channel, Priority, TicketClass
from helpdesk.setup import office
from helpdesk.wording.labels import channel_words, class_words, priority_words


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a condition may have; `group`: under which heading a long list shows it."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One name that policies may test. Several values: any of them fits. `typed`: the office may
    write words of its own; `plain`: its values tell by themselves what they are of."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    hint: str = ""
    typed: bool = False
    plain: bool = False

    def words(self, value: str) -> str:
        """A value as people say it; one that is no more stands as it was written."""
        return next((one.label for one in self.choices if one.value == value), value)


def table() -> tuple[Condition, ...]:
    """All conditions, in the order in which a form shows them."""
    return tuple(make() for make in MAKERS.values())


def condition(name: str) -> Condition | None:
    """The condition of this name, or None."""
    return MAKERS[name]() if name in MAKERS else None


def conditions_words(conditions: Mapping[str, Sequence[str]]) -> str:
    """What falls under a policy, in words."""
    said = [_said(condition(name), name, values) for name, values in conditions.items()]
    return ", ".join(said) or gettext("all else")


def gone(conditions: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Names and values of conditions that the office does not know (any more): no ticket fits
    them. A name that is unknown stands with each of its values."""
    return [
        (name, value)
        for name, values in conditions.items()
        for found in (condition(name),)
        for value in values
        if not _fits(found, value)
    ]


def _fits(condition: Condition | None, value: str) -> bool:
    if condition is None:
        return False
    if condition.typed:
        return bool(value.strip())
    return any(one.value == value for one in condition.choices)


def _said(condition: Condition | None, name: str, values: Sequence[str]) -> str:
    if condition is None:
        return f"{name}: {', '.join(values)}"
    either = gettext("or")
    said = f" {either} ".join(condition.words(value) for value in values)
    return said if condition.plain else f"{condition.label}: {said}"


def _class() -> Condition:
    choices = tuple(Choice(c.value, class_words(c.value)) for c in TicketClass)
    return Condition("class", gettext("Kind"), choices, plain=True)


def _weight() -> Condition:
    choices = (
        Choice("supervisory", gettext("needs an inquiry")),
        Choice("ordinary", gettext("needs no inquiry")),
    )
    hint = gettext("The topic says whether an inquiry is needed.")
    return Condition("weight", gettext("Weight"), choices, hint, plain=True)


def _topics() -> Condition:
    locale = get_locale()
    language = locale.language if locale else "id"
    choices = tuple(Choice(one.key, one.name(language)) for one in office.topics().values())
    return Condition("category", gettext("About"), choices, plain=True)


def _services() -> Condition:
    """The permits of the catalogue, as whoever has it shows them."""
    cards = refs.listing("permit_type")
    choices = tuple(Choice(card.ref, card.title, card.group) for card in cards)
    return Condition("service", gettext("Service"), choices)


def _areas() -> Condition:
    """Each kecamatan whole, and its kelurahan."""
    found: dict[str, list[Choice]] = {}
    for one in office.places().values():
        whole = Choice(
            one.kecamatan, gettext("all of %(place)s", place=one.kecamatan), one.kecamatan
        )
        within = found.setdefault(one.kecamatan, [whole])
        within.append(Choice(one.area, f"{one.kelurahan}, {one.kecamatan}", one.kecamatan))
    choices = tuple(one for within in found.values() for one in within)
    return Condition("area", gettext("Area"), choices)


def _queues() -> Condition:
    choices = tuple(Choice(str(one.id), one.name) for one in office.queues().values())
    return Condition("queue", gettext("Queue"), choices)


def _priorities() -> Condition:
    choices = tuple(Choice(p.value, priority_words(p.value)) for p in Priority)
    return Condition("priority", gettext("Urgency"), choices)


def _channels() -> Condition:
    choices = tuple(Choice(c.value, channel_words(c.value)) for c in Channel)
    return Condition("channel", gettext("Came by"), choices)


def _languages() -> Condition:
    choices = (Choice("id", "Bahasa Indonesia"), Choice("en", "English"))
    return Condition("language", gettext("Language"), choices)


def _requesters() -> Condition:
    words = {
        RequesterKind.GUEST: gettext("by themselves, with a name or a contact"),
        RequesterKind.ANONYMOUS: gettext("by themselves, with neither name nor contact"),
        RequesterKind.ON_BEHALF: gettext("taken down by the office for them"),
        RequesterKind.UNKNOWN: gettext("not known, from a file"),
    }
    choices = tuple(Choice(kind.value, words[kind]) for kind in RequesterKind)
    return Condition("requester", gettext("Brought by"), choices)


def _apart() -> Condition:
    choices = (
        Choice("yes", gettext("goes past the office's units")),
        Choice("no", gettext("goes to the office's units")),
    )
    hint = gettext("What was brought in confidence, or lies with the inspectorate.")
    return Condition("apart", gettext("In confidence"), choices, hint, plain=True)


def _tags() -> Condition:
    hint = gettext("Marks of your own, with commas between.")
    return Condition("tag", gettext("Mark"), (), hint, typed=True)


MAKERS: dict[str, Callable[[], Condition]] = {
    "class": _class,
    "weight": _weight,
    "category": _topics,
    "service": _services,
    "area": _areas,
    "queue": _queues,
    "priority": _priorities,
    "channel": _channels,
    "language": _languages,
    "requester": _requesters,
    "apart": _apart,
    "tag": _tags,
}
