"""The people who work here: administrators add them, give roles, and shut accounts off."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts import frame, joining, labels, people
from accounts.guard import staff, viewer
from accounts.rules.access import Role, roles_of
from core.database import transaction
from core.errors import Invalid
from core.i18n import gettext
from core.pages.http import keeps_text, stale

blueprint = Blueprint("people", __name__, url_prefix="/orang")
admin_only = staff(Role.ADMIN)


@blueprint.get("")
@admin_only
def index() -> str:
    rows, following = people.page(after=request.args.get("after", 0, type=int) or 0)
    return render_template(
        "accounts/people.html",
        people=[
            {
                "name": row.name,
                "email": row.email,
                "roles": labels.role_words(row.role_set),
                "active": row.active,
                "url": url_for("people.person", user_id=row.id),
            }
            for row in rows
        ],
        next_url=url_for("people.index", after=following) if following else "",
        urls=frame.urls(add=url_for("people.add_form")),
    )


@blueprint.get("/baru")
@admin_only
def add_form() -> str:
    return _add_page({"roles": frozenset()}, {})


@blueprint.post("/baru")
@admin_only
@keeps_text
def add() -> Response | tuple[str, int]:
    typed = {
        "name": request.form.get("name", ""),
        "email": request.form.get("email", ""),
        "roles": roles_of(request.form.getlist("roles")),
    }
    if stale():
        return _add_page(typed, {"form": labels.form_too_old()}), 400
    try:
        who = joining.newcomer(
            name=str(typed["name"]),
            email=str(typed["email"]),
            password=request.form.get("password", ""),
        )
        with transaction():
            joining.create_user(
                who,
                roles=roles_of(request.form.getlist("roles")),
                actor=viewer().ref,
            )
    except Invalid as error:
        return _add_page(typed, error.fields or {"form": str(error)}), error.status
    flash(gettext("%(name)s can sign in now.", name=typed["name"]))
    return redirect(url_for("people.index"), 303)


@blueprint.get("/<int:user_id>")
@admin_only
def person(user_id: int) -> str:
    return _person_page(user_id, {})


@blueprint.post("/<int:user_id>/peran")
@admin_only
def set_roles(user_id: int) -> Response:
    with transaction():
        people.set_roles(user_id, roles_of(request.form.getlist("roles")), actor=viewer().ref)
    return _back(user_id, gettext("The roles were saved."))


@blueprint.post("/<int:user_id>/sandi")
@admin_only
def give_password(user_id: int) -> Response | tuple[str, int]:
    try:
        password_hash = people.new_password(user_id, request.form.get("password", ""))
        with transaction():
            people.give_password(user_id, password_hash, actor=viewer().ref)
    except Invalid as error:
        return _person_page(user_id, error.fields), error.status
    return _back(user_id, gettext("The new password holds from now on."))


@blueprint.post("/<int:user_id>/tutup")
@admin_only
def deactivate(user_id: int) -> Response:
    with transaction():
        people.deactivate(user_id, actor=viewer().ref)
    return _back(user_id, gettext("The account is closed, and signed out everywhere."))


@blueprint.post("/<int:user_id>/buka")
@admin_only
def reactivate(user_id: int) -> Response:
    with transaction():
        people.reactivate(user_id, actor=viewer().ref)
    return _back(user_id, gettext("The account is open again."))


def _back(user_id: int, words: str) -> Response:
    flash(words)
    return redirect(url_for("people.person", user_id=user_id), 303)


def _add_page(values: Mapping[str, object], errors: dict[str, str]) -> str:
    return render_template(
        "accounts/person_new.html",
        form={"values": values, "errors": errors},
        role_options=labels.role_options(),
        urls=frame.urls(add=url_for("people.add"), people=url_for("people.index")),
    )


def _person_page(user_id: int, errors: dict[str, str]) -> str:
    row = people.find(user_id)
    acts = (
        ("roles", "people.set_roles"),
        ("password", "people.give_password"),
        ("close", "people.deactivate"),
        ("open", "people.reactivate"),
    )
    addresses = {name: url_for(end, user_id=user_id) for name, end in acts}
    return render_template(
        "accounts/person.html",
        person={"name": row.name, "email": row.email, "roles": row.role_set, "active": row.active},
        form={"values": {}, "errors": errors},
        role_options=labels.role_options(),
        urls=frame.urls(**addresses, people=url_for("people.index")),
    )
