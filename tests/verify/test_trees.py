"""Trees checked against their drivers: right ones pass, any changed one is noticed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as each
from hypothesis import strategies as some
from tests.verify.cases import case, offer

from sourcemix.futures import grow
from sourcemix.model.case import Case
from sourcemix.model.tree import Node, PriceFactor, Tree
from sourcemix.verify import tree_faults

DRIVERS: tuple[dict[str, Any], ...] = (
    {"kind": "demand", "id": "fall", "services": ["desk"], "at": "2028-04-01",
     "outcomes": [{"p": "0.3", "factor": "0.7"}, {"p": "0.7", "factor": 1}]},
    {"kind": "price", "id": "cloud", "offers": ["a"], "drift": "-0.06", "sd": "0.08",
     "at": "2029-04-01", "factor": "f"},
    {"kind": "demand", "id": "rise", "services": ["desk"], "drift": "0.013", "sd": "0.05",
     "at": "2029-04-01", "factor": "f"},
    {"kind": "supplier_failure", "supplier": "acme"},
    {"kind": "withdrawal", "offer": "b", "at": "2029-04-01"},
    {"kind": "requirement", "id": "ai", "services": ["desk"], "at": "2028-04-01", "p": "0.4",
     "size": "0.3"},
    {"kind": "policy", "at": "2029-04-01", "p": 1, "rule": {"kind": "max_live", "limit": 9}},
    {"kind": "budget", "at": "2028-04-01", "outcomes": [{"p": 1, "factor": "0.95"}]},
    {"kind": "reorganisation", "at": "2029-04-01", "p": "0.5", "by_offer": {"b": "end"}},
)  # fmt: skip


def with_drivers(*drivers: dict[str, Any], **more: Any) -> Case:
    informal = offer("b", supplier="bolt", form="informal")
    return case(offer(), informal, drivers=list(drivers), **more)


def changed(tree: Tree, position: int, **fields: Any) -> Tree:
    nodes = list(tree.nodes)
    nodes[position] = nodes[position].model_copy(update=fields)
    return tree.model_copy(update={"nodes": tuple(nodes)})


def test_a_grown_tree_has_no_faults() -> None:
    given = with_drivers(*DRIVERS)
    tree = grow(given, budget=5000)
    assert len(tree.nodes) > 100
    assert tree_faults(given, tree) == ()


@each(
    some.lists(some.sampled_from(DRIVERS), unique_by=lambda driver: str(driver), max_size=4),
    some.sampled_from(["year", "half_year"]),
    some.integers(min_value=5, max_value=6),
)
def test_every_grown_tree_has_no_faults(
    drivers: list[dict[str, Any]], period: str, periods: int
) -> None:
    given = with_drivers(*drivers, period=period, periods=periods)
    assert tree_faults(given, grow(given, budget=20_000)) == ()


SMALL = (DRIVERS[0], DRIVERS[3], {**DRIVERS[5], "p": "0.333333333"})
STEP = Decimal("0.001")


def changes(node: Node) -> list[dict[str, Any]]:
    """Small changes to each field of a node."""
    found: list[dict[str, Any]] = [
        {"demand": {"desk": node.demand["desk"] + STEP}},
        {"demand": {}},
        {"demand": {**node.demand, "x": STEP}},
        {"budget": node.budget + Decimal("0.000001")},
        {"prices": {"a": PriceFactor(price=Decimal(1), fixed=Decimal(1))}},
        {"failed": () if node.failed else ("acme",)},
        {"just_failed": () if node.just_failed else ("acme",)},
        {"withdrawn": ("b",)},
        {"arisen": () if node.arisen else ("ai",)},
        {"in_force": ("policy",)},
        {"ended": ("a",)},
        {"split": {} if node.split else {"a": 2}},
        {"merged": () if node.merged else ("a",)},
        {"id": node.id + 1},
        {"seen": {**node.seen, "stranger": "yes"}},
        {"p": node.p - Decimal("0.000000002")},
    ]
    if node.seen:
        found.append({"seen": {}})
    if node.parent is not None:
        found += [{"parent": None}, {"period": node.period + 1}, {"parent": node.id}]
    return found


def test_every_change_to_a_node_is_noticed() -> None:
    given = with_drivers(*SMALL)
    tree = grow(given)
    for position, node in enumerate(tree.nodes):
        for change in changes(node):
            assert tree_faults(given, changed(tree, position, **change)), (position, change)


def test_a_sibling_left_out_is_noticed() -> None:
    given = with_drivers(DRIVERS[0], periods=2)
    tree = grow(given)
    cut = tree.model_copy(update={"nodes": tree.nodes[:2]})
    faults = tree_faults(given, changed(cut, 1, p=Decimal(1)))
    assert any("leave out {'fall': '1'}" in fault for fault in faults)


def test_a_sibling_twice_is_noticed() -> None:
    given = with_drivers(DRIVERS[0], periods=2)
    tree = grow(given)
    node = tree.nodes[2].model_copy(update={"p": Decimal("0.35")})
    nodes = (*tree.nodes[:2], node, node.model_copy(update={"id": 3}))
    faults = tree_faults(given, tree.model_copy(update={"nodes": nodes}))
    assert any("sees the same as one of its siblings" in fault for fault in faults)


def test_a_future_that_stops_early_is_noticed() -> None:
    given = with_drivers()
    tree = grow(given)
    faults = tree_faults(given, tree.model_copy(update={"nodes": tree.nodes[:2]}))
    assert faults == (
        "tree: node 1 is in period 1 and has no nodes below; futures end with period 2",
    )


@pytest.mark.parametrize(
    "other",
    [
        {**DRIVERS[0], "outcomes": [{"p": "0.31", "factor": "0.7"}, {"p": "0.69", "factor": 1}]},
        {**DRIVERS[0], "outcomes": [{"p": "0.3", "factor": "0.71"}, {"p": "0.7", "factor": 1}]},
        {**DRIVERS[0], "at": "2029-04-01"},
        {**DRIVERS[0], "id": "other"},
        DRIVERS[3],
        DRIVERS[2],
    ],
)
def test_the_tree_of_other_drivers_is_noticed(other: dict[str, Any]) -> None:
    assert tree_faults(with_drivers(other), grow(with_drivers(DRIVERS[0])))


def test_drivers_that_do_not_branch_apart_are_noticed() -> None:
    """Right marginals are not enough: drivers should be independent."""
    first = {**DRIVERS[5], "p": "0.5"}
    second = {**first, "id": "other"}
    given = with_drivers(first, second, periods=2)
    tree = grow(given)
    both = [node for node in tree.nodes if len(set(node.seen.values())) == 1]
    joined = [
        tree.nodes[0],
        *(node.model_copy(update={"p": Decimal("0.5")}) for node in both),
    ]
    numbered = tuple(node.model_copy(update={"id": i}) for i, node in enumerate(joined))
    faults = tree_faults(given, tree.model_copy(update={"nodes": numbered}))
    assert any("has probability 0.5; by the drivers it is 0.25" in fault for fault in faults)


def test_splits_and_mergers_last_from_vesting_on() -> None:
    vesting = {
        "kind": "reorganisation", "at": "2028-04-01", "p": "0.5", "on_vesting": "split",
        "by_offer": {"b": "merge"}, "successors": ["North", "South"],
    }  # fmt: skip
    given = case(offer(), offer("b"), drivers=[vesting])
    tree = grow(given)
    assert tree_faults(given, tree) == ()
    split = [node.id for node in tree.nodes if node.split]
    # From the second period on, in one future of two.
    assert [tree.nodes[node].period for node in split] == [1, 2]
    for node in split:
        assert tree.nodes[node].split == {"a": 2}
        assert tree.nodes[node].merged == ("b",)
        wrong: list[dict[str, Any]] = [
            {"split": {"a": 3}},
            {"split": {}},
            {"merged": ()},
            {"merged": ("a", "b")},
        ]
        for change in wrong:
            assert tree_faults(given, changed(tree, node, **change)), (node, change)
    assert tree_faults(given, changed(tree, 0, split={"a": 2}))
    other = case(offer(), offer("b"), drivers=[{**vesting, "on_vesting": "novate"}])
    assert any("successors of `a` 2" in fault for fault in tree_faults(other, tree))
