"""Each example of public projects agrees, and what is not played is counted with its reason."""

from __future__ import annotations

import pytest

from tests.unit.sla import worked


@pytest.mark.parametrize("case", worked.played(), ids=lambda case: case["id"])
def test_we_agree_with_the_public_example(case: worked.Case) -> None:
    worked.check(case)


def test_every_example_is_played_or_left_out_for_a_reason(
    record_testsuite_property: pytest.RecordProperty, capsys: pytest.CaptureFixture[str]
) -> None:
    agreed, left_out = len(worked.played()), worked.NOT_APPLICABLE
    assert agreed + len(left_out) == len(worked.cases()) == 113
    assert all(left_out.values())
    flagged = {
        case["id"] for case in worked.cases() if worked.SKIPPED_FLAGS & set(case.get("flags", ()))
    }
    assert flagged <= set(left_out)
    record_testsuite_property("sla_examples_played", agreed)
    record_testsuite_property("sla_examples_left_out", len(left_out))
    with capsys.disabled():
        print(f"\n{agreed} public examples played, {len(left_out)} left out:")
        for name, reason in left_out.items():
            print(f"  {name}: {reason}")
