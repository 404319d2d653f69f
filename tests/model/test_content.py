"""What offers and futures say, whatever they are called."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engine.small import case, offer

from sourcemix import futures
from sourcemix.model.case import Case
from sourcemix.model.content import node_contents, offer_contents


def content(given: Case, name: str) -> str:
    return offer_contents(given)[name]


def one(name: str = "a", supplier: str = "vale", **more: Any) -> Case:
    return case([offer(name, supplier, "10", **more), offer("other", "moor", "12")])


def test_ids_and_notes_do_not_count() -> None:
    plain = content(one(), "a")
    assert content(one("zz"), "zz") == plain
    assert content(one(note="From the tender."), "a") == plain
    text = one().model_dump_json(by_alias=True).replace('"vale"', '"dale"').replace('"desk"', '"d"')
    assert content(Case.model_validate_json(text), "a") == plain


@pytest.mark.parametrize(
    "more",
    [
        {"fixed": 5},
        {"term": {"initial": 60}},
        {"term": {"initial": 120, "notice": 12}},
        {"exit": {"transition": 7}},
        {"available": {"until": "2028-04-01"}},
        {"desk": {"capacity": 90}},
        {"desk": {"tiers": [{"from": 10, "price": 9}]}},
        {"takeover": [{"from": "moor", "cost": 5}]},
        {"form": "informal_sla"},
        {"supplier": "moor"},
        {"reduces": {"desk": "0.1"}},
    ],
)
def test_terms_count(more: dict[str, Any]) -> None:
    assert content(one(**more), "a") != content(one(), "a")


def test_other_offers_do_not_count() -> None:
    fewer = case([offer("a", "vale", "10")])
    assert content(fewer, "a") == content(one(), "a")


def test_the_unit_of_money_does_not_count() -> None:
    small = {"fixed": [100, 50], "exit": {"fee_per_missing_year": 30}, "setup": {"legal": 7}}
    large = {"fixed": [1000, 500], "exit": {"fee_per_missing_year": 300}, "setup": {"legal": 70}}
    pence = case([offer("a", "vale", "10", **small)])
    pounds = case([offer("a", "vale", "100", **large)])
    assert content(pence, "a") == content(pounds, "a")
    assert content(case([offer("a", "vale", "11", **small)]), "a") != content(pence, "a")


def test_agreements_of_today_count() -> None:
    today = [{"offer": "a", "started": "2026-04-01"}]
    held = case([offer("a", "vale", "10")], agreements=today)
    assert content(held, "a") != content(one(), "a")


def test_futures_are_told_apart_by_what_is_seen_not_by_the_names_of_drivers() -> None:
    steps = {"at": "2028-04-01", "outcomes": [{"p": 0.5, "factor": 2}, {"p": 0.5, "factor": 1}]}
    found = []
    for name in ("volume", "afflux"):
        driver = {"kind": "demand", "id": name, "services": ["desk"], **steps}
        given = case([offer("a", "vale", "10")], drivers=[driver])
        found.append(node_contents(given, futures.grow(given)))
    assert found[0] == found[1]
    assert len(set(found[0])) == len(found[0]) == 5
