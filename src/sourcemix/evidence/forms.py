"""The library of agreement forms."""

from __future__ import annotations

from functools import cache
from importlib import resources

from ruamel.yaml import YAML

from sourcemix.model.suppliers import Form

__all__ = ["forms"]


@cache
def _library() -> dict[str, Form]:
    file = resources.files(__package__).joinpath("data", "forms.yaml")
    document = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    return {name: Form.model_validate(form) for name, form in document["forms"].items()}


def forms() -> dict[str, Form]:
    """Every form of the library by name, in the order of the data file."""
    return dict(_library())
