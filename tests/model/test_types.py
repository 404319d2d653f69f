"""What the types refuse by themselves."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from sourcemix.model.common import Day, Score, UnitPrice, Volume


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Day, 86400),
        (Day, 1.5),
        (Score, "1e999999999"),
        (Score, "100.000001"),
        (Volume, "1e-999999999"),
        (Volume, "0.0001"),
        (Volume, True),
        (UnitPrice, "£12"),
        (UnitPrice, "NaN"),
        (UnitPrice, -1),
    ],
)
def test_refused(kind: Any, value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)
