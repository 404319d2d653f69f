"""What managing live agreements costs, also of those that reorganisation has split or merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sourcemix.model.drivers import ReorganisationDriver, driver_id
from sourcemix.model.tree import Node
from sourcemix.verify.agreements import Live
from sourcemix.verify.lines import Line, Place
from sourcemix.verify.world import World, exact, is_indicative


def manage_lines(place: Place) -> Iterator[Line]:
    """The management of every live agreement of a node.

    One that has been split is managed by each successor. Those of one supplier that the same
    driver has merged are managed as one, at the dearest rate of those still live.
    """
    world = place.world
    node = world.tree.nodes[place.node]
    merged: dict[tuple[str, str], list[Line]] = {}
    for name, agreement in place.standing.live.items():
        offer = world.offers[name]
        manage = world.form(offer).manage
        if manage is None:
            continue
        line = Line("manage", exact(manage) * world.year_share, name, is_indicative(manage))
        if name in node.split and _older(world, agreement, _first(world, node, name, "split")):
            yield replace(line, amount=line.amount * node.split[name])
        elif name in node.merged and _older(world, agreement, _first(world, node, name, "merged")):
            merged.setdefault((offer.supplier, _merger(world, name)), []).append(line)
        else:
            yield line
    for group in merged.values():
        yield max(group, key=lambda line: (line.amount, line.indicative))


def _first(world: World, node: Node, offer: str, field: str) -> int:
    """The period of vesting: that in which the offer first stands among those split or merged."""
    found = node.period
    for above in world.tree.path(node.id):
        if offer not in getattr(world.tree.nodes[above], field):
            break
        found = world.tree.nodes[above].period
    return found


def _older(world: World, agreement: Live, period: int) -> bool:
    """Whether an agreement was live before a period."""
    return agreement.since is None or world.tree.nodes[agreement.since].period < period


def _merger(world: World, offer: str) -> str:
    """The driver that merges the agreements of an offer; one at most does."""
    return next(
        (
            driver_id(driver)
            for driver in world.case.drivers
            if isinstance(driver, ReorganisationDriver)
            and driver.by_offer.get(offer, driver.on_vesting) == "merge"
        ),
        "",
    )
