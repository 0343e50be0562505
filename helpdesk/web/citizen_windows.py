"""Administrators' page: how long citizens have to reply and to object, and where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accounts.directory import names_of
from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.canonical import instant
from core.database import db, transaction
from core.errors import Invalid
from core.i18n import compact_words, gettext, zone
from core.pages.http import keeps_text, stale
from helpdesk.rules.windows import LONGEST, SHORTEST, Windows, end_of_day
from helpdesk.setup import citizen_windows, windows_history
from helpdesk.setup.citizen_windows import LONGEST_SOURCE, Choice
from helpdesk.wording.window_words import last_day_words

blueprint = Blueprint("citizen_windows", __name__, url_prefix="/pengaturan/waktu-warga")
SHOWN = 20


@blueprint.get("")
@staff(Role.ADMIN)
def index() -> str:
    found = citizen_windows.current()
    return _page(_typed(found), {}, found.windows)


@blueprint.post("")
@staff(Role.ADMIN)
@keeps_text
def choose() -> BaseResponse | str | tuple[str, int]:
    """Other days from now on, or a look at what they would mean."""
    form = request.form
    try:
        wanted = citizen_windows.read(form)
        if form.get("do") == "preview":
            return _page(form, {}, wanted.windows, looked=True)
        if stale():
            sentence = gettext("This page had been open for a long time. Please send it once more.")
            raise Invalid(fields={"form": sentence})
        with transaction():
            new = citizen_windows.choose(wanted, _number(form.get("was", "")), viewer().ref)
    except Invalid as error:
        db.session.rollback()
        return _page(form, error.fields, citizen_windows.current().windows), 422
    words = gettext("Saved. What was told with a date keeps that date.")
    flash(words if new else gettext("This is in force already."), "met")
    return redirect(url_for("citizen_windows.index"), 303)


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else -1


def _typed(choice: Choice) -> dict[str, str]:
    return {
        "reply": str(choice.windows.reply),
        "reopen": str(choice.windows.reopen),
        "reply_source": choice.reply_source,
        "reopen_source": choice.reopen_source,
    }


def _page(
    typed: Mapping[str, str], errors: dict[str, str], shown: Windows, *, looked: bool = False
) -> str:
    before = citizen_windows.current()
    return render_template(
        "policies/citizen_windows.html",
        v=typed,
        errors=errors,
        was=before.of,
        least=SHORTEST,
        most=LONGEST,
        longest_source=LONGEST_SOURCE,
        lines=lines(shown, before.windows if looked else None),
        looked=looked,
        history=_history(),
    )


def lines(windows: Windows, before: Windows | None = None) -> list[dict[str, Any]]:
    """Each window with the last day that it would give today; and with the one that it gives now,
    where another is looked at."""
    now = clock.opened()
    whats = {
        "reply": gettext("A question asked today is answered at the latest"),
        "reopen": gettext("What is settled today is objected to at the latest"),
    }

    def last(days: int) -> str:
        return last_day_words(end_of_day(now, days, zone()))

    return [
        {
            "what": what,
            "days": getattr(windows, name),
            "last": last(getattr(windows, name)),
            "was": last(getattr(before, name)) if before else "",
            "shorter": before is not None and getattr(windows, name) < getattr(before, name),
        }
        for name, what in whats.items()
    ]


def _history() -> list[dict[str, Any]]:
    now, found = clock.opened(), windows_history.latest(SHOWN)
    names = names_of([event.actor for event in found])
    return [
        {
            "title": windows_history.words(event),
            "when_words": compact_words(event.at, now),
            "when_iso": instant(event.at),
            "tone": "",
            "note": names.get(event.actor, ""),
        }
        for event in found
    ]
