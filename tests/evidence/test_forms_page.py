"""The page on forms shows the library as it is: every figure, with the prior behind it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from sourcemix import evidence
from sourcemix.model.common import Indicative
from sourcemix.model.suppliers import Form

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "forms.md"


def pounds(value: Indicative[Decimal]) -> str:
    return f"£{value.low:,} / £{value.central:,} / £{value.high:,} ({value.prior})"


def percent(value: Indicative[Decimal]) -> str:
    low, middle, high = ((end * 100).normalize() for end in (value.low, value.central, value.high))
    return f"{low}% / {middle}% / {high}% ({value.prior})"


def rows(name: str, form: Form) -> list[str]:
    """The lines of the page's two tables that speak of one form."""
    figures = [
        f"| `{name}` | `{line}` | {pounds(value)} |"
        for line, value in form.setup.items()
        if isinstance(value, Indicative)
    ]
    assert len(figures) == len(form.setup)
    assert isinstance(form.manage, Indicative)
    figures.append(f"| `{name}` | manage, a year | {pounds(form.manage)} |")
    if isinstance(form.withdrawal, Indicative):
        figures.append(f"| `{name}` | withdrawal, a year | {percent(form.withdrawal)} |")
    lead = "none" if form.lead == 0 else f"{form.lead} months"
    binding = "yes" if form.binding else "no"
    summary = f"| `{name}` | {form.title} | {lead} | {binding} | {form.route} |"
    return [summary, *figures]


@pytest.mark.parametrize("name", evidence.forms())
def test_page_agrees_with_the_library(name: str) -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for row in rows(name, evidence.forms()[name]):
        assert row in lines
    shown = [line for line in lines if line.startswith(f"| `{name}` |")]
    assert sorted(shown) == sorted(rows(name, evidence.forms()[name]))
