"""Which route plans a case, and that all come to the same cost."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from sourcemix.engine import planning, routes, search
from sourcemix.engine.answer import Limits
from sourcemix.verify import account
from tests.differential.draw import drawn
from tests.engine.search.small_tables import small_case

EXACT = Limits(gap=0, seconds=120)
SEED = 5
TWO_TODAY = 33


def test_a_small_case_takes_the_exact_route() -> None:
    case, tree = small_case(SEED)
    assert len(tree.nodes) * len(case.offers) <= routes.SMALL
    found = routes.solve(case, tree, EXACT)
    assert (found.routes.taken, found.routes.plan, found.ties) == ("exact", "exact", "decided")


@pytest.mark.parametrize(("large", "taken"), [(0, "search"), (10**6, "both")])
def test_every_route_comes_to_the_same_cost(
    large: int, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, tree = small_case(SEED)
    best = planning.solve(case, tree, EXACT).claimed
    assert best is not None
    monkeypatch.setattr(routes, "SMALL", 0)
    monkeypatch.setattr(routes, "LARGE", large)
    found = routes.solve(case, tree, EXACT)
    assert found.routes.taken == taken
    assert (found.status, found.ties) == ("optimal", "open")
    assert found.claimed == pytest.approx(best, abs=0.0101)
    assert found.nodes is not None
    assert account(case, tree, found.nodes).discrepancies == ()


def test_with_effort_the_search_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    case, tree = small_case(SEED)
    monkeypatch.setattr(routes, "SMALL", 0)
    found = routes.solve(case, tree, replace(EXACT, effort=2))
    assert found.routes.taken == "search"


def test_two_agreements_of_one_offer_take_no_other_route(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "SMALL", 0)
    monkeypatch.setattr(routes, "LARGE", 0)
    case, tree = small_case(TWO_TODAY)
    found = routes.solve(case, tree, EXACT)
    assert found.routes.taken == "search"
    assert found.claimed == pytest.approx(drawn(TWO_TODAY).best, abs=0.0101)


def test_a_case_whose_states_do_not_fit_is_left_to_the_exact_route(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(routes, "SMALL", 0)
    monkeypatch.setattr(routes, "LARGE", 0)
    monkeypatch.setattr(search, "STATES", 1)
    case, tree = small_case(SEED)
    found = routes.solve(case, tree, EXACT)
    assert found.routes.taken == "exact"
    assert "lead times" in caplog.text


def test_a_small_case_does_not_load_the_search() -> None:
    code = "import sourcemix.app, sys; print([m for m in ('numba',) if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
