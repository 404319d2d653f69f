"""Outcomes with swing weights: what they are worth, and the score; worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.verify.cases import accounts_of, by_node, case, offer, two_services

START = {0: [("procure", "a", 0)]}


def outcome(name: str, baseline: int, target: int, weight: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "statement": "s", "measure": "m", "unit": "u", "baseline": baseline,
            "target": target, "swing_weight": weight, **more}  # fmt: skip


def reaching(**levels: int) -> dict[str, Any]:
    return offer(services={"desk": {"price": 10, "outcomes": levels}})


UP = outcome("up", 60, 80, "0.5")
DOWN = outcome("down", 9, 4, "0.25", better="lower")


def test_a_swing_is_worth_its_weight() -> None:
    given = case(reaching(up=75), outcomes=[UP], appraisal={"swing_value": 4000})
    accounts = accounts_of(given, START)
    # 0.5 x 4,000 for 20 units is 100 a unit: 15 units in each of two years.
    assert by_node(accounts, "outcomes") == [-1500, -1500, 0]
    # Three quarters of the swing in two years of three.
    assert accounts.swing_score == Decimal("0.5")


def test_half_a_year_is_worth_half() -> None:
    given = case(
        reaching(up=75), outcomes=[UP], appraisal={"swing_value": 4000}, period="half_year"
    )
    accounts = accounts_of(given, START)
    assert by_node(accounts, "outcomes") == [-750, -750, -750]
    assert accounts.swing_score == Decimal("0.75")


def test_lower_may_be_better() -> None:
    given = case(reaching(down=7), outcomes=[DOWN], appraisal={"swing_value": 4000})
    accounts = accounts_of(given, START)
    # 0.25 x 4,000 for 5 units is 200 a unit, for two units better.
    assert by_node(accounts, "outcomes")[0] == -400
    # Two fifths of the swing, in two years of three.
    assert accounts.swing_score == Decimal("0.2667")


def test_nothing_is_gained_beyond_the_target_and_worse_counts_against() -> None:
    given = case(reaching(up=95, down=14), outcomes=[UP, DOWN], appraisal={"swing_value": 4000})
    accounts = accounts_of(given, START)
    # The whole of 2,000; and five units of 200 worse.
    assert by_node(accounts, "outcomes")[0] == -2000 + 1000
    # (0.5 x 1 - 0.25 x 1) / 0.75 is a third, in two years of three.
    assert accounts.swing_score == Decimal("0.2222")


def test_without_a_value_of_the_swing_nothing_is_priced_but_scored() -> None:
    accounts = accounts_of(case(reaching(up=70), outcomes=[UP]), START)
    assert "outcomes" not in accounts.expected
    assert accounts.cost == 20_000 + 50_000
    assert accounts.swing_score == Decimal("0.3333")


def test_the_score_is_a_mean_over_futures() -> None:
    failure = {"kind": "supplier_failure", "supplier": "acme", "at": "2028-04-01"}
    given = case(reaching(up=80), outcomes=[UP], drivers=[failure], periods=2)
    # The whole swing at first; then only where Acme has not failed, in nine futures of ten.
    assert accounts_of(given, START).swing_score == Decimal("0.95")


def test_the_score_follows_the_mean_over_services() -> None:
    given = two_services(
        offer(services={"desk": {"outcomes": {"up": 80}}, "net": {}}),
        offer("b", services={"net": {"outcomes": {"up": 80}}}),
        outcomes=[UP],
        periods=1,
    )
    # The desk reaches the target, the network, served by `a`, stays at the baseline.
    assert accounts_of(given, START).swing_score == Decimal("0.5")


def test_no_weight_no_score() -> None:
    plain = {**UP, "swing_weight": None, "value": 10}
    assert accounts_of(case(reaching(up=75), outcomes=[plain]), START).swing_score is None
    assert accounts_of(case(), START).swing_score is None
    nothing = outcome("up", 60, 80, "0")
    assert accounts_of(case(reaching(up=75), outcomes=[nothing]), START).swing_score is None
