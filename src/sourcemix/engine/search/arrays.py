"""What search and bound work on: flat arrays that compiled functions can read.

Nodes stand in depth-first order here, so that what is below a node is the range from the node to
its `end`. An offer's **variants** are the ages at which an agreement of it may be live at a node;
the last ones are today's agreement and one that has yet to begin, where there are such. Its
**entries** are what it can serve: one for each of its services and for each **class** of variants
that serve on the same terms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.uint8]

FAR = 1 << 20
"""A period or an age that never comes."""


class World(NamedTuple):
    """The tree.

    Attributes:
        parent: by node; -1 for the first.
        end: by node, one more than the last node below it.
        period: by node.
        chance: by node, its probability (or what bad futures make of it).
        weight: by node, `chance` times the discount factor.
    """

    parent: Ints
    end: Ints
    period: Ints
    chance: Floats
    weight: Floats


class Machines(NamedTuple):
    """State machines of the offers, and what an agreement costs by itself; pounds of a period.

    Attributes:
        lead: periods from decision to start, by offer.
        notice: periods of notice.
        ages: number of ages that can be reached within the horizon.
        longest: age at expiry.
        given: variants of agreements signed before the case begins: 0 without any, 1 with one that
            is live today, 2 with one that is yet to begin, be there a live one or not.
        begins: period in which the live one began; `FAR` without one.
        ends: period in which it ends by a notice already given; `FAR` without one.
        later: period in which the other begins; `FAR` without one.
        patterns: number of patterns of starts to come.
        first_pattern: where the patterns of an offer begin in the next three.
        shifted: by pattern, that of the next period.
        joined: by pattern, that with one more start, `lead` from now; -1 where that cannot be.
        due: by pattern, whether an agreement starts in the next period.
        setup: pounds at a start.
        procure: pounds when procured.
        transition: pounds at an end.
        live: by offer, node and variant, pounds while live, infinite where it cannot be.
        fees: by offer, period and variant, discounted pounds of leaving as that age is reached.
        classes: by offer, node and variant, the class it serves in.
        may_procure: by offer and node, whether it may be decided to procure.
        gone: by offer and node, whether its supplier has failed, or it is withdrawn.
        forced: by offer and node, whether what was live ends without a decision.
        old: by offer and node, age from which a rule wants it to have been left.
    """

    lead: Ints
    notice: Ints
    ages: Ints
    longest: Ints
    given: Ints
    begins: Ints
    ends: Ints
    later: Ints
    patterns: Ints
    first_pattern: Ints
    shifted: Ints
    joined: Ints
    due: Flags
    setup: Floats
    procure: Floats
    transition: Floats
    live: Floats
    fees: Floats
    classes: Flags
    may_procure: Flags
    gone: Flags
    forced: Flags
    old: Ints


class Entries(NamedTuple):
    """What offers can serve, and what nobody serves.

    Attributes:
        first: by offer, its first entry; one more than offers.
        services: by offer, number of its entries in a class.
        service: by entry.
        owner: by entry, its offer.
        paid: by node and entry, units that are paid for by being live.
        rest: by node and entry, units beyond those.
        price: by node and entry, pounds for one unit of the rest.
        of_service: entries by service, one service after the other.
        first_of: by service, where its entries begin in `of_service`; one more than services.
        demand: units by node and service.
        unmet: pounds by node and service for one unit that nobody serves.
    """

    first: Ints
    services: Ints
    service: Ints
    owner: Ints
    paid: Floats
    rest: Floats
    price: Floats
    of_service: Ints
    first_of: Ints
    demand: Floats
    unmet: Floats


class Counts(NamedTuple):
    """Rules that count who is live: ``price × max(0, Σ sign·[a group has a live offer] - limit)``.

    Attributes:
        first: by offer, its first membership; one more than offers.
        group: by membership, in the order of their rows.
        row: by membership.
        sign: by membership, what its group adds to the row.
        limit: by row.
        flat: by row, whether the price does not grow with the excess.
        price: by node and row, pounds for an excess of 1; 0 where the row does not hold.
        groups: number of groups, as an array of one.
    """

    first: Ints
    group: Ints
    row: Ints
    sign: Floats
    limit: Floats
    flat: Flags
    price: Floats
    groups: Ints
