"""Tiers, frameworks, classes of cost and optimism bias, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.verify.cases import accounts_of, by_node, case, lines, offer

from sourcemix.model.plan import FinancialYear
from sourcemix.verify import Accounts

START = {0: [("procure", "a", 0)]}
TIERS = [{"from": 400, "price": 8}, {"from": 700, "price": 5}]


def tiered(kind: str, **more: Any) -> dict[str, Any]:
    terms = {"price": 10, "tiers": TIERS, "tier_kind": kind, **more.pop("desk", {})}
    return offer(services={"desk": terms}, **more)


def test_each_unit_at_the_price_of_its_tier() -> None:
    accounts = accounts_of(case(tiered("incremental")), START)
    # 400 x 10, 300 x 8, 300 x 5.
    assert lines(accounts, 0) == {"volume": 7900}
    half = accounts_of(case(tiered("incremental"), period="half_year"), START)
    assert lines(half, 0) == {"volume": 3950}


@pytest.mark.parametrize(
    ("demand", "volume"),
    [(1000, 5000), (700, 3500), ("699.999", "5599.99"), (400, 3200), ("399.999", "3999.99")],
)
def test_all_units_at_the_price_of_the_last_tier_reached(demand: Any, volume: Any) -> None:
    services = [{"id": "desk", "unit": "ticket", "demand": demand, "unmet": 50}]
    accounts = accounts_of(case(tiered("all_units"), services=services), START)
    assert lines(accounts, 0)["volume"] == Decimal(volume)


def test_a_commitment_reaches_a_tier_too() -> None:
    services = [{"id": "desk", "unit": "ticket", "demand": 1000, "unmet": 50}]
    fall = {
        "kind": "demand",
        "id": "fall",
        "services": ["desk"],
        "at": "2028-04-01",
        "outcomes": [{"p": 1, "factor": "0.2"}],
    }
    given = case(tiered("incremental", desk={"commit": "0.5"}), services=services, drivers=[fall])
    # 200 are served, 500 are paid: 400 x 10 and 100 x 8.
    assert lines(accounts_of(given, START), 1)["volume"] == 4800


def test_index_and_price_driver_move_tiers_and_change_is_on_top() -> None:
    rise = {
        "kind": "price",
        "id": "rise",
        "offers": ["a"],
        "items": ["price"],
        "at": "2028-04-01",
        "outcomes": [{"p": 1, "factor": 2}],
    }
    need = {
        "kind": "requirement",
        "id": "need",
        "services": ["desk"],
        "at": "2028-04-01",
        "p": 1,
        "size": "0.5",
    }
    given = case(
        tiered("all_units", index="pay", change_rate="0.1"),
        indices={"pay": "0.1"},
        drivers=[rise, need],
    )
    # 1,000 x 5, twice, a tenth more; and a twentieth of that for the change.
    assert lines(accounts_of(given, START), 1) == {"volume": 11000, "change": 550}


def call(name: str, **more: Any) -> dict[str, Any]:
    return offer(name, framework="fw", term={"initial": 12}, **more)


TWICE = {0: [("procure", "a", 0)], 1: [("procure", "b", 1)]}


def test_a_framework_is_paid_for_at_its_first_use() -> None:
    given = case(call("a"), call("b"), frameworks=[{"id": "fw", "procurement": 700}])
    accounts = accounts_of(given, TWICE)
    assert by_node(accounts, "procurement") == [700, 0, 0]
    assert accounts.discrepancies == ()
    today = [{"offer": "a", "started": "2027-04-01"}]
    running = case(
        call("a"), call("b"), frameworks=[{"id": "fw", "procurement": 700}], agreements=today
    )
    later = accounts_of(running, {1: [("procure", "b", 1)]})
    assert by_node(later, "procurement") == [0, 700, 0]


@pytest.mark.parametrize(("expires", "holds"), [("2028-04-01", True), ("2028-03-31", False)])
def test_nothing_is_called_off_after_expiry(expires: str, holds: bool) -> None:
    given = case(call("a"), call("b"), frameworks=[{"id": "fw", "expires": expires}])
    accounts = accounts_of(given, TWICE)
    assert (accounts.discrepancies == ()) == holds
    if not holds:
        assert "its framework `fw` has expired" in accounts.discrepancies[0]


@pytest.mark.parametrize(("ceiling", "holds"), [("20200", True), ("20199.99", False)])
def test_a_ceiling_holds_over_all_its_agreements(ceiling: str, holds: bool) -> None:
    given = case(call("a", fixed=200), call("b"), frameworks=[{"id": "fw", "ceiling": ceiling}])
    accounts = accounts_of(given, TWICE)
    assert (accounts.discrepancies == ()) == holds
    if not holds:
        (sentence,) = accounts.discrepancies
        assert "£20,200.00 through the framework `fw`" in sentence


FORMS = {"contract": {"lead": 0, "manage": 50, "binding": True, "setup": {"procurement": 600}}}
BIASED: dict[str, Any] = {
    "setup": {"works": 1000, "people": 100},
    "classes": {"works": "capital", "transition": "capital"},
    "fixed": 200,
    "term": {"initial": 12},
    "exit": {"transition": 300},
    "income": 40,
}


def biased(**bias: str) -> Accounts:
    return accounts_of(
        case(offer(**BIASED), forms=FORMS, appraisal={"optimism_bias": bias}, periods=2), START
    )


def test_optimism_bias_is_a_line_of_its_own_by_class() -> None:
    headline = {
        "procurement": 600, "setup": 1100, "fixed": 200, "volume": 10000, "manage": 50,
        "income": -40,
    }  # fmt: skip
    assert lines(biased(), 0) == headline
    assert lines(biased(operating="0.1"), 0) == {**headline, "optimism_bias": 1025}
    assert lines(biased(setup="0.1"), 0) == {**headline, "optimism_bias": 70}
    assert lines(biased(capital="0.2"), 0) == {**headline, "optimism_bias": 200}
    # The transition is capital as well.
    assert by_node(biased(capital="0.2"), "optimism_bias") == [200, 60]
    both = biased(operating="0.1", capital="0.2")
    assert both.authority_cost == biased().authority_cost + 1025 + 260


def test_in_house_overheads_get_the_same_uplift() -> None:
    services = [
        {"id": "desk", "unit": "ticket", "demand": 1000, "unmet": 50,
         "overhead": {"avoidable": 300, "remaining": 100}}
    ]  # fmt: skip
    given = case(
        offer("a", supplier="own"),
        services=services,
        appraisal={"optimism_bias": {"operating": "0.1"}},
    )
    assert lines(accounts_of(given, START), 0)["optimism_bias"] == 1040


def test_capital_and_revenue_by_financial_year() -> None:
    first, second = biased(operating="0.1", capital="0.2").financial_years
    # Works of 1,000 with a fifth more. One-off: procurement, set-up, and the uplift on works.
    assert first.capital == 1200
    assert first.revenue == 600 + 100 + 10250 + 1025 - 40
    assert first.one_off == 1900
    assert first.recurring == 10250 + 1025 - 40
    assert second.capital == 300 + 60
    assert second.revenue == 0


NEED = {"kind": "requirement", "id": "need", "services": ["desk"], "at": "2028-04-01", "p": 1,
        "size": "0.5"}  # fmt: skip


def vat(rate: str, **more: Any) -> dict[str, Any]:
    return {"price_base": "2026-27", "discounting": "none", "irrecoverable_vat": rate, **more}


def test_vat_that_cannot_be_recovered_is_a_line_of_its_own() -> None:
    given = case(
        offer(
            fixed=200, change_rate="0.1", setup={"works": 900}, exit={"transition": 70},
            income=40, term={"initial": 24},
        ),
        forms={"contract": {"lead": 0, "manage": 50, "binding": True}},
        money=vat("0.02"),
        drivers=[NEED],
        appraisal={"optimism_bias": {"operating": "0.1", "setup": "0.1"}},
    )  # fmt: skip
    accounts = accounts_of(given, START)
    # 2% of fixed charge and volume, 10,200; in the second year of the change, 510, too. Nothing
    # on set-up, management, transition, income or optimism bias.
    assert by_node(accounts, "vat") == [204, Decimal("214.2"), 0]
    # Nor any optimism bias on VAT: a tenth of 10,250 and 900.
    assert lines(accounts, 0)["optimism_bias"] == 1115
    assert accounts.authority_cost == sum(
        amount for name, amount in accounts.expected.items() if name != "unmet"
    )
    first, second, third = accounts.financial_years
    assert [year.vat for year in (first, second, third)] == [204, Decimal("214.2"), 0]
    assert first.recurring == 10_250 + 1_025 + 204 - 40
    assert first.one_off == 990


def test_an_offer_may_state_its_own_share_of_vat() -> None:
    given = case(
        offer(irrecoverable_vat="0.05"),
        offer("b", supplier="bolt", irrecoverable_vat=0),
        offer("c", supplier="own", irrecoverable_vat="0.05"),
        money=vat("0.02"),
    )
    for name, amount in (("a", 500), ("b", 0), ("c", 0)):
        accounts = accounts_of(given, {0: [("procure", name, 0)]})
        assert by_node(accounts, "vat")[0] == amount


def test_vat_counts_against_a_budget_and_is_no_spend() -> None:
    rules = [
        {"kind": "budget", "amount": "10199.99", "until": "2027-04-01"},
        {"kind": "max_value", "amount": 20000},
    ]
    budget, value = accounts_of(case(money=vat("0.02"), rules=rules), START).rules
    assert not budget.holds
    assert budget.detail.endswith("by 0.01")
    assert value.holds


def test_vat_rests_on_what_its_charge_rests_on() -> None:
    ranged = {"low": 900, "central": 1000, "high": 1100}
    given = case(offer(fixed=ranged, services={"desk": {"price": 1}}), money=vat("0.5"), periods=1)
    # 1,500 of 3,000.
    assert accounts_of(given, START).indicative_share == Decimal("0.5")


def test_a_commitment_bears_vat_whether_used_or_not() -> None:
    given = case(
        offer(services={"desk": {"price": 10, "commit": "0.8", "capacity": 100}}),
        money=vat("0.02"),
    )
    assert by_node(accounts_of(given, START), "vat")[0] == 160


def in_cash(year: FinancialYear) -> tuple[Any, Any, Any]:
    """In all, capital, revenue."""
    return year.cash, year.cash_capital, year.cash_revenue


def test_cash_is_at_the_prices_of_the_year() -> None:
    given = case(
        offer(
            setup={"works": 400}, classes={"works": "capital", "transition": "capital"},
            exit={"transition": 1000}, term={"initial": 24}, index="pay",
        ),
        indices={"gdp": "0.1", "pay": "0.21"},
        money=vat("0.02", deflator="gdp"),
    )  # fmt: skip
    first, second, third = accounts_of(given, START).financial_years
    assert in_cash(first) == (10_600, 400, 10_200)
    # Pay has grown by 21%, the deflator by 10%: 11,000 in real terms, 12,100 in cash, each with
    # 2% of VAT.
    assert second.one_off + second.recurring == 11_220
    assert in_cash(second) == (12_342, 0, 12_342)
    # The transition, 1,000, two years on: 1.1 x 1.1.
    assert in_cash(third) == (1_210, 1_210, 0)


def test_half_years_share_a_discount_year() -> None:
    given = case(
        indices={"gdp": "0.1"}, money=vat("0", deflator="gdp"), period="half_year", periods=4
    )
    first, second = accounts_of(given, START).financial_years
    assert [in_cash(year)[0] for year in (first, second)] == [10_000, 11_000]


def test_cash_is_rounded_once() -> None:
    given = case(
        offer(services={"desk": {"price": "0.000005"}}, setup={"works": 1},
              classes={"works": "capital"}),
        periods=1,
    )  # fmt: skip
    (year,) = accounts_of(given, START).financial_years
    # 1.005 is 1.00 half-even; its parts are 1.00 and 0.005, which is 0.00.
    assert in_cash(year) == (1, 1, 0)
