"""An earlier plan, laid on the tree of the case that is planned now: by ids and dates.

A changed price, rule or year changes the tree; where a node stands in the earlier one is told by
its date and by what has been seen on the way to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sourcemix.engine.problem import TODAY, Problem
from sourcemix.model.case import Horizon
from sourcemix.model.plan import Multipliers, PlanNode
from sourcemix.model.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a new search takes from an earlier one.

    Attributes:
        horizon: of the case that it was made for.
        tree: the futures that it was made for.
        nodes: its mix at every node.
        multipliers: prices that it ended with, if they were kept.
    """

    horizon: Horizon
    tree: Tree
    nodes: tuple[PlanNode, ...]
    multipliers: Multipliers | None = None


def matched(problem: Problem, earlier: Earlier) -> list[int]:
    """By node of the problem: the node of the earlier tree that is most like it.

    The walk goes down both trees by date. Among the nodes that could follow, the one is taken on
    the way to which the same was seen; then that with the nearest demand and prices; then the
    likelier one. Before the earlier plan begins, its first node stands for all; after its end,
    the last one that was reached.
    """
    children = earlier.tree.children()
    chances = earlier.tree.probabilities()
    horizon = problem.case.horizon
    found: list[int] = []
    for node in problem.tree.nodes:
        date = horizon.begins(node.period)
        period = min(max(earlier.horizon.period_of(date), 0), earlier.horizon.periods - 1)
        if node.parent is None:
            level = [n.id for n in earlier.tree.nodes if n.period == period]
        else:
            level = [found[node.parent]]
            while earlier.tree.nodes[level[0]].period < period:
                level = [child for above in level for child in children[above]]
        found.append(min(level, key=lambda at: (*_unlike(earlier, node, at), -chances[at], at)))
    return found


def _unlike(earlier: Earlier, node: Node, at: int) -> tuple[int, float]:
    """How much two nodes differ: in what is seen there, and in demand and prices."""
    other = earlier.tree.nodes[at]
    differing = sum(1 for driver, what in node.seen.items() if other.seen.get(driver, what) != what)
    differing += len({*node.failed, *node.withdrawn} ^ {*other.failed, *other.withdrawn})
    moved = 0.0
    for service, units in node.demand.items():
        before = other.demand.get(service)
        if before is not None and (before or units):
            moved += abs(float(units) - float(before)) / max(float(units), float(before))
    for offer, factor in node.prices.items():
        was = other.prices.get(offer)
        if was is not None:
            moved += abs(float(factor.price) - float(was.price))
    return differing, moved


def wanted(problem: Problem, earlier: Earlier, match: Sequence[int]) -> list[frozenset[int]]:
    """By node of the problem: the offers that the earlier plan has live there."""
    place = {terms.id: offer for offer, terms in enumerate(problem.offers)}
    live = [
        frozenset(place[p.offer] for p in node.positions if p.offer in place)
        for node in earlier.nodes
    ]
    return [live[at] for at in match]


def procured(
    problem: Problem, earlier: Earlier, match: Sequence[int]
) -> frozenset[tuple[int, int]]:
    """Offers and nodes of the problem at which the earlier plan procures them."""
    place = {terms.id: offer for offer, terms in enumerate(problem.offers)}
    parents = [int(parent) for parent in problem.parent]
    return frozenset(
        (place[decision.offer], node)
        for node, at in enumerate(match)
        # Beyond the end of the earlier plan its last nodes stand for more than themselves.
        if parents[node] == TODAY or match[parents[node]] != at
        for decision in earlier.nodes[at].decisions
        if decision.action == "procure" and decision.offer in place
    )
