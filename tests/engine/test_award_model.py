"""Every family of columns and rows of the award model, against a text written out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sourcemix.engine.award.draft import Draft
from sourcemix.engine.award.model import FAMILIES
from tests.engine.award_cases import CASES
from tests.engine.award_text import family_text

GOLDEN = Path(__file__).parent / "award_golden"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_family_adds_what_is_written_out(family: Callable[[Draft], None]) -> None:
    name = family.__name__
    rounding = "pennies" if name.startswith("add_whole") else "loose"
    text = family_text(CASES[name], family, rounding)  # type: ignore[arg-type]
    assert text == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_no_family_lacks_its_text() -> None:
    families = {family.__name__ for family in FAMILIES}
    assert families == set(CASES) == {path.stem for path in GOLDEN.glob("*.txt")}


def test_every_family_states_its_formula() -> None:
    for family in FAMILIES:
        assert "``" in (family.__doc__ or ""), family.__name__
