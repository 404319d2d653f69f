from __future__ import annotations

from decimal import Decimal

import pytest

from sourcemix.analysis.figures import figures
from sourcemix.engine.answer import Answer
from sourcemix.errors import VerificationError


def answer(claimed: float | None, bound: float | None, status: str = "feasible") -> Answer:
    assert status in ("feasible", "infeasible", "unknown")
    return Answer(status=status, reason="time_limit", claimed=claimed, bound=bound)  # type: ignore[arg-type]


def test_gap_and_status_come_from_the_exact_cost() -> None:
    judged = figures(answer(101.0, 100.0), Decimal("101.00"), 0.01)
    assert judged.bound == Decimal("100.00")
    assert judged.gap == Decimal("0.009901")
    assert judged.status == "within_gap"
    assert figures(answer(101.0, 100.0), Decimal("101.00"), 0.0099).status == "feasible"


def test_the_bound_is_rounded_down_and_never_above_the_cost() -> None:
    assert figures(answer(101.0, 100.559), Decimal(101), 0).bound == Decimal("100.55")
    assert figures(answer(101.0, 101.004), Decimal(101), 0).bound == Decimal("101")


def test_noise_in_the_last_places_of_a_float_does_not_spoil_a_proof() -> None:
    judged = figures(answer(429.0, 428.9999999996), Decimal(429), 0)
    assert (judged.bound, judged.gap, judged.status) == (Decimal(429), Decimal(0), "optimal")


def test_the_gap_is_rounded_up() -> None:
    judged = figures(answer(1_000_000.0, 999_999.5), Decimal(1_000_000), 0)
    assert judged.gap == Decimal("0.000001")
    assert judged.status == "optimal"
    assert figures(answer(1e6, 999_998.99), Decimal(1_000_000), 0).gap == Decimal("0.000002")


def test_a_cost_below_zero_has_a_gap_too() -> None:
    assert figures(answer(-99.0, -100.0), Decimal(-99), 0).gap == Decimal("0.010102")


@pytest.mark.parametrize("bound", [None, float("-inf"), float("nan")])
def test_without_a_bound_nothing_is_proven(bound: float | None) -> None:
    judged = figures(answer(5.0, bound), Decimal(5), 0.5)
    assert (judged.bound, judged.gap, judged.status) == (None, None, "feasible")


def test_a_cost_of_nothing_is_optimal_only_if_the_bound_says_so() -> None:
    assert figures(answer(0.0, 0.0), Decimal(0), 0).status == "optimal"
    assert figures(answer(0.0, -1.0), Decimal(0), 0.5).status == "feasible"


def test_another_cost_than_claimed_is_an_error() -> None:
    with pytest.raises(VerificationError, match=r"claims a cost of £100\.00, but it is £101\.00"):
        figures(answer(100.0, 90.0), Decimal(101), 0)
    with pytest.raises(VerificationError, match="claims a cost of none"):
        figures(answer(None, 90.0), Decimal(101), 0)
    figures(answer(100.0, 90.0), Decimal("100.01"), 0)


def test_a_bound_above_the_cost_is_an_error() -> None:
    with pytest.raises(VerificationError, match="nothing is cheaper than £102"):
        figures(answer(101.0, 102.0), Decimal(101), 0)


def test_without_a_result_the_status_is_infeasible_or_unknown() -> None:
    assert figures(answer(None, None, "infeasible"), None, 0).status == "infeasible"
    assert figures(answer(None, 12.0, "unknown"), None, 0).status == "unknown"
