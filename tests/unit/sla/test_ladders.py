"""Ladders: what a step may do, and which ladders lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from sla.rules.deeds import Deed, Does, InvalidDeed
from sla.rules.policy import InvalidPolicy, Metric, Policy, Step, Target, Unit

HOUR = {"n": 1, "unit": "hours"}


def policy(*steps: dict[str, Any]) -> Policy:
    target = {Metric.RESOLUTION: Target(5, Unit.DAYS)}
    return Policy(1, "office", target, {Metric.RESOLUTION: tuple(map(Step.from_dict, steps))})


def test_a_step_says_what_it_does_and_a_name_that_is_not_there_does_nothing() -> None:
    one = policy(
        {"name": "75", "percent": 75, "does": [{"do": "notify", "to": "holder"}]},
        {"name": "a8h", "after": HOUR, "does": [{"do": "level", "n": 1}, {"do": "raise"}]},
    )
    assert one.deeds(Metric.RESOLUTION, "75") == (Deed(Does.NOTIFY, "holder"),)
    assert [d.does for d in one.deeds(Metric.RESOLUTION, "a8h")] == [Does.LEVEL, Does.RAISE]
    assert one.deeds(Metric.RESOLUTION, "50") == ()
    assert one.deeds(Metric.VERIFICATION, "75") == ()


@pytest.mark.parametrize(
    "deed",
    [
        {"do": "notify", "to": ""},
        {"do": "notify", "to": "Siti"},
        {"do": "level"},
        {"do": "level", "n": 0},
        {"do": "level", "n": 10},
        {"do": "level", "n": True},
        {"do": "queue", "n": "3"},
        {"do": "reassign", "n": -1},
        {"do": "delete"},
        {},
    ],
)
def test_a_deed_that_cannot_be_done_is_refused_with_a_sentence(deed: dict[str, Any]) -> None:
    with pytest.raises(InvalidDeed, match=r"\w+ \w+"):
        Deed.from_dict(deed)
    with pytest.raises(InvalidPolicy, match=r"\w+ \w+"):
        policy({"name": "75", "percent": 75, "does": [deed]})


@pytest.mark.parametrize("percent", [0, -1, 101, 1000])
def test_a_share_that_never_comes_is_refused(percent: int) -> None:
    with pytest.raises(InvalidPolicy):
        policy({"name": "75", "percent": percent})


def test_a_ladder_climbs_and_never_goes_in_a_circle() -> None:
    def step(name: str, n: int, does: str) -> dict[str, Any]:
        amount = {"n": int(name[1:-1]), "unit": "hours"}
        return {"name": name, "after": amount, "does": [{"do": does, "n": n}]}

    policy(step("a1h", 1, "level"), step("a8h", 2, "level"))
    policy(step("a8h", 2, "level"), step("a1h", 1, "level"))  # by their moments, not as written
    for does in ("level", "queue", "reassign"):
        with pytest.raises(InvalidPolicy):
            policy(step("a1h", 3, does), step("a2h", 2, "queue"), step("a8h", 3, does))
    with pytest.raises(InvalidPolicy):
        policy({"name": "75", "percent": 75}, {"name": "75", "percent": 75})


@pytest.mark.parametrize(
    "deed", [Deed(Does.NOTIFY, "level:2"), Deed(Does.QUEUE, n=4), Deed(Does.RAISE)]
)
def test_a_deed_is_what_was_written_of_it(deed: Deed) -> None:
    assert Deed.from_dict(deed.to_dict()) == deed
