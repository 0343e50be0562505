"""A ladder drawn: its rungs in order of time for a promise that begins at some moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.canonical import instant
from core.i18n import gettext, near_words
from helpdesk.escalations import deed_labels
from helpdesk.escalations.levels import Staffing
from helpdesk.wording.step_labels import step_words
from sla.rules import escalation
from sla.rules.calendar import Calendar
from sla.rules.due import FromStart
from sla.rules.policy import Metric, Step, Target


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: a metric's target on a calendar, begun at a moment, looked at now."""

    metric: Metric
    target: Target
    calendar: Calendar
    begins: datetime
    now: datetime
    there: Staffing
    apart: bool = False


def rungs(steps: Sequence[Step], of: Drawing) -> list[dict[str, Any]]:
    """From the foot up: the beginning, each step, and the due date where it falls."""
    due = FromStart(of.begins, of.target, of.calendar).at(())
    assert due is not None  # nothing pauses it
    found = [(of.begins, -1, _begin(of)), (due, len(steps), _due(due, of))]
    for n, step in enumerate(steps):
        at = escalation.moment(
            step, start=of.begins, due=due, target=of.target, calendar=of.calendar, pauses=()
        )
        found.append((max(at, of.begins), n, _rung(step, at, of)))
    return [rung for _, _, rung in sorted(found, key=lambda one: one[:2])]


def _begin(of: Drawing) -> dict[str, Any]:
    return {
        "level": gettext("The time begins"),
        "words": "",
        "meta": near_words(of.begins, of.now),
        "iso": instant(of.begins),
    }


def _due(due: datetime, of: Drawing) -> dict[str, Any]:
    """What happens at the date itself, whatever the ladder says."""
    if of.metric is Metric.ACKNOWLEDGEMENT:
        lines = [gettext("it climbs to the next level that there is")]
    else:
        lines = [
            gettext("tell whoever holds it, and who answers for its queue"),
            gettext("raise its urgency one step"),
        ]
    return {
        "level": gettext("Due"),
        "lines": [{"words": words} for words in lines],
        "meta": near_words(due, of.now),
        "iso": instant(due),
        "due": True,
    }


def _rung(step: Step, at: datetime, of: Drawing) -> dict[str, Any]:
    first = (
        gettext("tell the level before which it waits")
        if of.metric is Metric.ACKNOWLEDGEMENT
        else gettext("tell whoever holds it")
    )
    lines = [{"words": first}]
    lines += [
        {
            "words": deed_labels.words(deed, apart=of.apart),
            "who": deed_labels.who_now(deed, of.there, apart=of.apart),
        }
        for deed in step.deeds
        if deed_labels.value_of(deed) != "notify:holder"
    ]
    when = near_words(max(at, of.begins), of.now)
    if at < of.begins:
        when = gettext("at once, %(when)s", when=when)
    return {
        "level": step_words(step.name),
        "lines": lines,
        "meta": when,
        "iso": instant(max(at, of.begins)),
        "note": gettext("only in opening hours") if step.in_hours else "",
    }
