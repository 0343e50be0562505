"""Roles, and what our forms say, in words."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.rules.access import Role
from core.i18n import gettext


def role_names() -> dict[Role, str]:
    return {
        Role.AGENT: gettext("Agent"),
        Role.SUPERVISOR: gettext("Supervisor"),
        Role.ADMIN: gettext("Administrator"),
        Role.COUNTER: gettext("Counter clerk"),
        Role.OFFICER: gettext("Permit officer"),
        Role.VERIFIER: gettext("Agency verifier"),
        Role.REVENUE: gettext("Revenue office"),
        Role.APPROVER: gettext("Approver"),
        Role.SIGNATORY: gettext("Signatory"),
        Role.INSPECTOR: gettext("Inspector"),
        Role.LEADER: gettext("Leader"),
    }


def role_hints() -> dict[Role, str]:
    return {
        Role.AGENT: gettext("Answers reports"),
        Role.SUPERVISOR: gettext("Is told of broken promises"),
        Role.ADMIN: gettext("Sets the system up and adds people"),
        Role.COUNTER: gettext("Files for others and checks papers"),
        Role.OFFICER: gettext("Handles permits"),
        Role.VERIFIER: gettext("Reviews for a technical agency"),
        Role.REVENUE: gettext("Issues payment codes"),
        Role.APPROVER: gettext("Approves permits"),
        Role.SIGNATORY: gettext("Signs permits"),
        Role.INSPECTOR: gettext("Handles reports of illegal levies"),
        Role.LEADER: gettext("Reads all figures, answers the last appeal"),
    }


def role_words(roles: Iterable[Role]) -> str:
    """The names of roles in their fixed order: "Agent, Supervisor"."""
    held = frozenset(roles)
    return ", ".join(words for role, words in role_names().items() if role in held)


def role_options() -> list[dict[str, str]]:
    """Every role for a form: value, label and hint."""
    hints = role_hints()
    return [
        {"value": role.value, "label": words, "hint": hints[role]}
        for role, words in role_names().items()
    ]


def form_too_old() -> str:
    return gettext("This form has been open for too long. Please send it once more.")
