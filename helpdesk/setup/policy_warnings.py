"""What is legal about policies but odd: one that nothing can fall under, a name that is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.i18n import gettext
from helpdesk.rules.access import APART
from helpdesk.setup import conditions as known_conditions
from helpdesk.setup import office
from sla.models import PolicyVersion
from sla.rules.coverage import Aspect, Reading, caught

# Told together: a topic has its weight, a place all areas that it lies in, and what lies in the
# queue apart goes past the office's units.
JOINT = ("category", "weight", "area", "queue", "apart")
ALWAYS = frozenset({"class", "priority", "channel", "language"})  # of every report


def of(rows: Sequence[PolicyVersion]) -> dict[str, list[str]]:
    """Sentences on each policy that has any, by its key; `rows` in the order of trying."""
    found: dict[str, list[str]] = {}
    for row in rows:
        sentences = [
            gettext("%(what)s is not there any more; nothing fits it.", what=_named(name, value))
            for name, value in known_conditions.gone(row.conditions or {})
        ] + [
            gettext("%(what)s is no longer in use; nothing new fits it.", what=_named(name, value))
            for name, value in _shut(row.conditions or {})
        ]
        if sentences:
            found[row.key] = sentences
    said = [row.conditions or {} for row in rows]
    for place, takers in caught(said, aspects(said)).items():
        names = [f"{n + 1}. {rows[n].name}" for n in takers]
        found.setdefault(rows[place].key, []).append(_nothing(names))
    return found


def _nothing(takers: Sequence[str]) -> str:
    if not takers:
        return gettext("No report can fall under this policy: its conditions never come together.")
    return gettext(
        "No report can fall under this policy: %(others)s, which comes first, takes all of it.",
        others=f" {gettext('and')} ".join(takers),
    )


def _named(name: str, value: str) -> str:
    found = known_conditions.condition(name)
    return f"{found.label if found else name}: {found.words(value) if found else value}"


def _shut(conditions: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Topics and queues that are named and not in use any more."""
    topics = {one.key for one in office.topics().values() if not one.active}
    queues = {str(one.id) for one in office.queues().values() if not one.active}
    shut = {"category": topics, "queue": queues}
    return [
        (name, value)
        for name, values in shut.items()
        for value in conditions.get(name, ())
        if value in values
    ]


def aspects(policies: Sequence[Mapping[str, Sequence[str]]]) -> list[Aspect]:
    """All that may be told of a new report, as sla.rules.coverage asks for it."""
    found: list[Aspect] = [_topics(), _places(), _queues()]
    for condition in known_conditions.table():
        if condition.name in JOINT:
            continue
        values = {one.value for one in condition.choices}
        if condition.typed:
            values = {value for said in policies for value in said.get(condition.name, ())}
        readings: list[Reading] = [{condition.name: frozenset({value})} for value in sorted(values)]
        if condition.name not in ALWAYS:
            readings.append({condition.name: frozenset()})
        found.append(readings)
    return found


def _topics() -> Aspect:
    found: list[Reading] = [{"category": frozenset(), "weight": frozenset({"ordinary"})}]
    for one in office.topics().values():
        if one.active:
            weight = "supervisory" if one.supervisory else "ordinary"
            found.append({"category": frozenset({one.key}), "weight": frozenset({weight})})
    return found


def _places() -> Aspect:
    areas = [frozenset(office.areas_of(ident)) for ident in office.places()]
    return [{"area": area} for area in (frozenset[str](), *areas)]


def _queues() -> Aspect:
    found: list[Reading] = []
    for one in office.queues().values():
        if one.active:
            past = ("yes",) if one.key == APART else ("yes", "no")
            found += [
                {"queue": frozenset({str(one.id)}), "apart": frozenset({word})} for word in past
            ]
    return found
