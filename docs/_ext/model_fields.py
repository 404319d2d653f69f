"""Write the fields of the model's types into a page.

A line `% fields: module:Type ...` of a page becomes one section for each type that can be reached
from those named: its docstring and a table of its fields, with their types in words and their
docstrings. Types of the line `% fields-elsewhere: module:Type ...` are linked, not repeated.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from sphinx.application import Sphinx

WORDS = {
    "Money": "pounds",
    "PositiveMoney": "pounds (zero or more)",
    "UnitPrice": "pounds for a unit",
    "Volume": "units",
    "Share": "share (0 to 1)",
    "Rate": "rate",
    "Factor": "factor",
    "Probability": "probability",
    "Level": "level",
    "Months": "months",
    "Id": "short name",
    "Text": "text",
    "MoneyValue": "pounds (or a range)",
    "PriceValue": "pounds for a unit (or a range)",
    "RateValue": "rate (or a range)",
    "str": "text",
    "bool": "`true` or `false`",
    "int": "whole number",
    "float": "number",
    "Decimal": "number",
    "date": "date",
    "Any": "anything",
    "T": "figure",
}
RANGES = {"MoneyValue", "PriceValue", "RateValue"}
LINE = re.compile(r"^% (fields|fields-elsewhere): (.+)$", re.MULTILINE)

Model = type[BaseModel]


def annotation(model: Model, name: str) -> tuple[ast.expr, dict[str, Any]]:
    """The annotation of a field as it was written, and the names of its module."""
    for owner in model.__mro__:
        text = inspect.get_annotations(owner).get(name)
        if isinstance(text, str):
            return ast.parse(text, mode="eval").body, vars(sys.modules[owner.__module__])
    raise LookupError(f"{model.__name__}.{name} has no annotation")


def members(value: object) -> list[Model]:
    """The types of a union, or the one type."""
    if isinstance(value, type):
        return [value] if issubclass(value, BaseModel) else []
    if get_origin(value) is None:
        return []
    return [model for part in get_args(value) for model in members(part)]


def reachable(roots: list[Model]) -> list[Model]:
    """All types that the roots hold, in the order in which a reader meets them."""
    found: list[Model] = []

    def visit(model: Model) -> None:
        if model in found:
            return
        found.append(model)
        for name in model.model_fields:
            tree, scope = annotation(model, name)
            for node in ast.walk(tree):
                if isinstance(node, ast.Name):
                    if node.id in RANGES:
                        visit(importlib.import_module("sourcemix.model.common").Indicative)
                    for inner in members(scope.get(node.id)):
                        if node.id not in WORDS:
                            visit(inner)

    for root in roots:
        visit(root)
    return found


def link(model: Model) -> str:
    """A link to the section of a type."""
    return f"[{model.__name__}](#type-{model.__name__.lower()})"


def words(node: ast.expr, scope: dict[str, Any]) -> str:
    """A type in words."""
    if isinstance(node, ast.BinOp):
        parts = [part for part in operands(node) if not is_none(part)]
        return " or ".join(dict.fromkeys(words(part, scope) for part in parts))
    if isinstance(node, ast.Subscript):
        outer = ast.unparse(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if outer == "Literal":
            return ", ".join(f"`{ast.literal_eval(value)}`" for value in inner)
        if outer == "dict":
            return f"{words(inner[1], scope)} by {words(inner[0], scope)}"
        if isinstance(inner[-1], ast.Constant) and inner[-1].value is ...:
            return f"list of {words(inner[0], scope)}"
        return f"two of {words(inner[0], scope)}"
    name = ast.unparse(node)
    if name in WORDS:
        return WORDS[name]
    value = scope[name]
    if get_origin(value) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(value))
    return " or ".join(link(model) for model in members(value))


def operands(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of a union such as `int | str | None`."""
    if isinstance(node, ast.BinOp):
        yield from operands(node.left)
        yield from operands(node.right)
    else:
        yield node


def is_none(node: ast.expr) -> bool:
    """Whether it is the constant `None`."""
    return isinstance(node, ast.Constant) and node.value is None


def default(field: FieldInfo) -> str:
    """What holds where the field is absent."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), {}, "") or isinstance(value, BaseModel):
        return ""
    return f"`{value}`"


def section(model: Model) -> str:
    """One type: anchor, heading, docstring, table."""
    rows = []
    for name, field in model.model_fields.items():
        meaning = " ".join((field.description or "").split())
        cells = [f"`{field.alias or name}`", words(*annotation(model, name)), default(field)]
        rows.append("| " + " | ".join([*cells, meaning]).replace("||", "") + " |")
    table = ["| field | what | if absent | meaning |", "|---|---|---|---|", *rows]
    name = model.__name__
    return "\n".join(
        [f"(type-{name.lower()})=", f"## {name}", "", inspect.getdoc(model) or "", "", *table, ""]
    )


def load(names: str) -> list[Model]:
    """The types of names such as `sourcemix.model.case:Case`."""
    models = []
    for name in names.split():
        module, _, cls = name.partition(":")
        models.append(getattr(importlib.import_module(module), cls))
    return models


def expand(text: str) -> str:
    """A page with its `% fields` lines replaced."""
    lines = dict(LINE.findall(text))
    elsewhere = reachable(load(lines.get("fields-elsewhere", "")))
    wanted = [model for model in reachable(load(lines.get("fields", ""))) if model not in elsewhere]
    body = "\n".join(section(model) for model in wanted)
    return LINE.sub(lambda line: body if line[1] == "fields" else "", text)


def _on_read(_app: Sphinx, _page: str, source: list[str]) -> None:
    source[0] = expand(source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", _on_read)
    return {"parallel_read_safe": True}
