"""Writing documents, exactly: what is read back is the same."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import simplejson

from sourcemix.errors import FileError
from sourcemix.files.reading import Document
from sourcemix.files.source import Format
from sourcemix.files.version import CURRENT
from sourcemix.files.yaml_out import dump_yaml, written_out
from sourcemix.model.award import Award
from sourcemix.model.plan import Plan


def dumps(document: Document, format: Format = "yaml") -> str:
    """A document as text.

    Fields at their default are left out. Numbers are written as numbers, exactly as they are.

    Args:
        document: a case, event, plan or award.
        format: `yaml` or `json`.
    """
    data: dict[str, Any] = {"sourcemix": CURRENT}
    if isinstance(document, Plan | Award):
        data["kind"] = document.kind
    data |= document.model_dump(by_alias=True, exclude_defaults=True)
    plain = _plain(data)
    if format == "json":
        text = simplejson.dumps(plain, use_decimal=True, ensure_ascii=False, indent=2)
        return f"{text}\n"
    return dump_yaml(plain)


def write(document: Document, path: str | os.PathLike[str]) -> None:
    """Write a document, YAML or JSON by the end of the file's name.

    The file appears complete or not at all: it is written beside its place and then put there.

    Raises:
        FileError: the name ends otherwise, or the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in (".yaml", ".yml", ".json"):
        raise FileError("the name should end in `.yaml` or `.json`", source=str(path))
    text = dumps(document, "json" if path.suffix.lower() == ".json" else "yaml")
    try:
        _replace(path, text)
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise FileError(f"the file cannot be written: {why}", source=str(path)) from None


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        # 1E+3 and 1000 are the same number; people read the second.
        return Decimal(written_out(value))
    return value
