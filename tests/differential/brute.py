"""The true optimum of a small case, by trying everything.

`by_nodes` tries every joint move of all offers at every node: from each combination of what the
offers may stand at, the cheapest way through the node and everything below it. Arrays have one
axis for each offer. Where nodes are tied together (see `whole`), this is what a plan costs at
least; `search` has the rest.

`by_policies` tries every policy of every offer: all legal moves at all nodes, each combined with
each. It is plainer and takes more. Where it is not too much, the two must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
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
from tests.differential.beside import by_exposure, by_live, merged, takeover
from tests.differential.dispatch import by_service, can_reach, serving, ties, volumes
from tests.differential.ground import ZERO, Ground
from tests.differential.moves import Moves
from tests.differential.rows import LOCAL, Standings
from tests.differential.states import Live, Move, Standing, State

from sourcemix.model.case import Case
from sourcemix.model.plan import Decision, PlanNode, Position
from sourcemix.model.rules import MaxExitExposure
from sourcemix.model.tree import Node, Tree

Array = npt.NDArray[np.float64]
Policy = dict[int, Move]
"""A move at every node of the tree, or of the part below a node."""
LARGEST = 3_000_000
"""Most entries of an array."""
SERVINGS = 4_000
"""Most ways of serving a node that are told apart."""


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


@dataclass(frozen=True)
class Tables:
    """What a node costs, undiscounted, by the standings of all offers.

    `several`: where more ties units together than `serving` takes into account.
    """

    beside: Array
    serving: Array
    several: npt.NDArray[np.bool_]


class Brute:
    """A small case with everything that may be done in it."""

    def __init__(self, case: Case, tree: Tree, exposed: bool = False) -> None:
        self.ground = Ground(case, tree)
        self.movers = [Moves(self.ground, offer, exposed) for offer in case.offers]
        self.names = [offer.id for offer in case.offers]
        self.children = tree.children()
        self.choices = [self._choices(mover) for mover in self.movers]

    # ---- what a node costs

    @cached_property
    def tables(self) -> list[Tables]:
        """By node."""
        sizes = (prod(len(c[n.id].options) for c in self.choices) for n in self.ground.nodes)
        if max(sizes) > LARGEST:
            raise TooManyError
        return [self._tables(node) for node in self.ground.nodes]

    def joint(self, node: Node) -> Array:
        """Expected present value of the lines that depend on everybody, by standings."""
        tables = self.tables[node.id]
        found: Array = (tables.beside + tables.serving) * float(self.ground.weight(node))
        return found

    def _tables(self, node: Node) -> Tables:
        ground = self.ground
        beside = self._table(node, lambda _, s: s.live, lambda now: by_live(ground, node, now))
        beside = beside + self._table(
            node, lambda _, s: (s.starts, s.before), lambda now: takeover(ground, now)
        )
        if any(o in node.merged for o in self.names):
            beside = beside + self._table(
                node, lambda _, s: s.managed, lambda now: merged(ground, now)
            )
        if any(isinstance(rule, MaxExitExposure) for rule in ground.rules[node.id]):
            beside = beside + self._table(
                node, lambda _, s: s.exposure, lambda now: by_exposure(ground, node, now)
            )
        plain = np.zeros(beside.shape, dtype=np.bool_)
        local = any(isinstance(rule, LOCAL) for rule in ground.rules[node.id])
        capped = any(ground.worth(o) and can_reach(ground, o) for o in ground.case.outcomes)
        if not local and not capped:
            return Tables(beside, self._by_service(node, beside), plain)

        def key(_: str, s: Standing) -> Hashable:
            return s.live, s.serves, s.spend

        cost = self._table(node, key, lambda now: serving(ground, node, now))
        several = self._table(node, key, lambda now: Fraction(ties(ground, node, now).several))
        return Tables(beside, np.broadcast_to(cost, beside.shape), several > np.zeros(beside.shape))

    def _by_service(self, node: Node, beside: Array) -> Array:
        total = np.zeros(beside.shape)
        for service in self.ground.case.services:
            name = service.id

            def key(offer: str, s: Standing, name: str = name) -> Hashable:
                terms = self.ground.offers[offer]
                serves = next((part for part in s.serves if part.service == name), None)
                return serves, s.live and name in terms.reduces

            def cost(now: Standings, name: str = name) -> Fraction | None:
                return by_service(self.ground, node, name, now)

            total = total + self._table(node, key, cost)
        return total

    def _table(
        self,
        node: Node,
        key: Callable[[str, Standing], Hashable],
        figure: Callable[[dict[str, Standing]], Fraction | None],
    ) -> Array:
        """A figure by the standings of all offers, of which it depends on a key only."""
        here = [choices[node.id].standings for choices in self.choices]
        kinds: list[list[int]] = []
        first: list[list[Standing]] = []
        for name, standings in zip(self.names, here, strict=True):
            numbers: dict[Hashable, int] = {}
            kinds.append([numbers.setdefault(key(name, s), len(numbers)) for s in standings])
            first.append([standings[kinds[-1].index(i)] for i in range(len(numbers))])
        if prod(map(len, first)) > SERVINGS:
            raise TooManyError
        small = np.empty([len(standings) for standings in first])
        for at in product(*(range(len(standings)) for standings in first)):
            now = {
                name: first[i][k] for i, (name, k) in enumerate(zip(self.names, at, strict=True))
            }
            cost = figure(now)
            small[at] = np.inf if cost is None else float(cost)
        found: Array = small[np.ix_(*kinds)]
        return found

    # ---- every joint move at every node

    @cached_property
    def by_nodes(self) -> float | None:
        """Least expected cost in pounds; None where no plan is possible."""
        best = float(self.plain[0][(0,) * len(self.movers)])
        return best if np.isfinite(best) else None

    @cached_property
    def plain(self) -> list[Array]:
        """`values` as the probabilities say."""
        return self.values()

    def values(self, ratio: list[float] | None = None) -> list[Array]:
        """By node: least cost of it and all below, by the states of all offers at its parent.

        `ratio`: by node, what a pound counts more or less than its probability says.
        """
        values: list[Array] = [np.empty(0)] * len(self.ground.nodes)
        for node in reversed(self.ground.nodes):
            here = [choices[node.id] for choices in self.choices]
            total = self.here(node, [range(len(c.options)) for c in here])
            if ratio is not None:
                finite = np.isfinite(total)
                total[finite] *= ratio[node.id]
            for child in self.children[node.id]:
                total += values[child][np.ix_(*([o.after for o in c.options] for c in here))]
            for axis, choices in enumerate(here):
                total = _least(total, axis, choices)
            values[node.id] = total
        return values

    def here(self, node: Node, options: list[Any]) -> Array:
        """Cost of joint moves at a node alone, for some of the options of each offer."""
        here = [choices[node.id].options for choices in self.choices]
        chosen = [[c[k] for k in ks] for c, ks in zip(here, options, strict=True)]
        total = self._joints[node.id][np.ix_(*([o.standing for o in c] for c in chosen))]
        for axis, c in enumerate(chosen):
            total = total + _along(axis, len(here), [float(o.move.cost) for o in c])
        return total

    @cached_property
    def _joints(self) -> list[Array]:
        return [self.joint(node) for node in self.ground.nodes]

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
            total += self.joint(node)[at]
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
