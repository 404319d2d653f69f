"""Who does what, and when, in one future of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sourcemix.model.case import Case
from sourcemix.model.plan import PlanNode, PlanResult
from sourcemix.model.tree import Tree


@dataclass(frozen=True, slots=True)
class Run:
    """An offer live for a service over some periods in a row.

    Attributes:
        service: the service.
        offer: the offer.
        first: first period in which it is live; None: it was live before the case begins.
        last: last period in which it is live; None: it runs on beyond the horizon.
        share: share of the demand of those periods that it serves.
        sure: whether it is the same in every future.
    """

    service: str
    offer: str
    first: int | None
    last: int | None
    share: Decimal
    sure: bool


def most_likely(tree: Tree) -> tuple[int, ...]:
    """Nodes of the most likely future by period; the first of equals."""
    chance = tree.probabilities()
    last = max(node.period for node in tree.nodes)
    leaf = max(
        (node.id for node in tree.nodes if node.period == last),
        key=lambda node: (chance[node], -node),
    )
    return tuple(reversed(list(tree.path(leaf))))


def runs(case: Case, result: PlanResult) -> tuple[Run, ...]:
    """Every run of an offer in the most likely future, by service and first period."""
    nodes = {node.node: node for node in result.nodes}
    path = most_likely(result.tree)
    found = []
    for service in case.services:
        offers = sorted(offer.id for offer in case.offers if service.id in offer.services)
        for offer in offers:
            for first, last in _stretches([_live(nodes[n], offer) for n in path]):
                found.append(_run(case, result, nodes, path, (service.id, offer, first, last)))
    order = {service.id: place for place, service in enumerate(case.services)}
    return tuple(
        sorted(
            found,
            key=lambda run: (order[run.service], -1 if run.first is None else run.first, run.offer),
        )
    )


def _run(
    case: Case,
    result: PlanResult,
    nodes: dict[int, PlanNode],
    path: Sequence[int],
    run: tuple[str, str, int, int],
) -> Run:
    service, offer, first, last = run
    inside = path[first : last + 1]
    demand = sum((result.tree.nodes[n].demand.get(service, Decimal(0)) for n in inside), Decimal(0))
    served = sum((_served(nodes[n], offer, service) for n in inside), Decimal(0))
    since = next(p.since for p in nodes[path[first]].positions if p.offer == offer)
    before = first == 0 and since is None
    return Run(
        service=service,
        offer=offer,
        first=None if before else first,
        last=None if last == case.horizon.periods - 1 else last,
        share=served / demand if demand else Decimal(1),
        sure=_sure(result.tree, nodes, offer, (first, last)),
    )


def _sure(tree: Tree, nodes: dict[int, PlanNode], offer: str, periods: tuple[int, int]) -> bool:
    """Whether the offer is live just over these periods in every future."""
    first, last = periods
    return all(
        _live(nodes[node.id], offer) == (first <= node.period <= last)
        for node in tree.nodes
        if first - 1 <= node.period <= last + 1
    )


def _live(node: PlanNode, offer: str) -> bool:
    return any(position.offer == offer for position in node.positions)


def _served(node: PlanNode, offer: str, service: str) -> Decimal:
    return sum(
        (p.volumes.get(service, Decimal(0)) for p in node.positions if p.offer == offer),
        Decimal(0),
    )


def _stretches(live: Sequence[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for period, here in enumerate(live):
        if not here:
            continue
        if found and found[-1][1] == period - 1:
            found[-1] = (found[-1][0], period)
        else:
            found.append((period, period))
    return found
