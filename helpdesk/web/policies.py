"""Administrators' pages of policies: all in their order, one with its versions, duties."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.database import transaction
from core.errors import Invalid
from core.i18n import gettext, moment_words
from helpdesk.setup import citizen_windows, policy_history, policy_warnings
from helpdesk.setup.conditions import conditions_words
from helpdesk.setup.policy_words import calendar_names, promises
from helpdesk.web import policy_due
from helpdesk.wording.labels import metric_words, target_words
from sla import policy_presets
from sla.models import PolicyVersion
from sla.policies import order, placing, retiring
from sla.recalculation import moves
from sla.rules.policy import Metric, Target

blueprint = Blueprint("policies", __name__, url_prefix="/pengaturan/aturan")
LADDER = "ladders.show"  # where one metric's ladder is edited, if that room is there


@blueprint.get("")
@staff(Role.ADMIN)
def index() -> str:
    return _index()


def _index(errors: dict[str, str] | None = None, of: str = "") -> str:
    now = clock.opened()
    rows = order.newest()
    active = [row for row in rows if not row.retired]
    warnings = policy_warnings.of(active)
    return render_template(
        "policies/index.html",
        policies=[
            {
                **line(row, now),
                "place": place,
                "last": place == len(active),
                "warnings": warnings.get(row.key, []),
                "error": (errors or {}).get("place", "") if row.key == of else "",
            }
            for place, row in enumerate(active, start=1)
        ],
        retired=[line(row, now) for row in rows if row.retired],
        duties=_duties(now),
        windows=_windows(),
        history=policy_history.latest(now),
    )


def line(row: PolicyVersion, now: datetime) -> dict[str, Any]:
    """A version as lists show it."""
    return {
        "key": row.key,
        "name": row.name,
        "url": url_for("policies.show", key=row.key),
        "version": row.version,
        "since": moment_words(row.valid_from) if row.version > 1 else "",
        "waits": row.valid_from > now,
        "conditions": conditions_words(row.conditions or {}),
        "promises": promises(row.targets),
    }


def _windows() -> list[dict[str, Any]]:
    """How long citizens have, under every policy alike."""
    found = citizen_windows.current()
    names = (gettext("To reply to a question"), gettext("To object to what was settled"))
    days = (found.windows.reply, found.windows.reopen)
    sources = (found.reply_source, found.reopen_source)
    return [
        {"what": what, "days": n, "source": source}
        for what, n, source in zip(names, days, sources, strict=True)
    ]


def _duties(now: datetime) -> list[dict[str, Any]]:
    names = preset_names()
    calendar = policy_presets.OFFICE
    return [
        {
            "key": preset.key,
            "name": names[preset.key],
            "what": metric_words(preset.metric),
            "target": target_words(Target.from_dict(preset.target)),
            "conditions": conditions_words(preset.conditions),
            "source": preset.source,
            "due": policy_due.lines({preset.metric.value: preset.target}, calendar, now, None)[0][
                "now"
            ],
        }
        for preset in policy_presets.PRESETS
    ]


@blueprint.get("/<key>")
@staff(Role.ADMIN)
def show(key: str) -> str:
    """One policy: what it says, what is odd about it, and every version of it."""
    now, row = clock.opened(), order.find(key)
    active = order.latest()
    place = next((n for n, one in enumerate(active, start=1) if one.key == key), 0)
    return render_template(
        "policies/show.html",
        policy=line(row, now),
        retired=row.retired,
        place=place,
        of=len(active),
        last=place == len(active),
        calendar=calendar_names().get(row.calendar_key, row.calendar_key),
        calendar_url=url_for("calendars.show", key=row.calendar_key),
        hold=row.hold_pauses,
        targets=[
            {
                "what": metric_words(metric),
                "target": target_words(Target.from_dict(row.targets[metric])),
                "steps": len((row.steps or {}).get(metric, [])),
                "ladder": ladder_url(key, metric),
            }
            for metric in Metric
            if metric in row.targets
        ],
        warnings=policy_warnings.of(active).get(key, []),
        move=moves.of_what(f"policy:{row.id}"),
        history=policy_history.latest(now, key),
    )


def ladder_url(key: str, metric: str) -> str | None:
    """Where a metric's ladder is edited; None where nobody can yet."""
    if LADDER not in current_app.view_functions:
        return None
    return url_for(LADDER, key=key, metric=metric)


@blueprint.post("/<key>/urutan")
@staff(Role.ADMIN)
def place(key: str) -> BaseResponse | tuple[str, int]:
    """Tried sooner or later than it was."""
    words = request.form.get("place", "").strip()
    wanted = int(words) if words.isascii() and words.isdecimal() and len(words) < 6 else 0
    try:
        with transaction():
            placing.place(key, wanted, clock.now(), viewer().ref)
    except Invalid as error:
        return _index(error.fields, key), 422
    return redirect(url_for("policies.index", _anchor=f"aturan-{key}"), 303)


@blueprint.post("/<key>/akhir")
@staff(Role.ADMIN)
def retire(key: str) -> BaseResponse:
    """Nothing new falls under it any more."""
    with transaction():
        retiring.retire(key, clock.now(), viewer().ref)
    flash(gettext("Retired. What was promised under it keeps its promises."), "met")
    return redirect(url_for("policies.show", key=key), 303)


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
