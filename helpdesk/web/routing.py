"""Administrators' page of queues: the routing table and who works where."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import staff
from accounts.models import User
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.database import db, transaction
from core.errors import Invalid
from core.i18n import gettext
from helpdesk.models import Category, Member, Queue
from helpdesk.rules.vocabulary import TicketClass
from helpdesk.setup import members as members_of
from helpdesk.setup import rooms, setup_history
from helpdesk.wording.labels import class_words

blueprint = Blueprint("routing", __name__, url_prefix="/pengaturan/antrean")


@blueprint.get("")
@staff(Role.ADMIN)
def index() -> str:
    return _page({"values": {}, "errors": {}})


def _page(form: dict[str, Any]) -> str:
    queues = db.session.execute(select(Queue.id, Queue.name).order_by(Queue.name)).all()
    categories = db.session.execute(
        select(Category.id, Category.name_id).order_by(Category.position)
    ).all()
    people = db.session.execute(
        select(User.id, User.name).where(User.active, User.roles != []).order_by(User.name)
    ).all()
    members: dict[int, set[int]] = {}
    for queue_id, user_id in db.session.execute(select(Member.queue_id, Member.user_id)):
        members.setdefault(queue_id, set()).add(user_id)
    names, topics = dict(q for q in queues), dict(c for c in categories)
    routes = rooms.routes()
    return render_template(
        "desk/routing.html",
        form=form,
        lines=[
            {
                "id": row.id,
                "klass": class_words(row.ticket_class) if row.ticket_class else gettext("any kind"),
                "category": topics.get(row.category_id or 0, gettext("any topic")),
                "queue": names[row.queue_id],
                "first": n == 0,
                "lowest": n == len(routes) - 2,
                "last": n == len(routes) - 1,
            }
            for n, row in enumerate(routes)
        ],
        queues=[{"value": i, "label": n, "members": members.get(i, set())} for i, n in queues],
        classes=[{"value": c.value, "label": class_words(c)} for c in TicketClass],
        categories=[{"value": i, "label": n} for i, n in categories],
        people=[{"value": i, "label": n} for i, n in people],
        history=setup_history.latest(clock.opened()),
    )


def _int(name: str) -> int | None:
    """The id that was chosen; None for nothing, 0 (which none has) for what is no choice."""
    value = request.form.get(name, "").strip()
    if not value:
        return None
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0


@blueprint.post("/baris")
@staff(Role.ADMIN)
def add() -> BaseResponse | tuple[str, int]:
    try:
        with transaction():
            rooms.add_route(
                request.form.get("klass") or None,
                _int("category"),
                _int("queue") or 0,
                viewer().ref,
            )
    except Invalid as error:
        return _page({"values": dict(request.form), "errors": error.fields}), 422
    return _back(gettext("The line has been added."))


@blueprint.post("/baris/<int:route_id>/naik")
@staff(Role.ADMIN)
def up(route_id: int) -> BaseResponse:
    with transaction():
        rooms.move_up(route_id, viewer().ref)
    return _at(route_id)


@blueprint.post("/baris/<int:route_id>/turun")
@staff(Role.ADMIN)
def down(route_id: int) -> BaseResponse:
    with transaction():
        rooms.move_down(route_id, viewer().ref)
    return _at(route_id)


@blueprint.post("/baris/<int:route_id>/hapus")
@staff(Role.ADMIN)
def remove(route_id: int) -> BaseResponse:
    with transaction():
        rooms.remove(route_id, viewer().ref)
    return _back(gettext("The line has been removed."))


@blueprint.post("/<int:queue_id>/anggota")
@staff(Role.ADMIN)
def members(queue_id: int) -> BaseResponse:
    typed = request.form.getlist("people")
    if not all(v.isdecimal() and len(v) < 10 for v in typed):
        raise Invalid(fields={"people": gettext("Please choose people from the list.")})
    chosen = [int(v) for v in typed]
    with transaction():
        members_of.set_members(queue_id, chosen, viewer().ref)
    return _back(gettext("Saved."))


def _at(route_id: int) -> BaseResponse:
    """The page at the line that was moved, so that the next press is near."""
    return redirect(url_for("routing.index", _anchor=f"baris-{route_id}"), 303)


def _back(words: str) -> BaseResponse:
    flash(words, "met")
    return redirect(url_for("routing.index"), 303)
