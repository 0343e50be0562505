"""Files of a form, checked and cleaned before anything is written."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.datastructures import FileStorage

from core.errors import Invalid
from core.i18n import gettext
from core.threads import aside
from core.uploads.files import Cleaned, Refused, clean
from helpdesk.conversations.attachments import MOST


def read_uploads(files: Iterable[FileStorage]) -> list[Cleaned]:
    """Cleaned files; empty inputs are ignored. Raises Invalid on the field "files"."""
    given = [file for file in files if file.filename]
    if len(given) > MOST:
        sentence = gettext("Please send at most %(most)d files at once.", most=MOST)
        raise Invalid(fields={"files": sentence})
    return [_read(file) for file in given]


def _read(file: FileStorage) -> Cleaned:
    name, stream = file.filename or "", file.stream
    try:
        return aside("files", lambda: clean(name, stream))
    except Refused as refused:
        sentence = _sentences(name[:60]).get(refused.reason)
        raise Invalid(fields={"files": sentence or ""}) from refused


def _sentences(name: str) -> dict[str, str]:
    return {
        "empty": gettext("The file %(name)s is empty.", name=name),
        "large": gettext(
            "The file %(name)s is larger than 10 MB. Please send a smaller one.", name=name
        ),
        "kind": gettext("The file %(name)s is no JPG, PNG or PDF.", name=name),
        "content": gettext(
            "The file %(name)s is not what its name says, or it is damaged. "
            "Please take the photo again or send a PDF.",
            name=name,
        ),
        "bomb": gettext("The picture %(name)s is too large to be opened safely.", name=name),
    }
