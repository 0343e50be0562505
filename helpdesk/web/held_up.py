"""Administrators' page of what could not be carried out: consequences set aside, letters lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from accounts.directory import names_of
from accounts.guard import staff
from accounts.rules.access import Role
from accounts.who import viewer
from core import clock
from core.aside import setting
from core.aside.kinds import SUBJECT
from core.canonical import instant
from core.database import db, transaction
from core.events import Event
from core.i18n import compact_words, gettext
from core.mails import lost
from helpdesk.escalations.apart import apart
from helpdesk.models import Ticket
from helpdesk.wording import event_labels
from helpdesk.wording.consequences import answer_words, consequence_words, done_words

blueprint = Blueprint("held_up", __name__, url_prefix="/pengaturan/tertahan")
PAGE = 25


@blueprint.get("")
@staff(Role.ADMIN)
def index() -> str:
    after, _, name = request.args.get("setelah", "").partition(":")
    aside = setting.oldest(PAGE + 1, (_number(after) or 0, name[:50].replace("\0", "")))
    letters = lost.newest(PAGE + 1, _number(request.args.get("sebelum", "")))
    shown, mails = aside[:PAGE], letters[:PAGE]
    events = _events([*(row.event_id for row in shown), *(mail.event_id for mail in mails)])
    refs = [row.subject for row in shown] + [mail.subject for mail in mails]
    numbers = _numbers(refs + [event.subject for event in events])
    log = {one.id: one for one in events if numbers.get(one.subject) != _kept_apart()}
    now = clock.opened()
    return render_template(
        "desk/held_up.html",
        aside=[
            {
                "id": row.event_id,
                "subscriber": row.subscriber,
                "what": consequence_words(row.subscriber),
                "after": _sentence(log.get(row.event_id)),
                "number": numbers.get(row.subject, row.subject),
                "tries": row.attempts,
                "error": row.error,
                "place": row.place,
                "when_words": compact_words(row.at, now),
                "when_iso": instant(row.at),
            }
            for row in shown
        ],
        subscribers=[
            {"value": name, "label": consequence_words(name)}
            for name in sorted({row.subscriber for row in shown})
        ],
        letters=[
            {
                "id": mail.id,
                "after": _sentence(log.get(mail.event_id)),
                "number": numbers.get(mail.subject, mail.subject),
                "to": gettext("The citizen")
                if mail.recipient == mail.subject
                else gettext("Somebody of the office"),
                "answer": answer_words(mail.state, mail.outcome),
                "when_words": compact_words(mail.posted_at, now),
                "when_iso": instant(mail.posted_at),
            }
            for mail in mails
        ],
        next_aside=f"{shown[-1].event_id}:{shown[-1].subscriber}" if len(aside) > PAGE else "",
        next_letter=mails[-1].id if len(letters) > PAGE else "",
        history=_history(),
    )


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def _events(ids: Iterable[int]) -> Sequence[Event]:
    wanted = sorted(set(ids))
    return db.session.scalars(select(Event).where(Event.id.in_(wanted))).all() if wanted else []


def _sentence(event: Event | None) -> str:
    """What had happened; of what is no report's, the kind as the log has it."""
    if event is None:
        return ""
    words = event_labels.for_office(event, {}) if event.subject.startswith("ticket:") else ""
    return words or event.kind


def _kept_apart() -> str:
    return gettext("a report kept apart")


def _numbers(refs: Sequence[str]) -> dict[str, str]:
    """The numbers that people know reports by. Of those that go past the office's own units an
    administrator learns neither the number nor what happened in them."""
    ids = {int(ref.partition(":")[2]) for ref in refs if ref.startswith("ticket:")}
    if not ids:
        return {}
    rows = db.session.scalars(select(Ticket).where(Ticket.id.in_(ids)))
    return {row.ref: _kept_apart() if apart(row) else row.number for row in rows}


def _history() -> list[dict[str, Any]]:
    """The newest twenty things that were done here."""
    now = clock.opened()
    found = db.session.scalars(
        select(Event).where(Event.subject == SUBJECT).order_by(Event.id.desc()).limit(20)
    ).all()
    names = names_of(event.actor for event in found)
    return [
        {
            "title": done_words(event.kind, str(event.data.get("subscriber", ""))),
            "when_words": compact_words(event.at, now),
            "when_iso": instant(event.at),
            "tone": "",
            "note": names.get(event.actor, ""),
        }
        for event in found
    ]


@blueprint.post("/<int:event_id>/<subscriber>/coba")
@staff(Role.ADMIN)
def try_again(event_id: int, subscriber: str) -> BaseResponse:
    with transaction():
        setting.try_again(subscriber, [event_id], viewer().ref)
    return _back(gettext("It is tried again."))


@blueprint.post("/<int:event_id>/<subscriber>/lepas")
@staff(Role.ADMIN)
def give_up(event_id: int, subscriber: str) -> BaseResponse:
    with transaction():
        setting.give_up(subscriber, [event_id], viewer().ref)
    return _back(gettext("It was given up, and the log says so."))


@blueprint.post("/semua/<subscriber>/coba")
@staff(Role.ADMIN)
def try_all_again(subscriber: str) -> BaseResponse:
    with transaction():
        setting.try_all_again(subscriber, viewer().ref)
    return _back(gettext("They are tried again."))


@blueprint.post("/surat/<int:mail_id>/coba")
@staff(Role.ADMIN)
def send_again(mail_id: int) -> BaseResponse:
    with transaction():
        lost.try_again(mail_id, viewer().ref)
    return _back(gettext("It is sent again."))


@blueprint.post("/surat/<int:mail_id>/lepas")
@staff(Role.ADMIN)
def leave(mail_id: int) -> BaseResponse:
    with transaction():
        lost.give_up(mail_id, viewer().ref)
    return _back(gettext("It was given up, and the log says so."))


def _back(words: str) -> BaseResponse:
    flash(words, "met")
    return redirect(url_for("held_up.index"), 303)
