"""JSON Schema of every kind of document."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from sourcemix import files
from sourcemix.errors import InputError


@pytest.mark.parametrize("name", get_args(files.SchemaName))
def test_every_kind_has_a_schema_with_a_word_on_every_field(name: files.SchemaName) -> None:
    schema = files.schema(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"Sourcemix {name}"
    assert schema["additionalProperties"] is False
    for field in schema["properties"].values():
        assert field.get("description") or "$ref" in field
    assert json.loads(json.dumps(schema)) == schema


def test_fields_are_called_as_in_files() -> None:
    window = files.schema("case")["$defs"]["Window"]["properties"]
    assert list(window) == ["from", "until"]


def test_ranges_have_readable_names() -> None:
    found = [key for key in files.schema("plan")["$defs"] if key.startswith("Indicative")]
    assert sorted(found) == ["IndicativeMoney", "IndicativePrice", "IndicativeRate"]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(InputError, match="there is no schema `cse`; did you mean `case`"):
        files.schema("cse")  # type: ignore[arg-type]
