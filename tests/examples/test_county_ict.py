"""The county's example holds what it promises, and a plan for it exists, proven and checked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.conftest import FULL

from sourcemix import evidence, files
from sourcemix.futures import grow
from sourcemix.model.case import Case
from sourcemix.model.common import in_year
from sourcemix.model.offers import Offer
from sourcemix.model.plan import Plan
from sourcemix.model.suppliers import SupplierKind
from sourcemix.model.tree import Tree

FILE = Path(__file__).parents[2] / "examples" / "county-ict.yaml"
KINDS: set[SupplierKind] = {
    "in_house",
    "partnership",
    "public_body",
    "voluntary",
    "community",
    "commercial",
}


@pytest.fixture(scope="module")
def case() -> Case:
    return evidence.fill(files.read_case(FILE))


@pytest.fixture(scope="module")
def tree(case: Case) -> Tree:
    return grow(case)


def in_house(case: Case) -> list[Offer]:
    return [offer for offer in case.offers if case.supplier(offer.supplier).kind == "in_house"]


def test_size(case: Case, tree: Tree) -> None:
    assert len(case.services) == 10
    assert len(case.offers) == 40
    assert len(case.drivers) == 6
    assert case.horizon.periods == 10
    assert len(tree.nodes) == 77


def test_all_kinds_of_supplier_and_many_forms_are_on_the_table(case: Case) -> None:
    assert {case.supplier(offer.supplier).kind for offer in case.offers} == KINDS
    assert len({offer.form for offer in case.offers}) == 14


def test_drivers_are_of_six_sorts(case: Case) -> None:
    kinds = [driver.kind for driver in case.drivers]
    assert sorted(kinds) == [
        "budget",
        "demand",
        "demand",
        "reorganisation",
        "requirement",
        "supplier_failure",
    ]


def test_agreements_of_today_serve_every_service_at_the_start(case: Case, tree: Tree) -> None:
    live = [case.offer(agreement.offer) for agreement in case.agreements]
    for service, demand in tree.nodes[0].demand.items():
        terms = [offer.services[service] for offer in live if service in offer.services]
        capacities = [in_year(term.capacity, 0) for term in terms]
        assert terms
        assert None in capacities or sum(c for c in capacities if c is not None) >= demand


def test_agreements_of_today_keep_the_rules_on_numbers(case: Case) -> None:
    outside = {
        case.offer(agreement.offer).supplier
        for agreement in case.agreements
        if case.supplier(case.offer(agreement.offer).supplier).kind != "in_house"
    }
    limits = {rule.kind: rule.limit for rule in case.rules if hasattr(rule, "limit")}
    assert len(outside) <= min(limits.values())


def test_the_council_could_do_everything_itself_in_every_future(case: Case, tree: Tree) -> None:
    for service in case.services:
        largest = max(node.demand[service.id] for node in tree.nodes)
        capacity = sum(
            (
                in_year(offer.services[service.id].capacity, 0) or Decimal(0)
                for offer in in_house(case)
                if service.id in offer.services
            ),
            Decimal(0),
        )
        assert capacity >= largest, service.id


@pytest.mark.skipif(not FULL, reason="full size: set SOURCEMIX_FULL=1")
def test_a_verified_plan_that_depends_on_the_future(
    case: Case, tree: Tree, county_plan: Plan
) -> None:
    answer = county_plan.result
    assert answer.status in {"optimal", "within_gap"}
    assert answer.verified
    # What is live in the last years depends on what becomes of calls.
    live: dict[tuple[int, str], set[frozenset[str]]] = {}
    for node in answer.nodes:
        seen = {k: v for at in tree.path(node.node) for k, v in tree.nodes[at].seen.items()}
        if "self_service" in seen:
            key = (tree.nodes[node.node].period, seen["self_service"])
            live.setdefault(key, set()).add(frozenset(p.offer for p in node.positions))
    periods = {period for period, _ in live}
    assert any(live[period, "0"] != live[period, "1"] for period in periods)
    used = {place.offer for node in answer.nodes for place in node.positions}
    assert {case.supplier(case.offer(name).supplier).kind for name in used} == KINDS
    assert len({case.offer(name).form for name in used}) >= 8
