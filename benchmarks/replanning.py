"""Planning again from an earlier plan: the time to the gap that planning anew comes to.

A portfolio is planned for a given time; then a price, a rule or the year changes, and it is planned
again twice, anew and from the earlier plan, until the gap that the first search ended with. Prints
a row for each: that gap, seconds of either to it (wall clock and processor), and their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.planning_cases import SIZES, portfolio

from sourcemix.engine import search
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.earlier import Earlier
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.futures import grow
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case
from sourcemix.model.common import central
from sourcemix.model.offers import Agreement, Offer
from sourcemix.model.plan import Progress
from sourcemix.model.rules import MaxLive
from sourcemix.model.tree import Node, Tree

NODES = 100_000
LONGER = 3.0
"""How much longer than the first search the others may take to its gap."""
ROW = "{:<6} {:<6} {:>4} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7} {:>7}"
Change = Callable[[Case, Earlier], Case]


def price(case: Case, _: Earlier) -> Case:
    """Every tenth offer becomes dearer by a twentieth."""
    offers = list(case.offers)
    for place in range(0, len(offers), 10):
        terms = {}
        for name, entry in offers[place].services.items():
            listed = entry.price if isinstance(entry.price, tuple) else (entry.price,)
            dearer = tuple(Decimal(str(amount)) * Decimal("1.05") for amount in listed)
            terms[name] = entry.model_copy(update={"price": dearer})
        offers[place] = offers[place].model_copy(update={"services": terms})
    return case.model_copy(update={"offers": tuple(offers)})


def rule(case: Case, _: Earlier) -> Case:
    """Two agreements fewer at a time."""
    rules = tuple(
        one.model_copy(update={"limit": one.limit - 2}) if isinstance(one, MaxLive) else one
        for one in case.rules
    )
    return case.model_copy(update={"rules": rules})


def year(case: Case, earlier: Earlier) -> Case:
    """A year has gone by, as was likeliest: what the plan made live is an agreement of today."""
    horizon = case.horizon
    now = max((n for n in earlier.tree.nodes if n.parent == 0), key=lambda node: node.p)
    later = horizon.model_copy(update={"start": horizon.begins(1), "periods": horizon.periods - 1})
    first, second = earlier.nodes[0], earlier.nodes[now.id]
    signed = [
        Agreement(offer=position.offer, started=later.begins(-position.age))
        for position in second.positions
        if position.since != now.id
    ]
    held = {agreement.offer for agreement in signed}
    signed += [
        Agreement(offer=decision.offer, pending=horizon.begins(decision.effect))
        for decision in first.decisions
        if decision.action == "procure" and decision.effect > 0 and decision.offer not in held
    ]
    services = tuple(
        service.model_copy(update={"demand": now.demand[service.id]}) for service in case.services
    )
    offers = tuple(_as_at(offer, now) for offer in case.offers)
    changed = {"horizon": later, "agreements": tuple(signed), "services": services}
    changed["offers"] = offers
    return canonical(case.model_copy(update=changed))


def _as_at(offer: Offer, now: Node) -> Offer:
    """An offer at the prices of a node."""
    factor = now.prices.get(offer.id)
    if factor is None:
        return offer
    terms = {}
    for name, entry in offer.services.items():
        listed = entry.price if isinstance(entry.price, tuple) else (entry.price,)
        moved = tuple(Decimal(f"{float(central(p)) * float(factor.price):.2f}") for p in listed)
        terms[name] = entry.model_copy(update={"price": moved})
    fixed = tuple(
        Decimal(f"{float(central(p)) * float(factor.fixed):.0f}")
        for p in (offer.fixed if isinstance(offer.fixed, tuple) else (offer.fixed,))
    )
    return offer.model_copy(update={"services": terms, "fixed": fixed})


CHANGES: dict[str, Change] = {"price": price, "rule": rule, "year": year}


def solve(case: Case, limits: Limits, earlier: Earlier | None) -> tuple[Tree, PlanAnswer]:
    """Plan with the search alone."""
    tree = grow(case, budget=NODES)
    problem = compile_problem(case, tree)
    return tree, search.solve(problem, active_rules(problem), limits, earlier=earlier)


def reached(answer: PlanAnswer, gap: float) -> float:
    """Seconds after which a gap was reached; infinite if it was not."""
    for entry in answer.trace:
        if entry.cost is not None and entry.bound is not None and _gap(entry) <= gap:
            return entry.seconds
    return float("inf")


def _gap(figures: Progress | PlanAnswer) -> float:
    cost = figures.claimed if isinstance(figures, PlanAnswer) else figures.cost
    assert cost is not None
    assert figures.bound is not None
    return (cost - figures.bound) / abs(cost)


def timed(case: Case, limits: Limits, earlier: Earlier | None) -> tuple[PlanAnswer, float, float]:
    """Plan; the answer, seconds to the gap, and processor seconds in all."""
    began = time.process_time()
    _, answer = solve(case, limits, earlier)
    return answer, reached(answer, limits.gap), time.process_time() - began


def row(size: str, name: str, seed: int, seconds: float) -> float:
    """Plan one portfolio, change it, plan it again both ways, and print the row."""
    case = portfolio(SIZES[size], seed)
    tree, first = solve(case, Limits(gap=1e-5, seconds=seconds), None)
    assert first.nodes is not None
    earlier = Earlier(case.horizon, tree, first.nodes, first.multipliers)
    changed = CHANGES[name](case, earlier)
    limits = Limits(gap=max(_gap(first), 1e-5), seconds=LONGER * seconds)
    _, one, spent = timed(changed, limits, None)
    again, two, spent_again = timed(changed, limits, earlier)
    if "-v" in sys.argv:
        print([(round(t.seconds, 1), t.cost, t.bound) for t in first.trace][-3:])
        print([(round(t.seconds, 1), t.cost, t.bound) for t in again.trace][:8])
    print(
        ROW.format(
            size,
            name,
            seed,
            f"{limits.gap:.4%}",
            f"{one:.1f} s",
            f"{spent:.1f} s",
            f"{two:.1f} s",
            f"{spent_again:.1f} s",
            f"{two / one:.2f}",
            f"{_gap(again):.4%}",
        ),
        flush=True,
    )
    return two / one


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="134")
    options.add_argument("--changes", default="price,rule,year")
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("-v", action="store_true")
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--time", type=float, default=30.0, help="seconds of the first search")
    given = options.parse_args()
    solve(portfolio(SIZES["56"], 0), Limits(effort=1), None)  # compiles
    heads = ("gap", "anew", "cpu", "again", "cpu", "ratio", "ends at")
    print(ROW.format("nodes", "change", "seed", *heads))
    for size in given.sizes.split(","):
        for name in given.changes.split(","):
            ratios = [
                row(size, name, seed, given.time)
                for seed in range(given.first, given.first + given.seeds)
            ]
            print(f"{size} {name}: median ratio {statistics.median(ratios):.2f}", flush=True)


if __name__ == "__main__":
    main()
