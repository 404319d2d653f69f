"""Loosening a rule never costs more: a looser figure, a price, fewer dates, no rule at all."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, get_args

import pytest
from tests.conftest import FULL
from tests.engine.small import case, offer
from tests.metamorphic.planned import cost, drawn

from sourcemix.model.case import Case
from sourcemix.model.rules import EVERY_NODE_ONLY, MaxWinners, MinWinners, Rule

KINDS = [
    kind
    for member in get_args(get_args(Rule)[0])
    if member not in (MaxWinners, MinWinners)
    for kind in get_args(member.model_fields["kind"].annotation)
]
AVERAGED = [kind for kind in KINDS if kind not in EVERY_NODE_ONLY and kind != "max_value"]

PENNY = 0.01
"""Of plans within half a penny of the least cost the tie rule may choose any."""

CHAINS: dict[str, list[dict[str, Any]]] = {
    "max_suppliers": [{"limit": 1}, {"limit": 2}],
    "min_suppliers": [{"limit": 3, "service": "desk"}, {"limit": 2, "service": "desk"}],
    "max_live": [{"limit": 1}, {"limit": 2}],
    "must_use": [{"offer": "dear"}],
    "must_not_use": [{"supplier": "vale"}],
    "max_share": [
        {"who": {"supplier": "vale"}, "share": "0.1"},
        {"who": {"supplier": "vale"}, "share": "0.3"},
    ],
    "min_share": [
        {"who": {"supplier": "moor"}, "share": "0.9"},
        {"who": {"supplier": "moor"}, "share": "0.6"},
    ],
    "keep_in_house": [
        {"service": "desk", "share": "0.9"},
        {"service": "desk", "share": "0.4"},
    ],
    "max_term": [{"months": 12}, {"months": 24}],
    "budget": [{"amount": 2000}, {"amount": 2600}],
    "excludes": [{"offers": ["cheap", "net", "own"]}, {"offers": ["cheap", "net"]}],
    "requires": [
        {"offer": "cheap", "needs": ["own", "dear"]},
        {"offer": "cheap", "needs": ["own"]},
    ],
    "same_supplier": [{"services": ["desk", "net"]}],
    "separate_suppliers": [{"services": ["desk", "net"]}],
    "outcome_floor": [{"outcome": "speed", "level": 74}, {"outcome": "speed", "level": 68}],
    "max_exit_exposure": [{"amount": 100}, {"amount": 400}],
    "max_value": [{"supplier": "vale", "amount": 500}, {"supplier": "vale", "amount": 2500}],
}
"""By kind: its fields, from the tightest figure to the loosest."""


def given(kind: str, rules: list[dict[str, Any]]) -> Case:
    """Two services over two years; the desk's demand may double. The best plan breaks the rules.

    For `separate_suppliers` the best offer for the net is vale's, too.
    """
    cheap = {
        "setup": {"mobilisation": 400},
        "term": {"initial": 24},
        "exit": {"fee_per_missing_year": 300, "transition": 50},
    }
    holder = "vale" if kind == "separate_suppliers" else "moor"
    net = {**offer("net", holder, "8"), "services": {"net": {"price": 8}}}
    other = {**offer("net_dear", "hub", "11"), "services": {"net": {"price": 11}}}
    both = offer("both", "moor", "15")
    both["services"] = {"desk": {"price": 15}, "net": {"price": 12}}
    return case(
        [
            offer("cheap", "vale", "10", desk={"outcomes": {"speed": 62}}, **cheap),
            offer("dear", "moor", "14", fixed=60, desk={"outcomes": {"speed": 76}}),
            offer("own", "own", "17", fixed=40),
            net,
            other,
            both,
        ],
        2,
        services=[
            {"id": name, "unit": "ticket", "demand": 100, "unmet": 50} for name in ("desk", "net")
        ],
        outcomes=[
            {
                "id": "speed",
                "statement": "Fast",
                "measure": "share",
                "unit": "percent",
                "better": "higher",
                "baseline": 60,
                "target": 80,
            }
        ],
        drivers=[
            {
                "kind": "demand",
                "id": "volume",
                "services": ["desk"],
                "at": "2028-04-01",
                "outcomes": [{"p": "0.25", "factor": "2"}, {"p": "0.75", "factor": 1}],
            }
        ],
        rules=[{"kind": kind, **rule} for rule in rules],
    )


def test_every_kind_has_its_chain() -> None:
    assert set(CHAINS) == set(KINDS)


@lru_cache(maxsize=512)
def cost_with(kind: str, *rules: str) -> float:
    return cost(given(kind, [json.loads(rule) for rule in rules]))


def costs(kind: str, *ways: dict[str, Any] | None) -> list[float]:
    """Costs with a rule in several ways; None: without it."""
    return [cost_with(kind, *([] if way is None else [json.dumps(way)])) for way in ways]


def never_dearer(found: list[float]) -> bool:
    return all(tight >= loose - PENNY for tight, loose in pairwise(found))


@pytest.mark.parametrize("kind", KINDS)
def test_looser_figures_never_cost_more(kind: str) -> None:
    found = costs(kind, *CHAINS[kind], None)
    assert never_dearer(found), found
    assert found[0] > found[-1], "the rule does not matter here, so nothing is tested"


@pytest.mark.parametrize("kind", KINDS)
def test_a_price_in_place_of_a_limit_never_costs_more(kind: str) -> None:
    tight = CHAINS[kind][0]
    prices = [30, "0.1"] if FULL else [30]
    found = costs(kind, tight, *({**tight, "soft": price} for price in prices), None)
    assert never_dearer(found), found


@pytest.mark.parametrize("kind", KINDS)
def test_fewer_dates_never_cost_more(kind: str) -> None:
    tight = CHAINS[kind][0]
    found = costs(kind, tight, {**tight, "until": "2028-03-31"}, None)
    assert never_dearer(found), found


@pytest.mark.parametrize("kind", AVERAGED)
def test_averages_never_cost_more_than_every_node(kind: str) -> None:
    """What holds at each node holds on average in each period, and so over the plan.

    The budget of the whole plan is stated for all of it: twice as much.
    """
    tight = CHAINS[kind][-1]
    whole = {**tight, "scope": "whole_plan"}
    if kind == "budget":
        whole["amount"] *= 2
    found = costs(kind, tight, {**tight, "scope": "expected_each_period"}, whole, None)
    assert never_dearer(found), found


@pytest.mark.parametrize("seed", range(200 if FULL else 4))
def test_random_cases_with_softer_rules_never_cost_more(seed: int) -> None:
    """Save for what a rule's price makes of the thousandths to which volumes are rounded.

    They may break it by up to a penny, or a hundredth, that a hard rule would have kept clear of.
    """
    drawn_case = drawn(seed, "rules")
    prices = [Decimal(500) if rule.soft is None else rule.soft / 2 for rule in drawn_case.rules]
    softer = tuple(
        rule.model_copy(update={"soft": price})
        for rule, price in zip(drawn_case.rules, prices, strict=True)
    )
    ways = [drawn_case.rules, softer, ()]
    hard, soft, none = (cost(drawn_case.model_copy(update={"rules": rules})) for rules in ways)
    assert soft <= hard + PENNY + float(sum(prices)) / 100
    assert none <= soft + PENNY
