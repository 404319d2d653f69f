"""Patterns of starts to come."""

from __future__ import annotations

import pytest

from sourcemix.engine.search.states import count_of, least_run, patterns_of


def test_without_lead_time_nothing_is_to_come() -> None:
    assert patterns_of(0, 1) == patterns_of(0, 5)
    assert patterns_of(0, 1).shifted == (0,)
    assert patterns_of(0, 1).joined == (-1,)


@pytest.mark.parametrize(("lead", "apart", "count"), [(1, 1, 2), (2, 1, 4), (2, 2, 3), (3, 2, 5)])
def test_patterns_keep_starts_apart(lead: int, apart: int, count: int) -> None:
    assert len(patterns_of(lead, apart).shifted) == count
    assert count_of(lead, apart) == count


def test_patterns_are_counted_without_being_made() -> None:
    for lead in range(9):
        for apart in range(1, 5):
            assert count_of(lead, apart) == len(patterns_of(lead, apart).shifted)
    assert count_of(60, 1) == 2**60


def test_a_start_comes_nearer_and_is_due() -> None:
    found = patterns_of(3, 3)
    state, waited = found.joined[0], 0
    while not found.due[state]:
        state, waited = found.shifted[state], waited + 1
    assert waited == 2
    assert found.shifted[state] == 0


def test_least_run_follows_notice_unless_reorganised() -> None:
    assert least_run(5, 2, False) == 2
    assert least_run(1, 2, False) == 1
    assert least_run(5, 0, False) == 1
    assert least_run(5, 2, True) == 1
