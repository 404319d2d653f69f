"""Every line of every node of the examples' plans, worked out again from their YAML files."""

from __future__ import annotations

import json
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest
from tests.conftest import FULL, REPOSITORY
from tests.examples.spreadsheet import Book, sheet

from sourcemix.model.plan import Plan

LIBRARY = REPOSITORY / "src" / "sourcemix" / "evidence" / "data" / "forms.yaml"
PENNY = Decimal("0.01")


@pytest.fixture(
    scope="module",
    params=[
        "two-services",
        pytest.param(
            "county-ict",
            marks=pytest.mark.skipif(not FULL, reason="full size: set SOURCEMIX_FULL=1"),
        ),
    ],
)
def plan(request: pytest.FixtureRequest) -> Plan:
    names = {"two-services": "two_services_plan", "county-ict": "county_plan"}
    found = request.getfixturevalue(names[request.param])
    assert isinstance(found, Plan)
    return found


@pytest.fixture(scope="module")
def book(plan: Plan) -> Book:
    example = {"County ICT services": "county-ict"}.get(plan.case.title, "two-services")
    file: Path = REPOSITORY / "examples" / f"{example}.yaml"
    return Book(sheet(file), sheet(LIBRARY), json.loads(plan.model_dump_json(by_alias=True)))


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY, rounding=ROUND_HALF_EVEN)


def test_every_line_of_every_node(book: Book) -> None:
    for node, row in enumerate(book.done):
        told = {line: Decimal(amount) for line, amount in row["costs"].items()}
        found = {line: rounded(amount) for line, amount in book.lines(node).items()}
        assert {line: sum_ for line, sum_ in found.items() if sum_} == told, f"node {node}"


def test_what_is_served_is_what_is_needed(book: Book) -> None:
    for node, row in enumerate(book.done):
        live = [(book.offers[name], place) for name, place in book.live(node).items()]
        for service in book.services:
            demand = book.demand(service, node)
            assert demand == Decimal(book.tree[node]["demand"][service])
            served = sum(Decimal(place["volumes"].get(service, 0)) for _, place in live)
            spared = sum(
                (offer.get("reduces", {}).get(service, Decimal(0)) * demand).quantize(
                    Decimal("0.001"), rounding=ROUND_DOWN
                )
                for offer, _ in live
            )
            assert served + spared + Decimal(row["unmet"].get(service, 0)) == demand


def test_the_plan_as_a_whole(book: Book, plan: Plan) -> None:
    total = book.present_value()
    expected = {line: sum_ for line, sum_ in plan.result.expected.items() if sum_}
    assert {line: rounded(sum_) for line, sum_ in total.items() if rounded(sum_)} == expected
    assert rounded(sum(total.values(), Decimal(0))) == plan.cost
