"""Starting a file: a commented example that is complete and can be changed."""

from __future__ import annotations

from importlib import resources
from typing import Literal

StarterKind = Literal["case", "event", "quick"]
"""What can be started."""

STARTERS: dict[StarterKind, str] = {
    "case": "case.yaml",
    "event": "event.yaml",
    "quick": "quick.csv",
}
"""The file name that each kind gets."""


def new_case(kind: StarterKind = "case") -> str:
    """The text of a starter file: a case, an event, or the five columns of `quick`."""
    folder = resources.files("sourcemix.app.starters")
    return folder.joinpath(STARTERS[kind]).read_text(encoding="utf-8")
