"""What plans to compare with may do: hand-made plans, some of which must be refused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.verify.cases import Decisions, case, offer, plan, two_services

from sourcemix.futures import grow
from sourcemix.model.case import Case
from sourcemix.model.plan import Comparator
from sourcemix.verify import account, kind_faults, without_rules

FALL = {
    "kind": "demand",
    "id": "fall",
    "services": ["desk"],
    "at": "2028-04-01",
    "outcomes": [{"p": "0.5", "factor": "0.6"}, {"p": "0.5", "factor": 1}],
}
FAILURE = {"kind": "supplier_failure", "supplier": "acme", "at": "2028-04-01"}
VESTING = {"kind": "reorganisation", "at": "2028-04-01", "p": "0.5", "on_vesting": "end"}
YEAR = {"initial": 12}


def faults(given: Case, decisions: Decisions, kind: Comparator, name: str = "") -> tuple[str, ...]:
    """What the kind does not allow; the decisions themselves are possible."""
    tree = grow(given)
    nodes = plan(given, tree, decisions)
    wrong = account(without_rules(given), tree, nodes).discrepancies
    assert wrong == (), wrong
    return kind_faults(given, tree, nodes, kind, name or kind)


def today(name: str, **more: Any) -> list[dict[str, Any]]:
    return [{"offer": name, "started": "2026-04-01", **more}]


class TestTheSameForAllFutures:
    def test_one_decision_for_all_nodes_of_a_period(self) -> None:
        given = case(drivers=[FALL])
        assert (
            faults(given, {1: [("procure", "a", 1)], 2: [("procure", "a", 1)]}, "fixed_plan") == ()
        )

    def test_a_start_in_one_future_only(self) -> None:
        (fault,) = faults(case(drivers=[FALL]), {1: [("procure", "a", 1)]}, "fixed_plan")
        assert fault == (
            "node 2 decides about `a` otherwise than node 1 of the same period, where the offer "
            "has had the same fate"
        )

    def test_a_notice_in_one_future_only(self) -> None:
        given = case(offer(term={"initial": 36}), drivers=[FALL])
        start = {0: [("procure", "a", 0)]}
        assert faults(given, {**start, 2: [("end", "a", 1)]}, "fixed_plan")
        both = {1: [("end", "a", 1)], 2: [("end", "a", 1)]}
        assert faults(given, {**start, **both}, "fixed_plan") == ()

    def test_another_date_in_another_future(self) -> None:
        given = case(offer(term={"initial": 36, "notice": 12}), drivers=[FALL])
        apart = {0: [("procure", "a", 0)], 1: [("end", "a", 2)]}
        assert faults(given, apart, "fixed_plan")

    def test_nothing_is_decided_about_one_that_has_failed(self) -> None:
        given = case(drivers=[FAILURE])
        tree = grow(given)
        well = next(node.id for node in tree.nodes if node.period == 1 and not node.failed)
        assert faults(given, {well: [("procure", "a", 1)]}, "fixed_plan") == ()

    def test_the_fate_of_another_offer_is_no_reason(self) -> None:
        given = case(offer(), offer("b", supplier="bolt"), drivers=[FAILURE])
        tree = grow(given)
        gone = next(node.id for node in tree.nodes if node.period == 1 and node.failed)
        assert faults(given, {gone: [("procure", "b", 1)]}, "fixed_plan")

    def test_withdrawal_and_reorganisation_are_fates(self) -> None:
        withdrawal = {"kind": "withdrawal", "offer": "a", "at": "2028-04-01"}
        given = case(offer(form="informal"), drivers=[withdrawal])
        there = next(n.id for n in grow(given).nodes if n.period == 1 and not n.withdrawn)
        assert faults(given, {there: [("procure", "a", 1)]}, "fixed_plan") == ()
        given = case(drivers=[VESTING])
        ended = next(node.id for node in grow(given).nodes if node.period == 1 and node.ended)
        assert faults(given, {ended: [("procure", "a", 1)]}, "fixed_plan") == ()

    def test_a_fate_of_the_past_is_a_fate(self) -> None:
        given = case(drivers=[VESTING])
        tree = grow(given)
        ended = {node.id for node in tree.nodes if node.ended}
        after = next(node.id for node in tree.nodes if node.parent in ended)
        assert faults(given, {after: [("procure", "a", 2)]}, "fixed_plan") == ()

    def test_every_kind_is_the_same_for_all_futures(self) -> None:
        given = case(
            offer(supplier="own"),
            drivers=[FALL],
            agreements=[{"offer": "a", "pending": "2029-04-01"}],
            baselines={"single_partnership": {"offers": ["a"]}, "mine": {"offers": ["a"]}},
        )
        kinds: list[tuple[Comparator, str]] = [
            ("fixed_plan", ""), ("chosen_once", ""), ("single_partnership", ""), ("as_is", ""),
            ("in_house", ""), ("cheapest_now", ""), ("named", "mine"),
        ]  # fmt: skip
        tree = grow(given)
        nodes = plan(given, tree, {1: [("procure", "a", 1)]})
        for kind, name in kinds:
            found = kind_faults(given, tree, nodes, kind, name or kind)
            assert any("node 2 decides about `a` otherwise" in fault for fault in found), kind


class TestKeptOrRenewed:
    def test_one_that_starts_is_renewed_when_its_term_has_run_out(self) -> None:
        given = case(offer(term=YEAR))
        again = {0: [("procure", "a", 0)], 1: [("procure", "a", 1)], 2: [("procure", "a", 2)]}
        assert faults(given, again, "chosen_once") == ()
        assert faults(given, {0: [("procure", "a", 0)]}, "fixed_plan") == ()
        (fault,) = faults(given, {0: [("procure", "a", 0)]}, "chosen_once")
        assert fault == "node 1: `a` is not live any more; it should be kept or renewed"

    def test_one_that_starts_is_not_left(self) -> None:
        given = case(offer(term={"initial": 36, "break_from": 12}))
        left = {0: [("procure", "a", 0)], 1: [("end", "a", 1)]}
        assert faults(given, left, "fixed_plan") == ()
        assert faults(given, left, "chosen_once")
        # Left and taken up again at once: it is live again.
        renewed = {0: [("procure", "a", 0)], 1: [("end", "a", 1), ("procure", "a", 1)]}
        assert faults(given, renewed, "chosen_once") == ()

    def test_another_offer_is_no_renewal(self) -> None:
        given = case(offer(term=YEAR), offer("b", term={"initial": 24}))
        changed = {0: [("procure", "a", 0)], 1: [("procure", "b", 1)]}
        assert len(faults(given, changed, "chosen_once")) == 1

    def test_one_that_starts_late_is_kept_from_then_on(self) -> None:
        assert faults(case(), {1: [("procure", "a", 1)]}, "chosen_once") == ()

    @pytest.mark.parametrize(
        "more",
        [
            {"offers": [offer(term=YEAR, available={"until": "2028-03-31"})]},
            {"offers": [offer(term=YEAR, framework="fw")],
             "frameworks": [{"id": "fw", "expires": "2028-03-31"}]},
            {"offers": [offer(term={"initial": 12, "notice": 12})],
             "rules": [{"kind": "max_term", "months": 0, "from": "2028-04-01"}]},
        ],
    )  # fmt: skip
    def test_a_new_start_that_its_terms_forbid(self, more: dict[str, Any]) -> None:
        offers = more.pop("offers")
        given = case(*offers, **more)
        assert faults(given, {0: [("procure", "a", 0)]}, "chosen_once") == ()
        # Without any of these it could have been renewed.
        assert faults(case(offer(term=YEAR)), {0: [("procure", "a", 0)]}, "chosen_once")

    def test_a_framework_counts_when_it_is_called_off(self) -> None:
        given = case(
            offer(term=YEAR, framework="fw", lead=12),
            frameworks=[{"id": "fw", "expires": "2028-04-01"}],
        )
        # To start in the third year it is procured in the second, while the framework is open.
        assert faults(given, {0: [("procure", "a", 1)]}, "chosen_once")
        both = {0: [("procure", "a", 1)], 1: [("procure", "a", 2)]}
        assert faults(given, both, "chosen_once") == ()

    def test_leaving_needs_more_than_a_term_that_could_not_be_renewed(self) -> None:
        given = case(
            offer(term={"initial": 24, "break_from": 12}, available={"until": "2027-04-01"})
        )
        left = {0: [("procure", "a", 0)], 1: [("end", "a", 1)]}
        assert faults(given, left, "chosen_once")

    def test_failure_withdrawal_and_reorganisation_end_it(self) -> None:
        start = {0: [("procure", "a", 0)]}
        assert faults(case(drivers=[FAILURE], periods=2), start, "chosen_once") == ()
        withdrawal = {"kind": "withdrawal", "offer": "a", "at": "2028-04-01"}
        loose = case(offer(form="informal"), drivers=[withdrawal], periods=2)
        assert faults(loose, start, "chosen_once") == ()
        assert faults(case(drivers=[VESTING], periods=2), start, "chosen_once") == ()

    def test_todays_agreements_may_run_out_or_be_left(self) -> None:
        long = {"initial": 60, "break_from": 12}
        given = case(offer(term=long), agreements=today("a"))
        assert faults(given, {1: [("end", "a", 1)]}, "chosen_once") == ()
        assert faults(given, {1: [("end", "a", 1)]}, "as_is")
        short = case(agreements=today("a"))
        assert faults(short, {}, "chosen_once") == ()
        pending = case(agreements=[{"offer": "a", "pending": "2027-04-01"}])
        assert faults(pending, {}, "chosen_once") == ()
        assert faults(pending, {}, "as_is")
        # Once procured in the plan, it is kept like any other.
        yearly = case(offer(term=YEAR), agreements=today("a"))
        assert faults(yearly, {1: [("procure", "a", 1)]}, "chosen_once")


class TestMaxTerm:
    """A rule that forbids a new start, because it could not be left in time."""

    RULE = {"kind": "max_term", "months": 12}

    def given(self, *, rule: dict[str, Any], **term: int) -> Case:
        return case(offer(term={"initial": 12, "extensions": [12], **term}), rules=[rule],
                    periods=4)  # fmt: skip

    START: Decisions = {0: [("procure", "a", 0)]}

    def test_left_in_time_it_can_be_taken_up_again(self) -> None:
        given = self.given(rule=self.RULE, break_from=12)
        left = {0: [("procure", "a", 0)], 1: [("end", "a", 1)]}
        assert faults(given, left, "chosen_once")
        renewed = {
            n: [("procure", "a", n)] if n == 0 else [("end", "a", n), ("procure", "a", n)]
            for n in range(4)
        }
        assert faults(given, renewed, "chosen_once") == ()

    def test_left_in_time_where_its_terms_allow_no_new_start(self) -> None:
        shut = {"initial": 36, "break_from": 12}
        once = {"until": "2027-04-01"}
        given = case(offer(term=shut, available=once), rules=[self.RULE])
        left = {0: [("procure", "a", 0)], 1: [("end", "a", 1)]}
        assert faults(given, left, "chosen_once") == ()
        # Not before it has to be, and only where the rule holds.
        two = {**self.RULE, "months": 24}
        assert faults(case(offer(term=shut, available=once), rules=[two]), left, "chosen_once")
        late = {**self.RULE, "from": "2029-04-01"}
        assert faults(case(offer(term=shut, available=once), rules=[late]), left, "chosen_once")
        # An agreement that runs today is not under the rule.
        running = case(
            offer(term=shut, available=once),
            rules=[self.RULE],
            agreements=[{"offer": "a", "started": "2026-04-01"}],
        )
        assert faults(running, {1: [("end", "a", 1)]}, "as_is")

    def test_a_notice_longer_than_the_term_allowed(self) -> None:
        # Two years' notice: no agreement that starts from 2029 on can be left after one.
        late = {**self.RULE, "from": "2029-04-01"}
        assert faults(self.given(rule=late, notice=24), self.START, "chosen_once") == ()
        assert faults(self.given(rule=late, notice=12), self.START, "chosen_once")
        # A rule that begins after the horizon forbids nothing.
        last = {**self.RULE, "from": "2031-04-01"}
        assert faults(self.given(rule=last, notice=24), self.START, "chosen_once")

    def test_only_a_rule_without_a_price_and_for_this_supplier_forbids(self) -> None:
        late = {**self.RULE, "from": "2029-04-01"}
        soft = self.given(rule={**late, "soft": 5}, notice=24)
        assert faults(soft, self.START, "chosen_once")
        other = self.given(rule={**late, "who": {"supplier": "bolt"}}, notice=24)
        assert faults(other, self.START, "chosen_once")
        assert faults(without_rules(self.given(rule=late, notice=24)), self.START, "chosen_once")

    def test_one_future_in_which_it_is_in_force_forbids(self) -> None:
        policy: dict[str, Any] = {
            "kind": "policy", "at": "2030-04-01", "p": "0.5",
            "rule": {"kind": "max_term", "months": 12},
        }  # fmt: skip
        given = case(
            offer(term={"initial": 12, "extensions": [12], "notice": 24}),
            drivers=[policy], periods=4,
        )  # fmt: skip
        # A start in 2029 could not be left by 2030 in the future with the policy.
        assert faults(given, self.START, "chosen_once") == ()
        later = case(
            offer(term={"initial": 12, "extensions": [12], "notice": 24}),
            drivers=[
                {**policy, "at": "2028-04-01", "rule": {**policy["rule"], "until": "2028-04-01"}}
            ],
            periods=4,
        )
        assert faults(later, self.START, "chosen_once")


class TestAsIs:
    def test_todays_agreements_are_renewed(self) -> None:
        given = case(agreements=today("a"))
        assert faults(given, {1: [("procure", "a", 1)]}, "as_is") == ()
        (fault,) = faults(given, {}, "as_is")
        assert fault.startswith("node 1: `a` is not live any more")

    def test_nothing_else_is_procured(self) -> None:
        given = case(offer(), offer("b", supplier="bolt"), agreements=today("a"))
        both = {1: [("procure", "a", 1)], 0: [("procure", "b", 0)], 2: [("procure", "b", 2)]}
        (fault,) = faults(given, both, "as_is")
        assert fault == "`b` is procured, which is not for a plan `as_is`"

    def test_notice_given_before_the_case_counts_like_a_term_run_out(self) -> None:
        noticed = today("a", in_notice="2028-04-01")
        long = {"initial": 60}
        assert faults(case(offer(term=long), agreements=noticed), {}, "as_is")
        # Two years of lead are too many to follow it in time.
        slow = case(offer(term=long, lead=24), agreements=noticed)
        assert faults(slow, {}, "as_is") == ()
        quick = case(offer(term=long), agreements=noticed)
        assert faults(quick, {1: [("procure", "a", 1)]}, "as_is") == ()

    def test_what_ends_as_the_case_begins(self) -> None:
        ends = [{"offer": "a", "started": "2025-04-01"}]
        assert faults(case(agreements=ends), {}, "as_is")
        assert faults(case(offer(lead=12), agreements=ends), {}, "as_is") == ()
        renewed = {0: [("procure", "a", 0)], 2: [("procure", "a", 2)]}
        assert faults(case(agreements=ends), renewed, "as_is") == ()


class TestOffersOfItsOwn:
    THREE = (offer("a"), offer("b", supplier="bolt"), offer("own_desk", supplier="own"))
    BASELINES = {"single_partnership": {"offers": ["a"]}, "mine": {"offers": ["b", "own_desk"]}}

    @pytest.mark.parametrize(
        ("kind", "name", "allowed"),
        [
            ("fixed_plan", "", {"a", "b", "own_desk"}),
            ("chosen_once", "", {"a", "b", "own_desk"}),
            ("single_partnership", "", {"a"}),
            ("named", "mine", {"b", "own_desk"}),
            ("in_house", "", {"own_desk"}),
            ("as_is", "", {"b"}),
        ],
    )
    def test_only_they_are_procured(self, kind: Comparator, name: str, allowed: set[str]) -> None:
        given = case(
            *self.THREE,
            baselines=self.BASELINES,
            agreements=[{"offer": "b", "pending": "2027-04-01"}],
            periods=2,
        )
        for one in ("a", "own_desk"):
            found = faults(given, {0: [("procure", one, 0)]}, kind, name)
            assert (found == ()) == (one in allowed), (one, found)
        # `b` runs as it was signed; only some may procure it again.
        assert faults(given, {}, kind, name) == ()
        longer = case(
            *self.THREE,
            baselines=self.BASELINES,
            agreements=[{"offer": "b", "started": "2026-04-01"}],
            periods=2,
        )
        found = faults(longer, {1: [("procure", "b", 1)]}, kind, name)
        assert (found == ()) == ("b" in allowed), found

    def test_a_baseline_that_is_not_there_allows_nothing(self) -> None:
        given = case(*self.THREE, baselines=self.BASELINES, periods=2)
        assert faults(given, {0: [("procure", "a", 0)]}, "named", "nosuch")


class TestCheapestNow:
    def test_the_cheapest_of_each_service(self) -> None:
        given = two_services(
            offer("both", services={"desk": {"price": 9}, "net": {"price": 80}}),
            offer("desk", services={"desk": {"price": 8}}),
            offer("net", services={"net": {"price": 90}}),
            periods=2,
        )
        right = {0: [("procure", "both", 0), ("procure", "desk", 0)]}
        assert faults(given, right, "cheapest_now") == ()
        # It need not take them all.
        assert faults(given, {0: [("procure", "both", 0)]}, "cheapest_now") == ()
        (fault,) = faults(given, {0: [("procure", "net", 0)]}, "cheapest_now")
        assert fault.startswith("`net` is procured, which is not for a plan `cheapest_now`")

    def test_one_of_several_that_are_as_cheap(self) -> None:
        given = case(offer("a"), offer("b", supplier="bolt"), periods=2)
        for one in "ab":
            assert faults(given, {0: [("procure", one, 0)]}, "cheapest_now") == ()
        (fault,) = faults(given, {0: [("procure", "a", 0), ("procure", "b", 0)]}, "cheapest_now")
        assert "beside an offer that is as cheap" in fault

    def test_two_for_two_services_that_both_could_serve(self) -> None:
        terms = {"services": {"desk": {"price": 9}, "net": {"price": 80}}}
        given = two_services(
            offer("a", **terms), offer("b", **terms), offer("c", **terms), periods=2
        )
        two = {0: [("procure", "a", 0), ("procure", "b", 0)]}
        assert faults(given, two, "cheapest_now") == ()
        three = {0: [("procure", name, 0) for name in "abc"]}
        assert len(faults(given, three, "cheapest_now")) == 1

    def test_one_pick_makes_room_for_another(self) -> None:
        both = {"desk": {"price": 10}, "net": {"price": 80}}
        given = two_services(
            offer("a", services=both), offer("b", services={"desk": {"price": 10}}), periods=2
        )
        # `a` is as cheap for both services, `b` for the desk alone: `a` is the one for the other.
        two = {0: [("procure", "a", 0), ("procure", "b", 0)]}
        assert faults(given, two, "cheapest_now") == ()

    def test_todays_agreements_run_but_are_not_procured_again(self) -> None:
        given = case(offer("a"), offer("b", services={"desk": {"price": 9}}),
                     agreements=today("a"))  # fmt: skip
        assert faults(given, {}, "cheapest_now") == ()
        assert faults(given, {1: [("procure", "a", 1)]}, "cheapest_now")


def test_rules_with_a_price_stay_where_the_others_are_waived() -> None:
    firm = {"kind": "max_live", "limit": 0}
    policy = {"kind": "policy", "id": "p", "at": "2028-04-01", "p": "0.5", "rule": firm}
    given = case(
        rules=[firm, {**firm, "id": "soft", "soft": 9}],
        drivers=[FALL, policy, {**policy, "id": "q", "rule": {**firm, "soft": 9}}],
    )
    waived = without_rules(given)
    assert [rule.id for rule in waived.rules] == ["soft"]
    assert [driver.kind for driver in waived.drivers] == ["demand", "policy"]
    tree = grow(given)
    accounts = account(waived, tree, plan(given, tree, {0: [("procure", "a", 0)]}))
    assert accounts.discrepancies == ()
    assert sorted(check.rule for check in accounts.rules) == ["q", "soft"]
    assert accounts.expected["breach"] > 0
