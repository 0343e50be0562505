"""Sentences for what the web itself can answer."""

from __future__ import annotations

from core.i18n import gettext


def http_sentence(status: int) -> str:
    """What happened and what to do, for a plain HTTP status."""
    sentences = {
        400: gettext("We could not read what was sent. Please check it and try again."),
        401: gettext("Please sign in first."),
        403: gettext("You may not open this page."),
        404: gettext("There is no such page here. The address may be mistyped."),
        405: gettext("This page cannot be used that way. Please go back and try again."),
        409: gettext("The report changed while you were at it, so your change was not made."),
        413: gettext(
            "What you sent is too large. Go back, your words are still there, "
            "and send fewer or smaller files."
        ),
        422: gettext("What was sent cannot be used as it is."),
        429: gettext("Too many tries at once. Please wait a moment and try again."),
        503: gettext("The service is resting for a moment. Please try again in a few seconds."),
    }
    if status in sentences:
        return sentences[status]
    if status < 500:
        return sentences[400]
    return gettext("Something went wrong on our side. It has been noted; please try again.")
