"""Changing what is of a certain declared type, wherever it stands in a document."""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from sourcemix.model.common import Id, Indicative, Money, PositiveMoney, UnitPrice

D = TypeVar("D", bound=BaseModel)
AMOUNTS = (Money, PositiveMoney, UnitPrice)
Change = Callable[[Any, Any], Any]
"""From a value and its declared type to what takes its place."""


def changed(document: D, change: Change) -> D:
    """The document with every id and every amount of money as `change` wants it."""
    found: D = _model(document, type(document), change)
    return found


def _any(value: Any, kind: Any, change: Change) -> Any:
    if kind in (Id, *AMOUNTS):
        return change(value, kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _any(value, inner[0], change)
    if origin in (Union, UnionType):
        return _any(value, _fitting(value, inner), change)
    if isinstance(value, BaseModel):
        return _model(value, kind, change)
    if isinstance(value, dict) and inner:
        return {_any(k, inner[0], change): _any(v, inner[1], change) for k, v in value.items()}
    if isinstance(value, tuple) and inner:
        return tuple(_any(item, inner[0], change) for item in value)
    return value


def _model(value: Any, kind: Any, change: Change) -> Any:
    if isinstance(value, Indicative):
        (amount,) = kind.__pydantic_generic_metadata__["args"]
        hints: dict[str, Any] = dict.fromkeys(("low", "central", "high"), amount) | {"prior": str}
    else:
        hints = get_type_hints(type(value), include_extras=True)
    parts = {name: _any(part, hints[name], change) for name, part in value}
    return value.model_copy(update=parts)


def _fitting(value: Any, kinds: tuple[Any, ...]) -> Any:
    """Which of several declared types a value is of."""
    for kind in kinds:
        plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
        plain = get_origin(plain) or plain
        if isinstance(plain, type) and isinstance(value, plain):
            return kind
    return type(value)
