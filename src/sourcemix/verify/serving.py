"""Who serves what at a node: volumes against capacity and demand, avoided and unmet demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sourcemix.model.common import central
from sourcemix.model.plan import PlanNode
from sourcemix.verify.agreements import Standing
from sourcemix.verify.arithmetic import ZERO, number, thousandths_down, total
from sourcemix.verify.findings import Findings
from sourcemix.verify.world import World


@dataclass(frozen=True, slots=True)
class ServiceAt:
    """One service at one node.

    Attributes:
        demand: units asked for.
        avoided: units that offers with `reduces` take off.
        served: units by offer.
        unmet: units that nobody serves; never below 0.
    """

    demand: Fraction
    avoided: Fraction
    served: Mapping[str, Fraction]
    unmet: Fraction


def served_at(world: World, plan: PlanNode, standing: Standing) -> dict[str, ServiceAt]:
    """What is asked for, avoided, served and unmet at a node, by service."""
    volumes = {p.offer: p.volumes for p in plan.positions if p.offer in standing.live}
    result = {}
    for name in world.services:
        demand = world.demand(plan.node, name)
        avoided = min(demand, _avoided(world, standing, name, demand))
        served = {
            offer: Fraction(units[name])
            for offer, units in sorted(volumes.items())
            if name in units and name in world.offers[offer].services
        }
        left = demand - avoided - total(served.values())
        result[name] = ServiceAt(demand, avoided, served, max(left, ZERO))
    return result


def _avoided(world: World, standing: Standing, service: str, demand: Fraction) -> Fraction:
    return total(
        thousandths_down(Fraction(world.offers[name].reduces[service]) * demand)
        for name in standing.live
        if service in world.offers[name].reduces
    )


def check_volumes(
    world: World,
    plan: PlanNode,
    standing: Standing,
    served: Mapping[str, ServiceAt],
    findings: Findings,
) -> None:
    """Check volumes against offers, capacity and demand, and unmet demand against what is left."""
    where = f"node {plan.node}"
    for position in plan.positions:
        agreement = standing.live.get(position.offer)
        if agreement is None:
            continue
        offer = world.offers[position.offer]
        for name, units in position.volumes.items():
            if name not in offer.services:
                findings.expect(False, f"{where}: `{offer.id}` does not offer `{name}`")
                continue
            most = world.capacity(offer, name, agreement.age)
            findings.expect(
                most is None or units <= most,
                f"{where}: `{offer.id}` serves {number(units)} of `{name}`, more than its "
                f"capacity of {number(most or 0)}",
            )
    for name in plan.unmet:
        findings.expect(name in served, f"{where}: unmet demand of `{name}`, an unknown service")
    for name, service in served.items():
        total_served = total(service.served.values())
        findings.expect(
            total_served <= service.demand - service.avoided,
            f"{where}: {number(total_served)} of `{name}` served, more than the demand of "
            f"{number(service.demand - service.avoided)}",
        )
        stated = Fraction(plan.unmet.get(name, 0))
        findings.expect(
            stated == service.unmet,
            f"{where}: {number(stated)} of `{name}` stated as unmet; demand that is neither "
            f"served nor avoided is {number(service.unmet)}",
        )
        findings.expect(
            service.unmet == 0 or unmet_price(world, plan.node, name) is not None,
            f"{where}: {number(service.unmet)} of `{name}` is not served, which `unmet: never` "
            "forbids",
        )


def unmet_price(world: World, node: int, service: str) -> Fraction | None:
    """Pounds for a unit that nobody serves at a node; None where that is not allowed.

    Just after a failure of a supplier that offers the service, the `emergency` price holds.
    """
    terms = world.services[service]
    just_failed = world.tree.nodes[node].just_failed
    if terms.emergency is not None and any(
        offer.supplier in just_failed and service in offer.services for offer in world.case.offers
    ):
        return Fraction(central(terms.emergency))
    if terms.unmet == "never":
        return None
    return Fraction(central(terms.unmet))
