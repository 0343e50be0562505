"""Permits join an app: called once by the composition root."""

from __future__ import annotations

from flask import Flask, url_for

from accounts import frame
from core import refs
from core.errors import NotFound
from core.i18n import gettext
from core.refs import Card
from permits import catalogue, cli, labels, web
from permits.models import PermitType


def init(app: Flask) -> None:
    """Bind to an app: pages, commands, and how a permit type shows on other features' pages."""
    app.register_blueprint(web.blueprint)
    for command in cli.commands:
        app.cli.add_command(command)
    frame.place("permits", "permits.index")
    refs.register("permit_type", card=_card, search=_search, listing=_list, summary=_sum)


def _as_card(row: PermitType) -> Card:
    return Card(
        ref=row.ref,
        title=labels.name(row),
        note=labels.summary(row),
        url=url_for("permits.permit", code=row.code),
        group=row.sector,
    )


def _card(ident: str, viewer: object) -> Card | None:
    try:
        return _as_card(catalogue.get(ident))
    except NotFound:
        return None


def _search(text: str, viewer: object) -> list[Card]:
    return [_as_card(row) for row in catalogue.search(text, 8)]


def _list() -> list[Card]:
    return sorted((_as_card(row) for row in catalogue.every()), key=lambda card: card.title)


def _sum() -> str:
    rows = catalogue.every()
    free = sum(1 for row in rows if row.fee == "NONE")
    return gettext("%(all)d kinds, %(free)d of them free.", all=len(rows), free=free)
