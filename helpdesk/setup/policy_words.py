"""What a policy says, in words, and what differs between two versions of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.i18n import gettext, ngettext
from helpdesk.setup.conditions import conditions_words
from helpdesk.wording.labels import metric_words, target_words
from sla.calendars import drafts
from sla.rules.policy import Metric, Target


class Said(Protocol):
    """What of a version is compared (sla.models.PolicyVersion has it)."""

    name: str
    calendar_key: str
    conditions: dict[str, list[str]]
    targets: dict[str, dict[str, Any]]
    steps: dict[str, list[dict[str, Any]]]
    hold_pauses: bool
    retired: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that another version says differently, in words."""

    what: str
    was: str
    now: str


def calendar_names() -> dict[str, str]:
    """Calendars by their keys."""
    return {draft.key: draft.name for draft in drafts.all_of()}


def promises(targets: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Each metric with its target, in the order of the metrics."""
    return [
        (metric_words(metric), target_words(Target.from_dict(targets[metric])))
        for metric in Metric
        if metric in targets
    ]


def differences(was: Said, now: Said) -> list[Difference]:
    """In the order of the form; nothing where both say the same."""
    names = calendar_names()
    pairs = [
        (gettext("Name"), was.name, now.name),
        (gettext("State"), _state(was), _state(now)),
        (
            gettext("For"),
            conditions_words(was.conditions or {}),
            conditions_words(now.conditions or {}),
        ),
        (
            gettext("Calendar"),
            names.get(was.calendar_key, was.calendar_key),
            names.get(now.calendar_key, now.calendar_key),
        ),
        *((metric_words(m), _target(was, m), _target(now, m)) for m in Metric),
        *(
            (_ladder(m), _steps(was, m), _steps(now, m))
            for m in Metric
            if _written(was, m) != _written(now, m)
        ),
        (gettext("While waiting for another office"), _hold(was), _hold(now)),
    ]
    ladders = {_ladder(m) for m in Metric}
    return [
        Difference(what, before, after)
        for what, before, after in pairs
        if before != after or what in ladders
    ]


def _state(row: Said) -> str:
    return gettext("retired") if row.retired else gettext("in use")


def _target(row: Said, metric: Metric) -> str:
    said = row.targets.get(metric.value)
    return target_words(Target.from_dict(said)) if said else gettext("no such promise")


def _ladder(metric: Metric) -> str:
    return gettext("Ladder of: %(what)s", what=metric_words(metric))


def _written(row: Said, metric: Metric) -> list[dict[str, Any]]:
    return (row.steps or {}).get(metric.value, [])


def _steps(row: Said, metric: Metric) -> str:
    count = len(_written(row, metric))
    return ngettext("%(num)d step", "%(num)d steps", count)


def _hold(row: Said) -> str:
    if row.hold_pauses:
        return gettext("settlement stands still")
    return gettext("the time runs on")
