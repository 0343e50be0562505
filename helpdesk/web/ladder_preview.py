"""What another ladder would do to open promises, before it holds; and its form's choices."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.i18n import gettext, number_words
from helpdesk.escalations import typed_ladder
from sla import policy_presets
from sla.calendars import history
from sla.models import PolicyVersion
from sla.policies import checking, ladder_foresight
from sla.policies.ladder_foresight import LadderForesight
from sla.recalculation.publishing import Draft


def seen(row: PolicyVersion, metric: str, kept: Sequence[dict[str, Any]]) -> str:
    """The same for the same ladder after the same version: what was looked at is what is saved."""
    said = json.dumps([row.id, metric, kept], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def ahead(row: PolicyVersion, draft: Draft, at: datetime) -> dict[str, Any]:
    """Figures and how they were found. Raises Invalid for a version that cannot be published."""
    version = policy_presets.copy_of(row)
    version.version, version.steps = row.version + 1, dict(draft.steps or {})
    version.valid_from, version.for_open = at, True
    checking.check(version, row, at, replacing=False)
    found = ladder_foresight.foresee(version, at)  # it gives the connection back
    return {"words": words(found), "looked": history.looked_words(found)}


def words(found: LadderForesight) -> list[dict[str, str]]:
    """Figures of a preview, each with its words."""
    told = [
        (gettext("Open promises that get other steps"), found.other),
        (gettext("Steps that come at once, being past"), found.at_once),
        (gettext("Promises to which they come"), found.hit),
    ]
    if found.dates:
        told.append((gettext("Dates that move, by what earlier versions say"), found.dates))
    return [{"label": label, "value": number_words(count)} for label, count in told]


def whens() -> list[dict[str, str]]:
    """What the number of a step counts."""
    names = {
        "percent": gettext("percent of the time"),
        "bs": gettext("seconds before due"),
        "bm": gettext("minutes before due"),
        "bh": gettext("hours before due"),
        "as": gettext("seconds after due"),
        "am": gettext("minutes after due"),
        "ah": gettext("hours after due"),
    }
    return [{"value": when, "label": names[when]} for when in typed_ladder.WHENS]
