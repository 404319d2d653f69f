"""The tree of futures: what may be known at each place, with what probability.

A node's figures are what every part of the product plans with; they follow from the case's
drivers alone, and `verify` checks that they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from sourcemix.model.common import Factor, Frozen, Id, Probability, Volume


class PriceFactor(Frozen):
    """Multipliers on the charges of one offer."""

    price: Factor
    """On unit prices."""
    fixed: Factor
    """On the fixed charge."""


class Node(Frozen):
    """A place in the tree: a period, and what has happened so far."""

    id: int = Field(ge=0)
    """Position in the tree; a parent comes before its children."""
    parent: int | None
    """Node of the period before; none for the first."""
    period: int = Field(ge=0)
    """Period, from 0."""
    p: Probability
    """Probability given the parent; those of siblings add up to exactly 1."""
    seen: dict[str, str] = {}
    """What is seen here for the first time: driver to what happened, in words. For trends the
    point (`low`, `middle`, `high`), for steps the position of the outcome (`0`, `1` …), for
    everything else `yes` or `no`."""
    demand: dict[Id, Volume] = {}
    """Units of each service in this period (not a year), to a thousandth."""
    prices: dict[Id, PriceFactor] = {}
    """Multipliers by offer, where a price driver names it."""
    failed: tuple[Id, ...] = ()
    """Suppliers that have failed by now."""
    just_failed: tuple[Id, ...] = ()
    """Suppliers that failed within the last `emergency_periods`."""
    withdrawn: tuple[Id, ...] = ()
    """Offers that the other side has withdrawn by now."""
    arisen: tuple[Id, ...] = ()
    """Requirement drivers that have arisen by now."""
    in_force: tuple[Id, ...] = ()
    """Policy drivers whose rule is in force."""
    ended: tuple[Id, ...] = ()
    """Offers whose live agreements end as this period begins, by reorganisation."""
    split: dict[Id, int] = {}
    """By offer: into how many agreements one that was live the period before it first stands here
    has been split by reorganisation."""
    merged: tuple[Id, ...] = ()
    """Offers whose agreements, if live the period before they first stand here, have been merged
    with the others of the same supplier by reorganisation."""
    budget: Factor = Decimal(1)
    """Multiplier on budget rules."""


class Tree(Frozen):
    """All futures, bundled by what is known when."""

    nodes: tuple[Node, ...] = Field(min_length=1)
    """Every node, parents before children."""
    method: Literal["exact_product"] = "exact_product"
    """How it was made: every combination of what the drivers may do."""
    not_modelled: tuple[str, ...] = ()
    """What the tree leaves out, in words."""

    def probabilities(self) -> tuple[Fraction, ...]:
        """Exact probability of each node."""
        result: list[Fraction] = []
        for node in self.nodes:
            above = Fraction(1) if node.parent is None else result[node.parent]
            result.append(above * Fraction(node.p))
        return tuple(result)

    def children(self) -> tuple[tuple[int, ...], ...]:
        """Children of each node."""
        result: list[list[int]] = [[] for _ in self.nodes]
        for node in self.nodes:
            if node.parent is not None:
                result[node.parent].append(node.id)
        return tuple(tuple(kids) for kids in result)

    def path(self, node: int) -> Iterator[int]:
        """From a node up to the first one, both included."""
        at: int | None = node
        while at is not None:
            yield at
            at = self.nodes[at].parent
