"""The order of rows makes no difference; every figure does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.documents import cases, events, shuffled
from tests.model.test_checks_case import document
from tests.model.test_checks_event import document as event_document

from sourcemix.model.canonical import canonical, digest
from sourcemix.model.case import Case
from sourcemix.model.common import Frozen
from sourcemix.model.event import Event


@given(st.data())
def test_shuffling_rows_and_fields_changes_nothing(data: st.DataObject) -> None:
    drawn: Frozen = data.draw(cases() | events())
    other = data.draw(st.composite(lambda draw: shuffled(drawn, draw))())
    assert digest(other) == digest(drawn)  # type: ignore[arg-type]
    assert canonical(other) == canonical(drawn)
    assert canonical(other).model_dump_json() == canonical(drawn).model_dump_json()
    assert canonical(canonical(drawn)) == canonical(drawn)


def _figures(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [place for key in value for place in _figures(value[key], (*path, key))]
    if isinstance(value, list | tuple):
        return [p for i, item in enumerate(value) for p in _figures(item, (*path, i))]
    return [path] if isinstance(value, Decimal) else []


@given(st.data())
def test_any_change_of_a_figure_changes_the_hash(data: st.DataObject) -> None:
    drawn: Case | Event = data.draw(cases() | events())
    plain = drawn.model_dump(by_alias=True)
    places = [path for path in _figures(plain) if _free(plain, path)]
    path = data.draw(st.sampled_from(places))
    inside: Any = plain
    for step in path[:-1]:
        inside[step] = dict(inside[step]) if isinstance(inside[step], dict) else list(inside[step])
        inside = inside[step]
    inside[path[-1]] = inside[path[-1]] / 2 if inside[path[-1]] == 1 else Decimal(1)
    changed = type(drawn).model_validate(plain)
    assert digest(changed) != digest(drawn)


def _free(plain: Any, path: tuple[Any, ...]) -> bool:
    """Whether a figure can be changed alone: no probability, range, target or least quantity."""
    return not {"outcomes", "low", "central", "high", "min", "appraisal"} & set(path)


def test_writing_a_number_or_a_default_otherwise_changes_nothing() -> None:
    data = document()
    before = digest(Case.model_validate(data))
    data["services"][0]["demand"] = "100.000"
    data["services"][0]["unmet"] = "never"
    data["appraisal"] = {"gap": "0.0100", "risk": {"weight": "0.00"}}
    data["offers"][1]["available"] = {}
    assert digest(Case.model_validate(data)) == before


def test_order_that_means_something_is_kept() -> None:
    def hashed(**changes: Any) -> str:
        data = document()
        data["services"][0] |= {"demand": changes.get("demand", [1, 2, 3, 4, 5])}
        data["offers"][0]["fixed"] = changes.get("fixed", [1, {"low": 1, "central": 2, "high": 3}])
        data["offers"][0]["term"]["extensions"] = changes.get("extensions", [12, 24])
        ways = [{"p": "0.5", "factor": 1}, {"p": "0.5", "factor": 2}]
        data["drivers"][0] = {
            "kind": "demand", "id": "d", "services": ["desk"], "at": "2028-04-01",
            "outcomes": ways[:: changes.get("turn", 1)],
        }  # fmt: skip
        return digest(Case.model_validate(data))

    turned = [
        hashed(demand=[5, 4, 3, 2, 1]),
        hashed(fixed=[{"low": 1, "central": 2, "high": 3}, 1]),
        hashed(extensions=[24, 12]),
    ]
    assert len({hashed(), *turned}) == 4
    # The ways that a driver may go are a set: their order means nothing.
    assert hashed(turn=-1) == hashed()


@pytest.mark.parametrize("figure", ["1E+2", "100", "100.00"])
def test_a_number_has_one_form(figure: str) -> None:
    data = event_document()
    data["bids"][0]["price"] = Decimal(figure)
    assert digest(Event.model_validate(data)) == digest(Event.model_validate(event_document()))
