"""Finding the type that stands behind a path of a document."""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sourcemix.errors import Path


def name_in_files(name: str, field: FieldInfo) -> str:
    """What a field is called in files: `from`, where Python says `from_`."""
    return field.alias or name


def field_names(model: type[BaseModel]) -> list[str]:
    """The fields of a model as files call them."""
    return [name_in_files(name, field) for name, field in model.model_fields.items()]


def model_at(root: type[BaseModel], data: Any, path: Path) -> type[BaseModel] | None:
    """The model that describes the fields at a path of some data, if there is one."""
    wanted: Any = root
    for step in path:
        model = _model(wanted, data)
        if model is not None:
            fields = model.model_fields.items()
            found = [field for name, field in fields if name_in_files(name, field) == step]
            wanted = found[0].annotation if found else None
        else:
            wanted = _entry(wanted, data)
        data = _below(data, step)
    return _model(wanted, data)


def item_type(wanted: Any) -> Any:
    """The type of the entries of a `tuple[X, ...]` or `dict[str, X]`; None for anything else."""
    wanted = _bare(wanted)
    args = get_args(wanted)
    if get_origin(wanted) is tuple and args[1:] == (Ellipsis,):
        return args[0]
    if get_origin(wanted) is dict:
        return args[1]
    return None


def _below(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _bare(wanted: Any) -> Any:
    while get_origin(wanted) is Annotated:
        wanted = get_args(wanted)[0]
    return wanted


def _choices(wanted: Any) -> list[Any]:
    wanted = _bare(wanted)
    if get_origin(wanted) in (Union, UnionType):
        return [choice for arg in get_args(wanted) for choice in _choices(arg)]
    return [wanted]


def _model(wanted: Any, data: Any) -> type[BaseModel] | None:
    models = [c for c in _choices(wanted) if isinstance(c, type) and issubclass(c, BaseModel)]
    if len(models) > 1 and isinstance(data, dict):
        models = [model for model in models if data.get("kind") in _kinds(model)]
    return models[0] if len(models) == 1 else None


def _kinds(model: type[BaseModel]) -> tuple[Any, ...]:
    annotation = _bare(model.model_fields["kind"].annotation) if "kind" in model.model_fields else 0
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _entry(wanted: Any, data: Any) -> Any:
    shape = dict if isinstance(data, dict) else tuple
    for choice in _choices(wanted):
        if get_origin(choice) is shape:
            return item_type(choice)
    return None
