"""Faults of structure in plain English, from what the model's validation reports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sourcemix.errors import Fault, Path
from sourcemix.files.fields import field_names, model_at
from sourcemix.files.loaded import Loaded
from sourcemix.model.wording import closest, hint, quoted

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_SHAPES = {
    "model_type": "fields and their values",
    "model_attributes_type": "fields and their values",
    "dict_type": "fields and their values",
    "tuple_type": "a list",
    "list_type": "a list",
    "decimal_type": "a number",
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "`true` or `false`",
    "date_type": "a date such as 2027-04-01",
}
"""Errors that only say that a value has another shape, and the shape wanted."""

_CONTAINERS = frozenset(
    {"model_type", "model_attributes_type", "dict_type", "tuple_type", "list_type"}
)

_WANTED = {
    **_SHAPES,
    "decimal_parsing": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "bool_parsing": "`true` or `false`",
    "date_parsing": "a date such as 2027-04-01",
    "date_from_datetime_parsing": "a date such as 2027-04-01",
    "date_from_datetime_inexact": "a date such as 2027-04-01",
}
"""What each kind of value should be."""

_PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9_.-]*$": "cannot be a short name: use letters without accents, "
    "digits, `_`, `-` and `.`, and begin with a letter or digit",
    r"^\d{4}-\d{2}$": "should be a financial year such as 2026-27",
}
"""What the model's patterns mean to a person."""


def structure_faults(
    model: type[BaseModel], loaded: Loaded, error: ValidationError
) -> Iterator[Fault]:
    """One fault for each place that the model refuses."""
    by_place: dict[Path, list[ErrorDetails]] = defaultdict(list)
    for detail in error.errors(include_url=False):
        by_place[_path(loaded.data, detail)].append(detail)
    parents = {path[:i] for path in by_place for i in range(len(path))}
    for path, details in by_place.items():
        value = _value(loaded.data, path)
        # A list of one broken entry is not a list without entries.
        details = [d for d in details if not (d["type"] == "too_short" and _is_long(d, value))]
        kept = _fitting(details, value, deeper=path in parents)
        if kept:
            yield Fault(path, _message(model, loaded.data, path, kept, value))


def _is_long(detail: ErrorDetails, value: Any) -> bool:
    return isinstance(value, list) and len(value) >= int(detail.get("ctx", {})["min_length"])


def _path(data: Any, detail: ErrorDetails) -> Path:
    """The place in the document: the reported one without the names of alternatives."""
    path: list[str | int] = []
    tag_passed = False
    for step in detail["loc"]:
        is_tag = isinstance(data, dict) and step == data.get("kind") and not tag_passed
        if isinstance(data, dict) and step in data and not is_tag:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            tag_passed = is_tag
            continue
        tag_passed = False
        path.append(step)
    if detail["type"] == "missing":
        path.append(detail["loc"][-1])
    if detail["type"].startswith("union_tag"):
        path.append("kind")
    return tuple(path)


def _value(data: Any, path: Path) -> Any:
    for step in path:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _fitting(details: list[ErrorDetails], value: Any, *, deeper: bool) -> list[ErrorDetails]:
    """Of the errors of several alternatives, those of the one that was probably meant."""
    if isinstance(value, dict | list):
        shapes = {*_SHAPES, "literal_error"}
        other = [detail for detail in details if detail["type"] not in shapes]
        return other if deeper or other else details
    other = [detail for detail in details if detail["type"] not in _CONTAINERS]
    # A number out of its range is one all the same: what else could stand there does not help.
    exact = [d for d in other if d["type"] not in _WANTED and d["type"] != "literal_error"]
    return exact[:1] or other or details


def _message(
    model: type[BaseModel], data: Any, path: Path, details: list[ErrorDetails], value: Any
) -> str:
    first = details[0]
    kind = first["type"]
    if kind == "missing":
        return _missing(path)
    if kind == "extra_forbidden":
        return _unknown_field(model, data, path)
    if kind == "value_error":
        return str(first["ctx"]["error"])
    if kind.startswith("union_tag"):
        return _wrong_kind(first, value)
    if all(detail["type"] in _WANTED or detail["type"] == "literal_error" for detail in details):
        return _should_be(details, value)
    return _limit(first, path, value)


def _missing(path: Path) -> str:
    if isinstance(path[-1], int):
        return f"the list should have {_count(path[-1] + 1, 'entry', 'entries')} or more"
    return f"missing field `{path[-1]}`"


def _unknown_field(model: type[BaseModel], data: Any, path: Path) -> str:
    name = str(path[-1])
    if re.fullmatch(r"[\d.]+", name) and _value(data, path) is None:
        return f"a comma stands before `{name}`: write large numbers without commas, as 24_000"
    owner = model_at(model, data, path[:-1])
    if owner is None:
        return f"unknown field `{name[:60]}`; take it out"
    names = field_names(owner)
    close = closest(name[:60], names)
    if close is not None:
        return f"unknown field `{name[:60]}`; did you mean `{close}`?"
    return f"unknown field `{name[:60]}`; the fields here are {quoted(names, 'and')}"


def _wrong_kind(detail: ErrorDetails, value: Any) -> str:
    if detail["type"] == "union_tag_not_found":
        return "missing field `kind`"
    expected = _literals(str(detail["ctx"]["expected_tags"]))
    text = str(value)[:60]
    close = closest(text, expected)
    meant = f"; did you mean `{close}`?" if close else f": it should be {quoted(expected)}"
    return f"there is no kind `{text}`{meant}"


def _literals(text: str) -> list[str]:
    return re.findall(r"'([^']*)'", text) or re.findall(r"\w+", text)


def _should_be(details: list[ErrorDetails], value: Any) -> str:
    wanted: list[str] = []
    choices: list[str] = []
    for detail in details:
        if detail["type"] == "literal_error":
            found = _literals(str(detail["ctx"]["expected"]))
            choices += [choice for choice in found if choice not in choices]
        elif (one := _wanted(detail)) not in wanted:
            wanted.append(one)
    if choices:
        wanted.append(quoted(choices))
    text = f"should be {' or '.join(wanted)}"
    if value is None:
        return f"{text}; it is empty"
    if isinstance(value, dict | list):
        return f"{text}, not {'fields' if isinstance(value, dict) else 'a list'}"
    return f"{text}, not `{str(value)[:60]}`{_advice(str(value), choices)}"


def _wanted(detail: ErrorDetails) -> str:
    if str(detail.get("ctx", {}).get("class_name", "")).startswith("Indicative"):
        return "a range (`low`, `central`, `high`)"
    return _WANTED[detail["type"]]


def _advice(text: str, choices: list[str]) -> str:
    if re.fullmatch(r"\s*[-+]?\d{1,3}(,\d{3})+(\.\d+)?\s*", text):
        return f": write it without commas, {text.strip().replace(',', '_')}"
    if re.fullmatch(r"\s*[-+]?[\d.]+\s*%\s*", text):
        return ": write 5% as 0.05"
    if re.fullmatch(r"\s*\d{1,2}[/.]\d{1,2}[/.]\d{4}\s*", text):
        return ": write the year first, then the month and the day"
    if choices and closest(text, choices):
        return hint(text, choices)
    return ""


def _limit(detail: ErrorDetails, path: Path, value: Any) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    text = str(value)[:60]
    match kind:
        case "decimal_max_places":
            return _too_many_decimals(int(context["decimal_places"]), text)
        case "greater_than_equal":
            return f"should be {_bound(context['ge'])} or more, not {text}"
        case "less_than_equal":
            share = _bound(context["le"]) == "1"
            advice = " (a share: write 5% as 0.05)" if share else ""
            return f"should be at most {_bound(context['le'])}, not {text}{advice}"
        case "string_pattern_mismatch":
            name = str(detail["input"])[:60]
            return f"`{name}` {_PATTERNS.get(context['pattern'], 'is not written as it should be')}"
        case "string_too_long":
            most = context["max_length"]
            return f"is too long: {len(str(detail['input']))} characters, at most {most}"
        case "string_too_short":
            return "should not be empty"
        case "too_short":
            least = _count(int(context["min_length"]), "entry", "entries")
            has = int(context["actual_length"])
            return f"should have at least {least}, but has {_number(has) if has else 'none'}"
        case "too_long":
            return f"should have at most {_count(int(context['max_length']), 'entry', 'entries')}"
        case "string_unicode":
            return "holds a character that is not valid text; take it out"
    return f"`{text}` cannot be used here"


def _too_many_decimals(places: int, text: str) -> str:
    pounds = " of pounds" if places == 2 else ""
    decimals = _count(places, "decimal", "decimals")
    has = len(text.strip().partition(".")[2])
    end = f", {text} has {_number(has)}" if text.strip().replace(".", "").isdigit() and has else ""
    return f"should be a number{pounds} with at most {decimals}{end}"


def _bound(limit: Any) -> str:
    text = re.sub(r"^Decimal\('(.*)'\)$", r"\1", str(limit))
    return f"{int(text):,}" if re.fullmatch(r"-?\d+", text) else text


def _number(number: int) -> str:
    return _WORDS[number] if number < len(_WORDS) else str(number)


def _count(number: int, one: str, several: str) -> str:
    return f"{_number(number)} {one if number == 1 else several}"
