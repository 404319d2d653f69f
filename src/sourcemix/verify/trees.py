"""A tree checked against the drivers of its case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import prod

from sourcemix.model.case import Case
from sourcemix.model.tree import Node, Tree
from sourcemix.verify.arithmetic import number, to_places
from sourcemix.verify.tree_drivers import Mover, Path, movers
from sourcemix.verify.tree_figures import figure_faults

HALF_STEP = Fraction(5, 10**10)
"""Most by which rounding to nine decimals moves a probability."""


def tree_faults(case: Case, tree: Tree) -> tuple[str, ...]:
    """What is wrong with a tree, in words: nothing if it is the exact product of the drivers.

    At every node the siblings below are compared with all that each driver may do there, each
    with the product of the drivers' exact probabilities. That covers what each driver does alone
    and that drivers are independent. The figures of each node are worked out again from what has
    been seen on the way to it.
    """
    faults = tuple(_structure(case, tree))
    if faults:
        return faults
    known = movers(case)
    children = tree.children()
    paths: list[Path] = []
    found: list[str] = []
    for node in tree.nodes:
        above = () if node.parent is None else paths[node.parent]
        paths.append((*above, (node.period, node.seen)))
        found += figure_faults(case, known, node, paths[-1])
        below = [tree.nodes[child] for child in children[node.id]]
        if below:
            found += _sibling_faults(known, node, below, paths[-1])
    return tuple(found)


def _structure(case: Case, tree: Tree) -> Iterator[str]:
    """Faults of numbering, parents, periods; the rest is only looked at where there are none."""
    last = case.horizon.periods - 1
    parents = {node.parent for node in tree.nodes}
    for position, node in enumerate(tree.nodes):
        if node.id != position:
            yield f"tree: node {node.id} stands at position {position}"
        elif position == 0:
            if node.parent is not None or node.period != 0 or node.p != 1 or node.seen:
                yield "tree: the first node should have no parent, period 0 and probability 1"
        elif node.parent is None or not 0 <= node.parent < position:
            yield f"tree: node {node.id} should have a parent that comes before it"
        elif node.period != tree.nodes[node.parent].period + 1:
            yield f"tree: node {node.id} is not in the period after its parent's"
        if (position in parents) == (node.period >= last):
            yield (
                f"tree: node {node.id} is in period {node.period} and has "
                f"{'' if position in parents else 'no '}nodes below; futures end with "
                f"period {last}"
            )


def _sibling_faults(
    known: Mapping[str, Mover], node: Node, below: list[Node], path: Path
) -> Iterator[str]:
    where = f"tree: the nodes below node {node.id}"
    total = sum((Fraction(child.p) for child in below), Fraction(0))
    if total != 1:
        yield f"{where} have probabilities that add up to {number(total)}"
    exact = dict(_combinations(known, node.period + 1, path))
    seen: set[frozenset[tuple[str, str]]] = set()
    for position, child in enumerate(below):
        key = frozenset(child.seen.items())
        if key in seen:
            yield f"tree: node {child.id} sees the same as one of its siblings"
        seen.add(key)
        p = exact.get(key)
        if p is None:
            yield f"tree: node {child.id} sees what the drivers do not allow: {child.seen}"
            continue
        # The last sibling takes what rounding leaves of the others.
        tolerance = HALF_STEP * len(exact) if position == len(below) - 1 else HALF_STEP
        if abs(Fraction(child.p) - p) > tolerance:
            yield (
                f"tree: node {child.id} has probability {child.p}; by the drivers it is "
                f"{to_places(p, 9)}"
            )
    for key, p in exact.items():
        if key not in seen and p > HALF_STEP * len(exact):
            yield f"{where} leave out {dict(sorted(key))}, with probability {to_places(p, 9)}"


def _combinations(
    known: Mapping[str, Mover], period: int, path: Path
) -> Iterator[tuple[frozenset[tuple[str, str]], Fraction]]:
    """Every combination of what may be seen next, with its exact probability."""
    followers: dict[str, list[str]] = {}
    for mover in known.values():
        followers.setdefault(mover.moves_with, []).append(mover.name)
    choices = []
    for leader, names in sorted(followers.items()):
        ways = known[leader].may(period, path)
        if ways:
            choices.append([(names, label, p) for label, p in ways.items()])
    for combination in product(*choices):
        key = frozenset((name, label) for names, label, _ in combination for name in names)
        yield key, prod((p for _, _, p in combination), start=Fraction(1))
