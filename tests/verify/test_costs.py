"""Every line of cost, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

from tests.verify.cases import accounts_of, by_node, case, lines, offer, two_services

from sourcemix.law import discount_rate
from sourcemix.verify import Accounts

START = {0: [("procure", "a", 0)]}


def clean(accounts: Accounts) -> bool:
    return not accounts.discrepancies


def test_volume_and_unmet() -> None:
    given = case(offer(services={"desk": {"price": 10, "capacity": 800}}))
    accounts = accounts_of(given, START)
    # 800 x 10 and 200 x 50; nothing is live in the third year: 1,000 x 50.
    assert lines(accounts, 0) == {"volume": 8000, "unmet": 10000}
    assert lines(accounts, 2) == {"unmet": 50000}
    assert accounts.cost == 2 * 18000 + 50000
    assert accounts.authority_cost == 16000
    assert accounts.expected == {"volume": 16000, "unmet": 70000}
    assert clean(accounts)


def test_prices_fixed_and_capacity_by_agreement_year() -> None:
    terms = {"desk": {"price": [10, 8], "capacity": [500, 1000]}}
    accounts = accounts_of(
        case(offer(services=terms, fixed=[100, 200], term={"initial": 36})), START
    )
    assert by_node(accounts, "volume") == [5000, 8000, 8000]
    assert by_node(accounts, "fixed") == [100, 200, 200]


def test_agreement_year_in_half_years() -> None:
    terms = {"desk": {"price": [10, 8]}}
    given = case(offer(services=terms, fixed=[100, 200], term={"initial": 24}), period="half_year")
    accounts = accounts_of(given, START)
    assert by_node(accounts, "volume") == [5000, 5000, 4000]
    assert by_node(accounts, "fixed") == [50, 50, 100]


def test_commitment_is_paid_whether_used_or_not() -> None:
    driver = {
        "kind": "demand",
        "id": "fall",
        "services": ["desk"],
        "at": "2028-04-01",
        "outcomes": [{"p": 1, "factor": "0.2"}],
    }
    given = case(offer(services={"desk": {"price": 10, "commit": "0.5"}}), drivers=[driver])
    accounts = accounts_of(given, START)
    # Served 200, committed half of the undriven 1,000.
    assert lines(accounts, 1) == {"volume": 5000}
    informal = case(
        offer(services={"desk": {"price": 10, "commit": "0.5"}}, form="informal"), drivers=[driver]
    )
    assert lines(accounts_of(informal, START), 1) == {"volume": 2000}


def test_procurement_when_decided_and_setup_at_the_start() -> None:
    forms = {
        "contract": {
            "lead": 12,
            "manage": 120,
            "binding": True,
            "setup": {"procurement": 600, "people": 30, "systems": 7},
        }
    }
    given = case(offer(setup={"people": 40}), forms=forms)
    accounts = accounts_of(given, {0: [("procure", "a", 1)]})
    assert lines(accounts, 0) == {"procurement": 600, "unmet": 50000}
    assert lines(accounts, 1) == {"setup": 47, "volume": 10000, "manage": 120}
    assert lines(accounts, 2) == {"volume": 10000, "manage": 120}
    assert clean(accounts)


def test_takeover_from_a_supplier_live_at_the_parent() -> None:
    old = offer("old", supplier="bolt", term={"initial": 24})
    new = offer(takeover=[{"from": "bolt", "cost": 800}, {"from": "own", "cost": 5}])
    given = case(old, new, agreements=[{"offer": "old", "started": "2026-04-01"}])
    accounts = accounts_of(given, {1: [("procure", "a", 1)]})
    assert by_node(accounts, "takeover") == [0, 800, 0]
    # A gap of one year: nobody is live at the parent.
    late = accounts_of(given, {2: [("procure", "a", 2)]})
    assert by_node(late, "takeover") == [0, 0, 0]


def test_no_takeover_when_the_offer_follows_itself() -> None:
    own = offer(takeover=[{"from": "acme", "cost": 800}], term={"initial": 12})
    accounts = accounts_of(case(own), {0: [("procure", "a", 0)], 1: [("procure", "a", 1)]})
    assert by_node(accounts, "takeover") == [0, 0, 0]
    assert by_node(accounts, "transition") == [0, 0, 0]
    assert clean(accounts)


def test_interface_between_different_suppliers() -> None:
    desk = offer(term={"initial": 36})
    net = offer("b", supplier="bolt", services={"net": {"price": 1}}, term={"initial": 12})
    same = offer("c", services={"net": {"price": 1}}, term={"initial": 12})
    link = [{"services": ["desk", "net"], "interface": 150}]
    given = two_services(desk, net, same, links=link)
    accounts = accounts_of(
        given, {0: [("procure", "a", 0), ("procure", "b", 0)], 1: [("procure", "c", 1)]}
    )
    assert by_node(accounts, "interface") == [150, 0, 0]


def test_overhead_remaining_always_and_avoidable_while_in_house() -> None:
    services = [
        {
            "id": "desk",
            "unit": "ticket",
            "demand": 1000,
            "unmet": 50,
            "overhead": {"avoidable": 200, "remaining": 350},
        }
    ]
    given = case(offer(supplier="own", term={"initial": 12}), services=services)
    accounts = accounts_of(given, START)
    assert by_node(accounts, "overhead") == [550, 350, 350]


def test_income_is_negative_and_pro_rated() -> None:
    given = case(offer(income=100, term={"initial": 12}), period="half_year")
    assert by_node(accounts_of(given, START), "income") == [-50, -50, 0]


def test_index_over_deflator() -> None:
    given = case(
        offer(index="cpi", fixed=1000, term={"initial": 36}),
        indices={"cpi": ["0.05", "0.02"], "gdp": "0.02"},
        money={"price_base": "2026-27", "discounting": "none", "deflator": "gdp"},
    )
    accounts = accounts_of(given, START)
    # 1000 x 1.05 / 1.02 = 1029.41...; the second year grows with the deflator.
    assert by_node(accounts, "fixed") == [1000, Decimal("1029.41"), Decimal("1029.41")]
    # 10000 x 1.05 / 1.02 = 10294.1176...
    assert by_node(accounts, "volume") == [10000, Decimal("10294.12"), Decimal("10294.12")]


def test_price_driver_on_fixed_and_price() -> None:
    driver = {
        "kind": "price",
        "id": "p",
        "offers": ["a"],
        "at": "2028-04-01",
        "items": ["price"],
        "outcomes": [{"p": 1, "factor": "1.1"}],
    }
    accounts = accounts_of(case(offer(fixed=100), drivers=[driver]), START)
    assert lines(accounts, 1) == {"fixed": 100, "volume": 11000}


def test_reduces_takes_demand_off_while_live() -> None:
    group = offer(
        "g",
        supplier="bolt",
        services={"desk": {"price": 0, "capacity": 0}},
        reduces={"desk": "0.04"},
        term={"initial": 12},
    )
    given = case(offer(), group)
    accounts = accounts_of(given, {0: [("procure", "a", 0), ("procure", "g", 0)]})
    # 4.00% of 1,000 is 40; 960 are left to serve.
    assert by_node(accounts, "volume") == [9600, 10000, 0]
    assert clean(accounts)


def test_requirement_with_a_change_rate() -> None:
    driver = {
        "kind": "requirement",
        "id": "ai",
        "services": ["desk"],
        "at": "2028-04-01",
        "p": "0.4",
        "size": "0.3",
    }
    both = offer(
        services={"desk": {"price": 10}, "net": {"price": 20}},
        fixed=1000,
        change_rate="0.2",
        term={"initial": 36},
    )
    accounts = accounts_of(two_services(both, drivers=[driver]), START)
    # 0.2 x 0.3 x (10,000 for the desk + half of the fixed 1,000) where it has arisen.
    assert by_node(accounts, "change") == [0, 630, 0, 630, 0]


def test_requirement_is_free_for_an_agreement_procured_after_it() -> None:
    driver = {
        "kind": "requirement",
        "id": "ai",
        "services": ["desk"],
        "at": "2028-04-01",
        "p": 1,
        "size": "0.3",
    }
    given = case(offer(change_rate="0.2"), drivers=[driver])
    assert by_node(accounts_of(given, {1: [("procure", "a", 1)]}), "change") == [0, 0, 0]
    lead = case(offer(change_rate="0.2", lead=12), drivers=[driver])
    # Procured before it arises, started when it has: 0.06 x 10,000.
    assert by_node(accounts_of(lead, {0: [("procure", "a", 1)]}), "change") == [0, 600, 600]


def test_requirement_with_adapts_is_paid_once() -> None:
    driver = {
        "kind": "requirement",
        "id": "ai",
        "services": ["desk"],
        "at": "2028-04-01",
        "p": 1,
        "size": "0.3",
        "adapts": {"a": 77},
    }
    given = case(offer(term={"initial": 36}), drivers=[driver])
    assert by_node(accounts_of(given, START), "change") == [0, 77, 0]
    lead = case(offer(lead=24), drivers=[driver])
    assert by_node(accounts_of(lead, {0: [("procure", "a", 2)]}), "change") == [0, 0, 77]
    today = case(
        offer(term={"initial": 60}),
        drivers=[driver],
        agreements=[{"offer": "a", "started": "2026-04-01"}],
    )
    assert by_node(accounts_of(today, {}), "change") == [0, 77, 0]


def test_outcomes_are_credited_up_to_the_target() -> None:
    outcome = {
        "id": "first",
        "statement": "s",
        "measure": "m",
        "unit": "percent",
        "baseline": 60,
        "target": 70,
        "value": 100,
    }
    terms = {"desk": {"price": 0, "capacity": 500, "outcomes": {"first": 75}}}
    given = case(offer(services=terms), outcomes=[outcome])
    accounts = accounts_of(given, START)
    # Half of the demand at 75, half at 60: 67.5, so 7.5 x £100.
    assert by_node(accounts, "outcomes") == [-750, -750, 0]
    assert accounts.outcome_levels[0] == {"first": Decimal("67.5")}
    full = case(offer(services={"desk": {"outcomes": {"first": 75}}}), outcomes=[outcome])
    assert by_node(accounts_of(full, START), "outcomes") == [-1000, -1000, 0]
    worse = case(offer(services={"desk": {"outcomes": {"first": 50}}}), outcomes=[outcome])
    assert by_node(accounts_of(worse, START), "outcomes") == [1000, 1000, 0]


def test_outcome_where_lower_is_better_and_mean_over_services() -> None:
    outcome = {
        "id": "wait",
        "statement": "s",
        "measure": "m",
        "unit": "days",
        "better": "lower",
        "baseline": 10,
        "target": 4,
        "value": 100,
    }
    both = offer(services={"desk": {"outcomes": {"wait": 6}}, "net": {"outcomes": {"wait": 10}}})
    accounts = accounts_of(two_services(both, outcomes=[outcome]), START)
    # The mean of 6 and 10 is 8: two days better.
    assert by_node(accounts, "outcomes") == [-200, -200, 0]


def test_discounting_by_whole_years() -> None:
    given = case(
        offer(term={"initial": 36}),
        period="half_year",
        money={"price_base": "2026-27", "discounting": "green-book-2026"},
    )
    rate = discount_rate("green-book-2026", 1)
    accounts = accounts_of(given, START)
    exact = Decimal(10000) + Decimal(5000) / (1 + rate)
    assert accounts.cost == exact.quantize(Decimal("0.01"))
    assert accounts.leaves[0].cost == accounts.cost


def test_indicative_share() -> None:
    given = case(
        offer(fixed={"low": 2000, "central": 2500, "high": 4000}),
        periods=1,
        services=[{"id": "desk", "unit": "ticket", "demand": 750}],
    )
    # 2,500 of 2,500 + 7,500.
    assert accounts_of(given, START).indicative_share == Decimal("0.25")


def test_emergency_price_just_after_a_failure_even_under_never() -> None:
    services = [{"id": "desk", "unit": "t", "demand": 1000, "unmet": "never", "emergency": 60}]
    driver = {"kind": "supplier_failure", "supplier": "acme", "at": "2028-04-01"}
    given = case(
        offer(term={"initial": 36}),
        offer("b", supplier="bolt"),
        services=services,
        drivers=[driver],
    )
    accounts = accounts_of(given, {**START, 3: [("procure", "b", 2)]})
    # Node 1: failed just now. Node 3 below it: served by the other supplier.
    assert lines(accounts, 1) == {"unmet": 60000}
    assert lines(accounts, 3) == {"volume": 10000}
    assert clean(accounts)
    late = accounts_of(given, START)
    assert any("`unmet: never` forbids" in text for text in late.discrepancies)
