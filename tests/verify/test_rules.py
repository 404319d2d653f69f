"""Each rule of a case: an example that holds it and one that does not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.verify.cases import accounts_of, case, offer, two_services

from sourcemix.model.plan import RuleCheck

A, B, OWN = ("procure", "a", 0), ("procure", "b", 0), ("procure", "own", 0)


def check(rule: dict[str, Any], *starts: tuple[str, str, int], **more: Any) -> RuleCheck:
    """The check of a rule where `a` (Acme, 600 tickets), `b` (Bolt, sites and 300 tickets) and
    the authority's own team (the rest) start as said and run on.
    """
    given = two_services(
        offer(services={"desk": {"price": 10, "capacity": 600}}, term={"initial": 36}),
        offer(
            "b",
            supplier="bolt",
            services={"desk": {"price": 10, "capacity": 300}, "net": {"price": 100}},
            term={"initial": 36},
        ),
        offer("own", supplier="own", services={"desk": {"price": 1}}, term={"initial": 36}),
        rules=[rule],
        **more,
    )
    accounts = accounts_of(given, {0: list(starts)})
    found = accounts.rules[0]
    assert found.holds == (not accounts.discrepancies)
    return found


def holds(rule: dict[str, Any], *starts: tuple[str, str, int], **more: Any) -> bool:
    return check(rule, *starts, **more).holds


def test_max_suppliers() -> None:
    rule = {"kind": "max_suppliers", "limit": 1}
    assert holds(rule, A, OWN)
    assert not holds(rule, A, B)
    assert holds({**rule, "service": "net"}, A, B)
    assert not holds({**rule, "service": "desk"}, A, B)
    assert check(rule, A, B).detail == (
        "Too many suppliers are live at the same time: node 0, suppliers, by 1"
    )


def test_min_suppliers() -> None:
    rule = {"kind": "min_suppliers", "limit": 1}
    assert holds(rule, B)
    assert not holds(rule, A)
    assert holds({**rule, "limit": 2, "service": "desk"}, A, OWN)
    assert not holds({**rule, "limit": 3, "service": "desk"}, A, OWN)


def test_max_live() -> None:
    assert holds({"kind": "max_live", "limit": 1}, A, OWN)
    assert not holds({"kind": "max_live", "limit": 1}, A, B)


def test_must_use() -> None:
    assert holds({"kind": "must_use", "offer": "a"}, A)
    assert not holds({"kind": "must_use", "offer": "b"}, A)
    assert holds({"kind": "must_use", "supplier": "own"}, OWN)
    assert not holds({"kind": "must_use", "supplier": "bolt"}, OWN)


def test_must_not_use() -> None:
    assert not holds({"kind": "must_not_use", "offer": "a"}, A)
    assert holds({"kind": "must_not_use", "supplier": "bolt"}, A)


def test_max_share() -> None:
    # Acme is paid 6,000, Bolt 3,000 + 1,000: 60% and 40%. In-house is not counted.
    rule = {"kind": "max_share", "who": {}, "share": "0.6"}
    assert holds(rule, A, B, OWN)
    assert not holds({**rule, "share": "0.599999"}, A, B, OWN)
    assert holds({**rule, "who": {"kind": "voluntary"}, "share": "0.4"}, A, B)
    assert not holds({**rule, "who": {"kind": "voluntary"}, "share": "0.39"}, A, B)
    # Of the desk's 1,000 tickets 600, 300 and 100.
    volume = {"kind": "max_share", "of": "service", "service": "desk", "who": {}}
    assert holds({**volume, "share": "0.6"}, A, B, OWN)
    assert not holds({**volume, "share": "0.5"}, A, B, OWN)


def test_an_average_share_counts_where_a_supplier_has_nothing() -> None:
    needed = {
        "kind": "requirement", "id": "r", "services": ["desk"], "at": "2028-04-01", "p": "0.5",
        "size": 0,
    }  # fmt: skip
    rule = {"kind": "max_share", "of": "service", "service": "desk", "who": {}}
    rule |= {"scope": "expected_each_period", "from": "2028-04-01"}
    given = [
        offer(services={"desk": {"price": 10}}, term={"initial": 12}, change_rate=0),
        offer("b", supplier="bolt", services={"desk": {"price": 10}}, change_rate=0),
    ]
    # From the second year on Acme serves in one future of two, Bolt in the other.
    starts = {0: [("procure", "a", 0)], 1: [("procure", "a", 1)], 2: [("procure", "b", 1)]}
    for share, right in (("0.5", True), ("0.49", False)):
        one = case(*given, periods=2, drivers=[needed], rules=[{**rule, "share": share}])
        assert accounts_of(one, starts).rules[0].holds is right


def test_min_share() -> None:
    rule = {"kind": "min_share", "who": {"sme": True}}
    assert holds({**rule, "share": "0.6"}, A, B)
    assert not holds({**rule, "share": "0.600001"}, A, B)
    volume = {"of": "service", "service": "desk", "who": {"supplier": "own"}}
    assert holds({"kind": "min_share", **volume, "share": "0.1"}, A, B, OWN)
    assert not holds({"kind": "min_share", **volume, "share": "0.2"}, A, B, OWN)


def test_keep_in_house() -> None:
    rule = {"kind": "keep_in_house", "service": "desk"}
    assert holds({**rule, "share": "0.4"}, A, OWN)
    assert not holds({**rule, "share": "0.41"}, A, OWN)


def test_max_term() -> None:
    rule = {"kind": "max_term", "months": 36}
    assert holds(rule, A)
    assert not holds({**rule, "months": 24}, A)
    assert holds({**rule, "months": 24, "who": {"supplier": "bolt"}}, A)
    today = {"agreements": [{"offer": "a", "started": "2026-04-01"}]}
    assert holds({**rule, "months": 12}, **today)


def test_budget() -> None:
    # Acme's tickets cost the authority 6,000 a year.
    rule = {"kind": "budget", "amount": 6000}
    assert holds(rule, A)
    assert not holds({**rule, "amount": "5999.99"}, A)
    cut = {
        "kind": "budget",
        "at": "2028-04-01",
        "outcomes": [{"p": "0.5", "factor": "0.9"}, {"p": "0.5", "factor": "1.1"}],
    }
    assert not holds(rule, A, drivers=[cut])
    assert holds({**rule, "scope": "expected_each_period"}, A, drivers=[cut])
    assert holds({**rule, "amount": 18000, "scope": "whole_plan"}, A)
    assert not holds({**rule, "amount": 17999, "scope": "whole_plan"}, A)


def test_budget_is_cash_unless_real() -> None:
    inflation = {
        "indices": {"gdp": "0.02"},
        "money": {"price_base": "2026-27", "discounting": "none", "deflator": "gdp"},
    }
    assert not holds({"kind": "budget", "amount": 6200}, A, **inflation)
    # 6,000 x 1.02 x 1.02.
    assert holds({"kind": "budget", "amount": "6242.40"}, A, **inflation)
    assert holds({"kind": "budget", "amount": 6000, "real": True}, A, **inflation)


def test_excludes() -> None:
    rule = {"kind": "excludes", "offers": ["a", "b"]}
    assert holds(rule, A, OWN)
    assert not holds(rule, A, B)


def test_requires() -> None:
    rule = {"kind": "requires", "offer": "a", "needs": ["b", "own"]}
    assert holds(rule, B)
    assert holds(rule, A, B, OWN)
    assert not holds(rule, A, B)


def test_same_supplier() -> None:
    rule = {"kind": "same_supplier", "services": ["desk", "net"]}
    assert holds(rule, B)
    assert holds(rule, A)
    assert not holds(rule, A, B)
    assert check(rule, B, OWN).detail == (
        "Services that should have the same supplier have several: node 0, desk and net, by 1"
    )


def test_separate_suppliers() -> None:
    rule = {"kind": "separate_suppliers", "services": ["desk", "net"]}
    assert holds(rule, A, OWN)
    # Bolt's one offer holds both.
    assert not holds(rule, B)


def test_outcome_floor() -> None:
    outcome = {
        "id": "solved", "statement": "s", "measure": "m", "unit": "percent",
        "baseline": 60, "target": 90,
    }  # fmt: skip
    good = offer(services={"desk": {"price": 10, "capacity": 600, "outcomes": {"solved": 80}}})
    rule = {"kind": "outcome_floor", "outcome": "solved"}
    # 600 of 1,000 tickets at 80, the rest at 60.
    for level, held in (("72", True), ("72.000001", False)):
        given = case(good, outcomes=[outcome], periods=1, rules=[{**rule, "level": level}])
        assert accounts_of(given, {0: [A]}).rules[0].holds is held
    fewer = {**outcome, "better": "lower", "target": 0}
    given = case(good, outcomes=[fewer], periods=1, rules=[{**rule, "level": "71.9"}])
    assert accounts_of(given, {0: [A]}).rules[0].detail == (
        "An outcome does not reach the level that it should: node 0, solved, by 0.1"
    )


def test_max_value() -> None:
    # Acme is paid 6,000 a year, Bolt 4,000; in-house is not counted.
    rule = {"kind": "max_value", "amount": 18000}
    assert holds(rule, A, B, OWN)
    assert not holds({**rule, "amount": 17999}, A, B)
    assert holds({**rule, "amount": 12000, "supplier": "bolt"}, A, B)
    assert holds({**rule, "amount": 0, "supplier": "own"}, OWN)
    assert holds({**rule, "amount": 12000, "from": "2028-04-01"}, A)
    assert check({**rule, "amount": 17000}, A).detail == (
        "A supplier is paid more than it may be: by node 2, acme, by 1,000"
    )


def test_max_value_in_every_future_or_on_average() -> None:
    growth = {
        "kind": "demand", "id": "d", "services": ["desk"], "at": "2029-04-01",
        "outcomes": [{"p": "0.75", "factor": "0.5"}, {"p": "0.25", "factor": 1}],
    }  # fmt: skip
    rule = {"kind": "max_value", "amount": 17250}
    # 17,000 or 18,000: 17,250 on average.
    assert not holds(rule, A, drivers=[growth])
    average = {**rule, "scope": "whole_plan"}
    assert holds(average, A, drivers=[growth])
    assert check({**average, "amount": 17249}, A, drivers=[growth]).detail == (
        "A supplier is paid more than it may be: on average over the plan, acme, by 1"
    )


def test_max_exit_exposure() -> None:
    leave = {"fee_per_missing_year": 300, "transition": 50}
    term = {"initial": 36, "notice": 12}
    given = offer(fixed=900, term=term, exit=leave)
    # The charge of a year's notice, and a fee for the two years of the term that are then left.
    rule = {"kind": "max_exit_exposure", "amount": 1550}
    for amount, held in ((1550, True), (1549, False)):
        found = accounts_of(case(given, rules=[{**rule, "amount": amount}]), {0: [A]})
        assert found.rules[0].holds is held
    assert found.rules[0].detail == (
        "Leaving everything would cost more than it may: node 0, the exposure, by 1"
    )


def test_a_soft_rule_is_paid_for() -> None:
    given = two_services(
        offer(), offer("b", supplier="bolt"), period="half_year", periods=2,
        rules=[{"kind": "max_suppliers", "limit": 0, "soft": 100}],
    )  # fmt: skip
    accounts = accounts_of(given, {0: [A, B]})
    assert accounts.discrepancies == ()
    # Two suppliers too many, £100 a year for each.
    assert [node.costs["breach"] for node in accounts.nodes] == [100, 100]
    assert accounts.cost - accounts.authority_cost == 200 + accounts.expected["unmet"]
    assert accounts.rules[0].detail == (
        "Too many suppliers are live at the same time: node 0, suppliers, by 2; "
        "the rule may be broken at a price"
    )


def test_a_soft_average_is_shared_out() -> None:
    rule = {"kind": "budget", "amount": 17000, "scope": "whole_plan", "soft": "0.5"}
    accounts = accounts_of(case(offer(term={"initial": 36}), rules=[rule]), {0: [A]})
    # 30,000 in three years: 13,000 too much, a third of it each year, at half a pound.
    assert accounts.expected["breach"] == 6500
    assert accounts.rules[0].detail.startswith(
        "The cost to the authority is over the budget: on average over the plan, the cost, "
        "by 13,000"
    )


def test_averages_of_counts() -> None:
    late = {"kind": "max_live", "limit": 1, "scope": "whole_plan"}
    given = case(
        offer(term={"initial": 36}), offer("b", supplier="bolt", term={"initial": 12}),
        rules=[late, {**late, "limit": 0}],
    )  # fmt: skip
    first, second = accounts_of(given, {0: [A, B]}).rules
    # Two agreements in one of three years: a third of one too many.
    assert (first.holds, second.holds) == (False, False)
    assert first.detail.endswith("on average over the plan, agreements, by 0.333333")


def test_rules_hold_between_their_dates() -> None:
    rule = {"kind": "must_use", "offer": "b"}
    late = ("procure", "b", 1)
    given = {"from": "2028-04-01"}
    offers = two_services(
        offer(), offer("b", supplier="bolt", lead=12, term={"initial": 36}),
        rules=[{**rule, **given}, {**rule, "until": "2027-04-01"}],
    )  # fmt: skip
    first, second = accounts_of(offers, {0: [late]}).rules
    assert (first.holds, second.holds) == (True, False)


def test_a_policy_holds_where_it_is_in_force() -> None:
    policy = {
        "kind": "policy", "id": "ban", "at": "2028-04-01", "p": "0.3",
        "rule": {"kind": "must_not_use", "supplier": "acme"},
    }  # fmt: skip
    given = case(offer(term={"initial": 36}), drivers=[policy])
    accounts = accounts_of(given, {0: [("procure", "a", 0)]})
    assert accounts.rules[0].rule == "ban"
    assert "node 1" in accounts.rules[0].detail
    heeded = accounts_of(given, {0: [("procure", "a", 0)], 1: [("end", "a", 1)]})
    assert heeded.rules[0].holds


def test_averages_are_weighted_by_probability() -> None:
    growth = {
        "kind": "demand", "id": "d", "services": ["desk"], "at": "2028-04-01",
        "outcomes": [{"p": "0.75", "factor": "0.5"}, {"p": "0.25", "factor": 1}],
    }  # fmt: skip
    rule = {"kind": "budget", "amount": 6000, "scope": "expected_each_period"}
    # 600 of 1,000; then 500 or 600 tickets: 0.75 x 5,000 + 0.25 x 6,000 = 5,250.
    assert holds({**rule, "amount": 5250, "from": "2028-04-01"}, A, drivers=[growth])
    found = check({**rule, "amount": 5249, "from": "2028-04-01"}, A, drivers=[growth])
    assert found.detail == (
        "The cost to the authority is over the budget: on average in period 1, the cost, by 1"
    )


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "outcome_floor", "outcome": "x", "level": 1},
        {"kind": "max_value", "amount": 1, "scope": "expected_each_period"},
        {"kind": "must_use", "offer": "a", "scope": "whole_plan"},
        {"kind": "max_winners", "limit": 1},
        {"kind": "max_suppliers", "limit": 1, "region": "north"},
        {"kind": "min_share", "of": "service", "who": {}, "share": "0.1"},
        {"kind": "keep_in_house", "service": "nosuch", "share": "0.1"},
        {"kind": "must_use"},
    ],
)
def test_what_cannot_be_checked_is_named(rule: dict[str, Any]) -> None:
    found = check(rule, A)
    assert not found.holds
    assert found.detail.endswith("is not checked by this version")
