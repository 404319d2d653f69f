"""How often `manage` counts once agreements are split or merged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.engine.search.small_tables import small_case

from sourcemix.engine.problem import Problem, compile_problem
from sourcemix.engine.search.managing import Managed


def reorganised(**moved: object) -> Problem:
    """A small case of which every node from the second on says what has become of agreements."""
    case, tree = small_case(1)
    nodes = tuple(
        node if node.parent is None else node.model_copy(update=moved) for node in tree.nodes
    )
    return replace(compile_problem(case, tree), tree=tree.model_copy(update={"nodes": nodes}))


def test_each_successor_manages_its_own() -> None:
    name = small_case(1)[0].offers[0].id
    managed = Managed(reorganised(split={name: 3}))
    assert managed.moves(0)
    assert not managed.merges
    assert managed.times(0, 0, 0) == 1.0
    assert managed.times(1, 0, 0) == 3.0
    # What starts on vesting day or later is not affected.
    assert managed.times(1, 0, 1) == 1.0


def test_what_is_merged_is_never_charged_more_than_the_dearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offers = small_case(1)[0].offers
    names = tuple(offer.id for offer in offers if offer.supplier == offers[0].supplier)
    problem = reorganised(merged=names)
    monkeypatch.setattr(
        "sourcemix.engine.search.managing.merged_by", lambda _: dict.fromkeys(names, "merger")
    )
    managed = Managed(problem)
    shares = [managed.times(1, at, 0) for at, o in enumerate(offers) if o.id in names]
    assert sum(shares) == pytest.approx(1.0)
    assert managed.merges == (len(names) > 1)
