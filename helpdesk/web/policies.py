"""Administrators' page of policies: what is promised now, and legal duties to begin from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.database import transaction
from core.errors import Invalid
from core.i18n import gettext, moment_words
from helpdesk.setup.conditions import conditions_words
from helpdesk.wording.labels import metric_words, target_words
from sla import book, policy_presets
from sla.policy_presets import Preset
from sla.rules.due import FromStart
from sla.rules.policy import Target

blueprint = Blueprint("policies", __name__, url_prefix="/pengaturan/aturan")


@blueprint.get("")
@staff(Role.ADMIN)
def index() -> str:
    return _page({"values": {}, "errors": {}})


def _page(form: dict[str, Any], of: str = "") -> str:
    now, rules = clock.opened(), book.current()
    rows = policy_presets.latest()
    calendar = rules.calendar(rules.newest[policy_presets.OFFICE])
    names = preset_names()

    def example(preset: Preset) -> str:
        due = FromStart(now, Target.from_dict(preset.target), calendar).at(())
        return moment_words(due) if due else ""

    return render_template(
        "desk/policies.html",
        form=form,
        of=of,
        policies=[
            {
                "name": row.name,
                "version": row.version,
                "since": moment_words(row.valid_from) if row.version > 1 else "",
                "conditions": conditions_words(row.conditions),
                "targets": [
                    (metric_words(metric), target_words(Target.from_dict(said)))
                    for metric, said in row.targets.items()
                ],
            }
            for row in rows
        ],
        presets=[
            {
                "key": preset.key,
                "name": names[preset.key],
                "n": preset.n,
                "what": metric_words(preset.metric),
                "target": target_words(Target.from_dict(preset.target)),
                "conditions": conditions_words(preset.conditions),
                "source": preset.source,
                "example": example(preset),
            }
            for preset in policy_presets.PRESETS
        ],
    )


@blueprint.post("/<key>")
@staff(Role.ADMIN)
def add(key: str) -> BaseResponse | tuple[str, int]:
    form = request.form
    try:
        with transaction():
            name, n, too = form.get("name", ""), form.get("n", ""), "open" in form
            policy_presets.add(key, name, n, too, clock.now(), viewer().ref)
    except Invalid as error:
        return _page({"values": dict(form), "errors": error.fields}, key), 422
    flash(gettext("The policy holds for what is filed from now on."), "met")
    return redirect(url_for("policies.index"), 303)


def preset_names() -> dict[str, str]:
    return {
        "verification": gettext("Verification"),
        "follow-up": gettext("Follow-up by the office"),
        "information": gettext("Request for information"),
        "complaint": gettext("Ordinary complaint"),
        "supervisory": gettext("Complaint that needs an inquiry"),
        "aspiration": gettext("Suggestion or aspiration"),
        "first-answer": gettext("First formal answer"),
        "personal-data": gettext("Personal data"),
        "public-information": gettext("Public information (PPID)"),
        "light": gettext("Light complaint"),
    }
