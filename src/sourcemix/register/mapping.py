"""Corrections of columns, as a small file: field by header."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sourcemix.errors import Fault, FileError, InputError
from sourcemix.register.fields import fields, plain_header

__all__ = ["read_mapping"]


def read_mapping(path: Path) -> dict[str, str]:
    """Read corrections: field, or `ignore`, by header in plain form.

    Raises:
        FileError: the file cannot be read.
        InputError: it is not a mapping, or names fields that are none; all at once.
    """
    try:
        document = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise FileError(
            f"the mapping cannot be read: {str(error)[:200]}", source=str(path)
        ) from error
    columns = document.get("columns") if isinstance(document, dict) else None
    if not isinstance(columns, dict):
        raise InputError("a mapping has `columns:` with a field for each header", source=str(path))
    wrong = [
        Fault(("columns", str(header)), f"`{field}` is no field; use `ignore` or one of "
              f"{', '.join(fields())}")
        for header, field in columns.items()
        if field not in fields() and field != "ignore"
    ]  # fmt: skip
    if wrong:
        raise InputError(wrong, source=str(path))
    return {plain_header(str(header)): str(field) for header, field in columns.items()}
