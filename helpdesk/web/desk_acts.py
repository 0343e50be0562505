"""What people of the office do to a ticket: one address an act, found through the viewer.

Whatever is refused shows the page again with what was typed and why.
"""

from __future__ import annotations

from flask import request

from accounts.rules.access import Viewer
from core.errors import Invalid, NotFound
from core.i18n import gettext
from core.uploads.files import Cleaned
from helpdesk import changes, tickets
from helpdesk.conversations import thread
from helpdesk.lists import finding
from helpdesk.models import Ticket
from helpdesk.relations import doubling
from helpdesk.rules.vocabulary import Priority, TicketClass
from helpdesk.web import choosing
from helpdesk.web.acting import act, blueprint


def _text() -> str:
    return request.form.get("text", "")


def _line(name: str) -> str:
    """A field of one line; a sign that no database stores is left out."""
    return request.form.get(name, "").replace("\0", "").strip()


def _key() -> str | None:
    return request.form.get("key") or None


def _keep(ticket: Ticket, viewer: Viewer, *names: str) -> None:
    """What was typed as the act's reason stays as a note beside it; nothing typed, no note."""
    typed = [thread.clean(value, name) for name in names if (value := _line(name))]
    if typed:
        key = _key()
        tickets.note(ticket.id, "\n".join(typed), viewer.ref, f"{key}:reason" if key else None)


def _number(name: str) -> int | None:
    """A chosen id. Raises Invalid for anything that is none."""
    value = request.form.get(name, "").strip()
    if not value:
        return None
    if not value.isdecimal() or len(value) > 9:
        raise Invalid(fields={name: gettext("Please choose one from the list.")})
    return int(value)


@act("reply", "/jawaban", files=True)
def answer(ticket: Ticket, viewer: Viewer, files: list[Cleaned]) -> None:
    tickets.answer(ticket.id, _text(), viewer.ref, _key(), files)


@act("ask", "/pertanyaan", files=True)
def ask(ticket: Ticket, viewer: Viewer, files: list[Cleaned]) -> None:
    tickets.ask(ticket.id, _text(), viewer.ref, _key(), files)


@act("resolve", "/penyelesaian", files=True)
def resolve(ticket: Ticket, viewer: Viewer, files: list[Cleaned]) -> None:
    tickets.resolve(ticket.id, _text(), viewer.ref, _key(), files)


@act("note", "/catatan")
def note(ticket: Ticket, viewer: Viewer) -> None:
    tickets.note(ticket.id, _text(), viewer.ref, _key())


@act("take", "/pegangan")
def take(ticket: Ticket, viewer: Viewer) -> None:
    """Take it, if nobody else was faster."""
    tickets.assign(ticket.id, viewer.id, viewer.ref, was=None)


@act("assign", "/petugas")
def assign(ticket: Ticket, viewer: Viewer) -> None:
    to = _number("assignee")
    people = {option["value"] for option in choosing.options(ticket)["people"]}
    if to is not None and to not in people:
        raise Invalid(fields={"assignee": gettext("This person does not work on this queue.")})
    tickets.assign(ticket.id, to, viewer.ref, was=_number("was"))


@act("accept", "/penerimaan")
def accept(ticket: Ticket, viewer: Viewer) -> None:
    """Confirm or correct class and category, and accept."""
    if not _corrected(ticket, viewer):
        _keep(ticket, viewer, "reason")
    tickets.accept(ticket.id, viewer.ref)


@act("classify", "/jenis")
def classify(ticket: Ticket, viewer: Viewer) -> None:
    """Correct class and category later on; every date is worked out anew."""
    if not _corrected(ticket, viewer):
        raise Invalid(fields={"klass": gettext("The report is of this kind already.")})


def _corrected(ticket: Ticket, viewer: Viewer) -> bool:
    """True if class or category were chosen anew."""
    try:
        wanted = TicketClass(request.form.get("klass") or ticket.ticket_class)
    except ValueError:
        raise Invalid(fields={"klass": gettext("Please choose one from the list.")}) from None
    category = _number("category")
    if wanted == ticket.ticket_class and category == ticket.category_id:
        return False
    changes.classify(ticket.id, wanted, category, viewer.ref, _line("reason"))
    return True


@act("details", "/rincian")
def details(ticket: Ticket, viewer: Viewer) -> None:
    """Correct place and service."""
    place, service = _number("place"), _line("service") or None
    if (place, service) == (ticket.place_id, ticket.about_ref):
        raise Invalid(fields={"place": gettext("The report says this already.")})
    changes.set_details(ticket.id, place, service, viewer.ref, _line("reason"))


@act("move", "/antrean")
def move(ticket: Ticket, viewer: Viewer) -> None:
    queue = _number("queue")
    if queue is None:
        raise Invalid(fields={"queue": gettext("Please choose one from the list.")})
    changes.move(ticket.id, queue, request.form.get("reason", ""), viewer.ref)


@act("priority", "/prioritas")
def priority(ticket: Ticket, viewer: Viewer) -> None:
    try:
        wanted = Priority(request.form.get("priority", ""))
    except ValueError:
        raise Invalid(fields={"priority": gettext("Please choose one from the list.")}) from None
    changes.set_priority(ticket.id, wanted, viewer.ref)
    _keep(ticket, viewer, "reason")


@act("hold", "/tunggu")
def hold(ticket: Ticket, viewer: Viewer) -> None:
    tickets.hold(ticket.id, _line("agency"), request.form.get("reason", ""), viewer.ref)


@act("resume", "/lanjut")
def resume(ticket: Ticket, viewer: Viewer) -> None:
    tickets.resume(ticket.id, viewer.ref)


@act("refuse", "/penolakan")
def refuse(ticket: Ticket, viewer: Viewer) -> None:
    tickets.refuse(ticket.id, _text(), viewer.ref, _key())
    _keep(ticket, viewer, "reason")


@act("forward", "/penerusan")
def forward(ticket: Ticket, viewer: Viewer) -> None:
    tickets.forward(ticket.id, _text(), viewer.ref, _key())
    _keep(ticket, viewer, "agency", "reason")


@act("spam", "/spam")
def spam(ticket: Ticket, viewer: Viewer) -> None:
    tickets.spam(ticket.id, viewer.ref)
    _keep(ticket, viewer, "reason")


@act("duplicate", "/duplikat")
def duplicate(ticket: Ticket, viewer: Viewer) -> None:
    """Of another report that this person reads: the answer must not tell of any other."""
    other = _line("other").upper()
    try:
        finding.get(viewer, other)
    except NotFound:
        sentence = gettext("There is no report with this number.")
        raise Invalid(fields={"other": sentence}) from None
    doubling.duplicate(ticket.id, other, viewer.ref)


@act("reopen", "/pembukaan")
def reopen(ticket: Ticket, viewer: Viewer) -> None:
    tickets.reopen(ticket.id, viewer.ref)
    _keep(ticket, viewer, "reason")


__all__ = ["blueprint"]  # the acts above have been hung on it
