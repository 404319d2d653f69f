"""Stored documents: a right one passes, and a change to any figure or decision is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from tests.verify.cases import case, offer, plan

from sourcemix.futures import grow
from sourcemix.model.award import Award, Winner
from sourcemix.model.canonical import digest
from sourcemix.model.event import Event
from sourcemix.model.plan import Plan
from sourcemix.verify import account, award, award_document, plan_document

RUN = {"seconds": 1.5, "seed": 7, "started": "2027-01-01T00:00:00Z", "machine": "test",
       "settings": {"gap": 0.01}}  # fmt: skip
OPEN = {"run", "settings", "trace", "seconds", "started", "machine", "version"}
"""Fields that say how a result came about: nothing to recompute."""


def small_plan() -> Plan:
    """Two offers over three years, with a term of nearly every sort."""
    given = case(
        offer(
            services={"desk": {"price": 10, "capacity": 900, "outcomes": {"o": 3, "w": 5}}},
            fixed={"low": 900, "central": 1000, "high": 1200},
            lead=12,
            setup={"procurement": 600, "people": 40},
            term={"initial": 60, "break_from": 36, "notice": 12},
            exit={"fee_per_missing_year": 120, "transition": 7},
            change_rate="0.2",
            irrecoverable_vat="0.03",
            classes={"people": "capital"},
            parties={
                "supplier": {"margin": ["0.04", "0.09"], "bid_cost": 25},
                "residents": {"value": 70},
                "staff": {"posts_kept": 2},
            },
        ),
        offer("b", supplier="bolt", term={"initial": 24}, exit={"transition": 5},
              parties={"community": {"value": 90}}),
        agreements=[{"offer": "b", "started": "2026-10-01"}],
        drivers=[
            {"kind": "requirement", "id": "ai", "services": ["desk"], "at": "2028-04-01",
             "p": "0.4", "size": "0.3", "adapts": {"b": 33}},
            {"kind": "supplier_failure", "supplier": "acme", "at": "2029-04-01"},
            {"kind": "reorganisation", "at": "2028-04-01", "p": 1, "on_vesting": "merge",
             "by_offer": {"b": "split"}, "successors": ["North", "South"]},
        ],
        outcomes=[
            {"id": "o", "statement": "s", "measure": "m", "unit": "u", "baseline": 1, "target": 5,
             "value": 100},
            {"id": "w", "statement": "s", "measure": "m", "unit": "u", "baseline": 8, "target": 2,
             "better": "lower", "swing_weight": "0.7"},
        ],
        rules=[{"kind": "max_suppliers", "limit": 2}],
        money={"price_base": "2026-27", "discounting": "green-book-2026", "deflator": "gdp",
               "irrecoverable_vat": "0.02"},
        indices={"gdp": "0.025"},
        appraisal={"swing_value": 600, "optimism_bias": {"operating": "0.1", "capital": "0.2"}},
    )  # fmt: skip
    tree = grow(given)
    nodes = plan(given, tree, {0: [("procure", "a", 1)], 1: [("end", "a", 2)]})
    accounts = account(given, tree, nodes)
    assert accounts.discrepancies == ()
    bound = (accounts.cost * Decimal("0.9951")).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    headline = {
        "status": "within_gap",
        "reason": "gap_reached",
        "cost": accounts.cost,
        "bound": bound,
        "gap": Decimal("0.004901") if bound < accounts.cost * Decimal("0.9951") else "0.0049",
        "verified": True,
    }
    result = {
        **headline,
        "input_sha256": digest(given),
        "version": "0.1.0",
        "seed": 7,
        "mean": accounts.mean,
        "cvar": accounts.cvar,
        "authority_cost": accounts.authority_cost,
        "low": accounts.low,
        "high": accounts.high,
        "expected": accounts.expected,
        "indicative_share": accounts.indicative_share,
        "financial_years": accounts.financial_years,
        "leaves": accounts.leaves,
        "swing_score": accounts.swing_score,
        "parties": accounts.parties,
        "nodes": accounts.nodes,
        "tree": tree,
        "verification": accounts.verification,
    }
    return Plan.model_validate({**headline, "result": result, "run": RUN, "case": given})


def small_award() -> Award:
    """Two lots to two suppliers, with a discount, switching and onboarding."""
    event = Event.model_validate(
        {
            "event": "Test",
            "lots": [{"id": "L1", "incumbent": "s2", "switching": 50}, {"id": "L2", "quantity": 4},
                     {"id": "L3", "unawarded": 11}],
            "suppliers": [{"id": "s1", "onboarding": 20}, {"id": "s2"}],
            "bids": [
                {"id": "b1", "supplier": "s1", "lots": {"L1": 1}, "price": 100},
                {"id": "b2", "supplier": "s2", "lots": {"L2": 4}, "unit_price": "2.505"},
            ],
            "discounts": [{"supplier": "s1", "from_value": 50, "rate": "0.1"}],
            "rules": [{"kind": "max_winners", "limit": 2}],
        }
    )  # fmt: skip
    winners = (
        Winner(bid="b1", supplier="s1", lots={"L1": Decimal(1)}, price=Decimal(100)),
        Winner(bid="b2", supplier="s2", lots={"L2": Decimal(4)}, price=Decimal("10.02")),
    )
    accounts = award(event, winners, ("L3",))
    assert accounts.discrepancies == ()
    headline = {
        "status": "optimal",
        "reason": "proved",
        "cost": accounts.cost,
        "bound": accounts.cost,
        "gap": 0,
        "verified": True,
    }
    result = {
        **headline,
        "input_sha256": digest(event),
        "version": "0.1.0",
        "seed": 7,
        "ground": "award",
        "winners": winners,
        "suppliers": accounts.suppliers,
        "unawarded": ("L3",),
        "costs": accounts.costs,
        "verification": accounts.verification,
    }
    return Award.model_validate({**headline, "result": result, "run": RUN, "event": event})


Step = tuple[str | int, ...]


def figures(value: Any, path: Step = ()) -> Iterator[tuple[Step, Any]]:
    """Every figure of a document, with the way to it."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in OPEN:
                yield from figures(part, (*path, key))
    elif isinstance(value, list | tuple):
        for position, part in enumerate(value):
            yield from figures(part, (*path, position))
    elif isinstance(value, int | Decimal):
        yield path, value


def replaced(value: Any, path: Step, new: Any) -> Any:
    """A copy with one value changed."""
    if not path:
        return new
    if isinstance(value, dict):
        return {k: replaced(v, path[1:], new) if k == path[0] else v for k, v in value.items()}
    return [replaced(v, path[1:], new) if i == path[0] else v for i, v in enumerate(value)]


def step_of(path: Step, value: Any) -> Any:
    """A little more: a penny, a thousandth of a unit, a billionth, or one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    names = {str(part) for part in path}
    if names & {"volumes", "unmet", "demand", "quantity"} and "costs" not in names:
        return value + Decimal("0.001")
    if names & {"p", "probability"}:
        return value - Decimal("0.000000001") if value > 0 else value
    if names & {"gap", "indicative_share", "budget", "change_rate", "size", "rate", "share"}:
        return value + Decimal("0.000001")
    if "swing_score" in names:
        return value + Decimal("0.0001")
    return value + Decimal("0.01")


def test_a_right_plan_passes() -> None:
    assert plan_document(small_plan()) == ()


def test_a_right_award_passes() -> None:
    assert award_document(small_award()) == ()


def test_a_plan_passes_after_being_stored() -> None:
    stored = small_plan()
    assert plan_document(Plan.model_validate_json(stored.model_dump_json())) == ()


def test_every_figure_of_a_plan_counts() -> None:
    """A penny, a thousandth or one more, anywhere in result, headline or case, is noticed."""
    stored = small_plan().model_dump()
    count = 0
    for path, value in figures(stored):
        try:
            changed = Plan.model_validate(replaced(stored, path, step_of(path, value)))
        except ValidationError:
            continue
        count += 1
        assert plan_document(changed), path
    assert count > 200


def test_every_figure_of_an_award_counts() -> None:
    stored = small_award().model_dump()
    count = 0
    for path, value in figures(stored):
        try:
            changed = Award.model_validate(replaced(stored, path, step_of(path, value)))
        except ValidationError:
            continue
        count += 1
        assert award_document(changed), path
    assert count > 40


def lists(value: Any, path: Step = ()) -> Iterator[tuple[Step, Any]]:
    """Every list and dictionary with entries, with the way to it."""
    if isinstance(value, dict | list | tuple) and value:
        yield path, value
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in items:
            if key not in OPEN:
                yield from lists(part, (*path, key))


def test_every_entry_of_a_plan_counts() -> None:
    """Leaving out the last entry of any list or dictionary of the result is noticed."""
    stored = small_plan().model_dump()
    count = 0
    for path, value in lists(stored["result"], ("result",)):
        if path == ("result", "tree") or "not_modelled" in path:
            continue  # words for the reader, not figures
        shorter = dict(list(value.items())[:-1]) if isinstance(value, dict) else list(value)[:-1]
        try:
            changed = Plan.model_validate(replaced(stored, path, shorter))
        except ValidationError:
            continue
        if changed.result == Plan.model_validate(stored).result:
            continue  # what was left out was a default
        count += 1
        assert plan_document(changed), path
    assert count > 50


@pytest.mark.parametrize(
    "decision",
    [
        {"action": "end", "offer": "a", "effect": 1},
        {"action": "procure", "offer": "b", "effect": 1},
        {"action": "procure", "offer": "a", "effect": 2},
    ],
)
def test_every_decision_counts(decision: dict[str, Any]) -> None:
    stored = small_plan().model_dump()
    path = ("result", "nodes", 0, "decisions", 0)
    assert plan_document(Plan.model_validate(replaced(stored, path, decision)))


def test_the_case_counts() -> None:
    stored = small_plan()
    other = stored.case.model_copy(update={"title": "Another"})
    found = plan_document(stored.model_copy(update={"case": other}))
    assert len(found) == 1
    assert found[0].startswith("result.input_sha256: ")
    later = stored.case.horizon.model_copy(update={"start": date(2027, 5, 1)})
    assert plan_document(
        stored.model_copy(update={"case": stored.case.model_copy(update={"horizon": later})})
    )


def test_differences_are_said_with_their_place() -> None:
    stored = small_plan()
    result = stored.result.model_copy(update={"high": Decimal("1.00")})
    assert plan_document(stored.model_copy(update={"result": result})) == (
        f"result.high: 1.00 stated, {stored.result.high} recomputed",
    )


def without_plan(status: str, **more: Any) -> Plan:
    stored = small_plan().model_dump()
    headline = {"status": status, "reason": "proved", "cost": None, "bound": None, "gap": None,
                "verified": False, **more}  # fmt: skip
    kept = {k: stored["result"][k] for k in ("input_sha256", "version", "seed", "tree")}
    return Plan.model_validate({**stored, **headline, "result": {**headline, **kept}})


def test_a_document_without_a_plan() -> None:
    assert plan_document(without_plan("infeasible")) == ()
    assert plan_document(without_plan("unknown")) == ()
    assert plan_document(without_plan("optimal"))
    assert plan_document(without_plan("infeasible", cost=Decimal(5)))
    assert plan_document(without_plan("infeasible", verified=True))


@pytest.mark.parametrize(
    "name", ["mean", "cvar", "authority_cost", "low", "high", "indicative_share", "swing_score"]
)
def test_a_document_without_a_plan_states_no_figure(name: str) -> None:
    stored = without_plan("infeasible")
    for amount in (Decimal(0), Decimal(5)):
        result = stored.result.model_copy(update={name: amount})
        assert plan_document(stored.model_copy(update={"result": result})) == (
            f"result.{name}: stated, without anything to recompute",
        )


def test_a_plan_has_no_conflicts() -> None:
    stored = small_plan()
    result = stored.result.model_copy(update={"conflicts": ("the rule `cap`",)})
    assert plan_document(stored.model_copy(update={"result": result})) == (
        "result.conflicts: stated, although there is a plan",
    )


@pytest.mark.parametrize("status", ["optimal", "feasible", "infeasible"])
def test_status_and_gap_agree(status: str) -> None:
    """An award proven optimal is optimal, nothing else; a plan at 0.49% is not optimal."""
    given = small_award()
    result = given.result.model_copy(update={"status": status})
    changed = given.model_copy(update={"status": status, "result": result})
    assert bool(award_document(changed)) == (status != "optimal")


def test_within_gap_is_within_the_gap_asked_for() -> None:
    stored = small_plan()
    run = stored.run.model_copy(update={"settings": {"gap": 0.001}})
    found = plan_document(stored.model_copy(update={"run": run}))
    assert len(found) == 1
    assert "asked for was 0.001" in found[0]


def test_a_bound_above_the_cost_is_noticed() -> None:
    stored = small_award()
    update = {"bound": stored.result.bound + Decimal("0.01") if stored.result.bound else None}
    changed = stored.model_copy(
        update={**update, "result": stored.result.model_copy(update=update)}
    )
    assert any("is above the cost" in text for text in award_document(changed))


def test_a_study_is_no_ground_for_award() -> None:
    stored = small_award()
    event = stored.event.model_copy(update={"purpose": "design"})
    result = stored.result.model_copy(update={"input_sha256": digest(event)})
    found = award_document(stored.model_copy(update={"event": event, "result": result}))
    assert "an event for design is stated to be a ground for award" in found


def test_a_case_or_event_that_does_not_fit_together_is_said_so() -> None:
    stored = small_plan()
    failing = stored.case.drivers[1].model_copy(update={"supplier": "nosuch"})
    broken = stored.case.model_copy(update={"drivers": (stored.case.drivers[0], failing)})
    found = plan_document(stored.model_copy(update={"case": broken}))
    assert any(text.startswith("case: drivers[1].supplier") for text in found), found
    given = small_award()
    bid = given.event.bids[0].model_copy(update={"supplier": "nosuch"})
    event = given.event.model_copy(update={"bids": (bid, given.event.bids[1])})
    said = award_document(given.model_copy(update={"event": event}))
    assert any(text.startswith("event: bids[0].supplier") for text in said), said


def test_a_winner_of_an_unknown_lot_is_said_so() -> None:
    given = small_award()
    first = given.result.winners[0].model_copy(update={"lots": {"zz": Decimal(1)}})
    result = given.result.model_copy(update={"winners": (first, given.result.winners[1])})
    found = award_document(given.model_copy(update={"result": result}))
    assert any("wins lots that it is not for" in text for text in found)
