"""Sums over the tree: expectation, futures, percentiles, financial years."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.verify.cases import accounts_of, case, offer

from sourcemix.verify.arithmetic import number, pence, percentile, pounds

START = {0: [("procure", "a", 0)]}
TWO = {
    "kind": "demand",
    "id": "d",
    "services": ["desk"],
    "at": "2028-04-01",
    "outcomes": [{"p": "0.9", "factor": 1}, {"p": "0.1", "factor": 2}],
}


def test_expected_cost_and_leaves() -> None:
    accounts = accounts_of(case(drivers=[TWO], periods=2), START)
    # 10,000, then 10,000 or 20,000.
    assert [(leaf.node, leaf.probability, leaf.cost) for leaf in accounts.leaves] == [
        (1, Decimal("0.9"), Decimal(20000)),
        (2, Decimal("0.1"), Decimal(30000)),
    ]
    assert accounts.cost == 21000
    assert accounts.low == accounts.high == 20000


def test_percentiles_are_the_smallest_values_that_reach_the_probability() -> None:
    values = [(Fraction(v), Fraction(p, 10)) for v, p in [(30, 1), (10, 1), (20, 8)]]
    assert percentile(values, Fraction(1, 10)) == 10
    assert percentile(values, Fraction(11, 100)) == 20
    assert percentile(values, Fraction(9, 10)) == 20
    assert percentile(values, Fraction(1)) == 30


def test_financial_years_from_april_to_march() -> None:
    forms = {"contract": {"lead": 0, "manage": 0, "binding": True, "setup": {"people": 90}}}
    given = case(offer(income=1000), forms=forms, drivers=[TWO], periods=2)
    first, second = accounts_of(given, START).financial_years
    assert first.model_dump() == {
        "year": "2027-28", "one_off": 90, "recurring": 9000, "low": 9090, "high": 9090,
        "capital": 0, "revenue": 9090, "vat": 0, "cash": 9090, "cash_capital": 0,
        "cash_revenue": 9090,
    }  # fmt: skip
    assert second.model_dump() == {
        "year": "2028-29", "one_off": 0, "recurring": 10000, "low": 9000, "high": 9000,
        "capital": 0, "revenue": 10000, "vat": 0, "cash": 10000, "cash_capital": 0,
        "cash_revenue": 10000,
    }  # fmt: skip


def test_a_period_that_straddles_two_years_is_spread_over_its_months() -> None:
    given = case(
        offer(term={"initial": 12}),
        horizon={"start": "2028-01-01", "periods": 1},
    )
    years = accounts_of(given, START).financial_years
    # Three months of January to March, nine of April to December, of 10,000.
    assert [year.year for year in years] == ["2027-28", "2028-29"]
    assert [year.recurring for year in years] == [2500, 7500]


def test_the_century_in_the_name_of_a_financial_year() -> None:
    given = case(offer(), horizon={"start": "2099-04-01", "periods": 1})
    assert accounts_of(given, START).financial_years[0].year == "2099-00"


def test_rounding_is_half_even_and_once() -> None:
    assert pence(Fraction("0.125")) == Decimal("0.12")
    assert pence(Fraction("0.135")) == Decimal("0.14")
    assert pence(Fraction("-0.125")) == Decimal("-0.12")
    terms = {"desk": {"price": "0.000005"}}
    accounts = accounts_of(case(offer(services=terms), periods=2), START)
    # Half a penny each period rounds to 0; the sum is a penny.
    assert [node.costs for node in accounts.nodes] == [{"volume": 0}, {"volume": 0}]
    assert accounts.cost == Decimal("0.01")


def test_figures_in_sentences() -> None:
    assert number(Fraction(1234567, 1000)) == "1,234.567"
    assert number(1000) == "1,000"
    assert pounds(Fraction(-5, 2)) == "-£2.50"
