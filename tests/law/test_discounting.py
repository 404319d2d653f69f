"""Discount rates are dated data, read by name and year."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sourcemix import law
from sourcemix.errors import InputError
from sourcemix.law.discounting import bands


@pytest.mark.parametrize(
    ("year", "rate"),
    [(1, "0.035"), (30, "0.035"), (31, "0.03"), (75, "0.03"), (76, "0.025"), (125, "0.025")],
)
def test_green_book_rate_falls_after_30_and_75_years(year: int, rate: str) -> None:
    assert law.discount_rate("green-book-2026", year) == Decimal(rate)


def test_health_rate_starts_lower() -> None:
    assert law.discount_rate("green-book-2026-health", 1) == Decimal("0.015")


def test_none_does_not_discount() -> None:
    assert law.discount_rate("none", 500) == 0


def test_schedules_are_sorted_and_hold_none() -> None:
    assert law.schedules() == ("green-book-2026", "green-book-2026-health", "none")


def test_unknown_name_lists_the_names() -> None:
    with pytest.raises(InputError, match="`green-book-2026`, `green-book-2026-health`, `none`"):
        law.discount_rate("greenbook", 1)


@pytest.mark.parametrize("year", [0, 126])
def test_year_without_a_rate_is_refused(year: int) -> None:
    with pytest.raises(InputError, match="years 1 to 125"):
        law.discount_rate("green-book-2026", year)


def test_every_row_is_dated_and_sourced() -> None:
    for band in bands():
        assert band.source.startswith("https://")
        assert band.jurisdiction
        assert band.note
        assert band.valid_to is None or band.valid_from <= band.valid_to


def test_bands_of_a_schedule_follow_on_from_year_1() -> None:
    for name in law.schedules():
        rows = sorted((b.first_year, b.last_year) for b in bands() if b.schedule == name)
        expected = 1
        for first, last in rows:
            assert first == expected <= last
            expected = last + 1
