"""Small cases and plans for the tests of the independent check."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sourcemix.futures import grow
from sourcemix.model.case import Case
from sourcemix.model.plan import Decision, PlanNode, Position
from sourcemix.model.tree import Tree
from sourcemix.verify import Accounts, account
from sourcemix.verify.agreements import follow
from sourcemix.verify.arithmetic import thousandths_down
from sourcemix.verify.world import World

Decisions = Mapping[int, list[tuple[str, str, int]]]
"""By node: action, offer, effect."""


def offer(name: str = "a", **more: Any) -> dict[str, Any]:
    """An offer of Acme's for the service desk at £10 a ticket, for two years."""
    return {
        "id": name,
        "supplier": "acme",
        "form": "contract",
        "services": {"desk": {"price": 10}},
        "term": {"initial": 24},
        **more,
    }


def case(*offers: dict[str, Any], periods: int = 3, period: str = "year", **more: Any) -> Case:
    """Service desk with 1,000 tickets a year from April 2027, undiscounted; unmet at £50."""
    return Case.model_validate(
        {
            "title": "Test",
            "authority": {"name": "Testshire"},
            "horizon": {"start": "2027-04-01", "periods": periods, "period": period},
            "money": {"price_base": "2026-27", "discounting": "none"},
            "services": [{"id": "desk", "unit": "ticket", "demand": 1000, "unmet": 50}],
            "suppliers": [
                {"id": "acme", "kind": "commercial", "failure": "0.1", "sme": True},
                {"id": "bolt", "kind": "voluntary", "failure": "0.1"},
                {"id": "own", "kind": "in_house"},
            ],
            "forms": {
                "contract": {"lead": 0, "manage": 0, "binding": True},
                "informal": {"lead": 0, "manage": 0, "binding": False, "withdrawal": "0.2"},
            },
            "offers": list(offers) or [offer()],
            **more,
        }
    )


def two_services(*offers: dict[str, Any], **more: Any) -> Case:
    """The same with a second service, 10 sites a year, unmet at £100."""
    services = [
        {"id": "desk", "unit": "ticket", "demand": 1000, "unmet": 50},
        {"id": "net", "unit": "site", "demand": 10, "unmet": 100},
    ]
    return case(*offers, **{"services": services, **more})


def plan(given: Case, tree: Tree, decisions: Decisions) -> tuple[PlanNode, ...]:
    """The plan of some decisions; live agreements serve all they can, by id of the offer."""
    world = World(given, tree)
    made = {
        node: tuple(
            Decision.model_validate({"action": action, "offer": name, "effect": effect})
            for action, name, effect in listed
        )
        for node, listed in decisions.items()
    }
    standings, _ = follow(world, made)
    nodes = []
    for node, standing in zip(tree.nodes, standings, strict=True):
        left = {name: Fraction(units) for name, units in node.demand.items()}
        for name in standing.live:
            for service, share in world.offers[name].reduces.items():
                left[service] -= thousandths_down(Fraction(share) * Fraction(node.demand[service]))
        positions = []
        for name, live in standing.live.items():
            volumes = {}
            for service in world.offers[name].services:
                most = world.capacity(world.offers[name], service, live.age)
                units = left[service] if most is None else min(most, left[service])
                left[service] -= units
                volumes[service] = units_of(units)
            positions.append(
                Position(
                    offer=name, since=live.since, age=live.age, ends=live.ends, volumes=volumes
                )
            )
        nodes.append(
            PlanNode(
                node=node.id,
                decisions=made.get(node.id, ()),
                positions=tuple(positions),
                unmet={name: units_of(units) for name, units in left.items() if units},
            )
        )
    return tuple(nodes)


def units_of(units: Fraction) -> Decimal:
    """Whole thousandths as a decimal."""
    return Decimal(int(units * 1000)).scaleb(-3)


def accounts_of(given: Case, decisions: Decisions, budget: int = 300) -> Accounts:
    """Grow the tree, make the plan and recompute it."""
    tree = grow(given, budget=budget)
    return account(given, tree, plan(given, tree, decisions))


def lines(accounts: Accounts, node: int) -> dict[str, Decimal]:
    """Costs of a node by component."""
    return {str(name): amount for name, amount in accounts.nodes[node].costs.items()}


def by_node(accounts: Accounts, component: str) -> list[Decimal]:
    """One component at every node, 0 where it does not occur."""
    return [lines(accounts, node.node).get(component, Decimal(0)) for node in accounts.nodes]
