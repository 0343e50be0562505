"""A policy that nothing can fall under is found exactly, and what takes it all is named."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from sla.rules.coverage import Aspect, caught

CLASSES = ("COMPLAINT", "INFORMATION", "SUGGESTION")


def aspect(name: str, *values: str, missing: bool = False) -> Aspect:
    found = [{name: frozenset({value})} for value in values]
    return [{name: frozenset[str]()}, *found] if missing else found


ASPECTS: list[Aspect] = [
    aspect("class", *CLASSES),
    [
        {"category": frozenset({"levy"}), "weight": frozenset({"supervisory"})},
        {"category": frozenset({"slow"}), "weight": frozenset({"ordinary"})},
        {"category": frozenset(), "weight": frozenset({"ordinary"})},
    ],
    [{"area": frozenset(v)} for v in ((), ("north", "north/a"), ("north", "north/b"), ("south",))],
    aspect("tag", "ppid", missing=True),
]


def test_an_earlier_wider_policy_takes_a_later_narrower_one() -> None:
    narrow = {"class": ["COMPLAINT"], "tag": ["ppid"]}
    assert caught([{"class": ["COMPLAINT", "INFORMATION"]}, narrow, {}], ASPECTS) == {1: (0,)}
    assert caught([narrow, {"class": ["COMPLAINT"]}, {}], ASPECTS) == {}


def test_several_take_together_what_none_takes_alone() -> None:
    one, two = {"class": ["COMPLAINT"]}, {"class": ["INFORMATION", "SUGGESTION"]}
    odd = {"tag": ["ppid"]}
    assert caught([odd, one, two, {}], ASPECTS) == {3: (1, 2)}
    assert caught([one, {"weight": ["ordinary"]}, {"weight": ["supervisory"]}], ASPECTS) == {}


def test_a_kelurahan_lies_in_its_kecamatan() -> None:
    assert caught([{"area": ["north"]}, {"area": ["north/a"]}], ASPECTS) == {1: (0,)}
    both = [{"area": ["north/a"]}, {"area": ["north/b"]}, {"area": ["north"]}]
    assert caught(both, ASPECTS) == {2: (0, 1)}


def test_conditions_that_never_come_together_are_caught_by_nobody() -> None:
    for never in (
        {"category": ["levy"], "weight": ["ordinary"]},
        {"category": ["gone"]},
        {"mood": ["bad"]},
        {"class": []},
    ):
        assert caught([never, {}], ASPECTS) == {0: ()}


names = st.sampled_from(["class", "category", "weight", "area", "tag"])
values = st.sampled_from(
    [*CLASSES, "levy", "slow", "supervisory", "ordinary", "north", "north/a", "north/b", "south",
     "ppid"]
)  # fmt: skip
rules = st.dictionaries(names, st.lists(values, min_size=1, max_size=6), max_size=3)


@given(st.lists(rules, min_size=1, max_size=7))
def test_it_agrees_with_trying_everything_that_may_be_told(policies: list) -> None:
    reached: set[int] = set()
    for readings in product(*ASPECTS):
        facts = {name: told for reading in readings for name, told in reading.items()}
        first = next(
            (
                n
                for n, rule in enumerate(policies)
                if all(set(wanted) & facts[name] for name, wanted in rule.items())
            ),
            None,
        )
        reached |= {first} if first is not None else set()
    found = caught(policies, ASPECTS)
    assert set(found) == set(range(len(policies))) - reached
    for n, takers in found.items():
        assert all(m < n for m in takers)
