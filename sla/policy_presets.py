"""Duties of Indonesian public offices as policies to begin from, each with where it is written.

Figures that stand in a law are its own; those of practice (the forms of SP4N-LAPOR!, standards of
service) are what offices promise. Every number may be changed when a preset is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import NotFound
from core.i18n import gettext
from sla.models import PolicyVersion
from sla.policies import order
from sla.recalculation import publishing
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


def version(preset: Preset, name: str) -> tuple[str, PolicyVersion]:
    """The version of a policy that a preset proposes, not stored, and the policy's key. What it
    does not speak of is as the policy says that it changes, or as the last one does. A preset that
    falls under no condition changes the last policy, which all else falls under."""
    rows = order.newest()
    last = order.latest()[-1]
    known = next((row for row in rows if row.key == preset.key), None)
    changed = known or last
    proposed = copy_of(changed)
    proposed.targets = {**changed.targets, preset.metric.value: preset.target}
    proposed.retired = False
    if known is None and preset.conditions:
        proposed.key, proposed.name, proposed.version = preset.key, name, 0
        proposed.conditions = {k: list(v) for k, v in preset.conditions.items()}
        proposed.position = order.first(preset.key)
    return proposed.key, proposed


def copy_of(row: PolicyVersion) -> PolicyVersion:
    """The same version once more, not stored: something to change."""
    said = ("key", "version", "valid_from", "for_open", *publishing.COLUMNS)
    return PolicyVersion(**{name: getattr(row, name) for name in said})
