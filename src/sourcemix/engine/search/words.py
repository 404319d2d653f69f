"""From states back to the model's words: decisions, live agreements, volumes."""

from __future__ import annotations

from decimal import Decimal

from sourcemix.engine.problem import TODAY
from sourcemix.engine.search.arrays import FAR, Ints
from sourcemix.engine.search.programme import first_state
from sourcemix.engine.search.tables import Tables
from sourcemix.model.plan import Decision, PlanNode, Position

THOUSANDTH = Decimal("0.001")


def plan_nodes(tables: Tables, states: Ints) -> tuple[PlanNode, ...]:
    """Decisions, positions, volumes and unmet demand of every node, in the order of the tree.

    Volumes are served by price, as `dispatch` does: what is paid for first.
    """
    problem = tables.problem
    nodes = len(tables.order)
    decisions: list[set[tuple[str, str, int]]] = [set() for _ in range(nodes)]
    positions: list[list[Position]] = [[] for _ in range(nodes)]
    volumes = [served_in(tables, states, node) for node in range(nodes)]
    for offer in range(len(problem.offers)):
        _Story(tables, states[offer], offer, volumes).tell(decisions, positions)
    found = {}
    for node in range(nodes):
        at = tables.order[node]
        found[at] = PlanNode(
            node=at,
            decisions=tuple(
                Decision(action=action, offer=offer, effect=effect)
                for offer, action, effect in sorted(decisions[node])
            ),
            positions=tuple(sorted(positions[node], key=lambda position: position.offer)),
            unmet=volumes[node][1],
        )
    return tuple(found[at] for at in sorted(found))


Served = tuple[dict[tuple[int, int], Decimal], dict[str, Decimal]]
"""Units by offer and service, and units of each service that nobody serves."""


def _units(units: float) -> Decimal:
    return Decimal(f"{units:.3f}")


def served_in(tables: Tables, states: Ints, node: int) -> Served:
    """Who serves what at a node of the arrays, and what nobody serves."""
    problem, entries, machines = tables.problem, tables.entries, tables.machines
    live: dict[int, list[tuple[float, int, Decimal, Decimal]]] = {}
    avoided: dict[int, Decimal] = {}
    for offer, terms in enumerate(problem.offers):
        variant = variant_at(tables, offer, int(states[offer, node]))
        if variant < 0:
            continue
        first = int(entries.first[offer])
        first += int(machines.classes[offer, node, variant]) * int(entries.services[offer])
        for place, service in enumerate(terms.services):
            entry = first + place
            rest = _units(float(entries.rest[node, entry]))
            paid = _units(float(entries.paid[node, entry])) - _avoided(tables, offer, node, service)
            price = float(entries.price[node, entry])
            if price >= entries.unmet[node, service]:
                rest = Decimal(0)
            live.setdefault(service, []).append((price, offer, paid, rest))
        for service in terms.reduces:
            less = _avoided(tables, offer, node, service)
            avoided[service] = avoided.get(service, Decimal(0)) + less
    served: dict[tuple[int, int], Decimal] = {}
    unmet = {}
    for service, name in enumerate(problem.services):
        demand = problem.tree.nodes[tables.order[node]].demand[name]
        left = max(Decimal(0), demand - avoided.get(service, Decimal(0)))
        found = sorted(live.get(service, []))
        pieces = [(offer, paid) for _, offer, paid, _ in found]
        for offer, most in pieces + [(offer, rest) for _, offer, _, rest in found]:
            units = min(left, most)
            served[offer, service] = served.get((offer, service), Decimal(0)) + units
            left -= units
        if left > 0:
            unmet[name] = left
    return served, unmet


def _avoided(tables: Tables, offer: int, node: int, service: int) -> Decimal:
    problem = tables.problem
    name = problem.services[service]
    share = problem.case.offers[offer].reduces.get(name, Decimal(0))
    demand = problem.tree.nodes[tables.order[node]].demand[name]
    return (share * demand // THOUSANDTH) * THOUSANDTH


def begun_in(tables: Tables, node: int, offer: int, variant: int) -> int:
    """Period in which the agreement began that is live as a variant at a node of the arrays."""
    machines, ages = tables.machines, int(tables.machines.ages[offer])
    if variant < ages:
        return int(tables.world.period[node]) - variant
    return int((machines.begins if variant == ages else machines.later)[offer])


def variant_at(tables: Tables, offer: int, state: int) -> int:
    """Variant that is live in a state; -1 where none is."""
    machines = tables.machines
    live = state // int(machines.patterns[offer])
    return -1 if live == 0 else (live - 1) // (int(machines.notice[offer]) + 1)


class _Story:
    """What happens to one offer."""

    def __init__(self, tables: Tables, states: Ints, offer: int, volumes: list[Served]) -> None:
        self.tables, self.states, self.offer, self.volumes = tables, states, offer, volumes
        self.machines, self.world = tables.machines, tables.world
        self.terms = tables.problem.offers[offer]
        self.width = int(self.machines.notice[offer]) + 1
        self.ages = int(self.machines.ages[offer])

    def tell(
        self, decisions: list[set[tuple[str, str, int]]], positions: list[list[Position]]
    ) -> None:
        """Write down decisions and positions at every node."""
        for node in range(len(self.states)):
            above = self._state(int(self.world.parent[node]))
            self._decided(node, above, decisions)
            here = self._live(int(self.states[node]))
            if here[0] >= 0:
                positions[node].append(self._position(node, *here))

    def _state(self, node: int) -> int:
        if node < 0:
            return int(first_state(self.machines, self.offer))
        return int(self.states[node])

    def _live(self, state: int) -> tuple[int, int]:
        """Variant and periods until it ends; -1 where nothing is live."""
        live = state // int(self.machines.patterns[self.offer])
        return ((live - 1) // self.width, (live - 1) % self.width) if live else (-1, 0)

    def _age(self, node: int, variant: int) -> int:
        return int(self.world.period[node]) - begun_in(self.tables, node, self.offer, variant)

    def _position(self, node: int, variant: int, left: int) -> Position:
        age, period = self._age(node, variant), int(self.world.period[node])
        since, at = None, node
        if variant != self.ages:
            for _ in range(age):
                at = int(self.world.parent[at])
            since = self.tables.order[at]
        ends = period + left if left else None
        if variant == self.ages and self.machines.ends[self.offer] < FAR:
            ends = int(self.machines.ends[self.offer])
        served = self.volumes[node][0]
        return Position(
            offer=self.terms.id,
            since=since,
            age=age,
            ends=ends,
            volumes={
                self.tables.problem.services[service]: units
                for service in sorted(self.terms.services)
                if (units := served.get((self.offer, service)))
            },
        )

    def _decided(self, node: int, above: int, decisions: list[set[tuple[str, str, int]]]) -> None:
        machines, offer = self.machines, self.offer
        period = int(self.world.period[node])
        patterns = int(machines.patterns[offer])
        base = int(machines.first_pattern[offer])
        was, here = self._live(above), self._live(int(self.states[node]))
        goes_on = self._goes_on(was[0], here[0])
        if machines.lead[offer] > 0:
            kept = int(machines.shifted[base + above % patterns])
            if int(self.states[node]) % patterns != kept:
                decisions[node].add((self.terms.id, "procure", period + self.terms.lead))
        elif 0 <= here[0] < self.ages and not goes_on:
            decisions[node].add((self.terms.id, "procure", period))
        if was[0] >= 0 and not goes_on and self._by_choice(node, was[0]):
            decided = node
            for _ in range(self.terms.notice):
                decided = int(self.world.parent[decided])
            assert decided != TODAY
            decisions[decided].add((self.terms.id, "end", period))

    def _goes_on(self, before: int, here: int) -> bool:
        if before < 0 or here < 0:
            return False
        return before == here if here >= self.ages else here == before + 1

    def _by_choice(self, node: int, variant: int) -> bool:
        """Whether an agreement ends at a node because the authority leaves it."""
        machines, offer = self.machines, self.offer
        age = variant + 1
        if variant >= self.ages:
            age = self._age(node, variant)
        if machines.forced[offer, node] or age >= machines.longest[offer]:
            return False
        told = variant == self.ages and machines.ends[offer] < FAR
        return not (told and self.world.period[node] >= machines.ends[offer])
