"""A policy as a form: what the fields show, and what was typed into them, all mistakes at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from core.canonical import instant
from core.errors import Invalid
from core.i18n import gettext, local
from helpdesk.setup import conditions as known
from helpdesk.web import policy_due
from sla.models import PolicyVersion
from sla.policies import refusals
from sla.rules.policy import Base, InvalidPolicy, Metric, Target, Unit
from sla.rules.wrong import Wrong

MOST_MARKS, LONGEST_MARK = 20, 40
Targets = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Wanted:
    """What was typed, read. `begins`: from when it is to hold, None for at once; `at`: for when
    dates are asked. `errors`: sentences by field; what could not be read is left out."""

    name: str = ""
    calendar_key: str = ""
    conditions: dict[str, list[str]] = field(default_factory=dict)
    targets: Targets = field(default_factory=dict)
    hold_pauses: bool = False
    begins: datetime | None = None
    for_open: bool = False
    at: datetime | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The same for the same version: what was looked at is what is published."""
        said = [
            self.name, self.calendar_key, self.conditions, self.targets, self.hold_pauses,
            instant(self.begins) if self.begins else "", self.for_open,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def read(form: MultiDict[str, str], before: PolicyVersion | None, *, last: bool) -> Wanted:
    """`before`: the version that is changed, whose values stay choosable though they are gone;
    `last`: the policy that takes all else has no conditions."""
    found = Wanted(
        name=" ".join(form.get("name", "").split()),
        calendar_key=form.get("calendar_key", ""),
        hold_pauses="hold" in form,
        for_open="open" in form,
    )

    def keep(read_it: Callable[[], Any]) -> Any:
        try:
            return read_it()
        except Invalid as error:
            found.errors |= error.fields
            return None

    found.targets = targets(form, found.errors)
    if not last:
        kept = dict(before.conditions or {}) if before else {}
        found.conditions = keep(lambda: _conditions(form, kept)) or {}
    if form.get("begins") == "later":
        found.begins = keep(lambda: _begins(form))
    found.at = keep(lambda: policy_due.moment(form, "at_date", "at_time"))
    return found


def targets(form: Mapping[str, str], errors: dict[str, str]) -> Targets:
    """Each metric's promise as typed; an empty number is no promise. Mistakes go into `errors`."""
    found: Targets = {}
    for metric in Metric:
        words = form.get(f"n-{metric}", "").strip()
        if not words:
            continue
        try:
            found[metric.value] = _target(form, metric, words).to_dict()
        except InvalidPolicy as error:
            errors[f"n-{metric}"] = refusals.words(error)
    return found


def _target(form: Mapping[str, str], metric: Metric, words: str) -> Target:
    if re.fullmatch(r"-[0-9]+", words, re.ASCII):
        raise InvalidPolicy(Wrong.ZERO)
    if not re.fullmatch(r"[0-9]+", words, re.ASCII):
        raise InvalidPolicy(Wrong.NOT_WHOLE)
    if len(words) > 15:
        raise InvalidPolicy(Wrong.TOO_LONG)
    said = {"n": int(words), "unit": form.get(f"unit-{metric}", Unit.DAYS)}
    return Target.from_dict({**said, "clock": form.get(f"clock-{metric}", Base.BUSINESS)})


def _conditions(form: MultiDict[str, str], kept: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    wrong: dict[str, str] = {}
    for condition in known.table():
        name = f"c-{condition.name}"
        if condition.typed:
            values = [w for each in form.get(name, "").split(",") if (w := " ".join(each.split()))]
            if len(values) > MOST_MARKS or any(len(w) > LONGEST_MARK for w in values):
                wrong[name] = gettext(
                    "At most %(n)s words of at most %(letters)s letters each.",
                    n=MOST_MARKS, letters=LONGEST_MARK,
                )  # fmt: skip
            elif not all(word.isprintable() for word in values):
                wrong[name] = gettext("This contains a sign that nobody can see.")
        else:
            values = form.getlist(name)
            may = {one.value for one in condition.choices} | set(kept.get(condition.name, ()))
            if not may.issuperset(values):
                wrong[name] = gettext("Please choose one from the list.")
        if values:
            found[condition.name] = list(dict.fromkeys(values))
    if wrong:
        raise Invalid(fields=wrong)
    # A name that the office does not know any more stays until somebody takes it away.
    strange = {name for name in kept if known.condition(name) is None and f"c-{name}" in form}
    return found | {name: list(kept[name]) for name in strange}


def _begins(form: Mapping[str, str]) -> datetime:
    found = policy_due.moment(form, "date", "time")
    if found is None:
        raise Invalid(fields={"date": gettext("Please give a date.")})
    return found


def values(row: PolicyVersion, now: datetime) -> MultiDict[str, str]:
    """What the fields show of a version before anybody typed."""
    shown: MultiDict[str, str] = MultiDict(
        {"name": row.name, "calendar_key": row.calendar_key, "begins": "now"}
    )
    for metric, said in row.targets.items():
        target = Target.from_dict(said)
        shown[f"n-{metric}"] = str(target.n)
        shown[f"unit-{metric}"] = target.unit.value
        shown[f"clock-{metric}"] = target.base.value
    for name, wanted in (row.conditions or {}).items():
        typed = (condition := known.condition(name)) is not None and condition.typed
        shown.setlist(f"c-{name}", [", ".join(wanted)] if typed else list(wanted))
    if row.hold_pauses:
        shown["hold"] = "1"
    if row.valid_from > now:  # it waits; what is changed of it begins when it would
        begins = local(row.valid_from)
        shown["begins"], shown["date"] = "later", begins.date().isoformat()
        shown["time"] = begins.strftime("%H:%M:%S" if begins.second else "%H:%M")
    return shown
