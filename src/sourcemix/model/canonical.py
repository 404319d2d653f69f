"""One order for a document's rows, and the hash that identifies its content.

Rows of a file may come in any order. Here they get one, so that planning does not depend on how a
file was written down, and so that the same content always has the same hash.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import BaseModel

from sourcemix.model.case import Case
from sourcemix.model.common import Indicative
from sourcemix.model.event import Event
from sourcemix.model.offers import Tier

__all__ = ["canonical", "digest"]

D = TypeVar("D", bound=BaseModel)

_KEEP_ORDER = (int, Decimal, Indicative, Tier)
"""Lists of these mean something by their order: figures by period or agreement year, extensions
and tiers. All other lists are sets of rows."""


def canonical(document: D) -> D:
    """The same document with its rows in one order, whatever order they came in.

    Rows with an id go by id, other rows by their content, fields named by the user by name. Lists
    whose order means something stay as they are.
    """
    sorted_fields = {name: _sorted(getattr(document, name)) for name in type(document).model_fields}
    return document.model_copy(update=sorted_fields)


def digest(document: Case | Event) -> str:
    """SHA-256 of the content of a document, in hexadecimal.

    The order of rows, the way numbers are written (1.0 or 1) and defaults written out make no
    difference; every figure, name and text does.
    """
    kind = "event" if isinstance(document, Event) else "case"
    return sha256(f"{kind}:{_text(canonical(document))}".encode()).hexdigest()


def _sorted(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return canonical(value)
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, tuple):
        items = tuple(_sorted(item) for item in value)
        if any(isinstance(item, _KEEP_ORDER) for item in items):
            return items
        return tuple(sorted(items, key=_sort_key))
    return value


def _sort_key(item: Any) -> tuple[str, str]:
    return getattr(item, "id", None) or "", _text(item)


def _text(item: Any) -> str:
    if isinstance(item, BaseModel):
        item = item.model_dump(by_alias=True, exclude_defaults=True)
    return json.dumps(_plain(item), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        # Fields hold either text or numbers, so a number written as text cannot be mistaken.
        text = f"{value:f}" if value else "0"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
