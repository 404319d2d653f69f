"""What the rules of a case are tested on: one node's facts, in plain figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sourcemix.model.components import AUTHORITY_COMPONENTS
from sourcemix.model.rules import Who
from sourcemix.model.suppliers import Supplier
from sourcemix.verify.agreements import Live
from sourcemix.verify.arithmetic import ZERO
from sourcemix.verify.exposure import exposure_at
from sourcemix.verify.lines import Line, Place, spend_by_supplier, sum_of
from sourcemix.verify.outcomes import level
from sourcemix.verify.serving import ServiceAt
from sourcemix.verify.world import World

AUTHORITY = frozenset(AUTHORITY_COMPONENTS)


@dataclass(frozen=True, slots=True)
class Facts:
    """One node.

    Attributes:
        world: case and tree.
        node: the node.
        live: live agreements by offer.
        served: volumes by service.
        spend: pounds by supplier, in-house left out.
        cost: pounds that the period costs the authority, in the price base.
        cash: the same in cash.
        exposure: pounds that it would cost to leave everything.
        levels: level by outcome, in its unit.
    """

    world: World
    node: int
    live: Mapping[str, Live]
    served: Mapping[str, ServiceAt]
    spend: Mapping[str, Fraction]
    cost: Fraction
    cash: Fraction
    exposure: Fraction
    levels: Mapping[str, Fraction]

    def suppliers(self, service: str | None, *, in_house: bool) -> set[str]:
        """Suppliers with a live agreement, for one service if given, with or without in-house."""
        offers = [self.world.offers[name] for name in self.live]
        return {
            offer.supplier
            for offer in offers
            if (service is None or service in offer.services)
            and (in_house or not self.world.in_house(offer))
        }

    def volumes(self, service: str) -> dict[str, Fraction]:
        """Units of a service by supplier."""
        found: dict[str, Fraction] = {}
        for name, units in self.served[service].served.items():
            supplier = self.world.offers[name].supplier
            found[supplier] = found.get(supplier, ZERO) + units
        return found


def facts_of(place: Place, lines: tuple[Line, ...]) -> Facts:
    """The facts of a node from its costs."""
    cost = sum_of(lines, AUTHORITY)
    return Facts(
        world=place.world,
        node=place.node,
        live=place.standing.live,
        served=place.served,
        spend=spend_by_supplier(place.world, lines),
        cost=cost,
        cash=cost * place.world.inflation(place.period),
        exposure=exposure_at(place),
        levels={o.id: level(place.world, o, place.served) for o in place.world.case.outcomes},
    )


def fits(who: Who, supplier: Supplier) -> bool:
    """Whether a supplier is one that a rule speaks of."""
    return (
        who.supplier in (None, supplier.id)
        and who.kind in (None, supplier.kind)
        and who.sme in (None, supplier.sme)
        and who.local in (None, supplier.local)
    )
