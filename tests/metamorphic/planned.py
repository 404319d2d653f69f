"""Plans of cases, and what they say in words that do not depend on ids, orders and numbers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from tests.differential.draw import draft_case
from tests.differential.solving import in_process

from sourcemix import files
from sourcemix.app.plan import plan_case
from sourcemix.engine import highs, planning
from sourcemix.engine.answer import Limits
from sourcemix.engine.planning.model import build_model
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.evidence import fill
from sourcemix.futures import grow
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case
from sourcemix.model.plan import PlanResult, Position
from sourcemix.model.tree import Tree
from sourcemix.verify import account

EXAMPLE = Path(__file__).parents[2] / "examples" / "two-services.yaml"
Names = dict[str, str]


@lru_cache(maxsize=512)
def drawn(seed: int, family: str = "", period: str = "") -> Case:
    """A small random case that has a plan; with periods of a given length, if one is named."""
    for attempt in range(1000):
        found = draft_case(Random(f"metamorphic {family} {seed} {attempt}"))
        if found is None or period not in ("", found[0].horizon.period):
            continue
        if _has_a_plan(*found):
            return found[0]
    raise AssertionError(f"no small case for seed {seed}")


@in_process()
def _has_a_plan(case: Case, tree: Tree) -> bool:
    problem = compile_problem(case, tree)
    model = build_model(problem, active_rules(problem))
    return highs.solve(model.milp, Limits(gap=1, seconds=20)).x is not None


@lru_cache(maxsize=1)
def example() -> Case:
    """The example of two services, filled in, so that its forms can be renamed, too."""
    return fill(files.read_case(EXAMPLE))


@in_process()
def result(case: Case, seed: int = 0) -> PlanResult:
    """The proven best plan, recomputed independently."""
    return plan_case(case, gap=0, seconds=60, seed=seed).result


@in_process()
def cost(case: Case) -> float:
    """Of the proven best plan of a case that is stated in full, in pounds; infinite without one."""
    ready = canonical(case)
    tree = grow(ready)
    found = planning.solve(ready, tree, Limits(gap=0, seconds=60))
    if found.nodes is None:
        assert found.status == "infeasible"
        return float("inf")
    assert found.status == "optimal"
    accounts = account(ready, tree, found.nodes)
    assert accounts.discrepancies == ()
    return float(accounts.cost)


@lru_cache(maxsize=512)
def result_of(seed: int) -> PlanResult:
    """That of a random case; -1 stands for the example."""
    return result(case_of(seed))


def case_of(seed: int) -> Case:
    """A random case; -1 stands for the example."""
    return example() if seed < 0 else drawn(seed)


def figures(found: PlanResult) -> tuple[Any, ...]:
    """Status and money."""
    return found.status, found.cost, found.bound, found.mean, found.cvar, found.expected


def told(found: PlanResult, old: Names) -> dict[Any, Any]:
    """What is done at each node: nodes by what has been seen, all by their old names."""
    places = _places(found.tree, old)
    return {
        places[node.node]: {
            "decisions": sorted(
                (old.get(d.offer, d.offer), d.action, d.effect) for d in node.decisions
            ),
            "live": sorted(_position(position, places, old) for position in node.positions),
            "unmet": {old.get(name, name): units for name, units in node.unmet.items()},
            "costs": node.costs,
            "exposure": node.exposure,
        }
        for node in found.nodes
    }


def _position(position: Position, places: list[str], old: Names) -> tuple[Any, ...]:
    return (
        old.get(position.offer, position.offer),
        "today" if position.since is None else places[position.since],
        position.age,
        position.ends or 0,
        sorted((old.get(name, name), units) for name, units in position.volumes.items()),
    )


def _places(tree: Tree, old: Names) -> list[str]:
    """By node: all that was seen up to it."""
    places: list[str] = []
    for node in tree.nodes:
        above = "" if node.parent is None else places[node.parent]
        seen = sorted((_driver(name, old), label) for name, label in node.seen.items())
        places.append(f"{above}{seen}")
    return places


def _driver(name: str, old: Names) -> str:
    """The old name of a driver; that of a failure holds the name of a supplier."""
    kind, colon, who = name.rpartition(":")
    return f"{kind}{colon}{old.get(who, who)}"
