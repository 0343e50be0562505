"""A ladder as it is typed into a form: read with a sentence for each mistake, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from core.errors import Invalid
from core.i18n import gettext
from helpdesk.escalations.deed_labels import deed_of, value_of
from helpdesk.escalations.levels import Staffing
from helpdesk.setup import office
from sla.policies.refusals import deed_words
from sla.rules.deeds import Deed, Does, InvalidDeed, check_ladder
from sla.rules.policy import LONGEST, SECONDS_IN, Step, Unit, in_order

MOST = 20  # steps of one ladder
UNITS = {"s": Unit.SECONDS, "m": Unit.MINUTES, "h": Unit.HOURS}
SIDES = {"b": "before", "a": "after"}
# Percent, or a side of the due date with a unit: "ah" are hours after it.
WHENS = ("percent", *(side + unit for side in SIDES for unit in UNITS))
Kept = list[dict[str, Any]]


@dataclass(slots=True)
class TypedStep:
    """A step's fields as they stand in the form."""

    n: str = ""
    when: str = "percent"
    hours: bool = False
    does: list[str] = field(default_factory=list)


def typed(form: MultiDict[str, str]) -> list[TypedStep]:
    """The steps of a form, in its order; `steps` says how many there are. Raises Invalid for a form
    that does not say it: read as one without steps it would empty the ladder."""
    words = form.get("steps", "")
    count = int(words) if words.isascii() and words.isdecimal() and len(words) < 4 else MOST + 1
    if count > MOST:
        raise Invalid(gettext("This form did not come whole. Please load the page again."))
    return [
        TypedStep(
            form.get(f"s{i}-n", "").strip(),
            form.get(f"s{i}-when", ""),
            f"s{i}-hours" in form,
            [value for value in dict.fromkeys(form.getlist(f"s{i}-do")) if value],
        )
        for i in range(count)
    ]


def stored(steps: Sequence[Mapping[str, Any]]) -> list[TypedStep]:
    """The steps of a policy's version, in the order in which they come."""
    kept = {Step.from_dict(one).name: one for one in steps}
    return [_stored(kept[step.name], step) for step in in_order(map(Step.from_dict, steps))]


def _stored(kept: Mapping[str, Any], step: Step) -> TypedStep:
    does = [value_of(deed) for deed in step.deeds]
    if step.percent is not None:
        return TypedStep(str(step.percent), "percent", step.in_hours, does)
    side = "b" if step.before is not None else "a"
    amount = kept[SIDES[side]]
    unit = next(letter for letter, unit in UNITS.items() if unit == amount["unit"])
    return TypedStep(str(amount["n"]), side + unit, step.in_hours, does)


def read(
    steps: Sequence[TypedStep], there: Staffing
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The steps as a policy's version keeps them, and a sentence for each field that cannot stand
    so; only steps without a mistake of their own are among the first."""
    found: list[dict[str, Any]] = []
    wrong: dict[str, str] = {}
    places: list[int] = []
    for i, step in enumerate(steps):
        mistakes = {**_moment_mistakes(step), **_deed_mistakes(step, there)}
        wrong |= {f"s{i}-{name}": words for name, words in mistakes.items()}
        if not mistakes:
            found.append(_kept(step))
            places.append(i)
    wrong |= _twice(found, places) or _circle(found, places)
    return found, wrong


def _moment_mistakes(step: TypedStep) -> dict[str, str]:
    if step.when not in WHENS:
        return {"when": gettext("Please choose one from the list.")}
    whole = step.n.isascii() and step.n.isdecimal() and len(step.n) < 10
    if step.when == "percent":
        if not whole or not 1 <= int(step.n) <= 100:
            return {"n": gettext("Please give a whole number from 1 to 100.")}
        return {}
    most = min(9_999_999, LONGEST // SECONDS_IN[UNITS[step.when[1]]])
    if not whole or not 1 <= int(step.n) <= most:
        return {"n": gettext("Please give a whole number from 1 to %(most)d.", most=most)}
    return {}


def _deed_mistakes(step: TypedStep, there: Staffing) -> dict[str, str]:
    for value in step.does:
        try:
            deed = deed_of(value)
        except InvalidDeed as error:
            return {"do": deed_words(error.why)}
        if sentence := _nobody(deed, there):
            return {"do": sentence}
    return {}


def _nobody(deed: Deed, there: Staffing) -> str:
    """A sentence if what the deed names is not there (any more)."""
    kind, _, n = deed.to.partition(":")
    person = deed.n if deed.does is Does.REASSIGN else int(n) if kind == "user" else None
    if person is not None and person not in there.roles:
        return gettext("There is nobody here like that any more; please choose somebody else.")
    if kind.isupper() and not any(kind in roles for roles in there.roles.values()):
        return gettext("Nobody has this role; please choose somebody else.")
    if deed.does is Does.QUEUE:
        queue = office.queue(deed.n)
        if queue is None or not queue.active:
            return gettext("There is no such open queue; please choose another.")
    return ""


def _kept(step: TypedStep) -> dict[str, Any]:
    does = [deed_of(value).to_dict() for value in step.does]
    whole: dict[str, Any] = {"does": does} if does else {}
    if step.hours:
        whole["in_hours"] = True
    if step.when == "percent":
        return {"name": str(int(step.n)), "percent": int(step.n), **whole}
    side, unit = step.when[0], step.when[1]
    amount = {"n": int(step.n), "unit": UNITS[unit].value}
    return {"name": f"{side}{int(step.n)}{unit}", SIDES[side]: amount, **whole}


def _twice(steps: Sequence[dict[str, Any]], places: Sequence[int]) -> dict[str, str]:
    """Of two steps at one moment the later is to be mended: "60 minutes" is "1 hour"."""
    wrong: dict[str, str] = {}
    seen: set[tuple[object, ...]] = set()
    for place, kept in zip(places, steps, strict=True):
        step = Step.from_dict(kept)
        moment = (step.percent, step.before, step.after)
        if moment in seen:
            wrong[f"s{place}-n"] = gettext("Another step comes at this moment already.")
        seen.add(moment)
    return wrong


def _circle(steps: Sequence[dict[str, Any]], places: Sequence[int]) -> dict[str, str]:
    made = [Step.from_dict(one) for one in steps]
    ordered = in_order(made)
    try:
        check_ladder(step.deeds for step in ordered)
    except InvalidDeed as error:
        place = places[made.index(ordered[error.at or 0])]
        return {f"s{place}-do": deed_words(error.why)}
    return {}
