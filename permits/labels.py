"""A permit type in words for citizens."""

from __future__ import annotations

from flask_babel import get_locale

from core.i18n import gettext, ngettext
from permits.models import PermitType


def language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "id"


def name(permit: PermitType) -> str:
    return permit.name(language())


def days(permit: PermitType) -> str:
    return ngettext("%(num)d working day", "%(num)d working days", permit.processing_working_days)


def fee(permit: PermitType) -> str:
    return {
        "NONE": gettext("Free"),
        "RETRIBUSI": gettext("Service charge"),
        "PAJAK": gettext("Local tax"),
    }.get(permit.fee, permit.fee_basis)


def summary(permit: PermitType) -> str:
    """One line for lists: what it costs and how long it takes."""
    return f"{fee(permit)}, {days(permit)}"


def figures(permit: PermitType) -> list[dict[str, str]]:
    """What people ask first: cost, time, validity, who checks."""
    checks = permit.verifying_agency
    if permit.field_inspection:
        checks = gettext("%(agency)s, with a visit to the place", agency=checks)
    return [
        {"label": gettext("Cost"), "value": fee(permit)},
        {"label": gettext("Done within"), "value": days(permit)},
        {"label": gettext("Valid for"), "value": permit.validity},
        {"label": gettext("Checked by"), "value": checks},
    ]


def note(permit: PermitType) -> str:
    """What is good to know, and how sure the office is of what stands here."""
    basis = "" if permit.free else permit.fee_basis + "."
    sure = (
        ""
        if permit.confidence == "BEKASI"
        else gettext("Please ask us before you collect the documents: they may differ a little.")
    )
    return " ".join(part for part in (permit.note, basis, sure) if part)
