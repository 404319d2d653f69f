"""Reading documents: cases, events, plans and awards."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

from sourcemix.errors import Fault, FileError, InputError
from sourcemix.files.fit import unfit
from sourcemix.files.json_in import load_json, textual
from sourcemix.files.loaded import Loaded
from sourcemix.files.source import Format, check_size, read_text
from sourcemix.files.structure import document_from
from sourcemix.files.version import CURRENT, version_of
from sourcemix.files.yaml_in import load_yaml, typed
from sourcemix.model.award import Award
from sourcemix.model.case import Case
from sourcemix.model.checks import event_faults
from sourcemix.model.event import Event
from sourcemix.model.plan import Plan

Document = Case | Event | Plan | Award
"""Anything that a file can hold."""

_USE = {
    "case": "it is planned with `sourcemix plan`",
    "event": "it is awarded with `sourcemix award`",
    "plan": "it is checked with `sourcemix verify`",
    "award": "it is checked with `sourcemix verify`",
}


def read(path: str | os.PathLike[str]) -> Document:
    """Read a document of any kind; its content tells which.

    Raises:
        FileError: the file cannot be read at all.
        InputError: its content cannot be used; every fault at once, with path and line.
    """
    return document_of(load(*read_text(path), source=str(path)))


def document_of(loaded: Loaded) -> Document:
    """The document that some data describes, of the kind that it shows. Raises `InputError`."""
    match kind_of(loaded.data):
        case "case":
            return _case(loaded)
        case "event":
            return _event(loaded)
        case "plan":
            return _plan(loaded)
        case _:
            return _award(loaded)


def read_case(path: str | os.PathLike[str]) -> Case:
    """Read a case. Raises as `read`, also where the file holds something else."""
    return _case(_wanted("case", load(*read_text(path), source=str(path))))


def read_event(path: str | os.PathLike[str]) -> Event:
    """Read an event. Raises as `read`, also where the file holds something else."""
    return _event(_wanted("event", load(*read_text(path), source=str(path))))


def read_plan(path: str | os.PathLike[str]) -> Plan:
    """Read a plan. Raises as `read`, also where the file holds something else."""
    return _plan(_wanted("plan", load(*read_text(path), source=str(path))))


def read_award(path: str | os.PathLike[str]) -> Award:
    """Read an award. Raises as `read`, also where the file holds something else."""
    return _award(_wanted("award", load(*read_text(path), source=str(path))))


def case_from(text: str, format: Format = "yaml", *, source: str = "") -> Case:
    """The case that a text describes.

    Args:
        text: YAML or JSON.
        format: which of the two.
        source: what to call the text in messages.

    Raises:
        InputError: it cannot be used; every fault at once, with path and line.
    """
    return _case(_wanted("case", load(text, format, source=source)))


def event_from(text: str, format: Format = "yaml", *, source: str = "") -> Event:
    """The event that a text describes; as `case_from`."""
    return _event(_wanted("event", load(text, format, source=source)))


def load(text: str, format: Format, *, source: str = "") -> Loaded:
    """Text to plain data with a usable version and fields at its top level.

    Raises:
        InputError: there is nothing to go on with.
    """
    # Length in characters; a text given directly has no size in bytes.
    check_size(len(text), format, source)
    if not text.strip():
        raise FileError("the file is empty", source=source)
    loaded = load_yaml(text, source) if format == "yaml" else load_json(text, source)
    if not isinstance(loaded.data, dict):
        what = "a list" if isinstance(loaded.data, list) else "a single value"
        raise InputError(
            f"the file holds {what}; at its top level it should have fields, the first of them "
            "`sourcemix: 1`",
            source=source,
        )
    version = version_of(loaded.data)
    if isinstance(version, Fault):
        if "sourcemix" in loaded.data:
            # Faults against another version of the format would mislead.
            raise InputError([loaded.placed(version)], source=source)
        loaded.faults.append(version)
    else:
        loaded.data["sourcemix"] = version
    return loaded


def kind_of(data: dict[str, Any]) -> str:
    """What a document is, by its content."""
    if data.get("kind") in ("plan", "award"):
        return str(data["kind"])
    if "event" in data or ("lots" in data and "bids" in data):
        return "event"
    return "case"


def _wanted(kind: str, loaded: Loaded) -> Loaded:
    found = kind_of(loaded.data)
    if found != kind:
        raise InputError(
            f"this is {_article(found)}, and {_article(kind)} is wanted here; {_USE[found]}",
            source=loaded.source,
        )
    return loaded


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'ae' else 'a'} {kind}"


def _case(loaded: Loaded) -> Case:
    return document_from(Case, _as_text(loaded), unfit)


def _event(loaded: Loaded) -> Event:
    return document_from(Event, _as_text(loaded), event_faults)


def _plan(loaded: Loaded) -> Plan:
    return document_from(Plan, _as_written(loaded))


def _award(loaded: Loaded) -> Award:
    return document_from(Award, _as_written(loaded))


def _as_text(loaded: Loaded) -> Loaded:
    if loaded.mark is None:
        loaded.data = {**textual(loaded.data), "sourcemix": CURRENT}
    return loaded


def _as_written(loaded: Loaded) -> Loaded:
    """For plans and awards: values typed by how they are written, floats in `run`."""
    if loaded.mark is not None:
        loaded.data = typed(loaded.data)
    if isinstance(loaded.data.get("run"), dict):
        loaded.data["run"] = _floats(loaded.data["run"])
    return loaded


def _floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_floats(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value
