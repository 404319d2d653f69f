"""The small example: the tutorial's figures and its story hold."""

from __future__ import annotations

from pathlib import Path

from sourcemix import evidence, files, verify
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits
from sourcemix.futures import grow

FILE = Path(__file__).parents[2] / "examples" / "two-services.yaml"


def test_size() -> None:
    case = files.read_case(FILE)
    assert len(case.services) == 2
    assert len(case.offers) == 6
    assert {case.supplier(offer.supplier).kind for offer in case.offers} == {
        "in_house",
        "public_body",
        "commercial",
        "community",
    }
    assert len(case.drivers) == 2
    assert len(case.agreements) == 1
    assert len(grow(evidence.fill(case)).nodes) == 12


def test_the_desk_goes_out_only_if_calls_fall() -> None:
    case = files.canonical(evidence.fill(files.read_case(FILE)))
    tree = grow(case)
    answer = planning.solve(case, tree, Limits(gap=0, seconds=60))
    assert answer.status == "optimal"
    assert answer.nodes is not None
    assert verify.account(case, tree, answer.nodes).discrepancies == ()
    for node in answer.nodes:
        where = tree.nodes[node.node]
        live = {place.offer for place in node.positions}
        if where.period in {1, 2}:
            assert "own_desk" in live
        elif where.period == 3:
            assert where.parent is not None
            fallen = tree.nodes[where.parent].seen["self_service"] == "0"
            assert ("millpond_desk" if fallen else "own_desk") in live
