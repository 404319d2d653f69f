"""Of plans that cost the same: the lowest exposure, then the content, never order or ids."""

from __future__ import annotations

import importlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sourcemix import futures, verify
from sourcemix.engine import highs, planning
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.milp import Milp
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case
from tests.engine.small import case, offer
from tests.engine.test_planning import offers_live

EXACT = Limits(gap=0.0, seconds=30.0)


def solved(given: Case, limits: Limits = EXACT) -> PlanAnswer:
    return planning.solve(given, futures.grow(given), limits)


def exposed(name: str, supplier: str, fee: int, **more: Any) -> dict[str, Any]:
    """10 a unit and a fee that is never due, as nobody has a reason to leave."""
    return offer(name, supplier, "10", exit={"fee_per_missing_year": fee}, **more)


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_the_lower_exposure_wins(names: tuple[str, str]) -> None:
    high, low = names
    answer = solved(case([exposed(high, "vale", 500), exposed(low, "moor", 400)]))
    assert offers_live(answer) == [[low]] * 3
    assert (answer.status, answer.ties) == ("optimal", "decided")


def test_half_a_penny_is_given_for_less_exposure_and_no_more() -> None:
    """100 units a year at £0.00001 more: a third of a penny in three years."""
    near = [exposed("high", "vale", 500), exposed("low", "moor", 400, desk={"price": "10.00001"})]
    assert offers_live(solved(case(near))) == [["low"]] * 3
    far = [exposed("high", "vale", 500), exposed("low", "moor", 400, desk={"price": "10.0001"})]
    answer = solved(case(far))
    assert offers_live(answer) == [["high"]] * 3
    assert answer.claimed == pytest.approx(3000)


def test_the_bound_is_that_of_the_cost_alone() -> None:
    near = [exposed("high", "vale", 500), exposed("low", "moor", 400, desk={"price": "10.00001"})]
    answer = solved(case(near))
    assert answer.bound == pytest.approx(3000, abs=1e-4)
    assert answer.claimed == pytest.approx(3000.003, abs=1e-4)


def test_content_decides_whatever_the_ids_and_the_order() -> None:
    """The same price and exposure; one has a year more to run beyond the horizon."""
    found: set[tuple[int, ...]] = set()
    for names in (("a", "b"), ("b", "a")):
        for turned in (False, True):
            long = offer(names[0], "vale", "10", term={"initial": 48})
            short = offer(names[1], "moor", "10", term={"initial": 36})
            offers = [short, long] if turned else [long, short]
            given = canonical(case(offers))
            live = offers_live(solved(given, replace(EXACT, seed=len(found))))
            terms = {one.id: one.term.initial for one in given.offers}
            found.add(tuple(terms[name] for at in live for name in at))
    assert len(found) == 1
    assert len(next(iter(found))) == 3


def test_nothing_is_left_and_signed_again_for_nothing() -> None:
    answer = solved(
        case([offer("one", "vale", "10", term={"initial": 12, "extensions": [12, 12]})])
    )
    assert answer.nodes is not None
    assert [len(node.decisions) for node in answer.nodes] == [1, 0, 0]


def test_volumes_are_decided_by_content_too() -> None:
    """Both are live, as each is needed for a part; how much each serves costs the same."""
    halves = [
        offer("a", "vale", "10", desk={"capacity": 70}, term={"initial": 48}),
        offer("b", "moor", "10", desk={"capacity": 60}),
    ]
    renamed = [halves[1] | {"id": "a"}, halves[0] | {"id": "b"}]
    served = []
    for offers in (halves, renamed):
        answer = solved(canonical(case(offers)))
        assert answer.nodes is not None
        suppliers = {one["id"]: one["supplier"] for one in offers}
        served.append(
            [
                {suppliers[at.offer]: at.volumes["desk"] for at in node.positions}
                for node in answer.nodes
            ]
        )
    assert served[0] == served[1]
    assert all(sum(at.values()) == Decimal(100) for at in served[0])


def test_only_a_proof_asks_for_the_rule() -> None:
    given = case([exposed("a", "vale", 500), exposed("b", "moor", 400)])
    assert solved(given, Limits(gap=0.01, seconds=30.0)).ties == "not_asked"


def test_without_time_for_it_the_tie_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def first_only(milp: Milp, limits: Limits, **more: Any) -> highs.MilpAnswer:
        return replace(highs.solve(milp, limits, **more), then=())

    # The room's face bears the name of the function, so the module is looked up.
    module = importlib.import_module("sourcemix.engine.planning.solve")
    monkeypatch.setattr(module, "solve_milp", first_only)
    given = case([exposed("a", "vale", 500), exposed("b", "moor", 400)])
    answer = solved(given)
    assert (answer.status, answer.ties) == ("optimal", "open")
    assert answer.nodes is not None
    assert verify.account(given, futures.grow(given), answer.nodes).discrepancies == ()
