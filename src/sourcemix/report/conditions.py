"""The shortest words that tell some nodes of a period from the others.

What is known at a node is a row of *facts*: one for each driver, with what has been seen of it
so far. A *term* is a few facts that must all hold; some nodes are described by one term, or by
several of which any holds. The search is complete up to `_WIDTH` facts in a term and takes the
fewest and shortest, in a fixed order, so that the same tree always gives the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from sourcemix.model.tree import Tree

Fact = tuple[str, str]
"""A driver's key and what has been seen of it."""
Term = tuple[Fact, ...]
"""Facts that hold together."""

_WIDTH = 3
_MOST_TERMS = 3


def known(tree: Tree) -> tuple[dict[str, str], ...]:
    """What has been seen of each driver by each node.

    Drivers that are seen once, or that answer yes or no, have one key, their id: `yes` stays. One
    that is seen again and again (a trend) has a key for each period in which it was seen,
    `id@period`.
    """
    repeated = _repeated(tree)
    rows: list[dict[str, str]] = []
    for node in tree.nodes:
        row = {} if node.parent is None else dict(rows[node.parent])
        for driver, value in node.seen.items():
            if driver in repeated:
                row[f"{driver}@{node.period}"] = value
            elif row.get(driver) != "yes":
                row[driver] = value
        rows.append(row)
    return tuple(rows)


def _repeated(tree: Tree) -> frozenset[str]:
    """Drivers that are seen more than once on a path and say more than yes or no."""
    periods: dict[str, set[int]] = {}
    values: dict[str, set[str]] = {}
    for node in tree.nodes:
        for driver, value in node.seen.items():
            periods.setdefault(driver, set()).add(node.period)
            values.setdefault(driver, set()).add(value)
    return frozenset(
        driver
        for driver, seen in periods.items()
        if len(seen) > 1 and not values[driver] <= {"yes", "no"}
    )


def describe(
    rows: Sequence[Mapping[str, str]], chosen: frozenset[int], among: Sequence[int]
) -> tuple[Term, ...] | None:
    """Terms of which at least one holds at every chosen node and none at any other of `among`.

    Args:
        rows: what is known by node, from `known`.
        chosen: some of the nodes.
        among: all nodes of the period.

    Returns:
        The terms; empty where all nodes are chosen; None where no few words tell them apart.
    """
    others = [node for node in among if node not in chosen]
    if not others:
        return ()
    where = _where(rows, among)
    found: list[tuple[Term, frozenset[int]]] = []
    for width in range(1, _WIDTH + 1):
        for term in combinations(where, width):
            if len({key for key, _ in term}) < width:
                continue
            held = frozenset.intersection(*(where[fact] for fact in term))
            if not held or not held <= chosen:
                continue
            if held == chosen:
                return (term,)
            found.append((term, held))
    return _cover(found, chosen)


def _where(rows: Sequence[Mapping[str, str]], among: Sequence[int]) -> dict[Fact, frozenset[int]]:
    """Facts that hold at some of the nodes but not at all, with the nodes where they do."""
    nodes: dict[Fact, set[int]] = {}
    for node in among:
        for fact in rows[node].items():
            nodes.setdefault(fact, set()).add(node)
    return {
        fact: frozenset(nodes[fact])
        for fact in sorted(nodes, key=lambda fact: ("@" in fact[0], fact))
        if len(nodes[fact]) < len(among)
    }


def _cover(
    found: list[tuple[Term, frozenset[int]]], chosen: frozenset[int]
) -> tuple[Term, ...] | None:
    """Greedy: the term that adds most nodes, the shorter first, until all are covered."""
    left = set(chosen)
    terms: list[Term] = []
    while left and len(terms) < _MOST_TERMS:
        term, held = max(
            found,
            key=lambda entry: (len(left & entry[1]), -len(entry[0])),
            default=((), frozenset()),
        )
        if not left & held:
            return None
        terms.append(term)
        left -= held
    return None if left else tuple(terms)
