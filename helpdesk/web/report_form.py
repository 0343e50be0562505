"""The complaint form: its choices, and what came back read into a filing, every error at once."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale

from core import refs
from core.errors import Invalid
from core.i18n import gettext
from helpdesk.contacts import normal_email, normal_phone
from helpdesk.conversations import thread
from helpdesk.conversations.attachments import MOST, Upload
from helpdesk.filing import Filing
from helpdesk.rules.vocabulary import TicketClass
from helpdesk.setup import office
from helpdesk.wording.labels import class_hint, class_words

FIELDS = [
    "klass",
    "category",
    "text",
    "place",
    "permit_type",
    "name",
    "phone",
    "email",
    "public_ok",
]
LONGEST_NAME = 100
LIMITS = {"text": thread.LONGEST, "files": MOST, "mb": 10}


def language() -> str:
    locale = get_locale()
    return locale.language if locale else "id"


def new_key() -> str:
    """An idempotency key that nobody can guess."""
    return secrets.token_urlsafe(24)


def empty(permit: str = "", topic: str = "") -> dict[str, Any]:
    """A new form. `permit` is the code of the permit whose page led here, `topic` the key of what
    a link is about; an unknown one is left out, for it must not keep anybody from writing."""
    values = {"klass": TicketClass.COMPLAINT.value}
    if permit:
        with contextlib.suppress(Invalid):
            values["permit_type"] = _about(f"permit_type:{permit}") or ""
    if topic in {one["value"] for one in _categories()}:
        values["category"] = topic
    return {"values": values, "errors": {}}


def choices() -> dict[str, Any]:
    """The lists that the form offers."""
    return {
        "classes": [
            {"value": c.value, "label": class_words(c), "hint": class_hint(c)} for c in TicketClass
        ],
        "categories": _categories(),
        "places": places(),
        "permit_types": services(),
        "limits": LIMITS,
    }


def _categories() -> list[dict[str, str]]:
    spoken = language()
    return [
        {"value": topic.key, "label": topic.name(spoken)}
        for topic in office.topics().values()
        if topic.active
    ]


def services() -> list[dict[str, str]]:
    """The permits of the catalogue."""
    return [{"value": card.ref, "label": card.title} for card in refs.listing("permit_type")]


def places() -> list[dict[str, Any]]:
    """Every kelurahan, by its kecamatan."""
    groups: dict[str, list[dict[str, str]]] = {}
    for place in office.places().values():
        listed = groups.setdefault(place.kecamatan, [])
        listed.append({"value": str(place.id), "label": place.kelurahan})
    return [{"group": name, "options": options} for name, options in groups.items()]


def values_of(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, to be shown again."""
    return {name: form.get(name, "") for name in FIELDS}


def read(form: Mapping[str, str], uploads: list[Upload] | Invalid) -> Filing:
    """The filing that a form says. Raises Invalid with a sentence for each field."""
    errors: dict[str, str] = {}

    def field(name: str, reader: Any, *args: Any) -> Any:
        try:
            return reader(*args)
        except Invalid as error:
            errors.update(error.fields or {name: str(error)})
            return None

    ticket_class = field("klass", _class, form.get("klass", ""))
    category_id = field("category", _category, form.get("category", ""))
    body = field("text", thread.clean, form.get("text", ""), "text")
    place_id = field("place", _place, form.get("place", ""))
    about = field("permit_type", _about, form.get("permit_type", ""))
    if isinstance(uploads, Invalid):
        errors.update(uploads.fields or {"files": str(uploads)})
        uploads = []
    name = field("name", _name, form.get("name", ""))
    phone = field("phone", normal_phone, form.get("phone", ""))
    email = field("email", normal_email, form.get("email", ""))
    if errors:
        raise Invalid(gettext("Not sent yet."), fields=errors)
    return Filing(
        ticket_class=ticket_class,
        body=body,
        key=form.get("key", ""),
        category_id=category_id,
        name=name,
        phone=phone,
        email=email,
        place_id=place_id,
        about_ref=about,
        public_ok=form.get("public_ok", "") not in ("", "0"),
        language=language(),
        uploads=uploads,
    )


def _class(value: str) -> TicketClass:
    try:
        return TicketClass(value)
    except ValueError:
        raise Invalid(gettext("Please choose what you would like to send.")) from None


def _category(key: str) -> int | None:
    if not key:
        return None
    found = (topic.id for topic in office.topics().values() if topic.active and topic.key == key)
    topic_id = next(found, None)
    if topic_id is None:
        raise Invalid(gettext("Please choose one of the listed topics."))
    return topic_id


def _place(value: str) -> int | None:
    if not value:
        return None
    if not value.isdecimal() or len(value) > 9 or int(value) not in office.places():
        raise Invalid(gettext("Please choose one of the listed places."))
    return int(value)


def _about(ref: str) -> str | None:
    if not ref:
        return None
    known = len(ref) <= 80 and "\0" not in ref and ref.startswith("permit_type:")
    card = refs.card(ref, None) if known else None
    if card is None:
        raise Invalid(gettext("Please choose one of the listed permits."))
    return card.ref


def _name(value: str) -> str | None:
    words = " ".join(value.split())
    if len(words) > LONGEST_NAME:
        raise Invalid(gettext("Please use at most %(most)d letters.", most=LONGEST_NAME))
    if "\0" in words:
        raise Invalid(gettext("This contains a sign that cannot be stored."))
    return words or None
