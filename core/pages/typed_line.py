"""A name or remark of one line as people type it, with a sentence for what cannot be kept."""

from __future__ import annotations

from core.errors import Invalid
from core.i18n import gettext


def line(words: str, field: str, most: int, *, needed: bool = True) -> str:
    """The words with single spaces. Raises Invalid on the field: for a sign that nobody can see
    (two names that look alike, one that reads backwards, one that no database stores), for more
    than `most` letters, and for nothing where a name is `needed`."""
    found = " ".join(words.split())
    if not found.isprintable():
        raise Invalid(fields={field: gettext("This contains a sign that nobody can see.")})
    if len(found) > most:
        raise Invalid(fields={field: gettext("Please use at most %(most)d letters.", most=most)})
    if needed and not found:
        raise Invalid(fields={field: gettext("Please give a name.")})
    return found
