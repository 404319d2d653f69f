"""One cell at a time."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcemix.register.cells import read_cell, tidy
from sourcemix.register.dates import order_of, read_date


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("£1,234.50", "1234.50"), ("(1,234.50)", "-1234.50"), ("1234-", "-1234.00"),
        ("£1.2m", "1200000.00"), ("25k p.a.", "25000.00"), ("£ 1.234,50", "1234.50"),
        ("-£3,000", "-3000.00"), ("£-3,000", "-3000.00"), ("1,234.50 CR", "-1234.50"),
        ("1e5", "100000.00"), ("12.345", "12.34"), ("�1,000.00", "1000.00"),
        ("Up to £50,000", "50000.00"), ("1 234,50", "1234.50"), ("£1.5 million", "1500000.00"),
        ("£100,000 per annum", "100000.00"), ("£5k a year", "5000.00"),
        (".50", "0.50"), ("GBP 99", "99.00"),
        ("TBC", None), ("-", None), ("£", None), ("abc", None), ("999999999999999999", None),
        ("1/4/2024", None), ("", None),
    ],
)  # fmt: skip
def test_money(text: str, value: str | None) -> None:
    assert read_cell("money", text).value == value


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_as_it_is_printed(amount: Decimal) -> None:
    shown = f"£{abs(amount):,.2f}"
    assert Decimal(read_cell("money", shown).value or "x") == abs(amount)
    negative = read_cell("money", f"({shown})").value
    assert Decimal(negative or "x") == -abs(amount)


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    for kind in ("money", "date", "enddate", "months", "notice", "flag", "company", "charity",
                 "vat", "count", "cpv", "text", "name", "taken"):  # fmt: skip
        cell = read_cell(kind, text)
        assert cell.value is None or cell.value != ""


DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d-%b-%Y", "%d %B %Y", "%d.%m.%Y", "%Y%m%d", "%Y-%m-%dT00:00:00Z",
         "%d %b %y", "%A %d %B %Y")  # fmt: skip


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.sampled_from(DATES))
def test_dates_in_every_shape(day: date, shape: str) -> None:
    found = read_date(day.strftime(shape))
    assert found is not None
    assert found[0] == day


@given(st.dates(date(1975, 1, 1), date(2100, 1, 1)))
def test_day_numbers_of_spreadsheets(day: date) -> None:
    found = read_date(str((day - date(1899, 12, 30)) // timedelta(days=1)))
    assert found is not None
    assert found[0] == day


def test_a_month_is_its_first_or_last_day() -> None:
    assert read_date("March 2022") == (date(2022, 3, 1), "a month: its first day")
    assert read_date("Feb-24", last_day=True) == (date(2024, 2, 29), "a month: its last day")


@pytest.mark.parametrize(
    "text", ["0201-01-01", "32/01/2022", "13/13/2022", "2022", "Easter", "99999"]
)
def test_no_dates(text: str) -> None:
    assert read_date(text) is None


def test_the_order_of_day_and_month_comes_from_the_column() -> None:
    assert order_of(["01/02/2024", "03/31/2024"]) == "mdy"
    assert order_of(["01/02/2024", "31/03/2024", "03/31/2024"]) == "dmy"
    assert order_of([]) == "dmy"


@pytest.mark.parametrize(
    ("text", "months", "more"),
    [
        ("24", "24", ""), ("3 years", "36", ""), ("2+1+1", "24", "12+12"), ("18m", "18", ""),
        ("2 x 12 months", "12", "12"), ("36 + 12 + 12", "36", "12+12"), ("five years", "60", ""),
        ("3 years plus 2 x 1 year", "36", "12+12"), ("1 year 6 months", "18", ""),
        ("36 months (with option to extend 12 months)", "36", "12"), ("3 + 2 years", "36", "24"),
        ("0.8", "0.8", ""), ("12 weeks", "2.8", ""), ("long", None, "unread"),
        ("Ongoing", None, "rolling"), ("5000", None, "unread"),
    ],
)  # fmt: skip
def test_lengths_of_time(text: str, months: str | None, more: str) -> None:
    cell = read_cell("months", text)
    assert (cell.value, cell.mark) == (months, more)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1846493", "01846493"), ("OC306911", "OC306911"), ("SC 12345", "SC012345"),
        ("GB-COH-00012345", "00012345"), ("00000000", None), ("12345678", None), ("Various", None),
        ("CE016832", "CE016832"),
    ],
)  # fmt: skip
def test_company_numbers(text: str, number: str | None) -> None:
    assert read_cell("company", text).value == number


def test_texts_are_put_right_and_say_so() -> None:
    assert tidy("Women\x80\x99s Centre").value == "Women’s Centre"
    assert tidy("A &amp;amp; B").value == "A & B"
    assert tidy("two\nlines").why == "line breaks or hidden signs put right"
    assert tidy("plain").why == ""
    assert tidy("plain").value == "plain"
