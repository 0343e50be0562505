"""Administrators' editor of one ladder: the steps of one promise of a policy, drawn as they come.

Every button sends the whole form; only "save" changes anything, and that is a new version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.database import transaction
from core.errors import Invalid, NotFound
from core.i18n import gettext, near_words
from helpdesk.escalations import drawn_ladder, levels, typed_ladder
from helpdesk.escalations.deed_labels import choices
from helpdesk.escalations.drawn_ladder import Drawing
from helpdesk.escalations.typed_ladder import MOST, TypedStep
from helpdesk.setup.conditions import conditions_words
from helpdesk.web import ladder_preview
from helpdesk.web.typed_moments import moment, shown
from helpdesk.wording.labels import metric_words, target_words
from sla import book
from sla.models import PolicyVersion
from sla.policies import order
from sla.recalculation import publishing
from sla.recalculation.publishing import Draft
from sla.rules.policy import Metric, Step, Target

blueprint = Blueprint("ladders", __name__, url_prefix="/pengaturan/aturan/<key>/tangga/<metric>")


def _find(key: str, metric: str) -> PolicyVersion:
    row = order.find(key)
    if metric not in row.targets:
        raise NotFound(gettext("This policy promises nothing like that."))
    return row


@blueprint.get("")
@staff(Role.ADMIN)
def show(key: str, metric: str) -> str:
    row = _find(key, metric)
    return _page(row, metric, typed_ladder.stored((row.steps or {}).get(metric, [])), {})


@blueprint.post("")
@staff(Role.ADMIN)
def change(key: str, metric: str) -> BaseResponse | str | tuple[str, int]:
    """Add or take out a step, draw what is typed, or save it as the policy's next version."""
    row, form = _find(key, metric), request.form
    steps, does = typed_ladder.typed(form), form.get("do", "")
    if does == "add" and len(steps) < MOST:
        steps.append(TypedStep())
    elif does.startswith("remove-"):
        gone = does.partition("-")[2]
        steps = [step for n, step in enumerate(steps) if str(n) != gone]
    kept, wrong = typed_ladder.read(steps, levels.staffing(clock.opened()))
    moment(form, "begins", wrong)
    if does not in ("save", "preview"):
        return _page(row, metric, steps, {})
    same = not wrong and _same(kept, (row.steps or {}).get(metric, []))
    if does == "save" and not wrong and form.get("version") != str(row.version):
        wrong["form"] = _meanwhile(row)
    if does == "save" and same and not wrong:
        flash(gettext("This is in force already."), "met")
        return redirect(url_for("ladders.show", key=key, metric=metric), 303)
    try:
        if wrong:
            raise Invalid(fields=wrong)
        seen = ladder_preview.seen(row, metric, kept)
        unseen = "open" in form and form.get("seen") != seen
        if does == "preview" or unseen:
            ahead = None if same or "open" not in form else _ahead(row, metric, kept)
            return _page(row, metric, steps, {}, ahead=ahead, seen=seen if ahead else "")
        _publish(row, metric, kept, "open" in form)
    except Invalid as error:
        return _page(row, metric, steps, error.fields), 422
    flash(gettext("Saved as a new version: it holds for what begins from now on."), "met")
    return redirect(url_for("ladders.show", key=key, metric=metric), 303)


def _meanwhile(row: PolicyVersion) -> str:
    return gettext(
        "Version %(n)s was published meanwhile. Compare it with what you have here, and send "
        "this again if it is to hold instead.",
        n=row.version,
    )


def _same(kept: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]) -> bool:
    def read(steps: Sequence[Mapping[str, Any]]) -> set[Step]:
        return {Step.from_dict(one) for one in steps}

    return read(kept) == read(before)


def _publish(row: PolicyVersion, metric: str, kept: list[dict[str, Any]], too: bool) -> None:
    """Raises Invalid on "form" if somebody else published while this was read."""
    draft = _draft(row, metric, kept)
    with transaction():
        order.hold()
        newest, at = order.find(row.key), clock.now()
        if newest.id != row.id:
            raise Invalid(fields={"form": _meanwhile(newest)})
        publishing.publish_policy(
            row.key, draft, valid_from=at, apply_to_open=too, at=at, actor=viewer().ref
        )


def _ahead(row: PolicyVersion, metric: str, kept: list[dict[str, Any]]) -> dict[str, Any]:
    """What it would do to what is open. Raises Invalid for what cannot be published."""
    return ladder_preview.ahead(row, _draft(row, metric, kept), clock.now())


def _draft(row: PolicyVersion, metric: str, kept: list[dict[str, Any]]) -> Draft:
    steps = {**(row.steps or {}), metric: kept}
    return Draft(steps={name: some for name, some in steps.items() if some})


def _page(
    row: PolicyVersion,
    metric: str,
    steps: Sequence[TypedStep],
    errors: Mapping[str, str],
    **more: Any,
) -> str:
    now = clock.opened()
    there = levels.staffing(now)
    begins = moment(request.form, "begins", {}) or now
    target = Target.from_dict(row.targets[metric])
    kept, _ = typed_ladder.read(steps, there)
    sound = {str(one["name"]): Step.from_dict(one) for one in kept}
    rungs, too_far = _drawn(row, Metric(metric), target, list(sound.values()), begins, now)
    return render_template(
        "desk/ladder.html",
        policy={
            "name": row.name,
            "key": row.key,
            "version": row.version,
            "conditions": conditions_words(row.conditions or {}),
        },
        promise={"words": metric_words(metric), "target": target_words(target)},
        others=[
            {
                "label": metric_words(name),
                "url": url_for("ladders.show", key=row.key, metric=name),
                "current": name == metric,
            }
            for name in Metric
            if name in row.targets
        ],
        url=url_for("ladders.change", key=row.key, metric=metric),
        steps=steps,
        most=MOST,
        rungs=rungs,
        begins={
            "field": request.form.get("begins") or shown(now),
            "words": near_words(begins, now),
        },
        choices=choices(there, [d for step in steps for d in step.does], apart=_apart(row)),
        whens=ladder_preview.whens(),
        open=bool(request.form.get("open")),
        errors={**errors, **({"begins": too_far} if too_far else {})},
        **more,
    )


def _drawn(
    row: PolicyVersion,
    metric: Metric,
    target: Target,
    steps: Sequence[Step],
    begins: datetime,
    now: datetime,
) -> tuple[list[dict[str, Any]], str]:
    """The rungs; none and a sentence where the calendar does not reach as far."""
    rules = book.current()
    calendar = rules.calendar(rules.newest[row.calendar_key])
    there = levels.staffing(now)
    drawing = Drawing(metric, target, calendar, begins, now, there, _apart(row))
    try:
        return drawn_ladder.rungs(steps, drawing), ""
    except ValueError:
        return [], gettext("No calendar reaches that far; please give another moment.")


def _apart(row: PolicyVersion) -> bool:
    """Is this the policy of what goes past the office's own units?"""
    return list((row.conditions or {}).get("apart", ())) == ["yes"]
