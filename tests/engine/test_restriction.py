"""What a restricted plan may not do: decide by future, let go, or sign what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from sourcemix import futures
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.planning.model import build_model
from sourcemix.engine.planning.restriction import Restriction, fates
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.model.case import Case
from tests.engine.small import case, offer
from tests.engine.test_planning import offers_live

EXACT = Limits(gap=0.0, seconds=30.0)
SAME = Restriction(same_for_all=True)
KEPT = Restriction(same_for_all=True, kept="new")
FIRST = {"until": "2027-04-01"}
VANISHES: dict[str, Any] = {
    "kind": "demand",
    "id": "closure",
    "services": ["desk"],
    "at": "2028-04-01",
    "outcomes": [{"p": 0.5, "factor": 0}, {"p": 0.5, "factor": 1}],
}


def solved(given: Case, within: Restriction | None) -> PlanAnswer:
    return planning.solve(given, futures.grow(given), EXACT, within=within)


@pytest.mark.parametrize(
    ("terms", "free"),
    [
        # Left at once where there is nothing left to do: 1,000, then 2 × 1,000 in half the futures.
        ({"term": {"initial": 36, "break_from": 12}}, 2000),
        # A year's notice: given, at the earliest, when the closure is seen.
        ({"term": {"initial": 36, "break_from": 12, "notice": 12}, "available": FIRST}, 2500),
        # A year's lead, and a term of a year: the third year is decided in the second.
        ({"term": {"initial": 12}, "lead": 12, "available": {"from": "2029-04-01"}}, 500),
    ],
)
def test_decisions_are_the_same_for_all_futures(terms: dict[str, Any], free: int) -> None:
    services = [{"id": "desk", "unit": "ticket", "demand": [0, 0, 100], "unmet": 50}]
    more: dict[str, Any] = {"services": services} if "lead" in terms else {}
    given = case([offer("a", "vale", "0", fixed=1000, **terms)], drivers=[VANISHES], **more)
    assert solved(given, None).claimed == pytest.approx(free)
    fixed = solved(given, SAME)
    assert fixed.claimed == pytest.approx(1000 if more else 3000)
    live = offers_live(fixed)
    assert live[1::2] == live[2::2], "the nodes of either future"


def test_another_fate_is_another_decision() -> None:
    """The one that fails is gone in that future; the one that stays has a fate of its own."""
    suppliers = [
        {"id": "vale", "kind": "commercial", "failure": 0.5},
        {"id": "moor", "kind": "commercial"},
    ]
    failure = {"kind": "supplier_failure", "supplier": "vale", "at": "2028-04-01"}
    given = case(
        [offer("a", "vale", "10"), offer("b", "moor", "12")],
        suppliers=suppliers,
        drivers=[failure],
    )
    tree = futures.grow(given)
    problem = compile_problem(given, tree)
    assert len(set(fates(problem, 0))) == len(tree.nodes)
    assert len(set(fates(problem, 1))) == 3
    answer = solved(given, SAME)
    assert answer.nodes is not None
    live = offers_live(answer)
    gone = [node.id for node in tree.nodes if "vale" in node.failed]
    assert all(live[node] == ["b"] for node in gone)
    assert all("b" in live[node.id] for node in tree.nodes if node.period > 0)


def test_what_starts_is_kept_or_renewed() -> None:
    """Half price for a year, then three times as dear: nobody keeps that who need not."""
    bait = offer("bait", "vale", "0", fixed=[500, 3000], available={"until": "2027-04-01"})
    steady = offer("steady", "moor", "0", fixed=1000, term={"initial": 12})
    given = case([bait, steady])
    assert offers_live(solved(given, SAME)) == [["bait"], ["steady"], ["steady"]]
    kept = solved(given, KEPT)
    assert offers_live(kept) == [["steady"]] * 3
    only = solved(given, Restriction(frozenset({"bait"}), same_for_all=True, kept="new"))
    assert offers_live(only) == [["bait"]] * 3


def test_what_cannot_be_had_again_may_run_out() -> None:
    brief = offer("brief", "vale", "5", term={"initial": 24}, available={"until": "2027-04-01"})
    given = case([brief, offer("late", "moor", "10", available={"from": "2029-04-01"})])
    assert offers_live(solved(given, KEPT)) == [["brief"], ["brief"], ["late"]]


def test_todays_agreements_are_let_go_or_kept() -> None:
    old = offer("old", "vale", "30")
    today = [{"offer": "old", "started": "2026-04-01"}]
    given = case([old, offer("new", "moor", "10")], agreements=today)
    assert offers_live(solved(given, KEPT)) == [["new"]] * 3
    everything = Restriction(same_for_all=True, kept="all")
    assert offers_live(solved(given, everything)) == [["new", "old"]] * 3


def test_a_notice_given_before_is_not_taken_back() -> None:
    old = offer("old", "vale", "5", available={"until": "2026-04-01"})
    today = [{"offer": "old", "started": "2026-04-01", "in_notice": "2028-04-01"}]
    given = case([old], agreements=today)
    answer = solved(given, Restriction(frozenset({"old"}), same_for_all=True, kept="all"))
    assert (answer.status, offers_live(answer)) == ("optimal", [["old"], [], []])


def test_only_what_is_named_is_procured() -> None:
    given = case([offer("a", "vale", "10"), offer("b", "moor", "12")])
    answer = solved(given, Restriction(procured=frozenset({"b"})))
    assert offers_live(answer) == [["b"]] * 3


def test_a_restriction_adds_rows_and_no_columns() -> None:
    given = case([offer("a", "vale", "10", lead=12)], drivers=[VANISHES])
    problem = compile_problem(given, futures.grow(given))
    rules = active_rules(problem)
    free = build_model(problem, rules).milp
    tight = build_model(
        problem, rules, within=Restriction(frozenset(), same_for_all=True, kept="all")
    ).milp
    assert tight.columns == free.columns
    assert tight.rows > free.rows
    assert list(tight.cost) == list(free.cost)
    assert list(tight.row_upper[: free.rows]) == list(free.row_upper)
