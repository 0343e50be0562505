"""A step's name stands in the log for good, so a policy cannot make one up."""

from __future__ import annotations

import pytest

from sla.rules.policy import InvalidPolicy, Step


@pytest.mark.parametrize("name", ["75", "100", "before", "due"])
def test_a_percentage_or_a_listed_word_is_a_name(name: str) -> None:
    assert Step(name, percent=75).name == name


@pytest.mark.parametrize("name", ["", "Siti", "081234567890", "1000", "due\n", "٧٥"])
def test_all_else_is_refused(name: str) -> None:
    with pytest.raises(InvalidPolicy):
        Step(name, percent=75)
