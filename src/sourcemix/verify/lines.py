"""Lines of cost, the places where they fall, and sums over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sourcemix.model.components import ONE_OFF, Component
from sourcemix.verify.agreements import Standing
from sourcemix.verify.arithmetic import ZERO, total
from sourcemix.verify.fees import Owed
from sourcemix.verify.serving import ServiceAt
from sourcemix.verify.world import World

SPEND: tuple[Component, ...] = ("fixed", "volume", "change")
"""What suppliers are paid for their work."""


@dataclass(frozen=True, slots=True)
class Line:
    """One amount.

    Attributes:
        component: what it is for.
        amount: pounds.
        offer: the offer that it comes from, if any.
        indicative: whether it rests on a figure from the priors.
        capital: whether it is classed capital.
        added_to: for optimism bias, the component that it is added to.
    """

    component: Component
    amount: Fraction
    offer: str | None = None
    indicative: bool = False
    capital: bool = False
    added_to: Component | None = None

    @property
    def once(self) -> bool:
        """Whether it falls once."""
        return (self.added_to or self.component) in ONE_OFF


@dataclass(frozen=True, slots=True)
class Place:
    """A node with all that its costs follow from.

    Attributes:
        world: case and tree.
        node: the node.
        period: its period.
        standing: how agreements stand.
        served: volumes by service.
        owed: fees owed from ends here and above.
    """

    world: World
    node: int
    period: int
    standing: Standing
    served: Mapping[str, ServiceAt]
    owed: tuple[Owed, ...]


def by_component(lines: tuple[Line, ...]) -> dict[Component, Fraction]:
    """Sum of the lines of each component that has any."""
    found: dict[Component, Fraction] = {}
    for line in lines:
        found[line.component] = found.get(line.component, ZERO) + line.amount
    return found


def spend_by_supplier(world: World, lines: tuple[Line, ...]) -> dict[str, Fraction]:
    """Fixed charge, volume and change by supplier, in-house left out."""
    spend: dict[str, Fraction] = {}
    for line in lines:
        if line.offer is None or line.component not in SPEND:
            continue
        offer = world.offers[line.offer]
        if not world.in_house(offer):
            spend[offer.supplier] = spend.get(offer.supplier, ZERO) + line.amount
    return spend


def sum_of(lines: tuple[Line, ...], components: frozenset[Component]) -> Fraction:
    """Sum of the lines of some components."""
    return total(line.amount for line in lines if line.component in components)
