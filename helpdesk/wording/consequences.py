"""What follows from an event, and what kept it from following, in words for administrators."""

from __future__ import annotations

from core.aside import kinds, setting
from core.i18n import gettext, ngettext


def consequence_words(subscriber: str) -> str:
    """What a subscriber does; an unknown one by its own name."""
    return {
        "notify": gettext("Notices and letters"),
        "escalate": gettext("Raising the priority"),
        "climb": gettext("Climbing to the next level"),
        "ladder": gettext("A step of a ladder"),
        "digest": gettext("A digest of moved dates"),
    }.get(subscriber, subscriber)


def answer_words(state: str, outcome: str | None) -> str:
    """Why a letter did not arrive: the server's code or our word, in a sentence."""
    answer = outcome or "UNKNOWN"
    if state == "GAVE_UP":
        return gettext("Given up after three days (%(answer)s)", answer=answer)
    return gettext("Refused for good (%(answer)s)", answer=answer)


def done_words(kind: str, subscriber: str) -> str:
    """One line of what was done to things that were held up."""
    what = consequence_words(subscriber)
    return {
        kinds.DELIVERY_SET_ASIDE.name: gettext("Set aside: %(what)s", what=what),
        kinds.DELIVERY_TRIED_AGAIN.name: gettext("Tried again: %(what)s", what=what),
        kinds.DELIVERY_GIVEN_UP.name: gettext("Given up: %(what)s", what=what),
        kinds.LETTER_TRIED_AGAIN.name: gettext("A letter was sent again"),
        kinds.LETTER_GIVEN_UP.name: gettext("A letter was given up"),
    }[kind]


def for_administrators() -> str | None:
    """A sentence on their pages while something is set aside."""
    found = setting.count()
    if not found:
        return None
    return ngettext(
        "%(num)d consequence could not be carried out and was set aside. Please look at: Held up.",
        "%(num)d consequences could not be carried out and were set aside. Please look at: "
        "Held up.",
        found,
    )
