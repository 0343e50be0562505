"""The editor of a policy as its page shows it, and what a version would do before it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from core import clock
from core.errors import Invalid
from core.i18n import gettext, moment_words
from helpdesk.setup import conditions as known
from helpdesk.setup import policy_warnings
from helpdesk.setup.policy_words import Difference, calendar_names, differences
from helpdesk.web import policies, policy_due, policy_form
from helpdesk.web.policy_form import Wanted
from helpdesk.wording.labels import metric_words
from sla.calendars import drafts, history
from sla.models import PolicyVersion
from sla.policies import foresight, order
from sla.rules.policy import Base, Metric, Unit


def form_page(
    key: str, before: PolicyVersion | None, form: MultiDict[str, str], errors: dict[str, str]
) -> dict[str, Any]:
    """What the form needs beside the words of its labels. `errors`: sentences by field."""
    now = clock.opened()
    last = before is not None and order.is_last(before)
    return {
        "key": key,
        "before": before,
        "last": last,
        "waits": moment_words(before.valid_from) if before and before.valid_from > now else "",
        "v": form,
        "errors": errors,
        "duty": form.get("duty", ""),
        "calendars": [{"value": k, "label": name} for k, name in calendar_names().items()],
        "metrics": [_metric(key, before, metric, form) for metric in Metric],
        "units": _units(),
        "clocks": _clocks(),
        "conditions": [] if last else _conditions(before, form),
        "due": due(form),
        "due_url": url_for("policy_edits.due"),
    }


def _metric(
    key: str, before: PolicyVersion | None, metric: Metric, form: Mapping[str, str]
) -> dict[str, Any]:
    promised = before is not None and metric in before.targets
    return {
        "name": metric.value,
        "words": metric_words(metric),
        "n": form.get(f"n-{metric}", ""),
        "unit": form.get(f"unit-{metric}") or Unit.DAYS.value,
        "clock": form.get(f"clock-{metric}") or Base.BUSINESS.value,
        "ladder": policies.ladder_url(key, metric) if promised else None,
    }


def _units() -> list[dict[str, str]]:
    return [
        {"value": Unit.DAYS.value, "label": gettext("working days")},
        {"value": Unit.HOURS.value, "label": gettext("hours")},
        {"value": Unit.MINUTES.value, "label": gettext("minutes")},
        {"value": Unit.SECONDS.value, "label": gettext("seconds")},
    ]


def _clocks() -> list[dict[str, str]]:
    return [
        {"value": Base.BUSINESS.value, "label": gettext("in opening hours")},
        {"value": Base.WALL.value, "label": gettext("around the clock")},
    ]


def _conditions(before: PolicyVersion | None, form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Each condition with its values by heading; those that are gone stay as long as the version
    before names them."""
    kept = dict(before.conditions or {}) if before else {}
    found = []
    for condition in known.table():
        name = f"c-{condition.name}"
        chosen = form.getlist(name)
        groups: dict[str, list[dict[str, Any]]] = {}
        values = {one.value for one in condition.choices}
        for one in condition.choices:
            groups.setdefault(one.group, []).append({"value": one.value, "label": one.label})
        gone = [v for v in kept.get(condition.name, ()) if v not in values]
        if gone and not condition.typed:
            groups[gettext("not there any more")] = [{"value": v, "label": v} for v in gone]
        found.append(
            {
                "name": name,
                "label": condition.label,
                "hint": condition.hint,
                "typed": condition.typed,
                "text": form.get(name, ""),
                "chosen": chosen,
                "said": ", ".join(condition.words(v) for v in chosen if v),
                "groups": list(groups.items()),
            }
        )
    strange = [name for name in kept if known.condition(name) is None]
    return found + [
        {
            "name": f"c-{name}",
            "label": name,
            "chosen": form.getlist(f"c-{name}"),
            "said": ", ".join(kept[name]),
            "groups": [("", [{"value": v, "label": v} for v in kept[name]])],
        }
        for name in strange
    ]


def due(form: Mapping[str, str], *, explained: bool = False) -> dict[str, Any]:
    """When it would be due, by as much of the form as can be read."""
    errors: dict[str, str] = {}
    now, at = clock.opened(), None
    targets = policy_form.targets(form, errors)
    try:
        at = policy_due.moment(form, "at_date", "at_time")
    except Invalid as error:
        errors |= error.fields
    calendar = form.get("calendar_key", "")
    return {
        "lines": policy_due.lines(targets, calendar, now, at, explained=explained),
        "now": moment_words(now),
        "then": moment_words(at) if at else "",
        "odd": policy_due.too_soon(targets, calendar, now),
        "unread": bool(errors),
    }


def changes(row: PolicyVersion, before: PolicyVersion) -> list[Difference]:
    """What a version says differently; what binds open ones differs by that alone."""
    found = differences(before, row)
    if before.valid_from > clock.opened() and row.valid_from != before.valid_from:
        was, now = moment_words(before.valid_from), moment_words(row.valid_from)
        found.append(Difference(gettext("Holds from"), was, now))
    if row.for_open:
        words = gettext("for what is filed from then on, and for what is open")
        was = gettext("for what is filed from then on")
        found.append(Difference(gettext("Holds"), was, words))
    return found


def preview(row: PolicyVersion, before: PolicyVersion | None, wanted: Wanted) -> dict[str, Any]:
    """Differences, dates with their account, what is odd, and how open promises would move."""
    now = clock.now()
    told = changes(row, before) if before else None
    due_lines = policy_due.lines(row.targets, row.calendar_key, now, wanted.at, explained=True)
    odd = _odd(row, before)
    found = (
        foresight.foresee(row, now) if row.for_open else None
    )  # last: it gives the connection back
    return {
        "changes": told,
        "begins": moment_words(wanted.begins) if wanted.begins else "",
        "lines": due_lines,
        "odd": odd,
        "found": found,
        "words": history.foresight_words(found),
        "looked": history.looked_words(found) if found else "",
    }


def _odd(row: PolicyVersion, before: PolicyVersion | None) -> list[str]:
    """What is legal but odd about the version itself, and about others because of it."""
    now = clock.opened()
    newest = order.newest_calendar(row.calendar_key)
    said = [
        drafts.check_softly(newest.definition, now) if newest else "",
        policy_due.too_soon(row.targets, row.calendar_key, now),
    ]
    active = order.latest()
    others = [one for one in active if one.key != row.key]
    after = sorted([*others, row], key=lambda one: (one.position, one.key))
    known_already = policy_warnings.of(active)
    for key, sentences in policy_warnings.of(after).items():
        name = next(one.name for one in after if one.key == key)
        fresh = [s for s in sentences if key == row.key or s not in known_already.get(key, [])]
        said += [s if key == row.key else f"{name}: {s}" for s in fresh]
    return [s for s in said if s]
