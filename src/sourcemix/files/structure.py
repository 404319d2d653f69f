"""Plain data to a document, with every fault of it at once.

Where parts of the data are broken, the sound parts are put together all the same, so that what
does not fit together is found in the same go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from sourcemix.errors import Fault, InputError, Path
from sourcemix.files.fields import item_type, name_in_files
from sourcemix.files.loaded import Loaded
from sourcemix.files.plain import structure_faults
from sourcemix.model.references import Known

D = TypeVar("D", bound=BaseModel)

Check = Callable[[D, Known | None], Iterator[Fault]]
"""What finds the faults of a document that the types cannot see."""

MOST = 1000
"""Most faults of what does not fit together that are looked for."""


def document_from(model: type[D], loaded: Loaded, check: Check[D] | None = None) -> D:
    """The document that some data describes.

    Raises:
        InputError: with everything that is wrong, in the order of the file.
    """
    faults = list(loaded.faults)
    document: D | None = None
    sound = _Sound()
    try:
        document = model.model_validate(loaded.data)
    except ValidationError as error:
        taken = {fault.path for fault in faults}
        broken = structure_faults(model, loaded, error)
        faults += [fault for fault in broken if fault.path not in taken]
        sound = _sound_part(model, loaded.data)
    candidate = document if document is not None else sound.document(model)
    if check is not None and candidate is not None:
        found = islice(check(candidate, sound.broken), MOST + 1)
        faults += _limited([sound.restored(fault) for fault in found])
    if document is None or faults:
        raise InputError(in_order(faults, loaded), source=loaded.source)
    return document


def _limited(found: list[Fault]) -> list[Fault]:
    if len(found) <= MOST:
        return found
    more = f"there are more than the {MOST} references and figures named; correct these first"
    return [*found[:MOST], Fault((), more)]


def in_order(faults: list[Fault], loaded: Loaded) -> list[Fault]:
    """Faults with their lines, in the order of the file, each once."""
    placed = dict.fromkeys(loaded.placed(fault) for fault in faults)

    def key(fault: Fault) -> tuple[int, int, tuple[int, ...], str]:
        return fault.line or 0, fault.column or 0, loaded.position(fault.path), fault.message

    return sorted(placed, key=key)


@dataclass(slots=True)
class _Sound:
    """The sound parts of broken data.

    Attributes:
        fields: values of the document's fields.
        broken: names of entries that are left out, by list.
        kept: original positions of the entries of lists, by list.
        whole: whether every list that the document needs is there.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, list[int]] = field(default_factory=dict)
    whole: bool = True

    def document(self, model: type[D]) -> D | None:
        """An incomplete document; None where so much is missing that no check makes sense."""
        return model.model_construct(**self.fields) if self.whole else None

    def restored(self, fault: Fault) -> Fault:
        """The fault with positions of the original lists."""
        message = re.sub(r"`(\w+)\[(\d+)\]`", self._renumbered, fault.message)
        return Fault(self._restored(fault.path), message, fault.line, fault.column)

    def _restored(self, path: Path) -> Path:
        if len(path) > 1 and isinstance(path[1], int) and path[0] in self.kept:
            return (path[0], self.kept[str(path[0])][path[1]], *path[2:])
        return path

    def _renumbered(self, found: re.Match[str]) -> str:
        name, position = found[1], int(found[2])
        return f"`{name}[{self.kept[name][position] if name in self.kept else position}]`"


def _sound_part(model: type[BaseModel], data: Any) -> _Sound:
    sound = _Sound()
    for name, info in model.model_fields.items():
        raw = data.get(name_in_files(name, info)) if isinstance(data, dict) else None
        item = item_type(info.annotation)
        wanted = get_origin(info.annotation)
        if item is not None and isinstance(raw, list) and wanted is tuple:
            _sound_items(sound, name, item, raw)
        elif item is not None and isinstance(raw, dict) and wanted is dict:
            _sound_entries(sound, name, item, raw)
        elif item is not None and (raw is not None or info.is_required()):
            sound.whole = False
        elif item is None and raw is not None:
            annotation: Any = info.annotation
            valid, value = _valid(TypeAdapter(annotation), raw)
            if valid:
                sound.fields[name] = value
    return sound


def _sound_items(sound: _Sound, name: str, item: Any, raw: list[Any]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(item)
    items: list[Any] = []
    kept: list[int] = []
    broken: list[str] = []
    for i, entry in enumerate(raw):
        valid, value = _mostly_valid(adapter, entry)
        if valid:
            items.append(value)
            kept.append(i)
        elif isinstance(entry, dict) and isinstance(entry.get("id"), str):
            broken.append(str(entry["id"]))
        else:
            broken.append("")
    sound.fields[name] = tuple(items)
    sound.kept[name] = kept
    if broken:
        sound.broken[name] = broken


def _sound_entries(sound: _Sound, name: str, item: Any, raw: dict[str, Any]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(item)
    entries: dict[str, Any] = {}
    for key, entry in raw.items():
        valid, value = _mostly_valid(adapter, entry)
        if valid:
            entries[key] = value
        else:
            sound.broken.setdefault(name, []).append(key)
    sound.fields[name] = entries


def _valid(adapter: TypeAdapter[Any], raw: Any) -> tuple[bool, Any]:
    try:
        return True, adapter.validate_python(raw)
    except ValidationError:
        return False, None


def _mostly_valid(adapter: TypeAdapter[Any], entry: Any) -> tuple[bool, Any]:
    """An entry without its broken values, where what is left makes sense.

    So that what it refers to is looked at in the same go as what is wrong in it.
    """
    for _ in range(2):
        try:
            return True, adapter.validate_python(entry)
        except ValidationError as error:
            entry = deepcopy(entry)
            for fault in error.errors(include_url=False, include_context=False):
                _remove(entry, fault["loc"])
    return _valid(adapter, entry)


def _remove(entry: Any, place: Path) -> None:
    """Take a value out of plain data; steps that name a type and not a place are passed over."""
    holder: dict[str, Any] | None = None
    key = ""
    here = entry
    for step in place:
        if isinstance(here, dict) and step in here:
            holder, key = here, str(step)
            here = here[step]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            # A list loses all, not one: positions of the rest must stay what they are.
            here = here[step]
    if holder is not None:
        holder.pop(key, None)
