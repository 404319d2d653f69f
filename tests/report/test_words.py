from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sourcemix.report import words


@pytest.mark.parametrize(
    ("amount", "text"),
    [("75", "£75"), ("75.00", "£75"), ("1250.5", "£1,250.50"), ("-3000", "-£3,000"), ("0", "£0")],
)
def test_pounds_in_full(amount: str, text: str) -> None:
    assert words.pounds(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("75", "£75"),
        ("999", "£999"),
        ("1234", "£1,230"),
        ("845499", "£845,000"),
        ("999499", "£999,000"),
        ("999500", "£1 million"),
        ("1400000", "£1.4 million"),
        ("1054017.31", "£1.05 million"),
        ("15040000", "£15 million"),
        ("316837368", "£317 million"),
        ("-36900", "-£36,900"),
    ],
)
def test_headlines_have_three_figures_at_most(amount: str, text: str) -> None:
    assert words.rounded(Decimal(amount)) == text


def test_a_range_of_one_figure_is_one_figure() -> None:
    assert words.span(Decimal("264980"), Decimal("265010")) == "£265,000"
    assert words.span(Decimal("1400000"), Decimal("1600000")) == "£1.4 million to £1.6 million"


def test_dates_and_durations_as_people_write_them() -> None:
    assert words.day(date(2026, 11, 7)) == "7 November 2026"
    assert words.month(date(2026, 11, 7)) == "Nov 2026"
    assert [words.duration(months) for months in (1, 6, 12, 18, 60)] == [
        "1 month",
        "6 months",
        "12 months",
        "18 months",
        "5 years",
    ]
    assert [words.lead_of(months) for months in (1, 12)] == ["1 month's", "12 months'"]


def test_percentages_drop_empty_decimals() -> None:
    assert words.percent(Decimal("0.042")) == "4.2%"
    assert words.percent(Decimal("0.1")) == "10%"
    assert words.percent(Decimal("1")) == "100%"


def test_lists_and_articles() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.with_article("inter-authority agreement") == "an inter-authority agreement"
    assert words.with_article("contract") == "a contract"
    assert words.counted(1, "lot") == "1 lot"
    assert words.counted(1200, "lot") == "1,200 lots"
