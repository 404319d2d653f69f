"""An earlier plan laid on another tree, and what the exact route makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sourcemix import futures
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.earlier import Earlier, matched, procured, wanted
from sourcemix.engine.problem import Problem, compile_problem
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case
from sourcemix.verify import account
from tests.engine.small import case, offer

EXACT = Limits(gap=0.0, seconds=60.0)
GROWTH: dict[str, Any] = {"kind": "demand", "id": "volume", "services": ["desk"], "drift": "0.02"}


def given(price: str = "10", start: int = 2027, periods: int = 4, **more: Any) -> Case:
    """Two offers of which the cheaper one ends after two years; demand grows or shrinks."""
    offers = [
        offer("brief", "vale", price, term={"initial": 24}, setup={"procurement": 150}),
        offer("steady", "own", "13", setup={"procurement": 100}),
    ]
    drivers = [{**GROWTH, "sd": "0.3", "at": [f"{year}-04-01" for year in (2029, 2030)]}]
    horizon = {"start": f"{start}-04-01", "periods": periods}
    found = case(offers, drivers=drivers, **more)
    document = found.model_dump(mode="json", by_alias=True) | {"horizon": horizon}
    return canonical(Case.model_validate(document))


def planned(found: Case, limits: Limits = EXACT, earlier: Earlier | None = None) -> PlanAnswer:
    return planning.solve(found, futures.grow(found), limits, earlier=earlier)


def earlier_of(found: Case) -> Earlier:
    answer = planned(found)
    assert answer.nodes is not None
    return Earlier(found.horizon, futures.grow(found), answer.nodes)


def compiled(found: Case) -> Problem:
    return compile_problem(found, futures.grow(found))


def test_on_the_same_tree_every_node_is_its_own() -> None:
    found = given()
    earlier = earlier_of(found)
    assert matched(compiled(found), earlier) == list(range(len(earlier.tree.nodes)))


def test_another_price_leaves_every_node_where_it_was() -> None:
    earlier = earlier_of(given())
    assert matched(compiled(given(price="9")), earlier) == list(range(len(earlier.tree.nodes)))


def test_a_year_later_the_first_node_is_one_of_the_second_year() -> None:
    earlier = earlier_of(given())
    later = compiled(given(start=2028, periods=4))
    match = matched(later, earlier)
    periods = [earlier.tree.nodes[at].period for at in match]
    assert periods == [min(int(period) + 1, 3) for period in later.period]
    for node in range(1, later.nodes):
        at, above = match[node], match[int(later.parent[node])]
        assert above in earlier.tree.path(at), "below what its parent is matched with"


def test_siblings_are_told_apart_by_what_is_seen() -> None:
    earlier = earlier_of(given())
    later = futures.grow(given(start=2028))
    match = matched(compiled(given(start=2028)), earlier)
    for node in later.nodes:
        if node.period == 1:
            assert earlier.tree.nodes[match[node.id]].seen == node.seen


def test_what_is_live_and_procured_goes_by_ids() -> None:
    found = given()
    earlier = earlier_of(found)
    problem = compiled(found)
    match = matched(problem, earlier)
    names = [terms.id for terms in problem.offers]
    for node, live in zip(earlier.nodes, wanted(problem, earlier, match), strict=True):
        assert {names[offer] for offer in live} == {p.offer for p in node.positions}
    decided = {(d.offer, n.node) for n in earlier.nodes for d in n.decisions}
    taken = {(names[offer], node) for offer, node in procured(problem, earlier, match)}
    assert taken == {
        (name, node)
        for name, node in decided
        if any(d.action == "procure" and d.offer == name for d in earlier.nodes[node].decisions)
    }
    assert taken


def test_an_offer_that_is_gone_is_left_out() -> None:
    earlier = earlier_of(given())
    kept = canonical(case([offer("steady", "own", "13")], periods=4))
    problem = compiled(kept)
    live = wanted(problem, earlier, matched(problem, earlier))
    assert all(offers <= {0} for offers in live)


def test_the_exact_route_never_ends_dearer_than_what_the_earlier_plan_comes_to() -> None:
    # A search of the shortest kind, beside what the earlier plan procures under the new prices.
    earlier = earlier_of(given())
    changed = given(price="10.5")
    best = planned(changed)
    short = planned(changed, replace(EXACT, gap=1.0, effort=1), earlier)
    assert best.claimed is not None
    assert short.claimed is not None
    assert short.nodes is not None
    assert account(changed, futures.grow(changed), short.nodes).discrepancies == ()
    assert short.claimed >= best.claimed - 0.01
    same = earlier_of(changed)
    again = planned(changed, replace(EXACT, gap=1.0, effort=1), same)
    assert again.claimed is not None
    assert again.claimed <= best.claimed + 0.01


def test_an_earlier_plan_does_not_change_what_is_best() -> None:
    earlier = earlier_of(given(price="16"))
    changed = given(price="8")
    assert planned(changed, earlier=earlier).claimed == planned(changed).claimed


def test_where_the_earlier_plan_cannot_hold_the_search_goes_on_without_it() -> None:
    earlier = earlier_of(given(price="8"))
    rules = [{"kind": "must_not_use", "offer": "brief"}]
    changed = given(price="8", rules=rules)
    answer = planned(changed, earlier=earlier)
    assert answer.status == "optimal"
    assert answer.nodes is not None
    used = {position.offer for node in answer.nodes for position in node.positions}
    assert used == {"steady"}
