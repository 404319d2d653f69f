"""The true optimum of a small case, by trying everything.

`by_nodes` tries every joint move of all offers at every node: from each combination of what the
offers may stand at, the cheapest way through the node and everything below it. Arrays have one
axis for each offer.

`by_policies` tries every policy of every offer: all legal moves at all nodes, each combined with
each. It is plainer and takes more. Where it is not too much, the two must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from tests.differential.dispatch import shared, takeover, volumes
from tests.differential.ground import ZERO, Ground
from tests.differential.moves import Live, Move, Moves, Standing, State

from sourcemix.model.case import Case
from sourcemix.model.plan import Decision, PlanNode, Position
from sourcemix.model.tree import Node, Tree

Array = npt.NDArray[np.float64]
Policy = dict[int, Move]
"""A move at every node of the tree, or of the part below a node."""
LARGEST = 20_000_000
"""Most entries of an array."""


class TooManyError(Exception):
    """There is more to try than fits."""


@dataclass(frozen=True)
class Option:
    """A move from one of the states that an offer may be in as a node begins."""

    state: int
    move: Move
    standing: int
    after: int


@dataclass(frozen=True)
class Choices:
    """What one offer may do at one node."""

    states: tuple[State, ...]
    options: tuple[Option, ...]
    standings: tuple[Standing, ...]
    afters: tuple[State, ...]


class Brute:
    """A small case with everything that may be done in it."""

    def __init__(self, case: Case, tree: Tree) -> None:
        self.ground = Ground(case, tree)
        self.movers = [Moves(self.ground, offer) for offer in case.offers]
        self.names = [offer.id for offer in case.offers]
        self.children = tree.children()
        self.choices = [self._choices(mover) for mover in self.movers]

    # ---- every joint move at every node

    @cached_property
    def by_nodes(self) -> float | None:
        """Least expected cost in pounds; None where no plan is possible."""
        best = float(self._values[0][(0,) * len(self.movers)])
        return best if np.isfinite(best) else None

    @cached_property
    def _values(self) -> list[Array]:
        """By node: least cost of it and all below, by the states of all offers at its parent."""
        values: list[Array] = [np.empty(0)] * len(self.ground.nodes)
        for node in reversed(self.ground.nodes):
            total = self._ways(node, values)
            for axis, choices in enumerate(self.choices):
                total = _least(total, axis, choices[node.id])
            values[node.id] = total
        return values

    def _ways(self, node: Node, values: list[Array]) -> Array:
        """Cost of every joint move at a node, with the best of what follows."""
        here = [choices[node.id] for choices in self.choices]
        shape = [len(c.options) for c in here]
        if prod(shape) > LARGEST:
            raise TooManyError
        total = self._joint(node)[np.ix_(*([o.standing for o in c.options] for c in here))]
        for axis, c in enumerate(here):
            total = total + _along(axis, len(here), [float(o.move.cost) for o in c.options])
        for child in self.children[node.id]:
            total += values[child][np.ix_(*([o.after for o in c.options] for c in here))]
        return total

    def _joint(self, node: Node) -> Array:
        """Expected present value of the lines that depend on everybody, by standings."""
        here = [choices[node.id].standings for choices in self.choices]
        # Standings that differ in what was before only are alike but for the takeover.
        alike = [
            _numbered([(s.live, s.serves, s.spend, s.exposure) for s in standings])
            for standings in here
        ]
        known: dict[tuple[int, ...], Fraction | None] = {}
        table = np.full([len(standings) for standings in here], np.inf)
        for at in product(*(range(len(standings)) for standings in here)):
            now = {name: here[i][k] for i, (name, k) in enumerate(zip(self.names, at, strict=True))}
            key = tuple(numbers[k] for numbers, k in zip(alike, at, strict=True))
            if key not in known:
                known[key] = shared(self.ground, node, now)
            cost = known[key]
            if cost is not None:
                cost += takeover(self.ground, now)
                table[at] = float(cost * self.ground.weight(node))
        return table

    # ---- every policy of every offer

    @cached_property
    def by_policies(self) -> float | None:
        """The same, the plain way."""
        policies = [list(self._policies(axis, 0, 0).items()) for axis in range(len(self.movers))]
        if prod(len(found) for found in policies) > LARGEST or not all(policies):
            if all(policies):
                raise TooManyError
            return None
        standing = [np.array([key for key, _ in found]) for found in policies]
        total = np.zeros([len(found) for found in policies])
        for axis, found in enumerate(policies):
            total += _along(axis, len(policies), [float(cost) for _, cost in found])
        for node in self.ground.nodes:
            at = np.ix_(*(s[:, node.id] for s in standing))
            total += self._joint(node)[at]
        best = float(total.min())
        return best if np.isfinite(best) else None

    def _policies(self, axis: int, node: int, state: int) -> dict[tuple[int, ...], Fraction]:
        """Every policy of an offer from a node down, by its standing at every node of the tree.

        Of policies with the same standings everywhere only the cheapest is kept: nobody else
        can tell them apart. Nodes that are not below hold -1.
        """
        found: dict[tuple[int, ...], Fraction] = {}
        for option in self.choices[axis][node].options:
            if option.state != state:
                continue
            below = [self._policies(axis, c, option.after) for c in self.children[node]]
            for parts in product(*(b.items() for b in below)):
                keys = [key for key, _ in parts]
                merged = [max(ks, default=-1) for ks in zip(*keys, strict=True)]
                merged = merged or [-1] * len(self.ground.nodes)
                merged[node] = option.standing
                cost = option.move.cost + sum((c for _, c in parts), ZERO)
                known = found.get(tuple(merged))
                found[tuple(merged)] = cost if known is None else min(cost, known)
                if len(found) > LARGEST // 100:
                    raise TooManyError
        return found

    # ---- plans

    def plan(self) -> list[Policy]:
        """A best plan, by offer: the moves at every node. Only where one is possible."""
        best: list[Policy] = [{} for _ in self.movers]
        states = {0: (0,) * len(self.movers)}
        for node in self.ground.nodes:
            ways = self._ways(node, self._values)
            for axis, (choices, state) in enumerate(
                zip(self.choices, states[node.id], strict=True)
            ):
                wrong = [o.state != state for o in choices[node.id].options]
                index: list[Any] = [slice(None)] * len(self.movers)
                index[axis] = np.array(wrong)
                ways[tuple(index)] = np.inf
            at = np.unravel_index(int(np.argmin(ways)), ways.shape)
            taken = [c[node.id].options[k] for c, k in zip(self.choices, at, strict=True)]
            for policy, option in zip(best, taken, strict=True):
                policy[node.id] = option.move
            for child in self.children[node.id]:
                states[child] = tuple(option.after for option in taken)
        return best

    def any_plan(self, rng: Random) -> list[Policy] | None:
        """A plan of moves that are legal one by one, taken blindly; None at a dead end."""
        found: list[Policy] = []
        for choices in self.choices:
            policy: Policy = {}
            states = {0: 0}
            for node in self.ground.nodes:
                options = [o for o in choices[node.id].options if o.state == states[node.id]]
                if not options:
                    return None
                option = rng.choice(options)
                policy[node.id] = option.move
                states |= dict.fromkeys(self.children[node.id], option.after)
            found.append(policy)
        return found

    def written(self, plan: list[Policy]) -> tuple[PlanNode, ...]:
        """A plan as the engine would write it, demand served at least cost."""
        nodes = []
        for node in self.ground.nodes:
            moves = {n: p[node.id] for n, p in zip(self.names, plan, strict=True)}
            standings = {name: move.standing for name, move in moves.items()}
            served, unmet = volumes(self.ground, node, standings)
            decisions = [
                Decision(action=action, offer=name, effect=effect)
                for name, move in moves.items()
                for action, effect in move.decisions
            ]
            positions = [
                _position(name, move.after.live, served[name])
                for name, move in moves.items()
                if move.after.live is not None
            ]
            left = {name: _decimal(units) for name, units in unmet.items() if units}
            nodes.append(
                PlanNode(
                    node=node.id,
                    decisions=tuple(sorted(decisions, key=lambda d: (d.offer, d.action))),
                    positions=tuple(positions),
                    unmet=left,
                )
            )
        return tuple(nodes)

    def exact(self, plan: list[Policy]) -> Fraction | None:
        """Expected cost of a plan, exact."""
        total = sum((move.cost for policy in plan for move in policy.values()), ZERO)
        for node in self.ground.nodes:
            now = {
                name: policy[node.id].standing
                for name, policy in zip(self.names, plan, strict=True)
            }
            cost = shared(self.ground, node, now)
            if cost is None:
                return None
            total += (cost + takeover(self.ground, now)) * self.ground.weight(node)
        return total

    def _choices(self, mover: Moves) -> list[Choices]:
        """Forwards through the tree: every state that an offer can be in, every move from it."""
        found: list[Choices] = []
        for node in self.ground.nodes:
            states = (mover.today(),) if node.parent is None else found[node.parent].afters
            standings: dict[Standing, int] = {}
            afters: dict[State, int] = {}
            options = []
            for i, state in enumerate(states):
                moves = [m for m in mover.moves(node, state) if mover.allowed(node, m)]
                options += [
                    Option(
                        i,
                        move,
                        standings.setdefault(move.standing, len(standings)),
                        afters.setdefault(move.after, len(afters)),
                    )
                    for move in moves
                ]
            found.append(Choices(states, tuple(options), tuple(standings), tuple(afters)))
        return found


def _position(offer: str, live: Live, served: dict[str, Fraction]) -> Position:
    return Position(
        offer=offer,
        since=live.since,
        age=live.age,
        ends=live.ends,
        volumes={name: _decimal(units) for name, units in served.items() if units},
    )


def _decimal(units: Fraction) -> Decimal:
    return Decimal(units.numerator) / Decimal(units.denominator)


def _numbered(things: list[Any]) -> list[int]:
    """A number for each thing; equal things get the same."""
    numbers: dict[Any, int] = {}
    return [numbers.setdefault(thing, len(numbers)) for thing in things]


def _along(axis: int, axes: int, figures: list[float]) -> Array:
    """Figures along one axis of an array."""
    return np.array(figures).reshape([-1 if i == axis else 1 for i in range(axes)])


def _least(total: Array, axis: int, choices: Choices) -> Array:
    """Least along one axis of the options from each state; infinite where there are none."""
    groups: list[list[int]] = [[] for _ in choices.states]
    for i, option in enumerate(choices.options):
        groups[option.state].append(i)
    by_option = np.moveaxis(total, axis, 0)
    least = np.full((len(groups), *by_option.shape[1:]), np.inf)
    for state, group in enumerate(groups):
        if group:
            least[state] = by_option[group].min(axis=0)
    return np.moveaxis(least, 0, axis)
