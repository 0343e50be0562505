"""The catalogue for citizens: open to everyone, without an account."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, render_template, request, url_for

from accounts import frame
from accounts.guard import public
from permits import catalogue, labels
from permits.models import PermitType

blueprint = Blueprint("permits", __name__, url_prefix="/izin")

SHOWN = 30


@blueprint.get("")
@public
def index() -> str:
    query = " ".join(request.args.get("q", "").replace("\x00", " ").split())[:100]
    found = catalogue.search(query, SHOWN) if query else catalogue.every()
    return render_template(
        "public/permits.html",
        q=query,
        groups=_groups(found, ranked=bool(query)),
        count=len(found),
        urls=_urls(),
    )


def _groups(found: Sequence[PermitType], *, ranked: bool) -> list[dict[str, object]]:
    """By sector; where a search ranks them, the sector of the best hit stands first."""
    first = {row.sector: n for n, row in reversed(list(enumerate(found)))}
    rows = sorted(found, key=lambda row: first[row.sector]) if ranked else found
    return [
        {
            "sector": sector,
            "permits": [
                {
                    "name": labels.name(row),
                    "code": row.code,
                    "url": url_for("permits.permit", code=row.code),
                    "meta": labels.summary(row),
                }
                for row in members
            ],
        }
        for sector, members in groupby(rows, key=lambda row: row.sector)
    ]


@blueprint.get("/<code>")
@public
def permit(code: str) -> str:
    row = catalogue.get(code)
    return render_template(
        "public/permit.html",
        permit={
            "name": labels.name(row),
            "code": row.code,
            "sector": row.sector,
            "figures": labels.figures(row),
            "requirements": row.requirements,
            "renewal": row.renewal_requirements,
            "note": labels.note(row),
            "free": row.free,
        },
        urls=_urls(),
    )


def _urls() -> dict[str, str]:
    return frame.urls(permits=url_for("permits.index"))
