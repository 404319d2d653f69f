"""The names that `import sourcemix` offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sourcemix

HEAVY = ("highspy", "numpy", "pydantic", "rich", "ruamel", "typer")


def test_names_are_sorted_and_listed_once() -> None:
    assert sourcemix.__all__ == sorted(set(sourcemix.__all__))
    assert dir(sourcemix) == sourcemix.__all__


@pytest.mark.parametrize("name", sourcemix.__all__)
def test_each_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(sourcemix, name)
    if name == "__version__":
        assert value.count(".") == 2
    else:
        assert len((value.__doc__ or "").strip()) > 20


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'plan_cases'"):
        _ = sourcemix.plan_cases


def test_importing_it_is_light() -> None:
    # The solver's own process imports it, and so does every start of the command line.
    code = f"import sourcemix, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
