"""JSON Schema of every kind of document."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel

from sourcemix.errors import InputError
from sourcemix.model.award import Award
from sourcemix.model.case import Case
from sourcemix.model.event import Event
from sourcemix.model.plan import Plan
from sourcemix.model.tree import Tree
from sourcemix.model.wording import hint, quoted

SchemaName = Literal["case", "event", "plan", "award", "tree"]
"""What there is a schema of."""

_MODELS: dict[str, type[BaseModel]] = {
    "award": Award,
    "case": Case,
    "event": Event,
    "plan": Plan,
    "tree": Tree,
}


def schema(name: SchemaName) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a kind of document.

    Args:
        name: `case`, `event`, `plan`, `award` or `tree`.

    Raises:
        InputError: there is no document of that name.
    """
    if name not in _MODELS:
        meant = hint(name, _MODELS) or f"; there are {quoted(_MODELS, 'and')}"
        raise InputError(f"there is no schema `{name}`{meant}")
    body = _named_ranges(_MODELS[name].model_json_schema(by_alias=True, mode="validation"))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **body,
        "title": f"Sourcemix {name}",
    }


_RANGES = (("_ge_-1_", "IndicativeRate"), ("_places_2_", "IndicativeMoney"))


def _named_ranges(body: dict[str, Any]) -> dict[str, Any]:
    """The schema with readable names for the ranges, which pydantic names by all their limits."""
    text = json.dumps(body)
    for key in body.get("$defs", {}):
        if key.startswith("Indicative_"):
            readable = next((new for part, new in _RANGES if part in key), "IndicativePrice")
            text = text.replace(f'"{key}"', f'"{readable}"')
            text = text.replace(f'"#/$defs/{key}"', f'"#/$defs/{readable}"')
    renamed: dict[str, Any] = json.loads(text)
    for key, definition in renamed.get("$defs", {}).items():
        if key.startswith("Indicative"):
            definition["title"] = key
    return renamed
