"""Files of a thread: checked at every request, always as a download, never as a page."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, send_file

from accounts.guard import public
from accounts.who import current_guest, current_user
from core.database import db
from core.errors import NotFound
from core.i18n import gettext
from core.uploads.files import KINDS
from helpdesk.conversations import conversation
from helpdesk.conversations.attachments import store
from helpdesk.lists import finding
from helpdesk.models import Attachment, Ticket

blueprint = Blueprint("files", __name__)


@blueprint.get("/lampiran/<int:attachment_id>")
@public
def download(attachment_id: int) -> Response:
    """Open to nobody by itself: only to who reads the ticket, or to the guest whose it is."""
    found = db.session.get(Attachment, attachment_id) if attachment_id < 2**62 else None
    if found is None or not _may_read(found):
        raise NotFound(gettext("There is no such file here."))
    path = store().path(found.stored)
    if not path.exists():
        raise NotFound(gettext("This file is not here any more."))
    answer = send_file(path, mimetype=KINDS[found.kind])
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _may_read(attachment: Attachment) -> bool:
    guest = current_guest()
    if guest is not None:
        own = db.session.get(Ticket, int(guest.ref.partition(":")[2]))
        if own is not None and conversation.requester_reads(own, attachment.message_id):
            return True
    viewer = current_user()
    ticket = db.session.get_one(Ticket, attachment.ticket_id)
    if viewer is None:
        return False
    return ticket.queue_id in {queue.id for queue in finding.queues_of(viewer)}
