"""The newest seal of the log as a page, to be read out, printed or copied elsewhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from accounts.guard import staff
from accounts.rules.access import Role
from core.i18n import gettext, moment_words, number_words
from core.seals import newest
from core.seals.newest import Newest

blueprint = Blueprint("seals", __name__)
READERS = (Role.ADMIN, Role.LEADER)
EPOCH = "flask --app app seals new-epoch"


@blueprint.get("/segel")
@staff(*READERS)
def index() -> str:
    found, waiting = newest.newest()
    return render_template(
        "reports/seals.html",
        seal=_seal(found) if found else None,
        figures=[
            {"label": gettext("Events in it"), "value": number_words(found.covers if found else 0)},
            {"label": gettext("Waiting for a seal"), "value": _many(waiting)},
        ],
        order=f"flask --app app verify-log --holds {found.hash}" if found else "",
        restored=EPOCH if found and found.restored else "",
    )


def _many(waiting: int) -> str:
    words = number_words(waiting)
    return gettext("more than %(n)s", n=words) if waiting >= newest.MANY else words


def _seal(found: Newest) -> dict[str, Any]:
    return {
        "hash": found.hash,
        "groups": _in_groups(found.hash),
        "facts": [
            {"label": gettext("Seal"), "value": number_words(found.number)},
            {"label": gettext("Made"), "value": moment_words(found.at)},
            {"label": gettext("Epoch"), "value": found.epoch},
        ],
    }


def _in_groups(digits: str) -> str:
    """As one reads it out: four by four."""
    return " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))
