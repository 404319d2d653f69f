from __future__ import annotations

from decimal import Decimal

import pytest

from sourcemix.evidence import fill
from sourcemix.files import case_from
from sourcemix.model.case import Case
from sourcemix.model.tree import Node, Tree

CASE = """
sourcemix: 1
title: Help desk
authority: {name: Exampleshire}
horizon: {start: 2027-04-01, periods: 4, period: year}
money: {price_base: 2026-27}
services:
  - {id: desk, name: Service desk, unit: call, demand: 1_000, unmet: 30}
suppliers:
  - {id: own, name: Own team, kind: in_house}
  - {id: hub, name: Three Counties Hub, kind: partnership, failure: 0.01}
offers:
  - id: own_desk
    supplier: own
    form: in_house
    services: {desk: {price: 16}}
    term: {initial: 120}
  - id: hub_desk
    supplier: hub
    form: inter_authority
    services: {desk: {price: 11}}
    term: {initial: 24, extensions: [12, 12], notice: 12}
    parties: {staff: {posts_kept: 12}}
agreements:
  - {offer: own_desk, started: 2018-04-01}
drivers:
  - kind: demand
    id: channel_shift
    services: [desk]
    at: 2028-04-01
    outcomes: [{p: 0.5, factor: 0.7}, {p: 0.5, factor: 1}]
  - {kind: requirement, id: ai_desk, services: [desk], at: 2028-04-01, p: 0.4, size: 0.3}
  - {kind: supplier_failure, supplier: hub, at: 2029-04-01}
"""


@pytest.fixture(scope="session")
def case() -> Case:
    return fill(case_from(CASE))


@pytest.fixture(scope="session")
def tree() -> Tree:
    """One node today, four after a year (channel shift, the requirement), and on."""
    seen = [{"channel_shift": a, "ai_desk": b} for a in "01" for b in ("yes", "no")]
    odds = [Decimal(p) for p in ("0.2", "0.3", "0.2", "0.3")]
    nodes = [Node(id=0, parent=None, period=0, p=Decimal(1), demand={"desk": Decimal(1000)})]
    for number, (what, p) in enumerate(zip(seen, odds, strict=True), start=1):
        nodes.append(
            Node(id=number, parent=0, period=1, p=p, seen=what, demand={"desk": Decimal(1000)})
        )
    for number in range(1, 5):
        nodes.append(
            Node(
                id=number + 4,
                parent=number,
                period=2,
                p=Decimal(1),
                demand={"desk": Decimal(1000)},
            )
        )
    return Tree(nodes=tuple(nodes))
