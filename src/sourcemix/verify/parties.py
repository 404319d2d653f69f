"""What a plan is worth to each party, as far as values are stated."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sourcemix.model.components import AUTHORITY_COMPONENTS
from sourcemix.model.offers import CommunityParty, Offer
from sourcemix.model.plan import Party, PartyFigure
from sourcemix.verify.arithmetic import ZERO, pence, to_places, total
from sourcemix.verify.lines import SPEND, Line, Place
from sourcemix.verify.outcomes import worth
from sourcemix.verify.world import World

AUTHORITY = frozenset(AUTHORITY_COMPONENTS)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over the tree by offer, of those offers that are live at any node.

    Attributes:
        world: case and tree.
        years: years live, discounted, expected.
        presence: share of the horizon that it is live, by probability.
        spend: pounds paid to its supplier, expected present value.
        procured: times that it is procured, discounted, expected.
    """

    world: World
    years: dict[str, Fraction]
    presence: dict[str, Fraction]
    spend: dict[str, Fraction]
    procured: dict[str, Fraction]

    @property
    def used(self) -> list[Offer]:
        """The offers that are live at any node."""
        return [self.world.offers[name] for name in sorted(self.years)]


def party_figures(
    world: World, places: tuple[Place, ...], lines: tuple[tuple[Line, ...], ...]
) -> tuple[PartyFigure, ...]:
    """The figure of each party: none where nothing is stated.

    Args:
        world: case and tree.
        places: every node, with its agreements.
        lines: the lines of cost of every node, those of broken rules included.
    """
    sums = _sums(world, places, lines)
    weights = [
        p * world.discount[at.period]
        for p, at in zip(world.probability, world.tree.nodes, strict=True)
    ]
    cost = outcomes = ZERO
    for weight, here in zip(weights, lines, strict=True):
        cost += weight * total(line.amount for line in here if line.component in AUTHORITY)
        outcomes -= weight * total(line.amount for line in here if line.component == "outcomes")
    return (
        _figure(sums, "taxpayer", pence(-cost), len(sums.used)),
        _residents(sums, outcomes),
        _staff(sums),
        _suppliers(sums),
        _community(sums),
    )


def _residents(sums: _Sums, outcomes: Fraction) -> PartyFigure:
    """The value of outcomes, and what is stated beyond them."""
    stated = _stated(sums, lambda offer: _value(offer.parties.residents) is not None)
    priced = any(worth(sums.world, outcome) is not None for outcome in sums.world.case.outcomes)
    gain = outcomes + total(
        Fraction(_value(offer.parties.residents) or 0) * sums.years[offer.id] for offer in stated
    )
    return _figure(sums, "residents", pence(gain) if stated or priced else None, len(stated))


def _staff(sums: _Sums) -> PartyFigure:
    """Posts kept, on average by probability and over the periods."""
    stated = _stated(sums, lambda offer: _posts(offer) is not None)
    kept = total(Fraction(_posts(offer) or 0) * sums.presence[offer.id] for offer in stated)
    return _figure(sums, "staff", to_places(kept, 2) if stated else None, len(stated))


def _community(sums: _Sums) -> PartyFigure:
    """What is stated for the community, for as long as agreements are live."""
    stated = _stated(sums, lambda offer: _value(offer.parties.community) is not None)
    gain = total(
        Fraction(_value(offer.parties.community) or 0) * sums.years[offer.id] for offer in stated
    )
    return _figure(sums, "community", pence(gain) if stated else None, len(stated))


def _suppliers(sums: _Sums) -> PartyFigure:
    """Margin on what they are paid, less what bidding costs them, where a margin is stated."""
    outside = [offer for offer in sums.used if not sums.world.in_house(offer)]
    low = high = ZERO
    assessed = 0
    for offer in outside:
        terms = offer.parties.supplier
        # What bidding costs is no figure by itself: the gain that it is made for is not known.
        if terms is None or terms.margin is None:
            continue
        assessed += 1
        bids = Fraction(terms.bid_cost or 0) * sums.procured.get(offer.id, ZERO)
        least, most = terms.margin
        low += Fraction(least) * sums.spend.get(offer.id, ZERO) - bids
        high += Fraction(most) * sums.spend.get(offer.id, ZERO) - bids
    return PartyFigure(
        party="suppliers",
        unit="pounds",
        low=pence(low) if assessed else None,
        high=pence(high) if assessed else None,
        assessed=assessed,
        offers=len(outside),
    )


def _figure(sums: _Sums, party: Party, amount: Decimal | None, assessed: int) -> PartyFigure:
    """A figure without a range, over all offers that are used."""
    return PartyFigure(
        party=party,
        unit="posts" if party == "staff" else "pounds",
        low=amount,
        high=amount,
        assessed=assessed,
        offers=len(sums.used),
    )


def _stated(sums: _Sums, states: Callable[[Offer], bool]) -> list[Offer]:
    return [offer for offer in sums.used if states(offer)]


def _value(party: CommunityParty | None) -> Decimal | None:
    return None if party is None else party.value


def _posts(offer: Offer) -> int | None:
    return None if offer.parties.staff is None else offer.parties.staff.posts_kept


def _sums(world: World, places: tuple[Place, ...], lines: tuple[tuple[Line, ...], ...]) -> _Sums:
    sums = _Sums(world, {}, {}, {}, {})
    for place, here in zip(places, lines, strict=True):
        p = world.probability[place.node]
        weight = p * world.discount[place.period]
        _add(sums.years, place.standing.live, weight * world.year_share)
        _add(sums.presence, place.standing.live, p / world.periods)
        _add(sums.procured, place.standing.procured, weight)
        for line in here:
            if line.offer is not None and line.component in SPEND:
                _add(sums.spend, (line.offer,), weight * line.amount)
    return sums


def _add(to: dict[str, Fraction], names: Collection[str], amount: Fraction) -> None:
    for name in names:
        to[name] = to.get(name, ZERO) + amount
