"""The fields that a register or a payments file may have, and the headers that name them."""

from __future__ import annotations

import csv
import html
import io
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["Field", "fields", "plain_header", "squeezed"]


_FILLER = re.compile(
    r"\b(?:the|gbp|if applicable|where applicable|dd mm yyyy|yyyy mm dd|yes no|y n)\b"
)
_FUNCTION = re.compile(
    r"(?i)\b(?:nvl|sum|max|min|trunc|to_char|upper|round|trim|coalesce|convert|cast)\s*\("
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field that we understand.

    Attributes:
        name: short name, such as `start_date`.
        type: how its cells are read: `text`, `name`, `money`, `date`, `enddate` and so on.
        tables: `contract`, `payment` or both.
        names: headers that mean it, in plain form, the most telling first.
    """

    name: str
    type: str
    tables: tuple[str, ...]
    names: tuple[str, ...]


@cache
def fields() -> dict[str, Field]:
    """Every field by its name, in the order of the data file."""
    file = resources.files(__package__).joinpath("data", "columns.csv")
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    return {
        row["field"]: Field(
            row["field"],
            row["type"],
            tuple(row["tables"].split()),
            tuple(dict.fromkeys(plain_header(name) for name in row["names"].split("|"))),
        )
        for row in rows
    }


def plain_header(text: str) -> str:
    """A header in plain form: `ProclassLabel (2)` is `proclass label 2`."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).replace("\ufeff", "")
    # Letters with signs on them, as in Welsh, count without.
    text = "".join(s for s in unicodedata.normalize("NFKD", text) if not unicodedata.combining(s))
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = _FUNCTION.sub(" ", text)
    text = text.replace("£", " gbp ").replace("_", " ").casefold()
    text = " ".join(re.sub(r"[^0-9a-z]+", " ", text).split())
    text = re.sub(r"\b(?:inc|incl)\b", "including", text)
    text = re.sub(r"\b(?:excl|exc)\b", "excluding", text)
    return " ".join(_FILLER.sub(" ", text).split())


def squeezed(plain: str) -> str:
    """A header in plain form without its spaces: `pro class` and `proclass` are one."""
    return plain.replace(" ", "")
