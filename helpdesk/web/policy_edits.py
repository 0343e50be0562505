"""A policy's next version: typed, looked at before it holds, published. Versions stay for good."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.database import transaction
from core.errors import Invalid
from core.i18n import gettext
from core.pages.http import keeps_text, stale
from helpdesk.web import policies, policy_form, policy_preview
from helpdesk.web.policy_form import Wanted
from sla import policy_presets
from sla.models import PolicyVersion
from sla.policies import checking, order
from sla.policies.checking import LONGEST_NAME
from sla.recalculation import moves, publishing
from sla.recalculation.publishing import Draft

blueprint = Blueprint("policy_edits", __name__, url_prefix="/pengaturan/aturan")
admin_only = staff(Role.ADMIN)
NEW = "baru"  # stands for the key of a policy that is not there yet
RESERVED = {NEW, "jatuh-tempo"}
Answer = BaseResponse | tuple[str, int] | str


@blueprint.get(f"/{NEW}")
@admin_only
def new() -> Answer:
    """An empty form, or one that a legal duty fills."""
    duty = request.args.get("duty", "")
    if not duty:
        row = policy_presets.copy_of(order.latest()[-1])
        row.key, row.name, row.version, row.conditions = NEW, "", 0, {}
        return _page(NEW, policy_form.values(row, clock.opened()))
    preset = policy_presets.find(duty)
    key, row = policy_presets.version(preset, policies.preset_names()[duty])
    shown = policy_form.values(row, clock.opened())
    shown["duty"] = duty
    return _page(NEW if row.version == 0 else key, shown)


@blueprint.get("/<key>/ubah")
@admin_only
def edit(key: str) -> str:
    return _page(key, policy_form.values(order.find(key), clock.opened()))


def _page(key: str, form: MultiDict[str, str], **more: Any) -> str:
    context = policy_preview.form_page(key, _before(key), form, more.pop("errors", {}))
    return render_template("policies/edit.html", **context, **more)


def _before(key: str) -> PolicyVersion | None:
    """The version that is changed; None of a policy that is not there yet."""
    return None if key == NEW else order.find(key)


@blueprint.get("/jatuh-tempo")
@admin_only
def due() -> str:
    """When it would be due, as a part of the page; scripts ask for it while somebody types."""
    return render_template("policies/_due.html", due=policy_preview.due(request.args))


@blueprint.post("/<key>/pratinjau")
@admin_only
@keeps_text
def preview(key: str) -> Answer:
    """What the version would change; nothing is changed by looking."""
    before = _before(key)
    return _looked_at(key, before, _read(before))


def _read(before: PolicyVersion | None) -> Wanted:
    last = before is not None and order.is_last(before)
    return policy_form.read(request.form, before, last=last)


def _looked_at(key: str, before: PolicyVersion | None, wanted: Wanted) -> Answer:
    """The form with what it would do, or with what is wrong with it."""
    at = clock.now()
    row = _version(before, wanted, at)
    try:
        checking.check(row, before, at, replacing=True)
    except Invalid as error:
        wanted.errors = {**error.fields, **wanted.errors}
    ahead = None
    if not wanted.errors.keys() - {"form"}:
        ahead = policy_preview.preview(row, before, wanted)
    page = _page(key, request.form, errors=wanted.errors, ahead=ahead, seen=wanted.digest)
    return page, 422 if wanted.errors else 200


def _version(before: PolicyVersion | None, wanted: Wanted, at: datetime) -> PolicyVersion:
    """The version as it would be stored at a moment."""
    like = before or policy_presets.copy_of(order.latest()[-1])
    row = policy_presets.copy_of(like)
    row.version = before.version + 1 if before else 1
    row.key = before.key if before else _key(wanted.name)
    row.position = before.position if before else order.first(row.key)
    row.name, row.calendar_key = wanted.name, wanted.calendar_key
    row.conditions, row.targets = wanted.conditions, wanted.targets
    row.steps = {m: s for m, s in (like.steps or {}).items() if m in wanted.targets}
    row.hold_pauses, row.retired = wanted.hold_pauses, False
    row.for_open = wanted.for_open and before is not None
    row.valid_from = wanted.begins or at
    return row


def _key(name: str) -> str:
    """A word for addresses and the log, made of the name, or that of the duty it began from."""
    known = {row.key for row in order.newest()}
    duty = request.form.get("duty", "")
    if duty in {preset.key for preset in policy_presets.PRESETS} - known:
        return duty
    plain = re.sub(r"[^a-z0-9]+", "-", name[:LONGEST_NAME].lower()).strip("-")[:40] or "aturan"
    taken, n, key = known | RESERVED, 1, plain
    while key in taken:
        n += 1
        key = f"{plain}-{n}"
    return key


@blueprint.post("/<key>/terbitan")
@admin_only
@keeps_text
def publish(key: str) -> Answer:
    """The version holds, if it is the one that was looked at."""
    before = _before(key)
    wanted = _read(before)
    try:
        if wanted.errors:
            raise Invalid(fields=wanted.errors)
        with transaction():
            order.hold()
            made, policy = _publish(key, wanted)
    except Invalid as error:
        wanted.errors = {**wanted.errors, **error.fields}
        return _looked_at(key, _before(key), wanted)
    flash(gettext("Published. Nothing that was promised before was edited."), "met")
    found = moves.of_what(f"policy:{made}")
    if found is not None:
        return redirect(url_for("calendars.progress", move_id=found), 303)
    return redirect(url_for("policies.show", key=policy), 303)


def _publish(key: str, wanted: Wanted) -> tuple[int, str]:
    """Under the lock that policies are changed by; raises Invalid, on "form" for what is to be
    looked at once more."""
    before, at = _before(key), clock.now()
    row = _version(before, wanted, at)
    _seen(row, before, wanted)
    draft = Draft(**{name: getattr(row, name) for name in publishing.COLUMNS})
    made = publishing.publish_policy(
        row.key,
        draft,
        valid_from=row.valid_from,
        apply_to_open=row.for_open,
        at=at,
        actor=viewer().ref,
        replacing=True,
    )
    return made, row.key


def _seen(row: PolicyVersion, before: PolicyVersion | None, wanted: Wanted) -> None:
    words = ""
    if stale():
        words = gettext("This page had been open for a long time. Please send it once more.")
    elif before is not None and request.form.get("was") != str(before.id):
        words = gettext(
            "Version %(n)s was published meanwhile. See what would change now, then publish.",
            n=before.version,
        )
    elif request.form.get("seen") != wanted.digest:
        words = gettext("This is not what you looked at before. Look at it, then publish.")
    elif before is not None and not policy_preview.changes(row, before):
        words = gettext("Nothing differs from version %(n)s.", n=before.version)
    if words:
        raise Invalid(fields={"form": words})
