"""Every fault of a file at once, with its line, in plain English."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcemix import files
from sourcemix.errors import InputError

HERE = Path(__file__).parent
CASE = (HERE / "design_case.yaml").read_text(encoding="utf-8")
EVENT = (HERE / "design_event.yaml").read_text(encoding="utf-8")
JARGON = re.compile(
    r"[Ii]nput|pydantic|Decimal\(|function-|instance|dictionary|Traceback|type=|Literal|\bNone\b|"
    r"tuple|\bdict\b|object at|Extra|Field required|discriminator"
)


def changed(old: str, new: str, text: str = CASE) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def faults(text: str) -> list[str]:
    use = files.event_from if "\nevent:" in text else files.case_from
    with pytest.raises(InputError) as caught:
        use(text, source="a.yaml")
    found = [str(fault) for fault in caught.value.faults]
    assert not [text for text in found if JARGON.search(text)]
    return found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("price: 18.40", "prise: 18.40", "offers[0].services.service_desk.prise: unknown field "
         "`prise`; did you mean `price`?"),
        ("unit: device, ", "", "services[1].unit: missing field `unit`"),
        ("fixed: 120_000", "fixed: 12.345", "should be a number of pounds with at most two "
         "decimals, 12.345 has three"),
        ("unmet: 45", "unmet: nevr", "should be a number or `never`, not `nevr`; did you mean "
         "`never`?"),
        ("unmet: 45", "unmet: -1", "services[0].unmet: should be 0 or more, not -1"),
        ("unmet: 45", "unmet: {low: 1, central: 2}", "services[0].unmet.high: missing field "
         "`high`"),
        ("unmet: 45", "unmet: {low: 3, central: 2, high: 4}", "low, central and high should not "
         "decrease"),
        ("unmet: 45", "unmet: [1]", "services[0].unmet: should be a number or a range "
         "(`low`, `central`, `high`) or `never`, not a list"),
        ("demand: 5_000", "demand: {a: 1}", "services[1].demand: should be a number or a list, "
         "not fields"),
        ("demand: 5_000", "demand: ~", "services[1].demand: should be a number; it is empty"),
        ("kind: partnership", "kind: partnershp", "did you mean `partnership`?"),
        ("kind: requirement", "kind: requirment", "drivers[3].kind: there is no kind "
         "`requirment`; did you mean `requirement`?"),
        ("kind: max_suppliers, limit: 5", "limit: 5", "rules[0].kind: missing field `kind`"),
        ("at: 2028-04-01", "at: 01/04/2028", "drivers[7].at: should be a date such as "
         "2027-04-01, not `01/04/2028`: write the year first"),
        ("commit: 0.5", "commit: 5", "should be at most 1, not 5 (a share: write 5% as 0.05)"),
        ("commit: 0.5", "commit: 50%", "should be a number, not `50%`: write 5% as 0.05"),
        ("interface: 15_000", "interface: £15_000", "write the number without a currency sign"),
        ("fixed: 120_000", "fixed: 120,000", "should be a number, not `120,000`: write it without "
         "commas, 120_000"),
        ("capacity: 30_000", "capacity: 30,000", "a comma stands before `000`: write large "
         "numbers without commas"),
        ("limit: 5", "limit: true", "rules[0].limit: should be a whole number, not `true`"),
        ("limit: 5", "limit: 2.5", "rules[0].limit: should be a whole number, not `2.5`"),
        ("sme: true}", "sme: perhaps}", "should be `true` or `false`, not `perhaps`"),
        ("id: cloud_b", "id: cloud b", "`cloud b` cannot be a short name"),
        ("price_base: 2026-27", "price_base: 2026", "should be a financial year such as 2026-27"),
        ("{p: 0.5, factor: 0.7}", "{p: 0.4, factor: 0.7}", "drivers[0]: the probabilities add up "
         "to 0.9; they should add up to 1"),
        ("margin: [0.04, 0.09]", "margin: [0.04]", "the list should have two entries or more"),
        ("margin: [0.04, 0.09]", "margin: [0, 0, 0]", "should have at most two entries"),
        ("services: [service_desk, devices]", "services: [devices]", "links[0].services: should "
         "have at least two entries, but has one"),
        ("start: 2027-04-01", "start: 2027-04-02", "the horizon should start on the first day"),
        ("start: 2027-04-01", "start: 9999-04-01", "should start between 1900 and 2200"),
        ("services: [service_desk, devices]", "services: []", "links[0].services: should have at "
         "least two entries, but has none"),
        ("title: County ICT services", "title: ''", "title: should not be empty"),
        ("periods: 20", "periods: 2000", "horizon.periods: should be at most 120, not 2000"),
        ("rule: {kind: keep_in_house", "rule: {kind: keep_house", "drivers[6].rule.kind: there is "
         "no kind `keep_house`; did you mean `keep_in_house`?"),
        ("services: [hosting], drift", "servces: [hosting], drift", "drivers[1].services: missing "
         "field `services`"),
        ("offers: [mega]", "offer: [mega]", "baselines.single_partnership.offer: unknown field "
         "`offer`; did you mean `offers`?"),
        ("authority: {", "people: {", "people: unknown field `people`; the fields here are"),
    ],
)  # fmt: skip
def test_structure(old: str, new: str, message: str) -> None:
    text = changed(old, new)
    found = faults(text)
    assert any(message in fault for fault in found), found
    line = text[: text.index(new or "{id: devices")].count("\n") + 1
    near = next(fault for fault in found if message in fault)
    assert int(re.findall(r"line (\d+)", near)[0]) in (line, 1, line - 1)


def test_broken_parts_and_lost_references_come_in_one_go_in_the_order_of_the_file() -> None:
    text = changed("{id: devices, unit: device,", "{id: devices, unit: ~,")
    text = changed("supplier: north_it, form: contract, services: {service", "supplier: nort_it, "
                   "form: contract, services: {service", text)  # fmt: skip
    text = changed("form: strategic_partnership", "form: strategic_partnershp", text)
    text = changed("price: 900", "price: free", text)
    text = changed("offer: old_desk", "offer: old_disk", text)
    found = faults(text)
    assert found == [
        "line 12, services[1].unit: should be text; it is empty",
        "line 40, offers[1].supplier: supplier `nort_it` is not in `suppliers`; did you mean "
        "`north_it`?",
        "line 41, offers[2].services.hosting.price: should be a number, not `free`",
        "line 43, offers[4].form: form `strategic_partnershp` is not in `forms`; did you mean "
        "`strategic_partnership`?",
        "line 47, agreements[0].offer: offer `old_disk` is not in `offers`; did you mean "
        "`old_desk`?",
    ]


def test_references_to_something_broken_are_not_faults_of_their_own() -> None:
    assert len(faults(changed("kind: partnership", "kind: partnershp"))) == 1
    assert len(faults(changed("initial: 120}}\n  - {id: own", "initial: x}}\n  - {id: own"))) == 1


def test_a_broken_horizon_does_not_hide_lost_references() -> None:
    text = changed("period: half_year", "period: month")
    found = faults(changed("offer: old_desk", "offer: old_disk", text))
    assert [fault.split(",")[0] for fault in found] == ["line 4", "line 47"]


@pytest.mark.parametrize("use", [files.case_from, files.event_from])
@pytest.mark.parametrize("wrong", [[], {}, {"a": 1}, [1], "x", None, 5])
def test_any_field_may_have_the_wrong_shape(use: Callable[..., Any], wrong: Any) -> None:
    good = GOOD[0] if use is files.case_from else GOOD[1]
    for name in [name for name in good if name not in ("sourcemix", "title", "event")]:
        said = _said(use, json.dumps({**good, name: wrong}))
        assert not [text for text in said if JARGON.search(re.sub(r"`[^`]*`", "", text))]


def test_positions_in_messages_are_those_of_the_file() -> None:
    text = changed("id: hub_desk\n", "id: hub desk\n")
    text = changed("id: cloud_b", "id: cloud_a", text)
    assert any("already used by `offers[2]`" in fault for fault in faults(text))


def test_an_unknown_discount_schedule_is_found_before_planning() -> None:
    (found,) = faults(changed("discounting: green-book-2026", "discounting: green-book-2206"))
    assert found == (
        "line 5, money.discounting: there is no discount schedule `green-book-2206`; did you mean "
        "`green-book-2026`?"
    )


def test_an_event_names_unknown_lots_with_line_and_path() -> None:
    text = changed("lots: {L1: 1, L2: 1}, price: 90_000", "lots: {L1: 1, L9: 1}, price: 9", EVENT)
    (found,) = faults(text)
    assert found.startswith("line 17, bids[5].lots.L9: lot `L9` is not in `lots`")


def test_the_design_case_by_the_year_says_what_to_do_about_its_notice() -> None:
    found = faults(changed("periods: 20, period: half_year", "periods: 10, period: year"))
    assert found == [
        "line 31, offers[0].term.notice: `notice` is 6 months, not a multiple of the period of "
        "12 months; use 0 or 12 months, or choose a finer period in `horizon` (`half_year` or "
        "`quarter`)"
    ]


def test_very_many_faults_are_cut_off_with_a_word() -> None:
    bids = "".join(
        f"  - {{id: x{i}, supplier: zz, lots: {{L1: 1}}, price: 1}}\n" for i in range(1200)
    )
    found = faults(changed("bids:\n", f"bids:\n{bids}", EVENT))
    assert len(found) == 1001
    assert "correct these first" in found[0]


def test_json_faults_come_by_path_in_the_order_of_the_file() -> None:
    data = json.loads(files.dumps(files.case_from(CASE), "json"))
    data["rules"][0]["limit"] = True
    data["services"][1]["demand"] = "lots"
    data["suppliers"][0]["kid"] = 1
    with pytest.raises(InputError) as caught:
        files.case_from(json.dumps(data), "json", source="a.json")
    assert [fault.place for fault in caught.value.faults] == [
        "services[1].demand",
        "suppliers[0].kid",
        "rules[0].limit",
    ]
    assert str(caught.value).startswith("a.json: services[1].demand: should be a number")


junk: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["demand", "2027-02-30", "kind", "never", [], {}, [[]], {"kind": {}}]),
    st.dictionaries(st.sampled_from(["kind", "id", "p", "low", "from"]), st.integers(), max_size=2),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    return [path, *(place for step, item in items for place in _places(item, (*path, step)))]


GOOD: list[Any] = [
    json.loads(files.dumps(files.case_from(CASE), "json")),
    json.loads(files.dumps(files.event_from(EVENT), "json")),
]


@given(st.data())
def test_whatever_is_broken_is_said_plainly(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from(GOOD))
    document = deepcopy(good)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(_places(document)[1:]))
        if path[0] == "sourcemix":
            continue
        inside = document
        for step in path[:-1]:
            inside = inside[step]
        inside[path[-1]] = data.draw(junk)
    use = files.event_from if good is GOOD[1] else files.case_from
    said = _said(use, json.dumps(document))
    assert not [text for text in said if JARGON.search(re.sub(r"`[^`]*`", "", text))]


def _said(use: Callable[[str, files.Format], object], text: str) -> list[str]:
    try:
        use(text, "json")
    except InputError as error:
        return [fault.message for fault in error.faults] or ["Input without a fault"]
    return []


def test_references_inside_a_broken_entry_are_told_in_the_same_go() -> None:
    """An unknown field, a wrong figure and a wrong supplier of one offer: three faults at once."""
    text = """\
sourcemix: 1
title: T
authority: {name: A}
horizon: {start: 2027-04-01, periods: 2}
money: {price_base: 2026-27}
services:
  - {id: desk, unit: ticket, demand: 10}
suppliers:
  - {id: hub, kind: partnership}
offers:
  - id: one
    supplier: hubb
    form: contract
    rate: 5
    fixed: twelve
    term: {initial: 12}
    services: {desk: {price: 1}}
"""
    with pytest.raises(InputError) as caught:
        files.case_from(text)
    told = [(fault.line, fault.message) for fault in caught.value.faults]
    assert [line for line, _ in told] == [12, 14, 15]
    assert "did you mean `hub`?" in told[0][1]
