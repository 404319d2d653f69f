"""Lists of words that stand for nothing, for yes and no, for nobody, and for legal forms."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources

__all__ = ["words"]


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list: `empty`, `yes`, `no`, `nobody` or `legal`; in small letters."""
    file = resources.files(__package__).joinpath("data", "words.csv")
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    return frozenset(row["word"] for row in rows if row["list"] == name)
