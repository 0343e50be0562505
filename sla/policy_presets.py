"""Duties of Indonesian public offices as policies to begin from, each with where it is written.

Figures that stand in a law are its own; those of practice (the forms of SP4N-LAPOR!, standards of
service) are what offices promise. Every number may be changed when a preset is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.database import db
from core.errors import Invalid, NotFound
from core.i18n import gettext
from sla.models import PolicyVersion
from sla.recalculation import publishing
from sla.recalculation.publishing import Draft
from sla.rules.policy import Metric, Unit

OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Preset:
    """`key` is that of the policy which it becomes; `conditions` say what falls under it."""

    key: str
    metric: Metric
    n: int
    unit: Unit
    source: str  # a citation, in the language of its law
    conditions: Mapping[str, list[str]]
    wall: bool = False

    @property
    def target(self) -> dict[str, Any]:
        return target(self.n, self.unit, self.wall)


def target(n: int, unit: Unit, wall: bool) -> dict[str, Any]:
    return {"n": n, "unit": unit.value, "clock": "wall" if wall else "business"}


SUPERVISORY = {"class": ["COMPLAINT"], "weight": ["supervisory"]}
SP4N = "SP4N-LAPOR!, PermenPANRB 62/2018"
PRESETS = (
    Preset("verification", Metric.VERIFICATION, 3, Unit.DAYS, f"{SP4N}: verifikasi", {}),
    Preset("follow-up", Metric.FIRST_RESPONSE, 5, Unit.DAYS, f"{SP4N}: tindak lanjut", {}),
    Preset(
        "information", Metric.RESOLUTION, 5, Unit.DAYS, f"{SP4N}: permintaan informasi",
        {"class": ["INFORMATION"]},
    ),
    Preset(
        "complaint", Metric.RESOLUTION, 14, Unit.DAYS,
        f"{SP4N}: pengaduan tidak berkadar pengawasan", {"class": ["COMPLAINT"]},
    ),
    Preset(
        "supervisory", Metric.RESOLUTION, 60, Unit.DAYS,
        f"{SP4N}: pengaduan berkadar pengawasan; UU 25/2009 pasal 50", SUPERVISORY,
    ),
    Preset(
        "aspiration", Metric.RESOLUTION, 14, Unit.DAYS,
        "Kebiasaan kantor: aspirasi dijawab dalam 14 hari kerja", {"class": ["SUGGESTION"]},
    ),
    Preset(
        "first-answer", Metric.FIRST_RESPONSE, 14, Unit.DAYS,
        "UU 25/2009 pasal 43 ayat (3): jawaban pertama", {},
    ),
    Preset(
        "personal-data", Metric.RESOLUTION, 72, Unit.HOURS,
        "UU 27/2022 pasal 30-33, 40-41: 3 x 24 jam", {"category": ["data-pribadi"]}, wall=True,
    ),
    Preset(
        "public-information", Metric.RESOLUTION, 10, Unit.DAYS,
        "UU 14/2008 pasal 22: permintaan informasi publik (PPID)", {"tag": ["ppid"]},
    ),
    Preset(
        "light", Metric.RESOLUTION, 2, Unit.DAYS,
        "Standar pelayanan beberapa daerah: pengaduan ringan", {"tag": ["ringan"]},
    ),
)  # fmt: skip


def find(key: str) -> Preset:
    """Raises NotFound."""
    found = next((preset for preset in PRESETS if preset.key == key), None)
    if found is None:
        raise NotFound(gettext("There is no such preset."))
    return found


def latest() -> list[PolicyVersion]:
    """The newest version of each policy, in the order in which they are tried."""
    newest: dict[str, PolicyVersion] = {}
    for row in db.session.scalars(select(PolicyVersion).order_by(PolicyVersion.version)):
        newest[row.key] = row
    return sorted(newest.values(), key=lambda row: (row.position, row.id))


def add(key: str, name: str, n: str, apply_to_open: bool, at: datetime, actor: str) -> int:
    """The preset as a policy, with the number that was typed; what it does not speak of is as the
    last policy promises it. One that is a policy already gets its next version. A preset that
    falls under no condition changes the last policy, which all else falls under.

    Raises Invalid on the fields n and name.
    """
    preset = find(key)
    if not n.isdecimal() or not 0 < int(n[:6]) <= 2500:
        raise Invalid(fields={"n": gettext("Please give a whole number from 1 to 2,500.")})
    words = " ".join(name.split())[:80]
    if not words and preset.conditions:
        raise Invalid(fields={"name": gettext("Please give a name.")})
    rows = latest()
    last = rows[-1]
    known = next((row for row in rows if row.key == key), None)
    changed = known or last
    wanted = target(int(n), preset.unit, preset.wall)
    targets = {**changed.targets, preset.metric.value: wanted}
    steps = {metric: changed.steps.get(metric, []) for metric in targets}
    draft = Draft(targets=targets, steps={m: s for m, s in steps.items() if s})
    if preset.conditions and known is None:
        draft = Draft(
            name=words,
            position=rows[0].position - 1,  # what is more special is asked first
            calendar_key=OFFICE,
            conditions=preset.conditions,
            targets=targets,
            steps=draft.steps,
            hold_pauses=last.hold_pauses,
        )
    policy = key if preset.conditions else last.key
    return publishing.publish_policy(
        policy, draft, valid_from=at, apply_to_open=apply_to_open, at=at, actor=actor
    )
