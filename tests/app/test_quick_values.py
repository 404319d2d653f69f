from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sourcemix.app import quick_values as values


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("£1,200,000", "1200000"),
        ("1200000.50", "1200000.50"),
        (" £ 450k ", "450000"),
        ("1.2m", "1200000"),
        ("£1.4 million", "1400000"),
        ("GBP 12 000", "12000"),
        ("£95,000 p.a.", "95000"),
        ("£95,000 a year", "95000"),
    ],
)
def test_amounts_as_councils_write_them(text: str, amount: str) -> None:
    assert values.money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", "TBC", "about 5", "12,00", "£", "0", "-5", "1e9", "nan", "£12 and £14", "99999999999"],
)
def test_what_is_no_amount_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match=r"120000|more than £0"):
        values.money(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/03/2028", date(2028, 3, 31)),
        ("3/4/28", date(2028, 4, 3)),
        ("31.03.2028", date(2028, 3, 31)),
        ("31 March 2028", date(2028, 3, 31)),
        ("31st March 2028", date(2028, 3, 31)),
        ("31-Mar-28", date(2028, 3, 31)),
        ("2028-03-31", date(2028, 3, 31)),
        ("2028-03-31 00:00:00", date(2028, 3, 31)),
        ("31/03/2028 00:00", date(2028, 3, 31)),
        ("Sept 2028", date(2028, 9, 30)),
        ("February 2028", date(2028, 2, 29)),
        ("03/2028", date(2028, 3, 31)),
        ("2027-28", date(2028, 3, 31)),
        ("2028", date(2028, 12, 31)),
    ],
)
def test_dates_as_councils_write_them(text: str, day: date) -> None:
    assert values.last_day(text) == day


@pytest.mark.parametrize("text", ["31/02/2028", "13/13/2028", "soon", "31 Nevember 2028", "1890"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 31/03/2028"):
        values.last_day(text)


@pytest.mark.parametrize(
    "text", ["", "TBC", "Ongoing", "rolling", "n/a", "Open-ended", "No end date"]
)
def test_no_end_is_an_answer(text: str) -> None:
    assert values.ends(text) is None


def test_outlook_in_other_words() -> None:
    assert values.outlook("Stable") == "steady"
    assert values.outlook("") == "steady"
    assert values.outlook("growing") == "changing"
    with pytest.raises(ValueError, match="did you mean `changing`"):
        values.outlook("chagning")


@pytest.mark.parametrize("text", ["In-house", "in house", "Council", "own staff"])
def test_own_staff_in_other_words(text: str) -> None:
    assert values.is_in_house(text)
