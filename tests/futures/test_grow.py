"""The tree of futures: counts, probabilities and figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from sourcemix.errors import InputError, TreeTooLarge
from sourcemix.futures import grow
from sourcemix.model.case import Case
from sourcemix.model.tree import Node, Tree

ONE = Decimal(1)


def case(*drivers: dict[str, Any], periods: int = 3, period: str = "year", **more: Any) -> Case:
    """Two services, three suppliers, one of them in-house, and the drivers given."""
    offers = [
        {"id": "a", "supplier": "acme", "form": "contract", "services": {"desk": {"price": 10}}},
        {"id": "b", "supplier": "bolt", "form": "informal", "services": {"net": {"price": 5}}},
        {"id": "own", "supplier": "own", "form": "contract", "services": {"desk": {}}},
    ]
    return Case.model_validate(
        {
            "title": "Test",
            "authority": {"name": "Testshire"},
            "horizon": {"start": "2027-04-01", "periods": periods, "period": period},
            "money": {"price_base": "2026-27", "discounting": "none"},
            "services": [
                {"id": "desk", "unit": "ticket", "demand": 1000},
                {"id": "net", "unit": "site", "demand": "33.333"},
            ],
            "suppliers": [
                {"id": "acme", "name": "Acme", "kind": "commercial", "failure": "0.1"},
                {"id": "bolt", "kind": "voluntary"},
                {"id": "own", "kind": "in_house"},
            ],
            "forms": {
                "contract": {"lead": 0, "manage": 0, "binding": True},
                "informal": {"lead": 0, "manage": 0, "binding": False, "withdrawal": "0.2"},
            },
            "offers": [{**offer, "term": {"initial": 12}} for offer in offers],
            "drivers": drivers,
            **more,
        }
    )


def demand(**more: Any) -> dict[str, Any]:
    return {"kind": "demand", "id": "volume", "services": ["desk"], **more}


STEPS = demand(
    at="2028-04-01", outcomes=[{"p": "0.25", "factor": "0.5"}, {"p": "0.75", "factor": 1}]
)


def layer(tree: Tree, period: int) -> list[Node]:
    return [node for node in tree.nodes if node.period == period]


def test_without_drivers_there_is_one_future() -> None:
    tree = grow(case())
    assert [(node.id, node.parent, node.period, node.p) for node in tree.nodes] == [
        (0, None, 0, ONE),
        (1, 0, 1, ONE),
        (2, 1, 2, ONE),
    ]
    assert tree.nodes[0].demand == {"desk": 1000, "net": Decimal("33.333")}


def test_demand_beyond_all_measure_is_refused_in_words() -> None:
    with pytest.raises(InputError) as caught:
        grow(case(demand(drift=100), periods=6))
    assert str(caught.value) == (
        "the drivers move the demand for `desk` to 10,510,100,501,000 units by 2032-04-01; at "
        "most 1,000,000,000,000 can be planned with"
    )


def test_steps_multiply_from_their_date_on() -> None:
    tree = grow(case(STEPS))
    assert [(node.p, node.seen, node.demand["desk"]) for node in tree.nodes] == [
        (ONE, {}, Decimal(1000)),
        (Decimal("0.25"), {"volume": "0"}, Decimal(500)),
        (Decimal("0.75"), {"volume": "1"}, Decimal(1000)),
        (ONE, {}, Decimal(500)),
        (ONE, {}, Decimal(1000)),
    ]


def test_a_date_within_a_period_counts_from_the_next() -> None:
    tree = grow(case(demand(**{**STEPS, "at": "2028-05-01"})))
    assert [node.period for node in tree.nodes if node.seen] == [2, 2]


def test_demand_is_for_the_period_and_rounded_half_even() -> None:
    # 33.333 a year is 8.33325 a quarter, of which 8.333 is left at a thousandth.
    tree = grow(case(period="quarter"))
    assert tree.nodes[0].demand == {"desk": 250, "net": Decimal("8.333")}
    # 0.002 x 3/12 = 0.0005 rounds to the even neighbour, 0.
    services = [{"id": "desk", "unit": "ticket", "demand": "0.002"}]
    offers = [
        {
            "id": "a",
            "supplier": "acme",
            "form": "contract",
            "services": {"desk": {}},
            "term": {"initial": 12},
        }
    ]
    assert grow(case(period="quarter", services=services, offers=offers)).nodes[0].demand == {
        "desk": 0
    }


def test_demand_by_period_is_a_yearly_rate_each() -> None:
    services = [
        {"id": "desk", "unit": "t", "demand": [100, 200, 300]},
        {"id": "net", "unit": "t", "demand": 1},
    ]
    tree = grow(case(period="half_year", services=services))
    assert [node.demand["desk"] for node in tree.nodes] == [50, 100, 150]


def test_drift_grows_each_period_after_the_first() -> None:
    tree = grow(case(demand(drift="0.02"), period="half_year"))
    # 500 x 1.01 and 500 x 1.01^2.
    assert [node.demand["desk"] for node in tree.nodes] == [500, 505, Decimal("510.05")]
    assert all(not node.seen for node in tree.nodes)


def test_trend_has_three_points_that_keep_mean_and_variance() -> None:
    tree = grow(case(demand(drift=0, sd="0.1", at="2029-04-01")))
    points = layer(tree, 2)
    # Spread of two years: 0.1 x sqrt(2) = 0.141421; points 1 - 2s, 1, 1 + 2s.
    assert [(node.seen["volume"], node.p, node.demand["desk"]) for node in points] == [
        ("low", Decimal("0.125"), Decimal("717.158")),
        ("middle", Decimal("0.75"), 1000),
        ("high", Decimal("0.125"), Decimal("1282.842")),
    ]
    mean = sum((node.p * node.demand["desk"] for node in points), Decimal(0))
    variance = sum((node.p * (node.demand["desk"] - mean) ** 2 for node in points), Decimal(0))
    assert mean == 1000
    assert abs(variance - 20_000) < 1  # 2 x (1000 x 0.1)^2


def test_trend_without_dates_is_seen_every_period() -> None:
    tree = grow(case(demand(sd="0.1")))
    assert [len(layer(tree, period)) for period in range(3)] == [1, 3, 9]
    # 1000 x (1 - 0.2)^2, then x 0.8 x 1.
    assert layer(tree, 2)[0].demand["desk"] == 640
    assert layer(tree, 2)[1].demand["desk"] == 800


def test_spread_gathers_since_it_was_last_seen() -> None:
    tree = grow(case(demand(sd="0.1", at=["2030-04-01", "2028-04-01"]), periods=4))
    last = layer(tree, 3)
    # One year, then two: 0.8 x (1 - 2 x 0.141421) of 1000.
    assert last[0].demand["desk"] == Decimal("573.726")


def test_price_driver_moves_what_it_names() -> None:
    price = {"kind": "price", "id": "cloud", "offers": ["a"], "items": ["price"], "drift": "-0.06"}
    both = {
        "kind": "price",
        "id": "more",
        "offers": ["a", "b"],
        "at": "2028-04-01",
        "outcomes": [{"p": 1, "factor": "1.5"}],
    }
    tree = grow(case(price, both))
    assert tree.nodes[1].prices["a"].price == Decimal("1.41")
    assert tree.nodes[1].prices["a"].fixed == Decimal("1.5")
    assert tree.nodes[1].prices["b"].price == Decimal("1.5")
    assert tree.nodes[2].prices["a"].price == Decimal("1.3254")
    assert set(tree.nodes[0].prices) == {"a", "b"}


def test_named_factor_moves_together() -> None:
    price = {"kind": "price", "id": "price", "offers": ["a"], "sd": "0.2", "factor": "f"}
    tree = grow(case(demand(sd="0.1", factor="f"), price, periods=2))
    assert [node.seen for node in layer(tree, 1)] == [
        {"price": way, "volume": way} for way in ("low", "middle", "high")
    ]
    low = tree.nodes[1]
    assert (low.demand["desk"], low.prices["a"].price) == (
        Decimal(800),
        Decimal("0.6"),
    )


def test_named_factor_needs_the_same_dates() -> None:
    price = {
        "kind": "price",
        "id": "price",
        "offers": ["a"],
        "sd": "0.2",
        "factor": "f",
        "at": "2028-04-01",
    }
    with pytest.raises(InputError, match="should agree"):
        grow(case(demand(sd="0.1", factor="f"), price))


def test_failure_in_every_period_after_the_first() -> None:
    tree = grow(case({"kind": "supplier_failure", "supplier": "acme"}))
    assert [(n.parent, n.p, n.failed, n.just_failed) for n in tree.nodes] == [
        (None, 1, (), ()),
        (0, Decimal("0.1"), ("acme",), ("acme",)),
        (0, Decimal("0.9"), (), ()),
        (1, 1, ("acme",), ()),
        (2, Decimal("0.1"), ("acme",), ("acme",)),
        (2, Decimal("0.9"), (), ()),
    ]


def test_failure_gathered_at_one_date() -> None:
    driver = {"kind": "supplier_failure", "supplier": "acme", "at": "2029-04-01"}
    tree = grow(case(driver))
    assert [node.p for node in layer(tree, 2)] == [Decimal("0.19"), Decimal("0.81")]
    half = grow(case({**driver, "at": "2028-04-01"}, period="half_year"))
    # Two half-years at 0.05 each: 1 - 0.95^2.
    assert layer(half, 2)[0].p == Decimal("0.0975")


def test_emergency_lasts_as_long_as_the_case_says() -> None:
    driver = {"kind": "supplier_failure", "supplier": "acme", "at": "2028-04-01"}
    tree = grow(case(driver, periods=4, appraisal={"emergency_periods": 2}))
    failed = [node for node in tree.nodes if node.failed]
    assert [node.just_failed for node in failed] == [("acme",), ("acme",), ()]
    none = grow(case(driver, appraisal={"emergency_periods": 0}))
    assert all(not node.just_failed for node in none.nodes)


def test_withdrawal_takes_the_hazard_of_the_form() -> None:
    tree = grow(case({"kind": "withdrawal", "offer": "b"}, periods=2))
    assert [(n.p, n.withdrawn) for n in layer(tree, 1)] == [
        (Decimal("0.2"), ("b",)),
        (Decimal("0.8"), ()),
    ]


def test_requirement_policy_and_budget_hold_from_their_date_on() -> None:
    tree = grow(
        case(
            {
                "kind": "requirement",
                "id": "ai",
                "services": ["desk"],
                "at": "2028-04-01",
                "p": 1,
                "size": "0.3",
            },
            {
                "kind": "policy",
                "at": "2028-04-01",
                "p": 1,
                "rule": {"kind": "max_live", "limit": 3},
            },
            {"kind": "budget", "at": "2028-04-01", "outcomes": [{"p": 1, "factor": "0.9"}]},
        )
    )
    assert tree.nodes[0].budget == 1
    for node in tree.nodes[1:]:
        assert (node.arisen, node.in_force, node.budget) == (("ai",), ("policy",), Decimal("0.9"))
    assert tree.nodes[1].seen == {"ai": "yes", "budget": "0", "policy": "yes"}
    assert tree.nodes[2].seen == {}


def test_reorganisation_ends_on_its_day_only() -> None:
    driver = {
        "kind": "reorganisation",
        "at": "2028-04-01",
        "p": "0.8",
        "on_vesting": "end",
        "by_offer": {"own": "novate"},
    }
    tree = grow(case(driver))
    assert [node.ended for node in tree.nodes] == [(), ("a", "b"), (), (), ()]


def reorganised(name: str, how: str, at: str = "2028-04-01", **more: Any) -> dict[str, Any]:
    return {
        "kind": "reorganisation",
        "id": name,
        "at": at,
        "p": "0.8",
        "on_vesting": how,
        "successors": ["North", "South", "West"],
        **more,
    }


def test_reorganisation_splits_and_merges_from_its_day_on() -> None:
    """One splits, the other merges a year later; both with 0.8, and what has happened stays."""
    first = reorganised("first", "split", by_offer={"b": "novate", "own": "end"})
    second = reorganised("second", "novate", at="2029-04-01", by_offer={"b": "merge"})
    tree = grow(case(first, second))
    assert [(n.period, n.split, n.merged, n.ended) for n in tree.nodes] == [
        (0, {}, (), ()),
        (1, {"a": 3}, (), ("own",)),
        (1, {}, (), ()),
        (2, {"a": 3}, ("b",), ()),
        (2, {"a": 3}, (), ()),
        (2, {}, ("b",), ()),
        (2, {}, (), ()),
    ]


def test_reorganisation_that_makes_no_sense_is_refused() -> None:
    alone = reorganised("alone", "split", successors=["North"])
    again = reorganised("again", "novate", by_offer={"a": "merge"})
    with pytest.raises(InputError) as caught:
        grow(case(alone, again))
    assert [fault.place for fault in caught.value.faults] == [
        "drivers[0].on_vesting",
        "drivers[1].by_offer.a",
    ]


def test_what_has_no_probability_gets_no_node() -> None:
    driver = {
        "kind": "requirement",
        "id": "ai",
        "services": ["desk"],
        "at": "2028-04-01",
        "p": 0,
        "size": "0.3",
    }
    assert len(grow(case(driver)).nodes) == 3


def test_siblings_add_up_to_exactly_one() -> None:
    third = [
        {"p": "0.333333333", "factor": 1},
        {"p": "0.333333333", "factor": 2},
        {"p": "0.333333334", "factor": 3},
    ]
    drivers = [demand(id=name, at="2028-04-01", outcomes=third) for name in "xyz"]
    tree = grow(case(*drivers, periods=2))
    assert len(tree.nodes) == 28
    assert sum(node.p for node in layer(tree, 1)) == 1
    assert layer(tree, 1)[0].p == Decimal("0.037037037")
    assert sum(p for p, n in zip(tree.probabilities(), tree.nodes, strict=True) if n.period) == (
        Fraction(1)
    )


def test_tiny_probabilities_leave_no_sibling_below_zero() -> None:
    rare = [{"p": "0.999999999", "factor": 1}, {"p": "0.000000001", "factor": 2}]
    tree = grow(
        case(
            demand(id="x", at="2028-04-01", outcomes=rare),
            demand(id="y", at="2028-04-01", outcomes=rare),
            periods=2,
        )
    )
    assert all(node.p > 0 for node in tree.nodes)
    assert sum(node.p for node in layer(tree, 1)) == 1


def test_the_order_of_rows_makes_no_difference() -> None:
    drivers = [
        STEPS,
        {"kind": "supplier_failure", "supplier": "acme", "at": "2029-04-01"},
        {"kind": "withdrawal", "offer": "b", "at": "2028-04-01"},
        {"kind": "price", "id": "cloud", "offers": ["a", "b"], "sd": "0.1", "at": "2029-04-01"},
    ]
    first = grow(case(*drivers)).model_dump_json()
    for seed in range(5):
        shuffled = drivers[:]
        Random(seed).shuffle(shuffled)
        assert grow(case(*shuffled)).model_dump_json() == first


def test_a_tree_over_the_budget_is_refused_before_it_is_made() -> None:
    drivers = [demand(sd="0.1"), {"kind": "supplier_failure", "supplier": "acme"}]
    with pytest.raises(TreeTooLarge) as caught:
        grow(case(*drivers, periods=30))
    message = str(caught.value)
    # The sum over periods t of 3^t x (t + 1).
    count = sum(3**t * (t + 1) for t in range(30))
    assert f"about 10^{len(str(count)) - 1}" in message or f"{count:,}" in message
    assert "`volume` branches into 3 at 29 dates" in message
    assert "`failure:acme` branches into 2 at 29 dates" in message
    assert "`at`" in message
    assert "`--nodes`" in message


@pytest.mark.parametrize("periods", [1, 2, 3, 4])
def test_the_count_is_that_of_the_tree(periods: int) -> None:
    drivers = [
        demand(sd="0.1"),
        {"kind": "supplier_failure", "supplier": "acme"},
        {"kind": "withdrawal", "offer": "b"},
    ]
    count = sum(3**t * (t + 1) ** 2 for t in range(periods))
    assert len(grow(case(*drivers, periods=periods), budget=count).nodes) == count
    with pytest.raises(TreeTooLarge, match=f"{count:,} nodes"):
        grow(case(*drivers, periods=periods), budget=count - 1)


@pytest.mark.parametrize("day", ["2027-04-01", "2026-01-01", "2030-04-01", "2029-04-02"])
def test_dates_outside_the_horizon_are_refused(day: str) -> None:
    with pytest.raises(InputError, match="from 2028-04-01, before 2030-04-01"):
        grow(case({**STEPS, "at": day}))


def test_all_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        grow(
            case(
                {**STEPS, "at": "2040-04-01"},
                {"kind": "supplier_failure", "supplier": "bolt"},
                {"kind": "withdrawal", "offer": "a"},
                demand(id="wild", sd="0.9"),
                demand(services=["nosuch"], drift="0.1"),
            )
        )
    text = str(caught.value)
    assert "drivers[0].at" in text
    assert "`bolt` needs `failure`" in text
    assert "`contract` needs `withdrawal`" in text
    assert "below zero" in text
    assert "two drivers `volume`" in text
    assert "`nosuch` is not in `services`" in text


def test_what_is_left_out_is_said() -> None:
    assert grow(case()).not_modelled == (
        "That these suppliers may fail is not taken into account: Acme, bolt.",
        "That the other side may withdraw is not taken into account for these informal "
        "agreements: bolt for net.",
    )
    covered = grow(
        case({"kind": "supplier_failure", "supplier": "acme"}, {"kind": "withdrawal", "offer": "b"})
    )
    assert covered.not_modelled == (
        "That these suppliers may fail is not taken into account: bolt.",
    )


@pytest.mark.parametrize(
    ("worth", "value", "said"),
    [
        ({"swing_weight": 1}, None, "These outcomes have a weight but no price"),
        ({"swing_weight": 0}, None, "These outcomes have a weight but no price"),
        ({"value": 30}, 500, "no outcome has a `swing_weight`"),
        ({"swing_weight": 1}, 500, ""),
        ({"value": 30}, None, ""),
    ],
)
def test_weights_and_their_price_need_each_other(
    worth: dict[str, int], value: int | None, said: str
) -> None:
    outcome = {
        "id": "kept", "statement": "s", "measure": "m", "unit": "u", "baseline": 60, "target": 80,
    }  # fmt: skip
    found = grow(
        case(outcomes=[{**outcome, **worth}], appraisal={"swing_value": value})
    ).not_modelled[2:]
    assert len(found) == bool(said)
    assert said in "".join(found)


@pytest.mark.parametrize(
    ("a", "more", "starts"),
    [
        ({"lead": 24}, {}, True),
        ({"lead": 36}, {}, False),
        ({"lead": 24, "available": {"until": "2029-04-01"}}, {}, True),
        ({"lead": 24, "available": {"until": "2029-03-31"}}, {}, False),
        ({"available": {"from": "2029-04-02"}}, {}, False),
        ({"lead": 12, "framework": "fw"}, {"expires": "2027-04-01"}, True),
        ({"lead": 12, "framework": "fw"}, {"expires": "2027-03-31"}, False),
        # Called off in the last period that the framework allows, it starts before it may.
        (
            {"available": {"from": "2028-04-01"}, "framework": "fw"},
            {"expires": "2028-03-31"},
            False,
        ),
        (
            {"available": {"from": "2028-04-01"}, "framework": "fw", "lead": 12},
            {"expires": "2028-03-31"},
            True,
        ),
    ],
)
def test_offers_that_can_never_start_are_said(
    a: dict[str, Any], more: dict[str, Any], starts: bool
) -> None:
    data = case(frameworks=[{"id": "fw", **more}]).model_dump(by_alias=True)
    data["offers"][0].update(a)
    found = grow(Case.model_validate(data)).not_modelled[2:]
    assert found == (
        ()
        if starts
        else (
            "These offers can never start within the horizon, by their lead time, their "
            "availability or their framework, so no plan uses them: Acme for desk.",
        )
    )
    # An agreement of today is live without being procured.
    data["agreements"] = [{"offer": "a", "started": "2027-04-01"}]
    assert grow(Case.model_validate(data)).not_modelled[2:] == ()
