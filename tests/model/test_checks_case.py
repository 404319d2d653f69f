"""What a case must hold beyond its types."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from sourcemix.model.case import Case
from sourcemix.model.checks import case_faults
from sourcemix.model.suppliers import Form

FORMS = {
    "contract": Form.model_validate({"setup": {"procurement": 1}}),
    "in_house": Form(),
    "grant": Form(),
}


def document() -> dict[str, Any]:
    """A small case without faults."""
    return {
        "title": "Desk",
        "authority": {"name": "Exampleshire"},
        "horizon": {"start": "2027-04-01", "periods": 5},
        "money": {"price_base": "2026-27", "deflator": "cpi"},
        "indices": {"cpi": "0.02"},
        "outcomes": [
            {"id": "o", "statement": "s", "measure": "m", "unit": "%", "baseline": 1, "target": 2}
        ],
        "services": [
            {"id": "desk", "unit": "ticket", "demand": 100},
            {"id": "web", "unit": "page", "demand": 10, "unmet": 5},
        ],
        "suppliers": [
            {"id": "own", "kind": "in_house"},
            {"id": "hub", "kind": "partnership", "failure": "0.01"},
            {"id": "friends", "kind": "community"},
        ],
        "offers": [
            {
                "id": "own_desk",
                "supplier": "own",
                "form": "in_house",
                "services": {"desk": {"price": 10}},
                "term": {"initial": 24, "extensions": [12, 12]},
            },
            {
                "id": "hub_desk",
                "supplier": "hub",
                "form": "contract",
                "services": {"desk": {"price": 9, "outcomes": {"o": 2}}},
                "term": {"initial": 36, "notice": 12},
                "index": "cpi",
            },
        ],
        "agreements": [{"offer": "own_desk", "started": "2026-04-01"}],
        "drivers": [
            {"kind": "demand", "id": "d", "services": ["desk"], "sd": "0.1"},
            {"kind": "supplier_failure", "supplier": "hub"},
        ],
        "rules": [{"kind": "must_use", "supplier": "hub"}],
        "baselines": {"all": {"offers": ["hub_desk"]}},
    }


def found(data: dict[str, Any]) -> list[str]:
    return [str(fault) for fault in case_faults(Case.model_validate(data), FORMS)]


def put(path: str, value: Any) -> dict[str, Any]:
    """The small case with one value set; `+` at the end of a path adds to a list."""
    data = deepcopy(document())
    steps = path.split("/")
    inside: Any = data
    for step in steps[:-1]:
        if isinstance(inside, list):
            inside = inside[int(step)]
        else:
            inside = inside.setdefault(step, [] if steps[-1] == "+" else {})
    if steps[-1] == "+":
        inside.append(value)
    elif isinstance(inside, list):
        inside[int(steps[-1])] = value
    else:
        inside[steps[-1]] = value
    return data


def test_a_sound_case_has_no_faults() -> None:
    assert found(document()) == []


STEP = [{"p": "0.5", "factor": 1}, {"p": "0.5", "factor": 2}]
OFFER = document()["offers"][1]
OUTCOME = document()["outcomes"][0]


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("offers/1/supplier", "hubb", "offers[1].supplier: supplier `hubb` is not in `suppliers`; "
         "did you mean `hub`?"),
        ("offers/1/form", "contrakt", "offers[1].form: form `contrakt` is not in `forms`; did you "
         "mean `contract`?"),
        ("offers/1/services/help", {}, "offers[1].services.help: service `help` is not in "
         "`services`; there are `desk` and `web`"),
        ("offers/1/services/desk/outcomes/oo", 1, "offers[1].services.desk.outcomes.oo: outcome"),
        ("offers/1/takeover/+", {"from": "me", "cost": 1}, "offers[1].takeover[0].from: supplier"),
        ("offers/1/index", "cpii", "offers[1].index: index `cpii` is not in `indices`; did you "
         "mean `cpi`?"),
        ("offers/1/framework", "fw", "offers[1].framework: framework `fw` is not in `frameworks`"),
        ("links/+", {"services": ["desk", "wep"], "interface": 1}, "links[0].services[1]: service "
         "`wep` is not in `services`; did you mean `web`?"),
        ("links/+", {"services": ["desk", "desk"], "interface": 1}, "`desk` is listed twice"),
        ("agreements/+", {"offer": "x", "pending": "2028-04-01"}, "agreements[1].offer: offer"),
        ("drivers/0/services/0", "disk", "drivers[0].services[0]: service `disk`"),
        ("drivers/1/supplier", "hob", "drivers[1].supplier: supplier `hob`"),
        ("drivers/+", {"kind": "withdrawal", "offer": "x"}, "drivers[2].offer: offer `x`"),
        ("drivers/+", {"kind": "price", "id": "p", "offers": ["x"], "drift": 0}, "offers[0]: "
         "offer `x`"),
        ("drivers/+", {"kind": "requirement", "id": "r", "services": ["web"], "p": 1, "size": 1,
         "at": "2028-04-01", "adapts": {"x": 1}}, "drivers[2].adapts.x: offer `x`"),
        ("drivers/+", {"kind": "policy", "at": "2028-04-01", "p": 1, "rule": {"kind":
         "keep_in_house", "service": "x", "share": 1}}, "drivers[2].rule.service: service `x`"),
        ("drivers/+", {"kind": "reorganisation", "at": "2028-04-01", "p": 1, "by_offer": {"x":
         "end"}}, "drivers[2].by_offer.x: offer `x`"),
        ("rules/0/supplier", "x", "rules[0].supplier: supplier `x`"),
        ("rules/+", {"kind": "max_share", "who": {"supplier": "x"}, "share": 1},
         "rules[1].who.supplier: supplier `x`"),
        ("rules/+", {"kind": "requires", "offer": "hub_desk", "needs": ["x"]},
         "rules[1].needs[0]: offer `x`"),
        ("rules/+", {"kind": "outcome_floor", "outcome": "x", "level": 1}, "outcome `x`"),
        ("baselines/all/offers/0", "x", "baselines.all.offers[0]: offer `x`"),
        ("money/deflator", "x", "money.deflator: index `x` is not in `indices`"),
        ("services/1/id", "desk", "services[1].id: the id `desk` is already used by "
         "`services[0]`"),
        ("drivers/1", {"kind": "demand", "id": "d", "services": ["web"], "drift": 0}, "drivers[1]."
         "id: the id `d` is already used"),
        ("drivers/+", {"kind": "supplier_failure", "supplier": "hub"}, "drivers[2].supplier: the "
         "failure of `hub` is already given by `drivers[1]`"),
        ("rules/+", {"kind": "must_use", "supplier": "hub", "offer": "hub_desk"}, "only one"),
        ("rules/+", {"kind": "requires", "offer": "hub_desk", "needs": ["hub_desk"]}, "itself"),
        ("rules/+", {"kind": "max_share", "of": "service", "who": {}, "share": 1}, "missing field "
         "`service`"),
        ("rules/+", {"kind": "min_share", "who": {}, "share": 1}, "say whose share"),
        ("rules/+", {"kind": "max_winners", "limit": 1}, "in a case use `max_suppliers`"),
        ("rules/+", {"kind": "max_suppliers", "limit": 1, "region": "x"}, "regions are for events"),
        ("offers/1/reduces", {"desk": "0.1"}, "only suppliers of kind `community` reduce demand; "
         "`hub` is `partnership`"),
        ("offers/1/fixed", [], "offers[1].fixed: the list is empty"),
        ("offers/1/services/desk/price", [], "the list is empty"),
        ("offers/1/services/desk/tiers", [{"from": 5, "price": 1}, {"from": 5, "price": 1}],
         "offers[1].services.desk.tiers[1].from: tiers should go up"),
        ("suppliers/1/failure", "1.5", "a chance in a year lies between 0 and 1, not at 1.5"),
        ("services/1/unmet", "never", "services[1]: no offer includes service `web`"),
        ("offers/1/vat", "included", "offers[1].vat: mixed currency, VAT or price base: the offer "
         "says `included`, the case's `money` says `excluded`"),
        ("offers/1/currency", "EUR", "offers[1].currency: mixed currency"),
        ("offers/1/price_base", "2025-26", "offers[1].price_base: mixed currency"),
        ("money/price_base", "2026-28", "`2026-27`, not `2026-28`"),
        ("money/irrecoverable_vat", "1.5", "money.irrecoverable_vat: a share lies between 0 and 1, "
         "not at 1.5"),
        ("offers/0/irrecoverable_vat", "-0.1", "offers[0].irrecoverable_vat: a share lies between"),
        ("outcomes/0", OUTCOME | {"target": 1, "swing_weight": 1}, "outcomes[0].target: "
         "`swing_weight` is the weight of the way from the baseline to the target, and both are 1"),
        ("offers/1/classes", {"fixed": "capital"}, "offers[1].classes.fixed: `fixed` is no one-off "
         "line of this offer; it has `procurement`, `takeover`, `exit_fee` and `transition`"),
    ],
)  # fmt: skip
def test_names_money_and_content(path: str, value: Any, fault: str) -> None:
    (only,) = [text for text in found(put(path, value)) if fault in text]
    assert fault in only


def test_vat_that_the_figures_hold_cannot_be_added() -> None:
    data = put("money/vat", "included")
    data["money"]["irrecoverable_vat"] = "0.01"
    data["offers"][0]["irrecoverable_vat"] = 0
    data["offers"][1]["irrecoverable_vat"] = "0.02"
    places = [text.split(":")[0] for text in found(data)]
    assert places == ["money.irrecoverable_vat", "offers[1].irrecoverable_vat"]
    data["money"]["irrecoverable_vat"] = data["offers"][1]["irrecoverable_vat"] = 0
    assert found(data) == []


def test_classes_are_of_one_off_lines_of_offer_and_form() -> None:
    lines = ("works", "people", "procurement", "takeover", "exit_fee", "transition")
    data = put("offers/1/classes", dict.fromkeys(lines, "capital"))
    data["offers"][1]["setup"] = {"works": 1}
    data["forms"] = {"contract": {"setup": {"people": 1}}}
    assert found(data) == []


def reorganisation(name: str, **more: Any) -> dict[str, Any]:
    driver = {"kind": "reorganisation", "id": name, "at": "2028-04-01", "p": "0.5"}
    return {**driver, "successors": ["North", "South"], **more}


@pytest.mark.parametrize(
    ("driver", "faults"),
    [
        ({"on_vesting": "split"}, []),
        ({"on_vesting": "split", "successors": ["North"]}, ["on_vesting: a split needs two or more "
         "`successors`, and one is named; name them all"]),
        ({"by_offer": {"hub_desk": "split", "own_desk": "end"}, "successors": []},
         ["by_offer.hub_desk: a split needs two or more `successors`, and none is named; name them "
          "all"]),
        ({"on_vesting": "merge", "successors": []}, []),
        ({"on_vesting": "split", "successors": ["North", "North"]}, ["successors[1]: `North` is "
         "listed twice; take one out"]),
    ],
)  # fmt: skip
def test_a_split_needs_successors(driver: dict[str, Any], faults: list[str]) -> None:
    data = put("drivers/+", reorganisation("lgr", **driver))
    assert found(data) == [f"drivers[2].{fault}" for fault in faults]


def test_only_one_driver_splits_or_merges_an_offer() -> None:
    data = put("drivers/+", reorganisation("one", on_vesting="split"))
    two = reorganisation("two", on_vesting="merge", by_offer={"own_desk": "novate"})
    three = reorganisation("three", by_offer={"own_desk": "merge"})
    four = reorganisation("four", on_vesting="end")
    data["drivers"] += [two, three, four]
    assert found(data) == [
        "drivers[3].on_vesting: `drivers[2]` already splits or merges agreements of `hub_desk`; "
        "only one driver may: let this one `novate` them",
        "drivers[4].by_offer.own_desk: `drivers[2]` already splits or merges agreements of "
        "`own_desk`; only one driver may: let this one `novate` them",
    ]


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("services/0/demand", [1, 2], "services[0].demand: has 2 figures; it should have 5"),
        ("indices/cpi", ["0.02"] * 4, "indices.cpi: has 4 rates; it should have 5"),
        ("offers/1/lead", 6, "offers[1].lead: `lead` is 6 months, not a multiple of the period of "
         "12 months; use 0 or 12 months, or choose a finer period in `horizon` (`half_year` or "
         "`quarter`)"),
        ("offers/1/lead", 5, "not a multiple of the period of 12 months; use 0 or 12 months"),
        ("forms/contract", {"lead": 18}, "forms.contract.lead: `lead` is 18 months, not a multiple "
         "of the period of 12 months; use 12 or 24 months, or choose"),
        ("offers/1/term/initial", 30, "offers[1].term.initial: `initial` is 30 months"),
        ("offers/0/term/extensions/1", 9, "offers[0].term.extensions[1]: `extensions` is 9 months"),
        ("offers/1/term/break_from", 6, "offers[1].term.break_from: `break_from` is 6 months"),
        ("offers/1/term/notice", 3, "offers[1].term.notice: `notice` is 3 months"),
        ("rules/+", {"kind": "max_term", "months": 27}, "rules[1].months: `months` is 27 months"),
        ("offers/1/available", {"from": "2032-04-01"}, "offers[1].available: no period of the "
         "horizon (2027-04-01 to the day before 2032-04-01) begins in this time"),
        ("offers/1/available", {"from": "2027-05-01", "until": "2028-03-31"}, "no period of"),
        ("offers/1/available", {"from": "2028-05-01", "until": "2028-03-31"}, "is before `from`"),
        ("agreements/0/started", "2027-04-02", "after the case begins (2027-04-01); write "
         "`pending`"),
        ("agreements/0/started", "2025-04-01", "agreements[0].started: started on 2025-04-01 for "
         "24 months (0 of 2 extensions used), it has already ended"),
        ("agreements/0/extensions_used", 3, "agreements[0].extensions_used: offer `own_desk` has 2 "
         "extensions"),
        ("agreements/0/in_notice", "2027-04-01", "agreements[0].in_notice: it is no longer live"),
        ("agreements/+", {"offer": "hub_desk", "pending": "2027-03-01"}, "write `started`"),
        ("agreements/+", {"offer": "hub_desk", "pending": "2031-04-02"}, "no period of"),
        ("agreements/+", {"offer": "own_desk", "started": "2026-04-01"}, "agreements[1].offer: "
         "`agreements[0]` is already a live agreement of offer `own_desk`"),
        ("agreements/+", {"offer": "own_desk", "pending": "2027-04-01"}, "agreements[1].pending: "
         "`agreements[0]` of the same offer still runs on 2027-04-01; it ends on 2028-04-01"),
        ("drivers/0/at", "2027-04-01", "drivers[0].at: 2027-04-01 should be after 2027-04-01 and "
         "no later than 2031-04-01"),
        ("drivers/0/at", ["2028-04-01", "2031-04-02"], "drivers[0].at[1]: 2031-04-02 should be"),
        ("drivers/0/at", ["2028-03-01", "2028-04-01"], "fall in the same period"),
        ("drivers/1/at", "2026-04-01", "drivers[1].at: 2026-04-01 should be after"),
        ("drivers/0/sd", "0.5", "drivers[0].sd: the spread is too wide: 0.5 a year gathers to 0.5 "
         "by 2028-04-01"),
        ("drivers/0/sd", "-0.1", "a standard deviation is 0 or more"),
        ("rules/0/from", "2032-04-01", "rules[0].from: 2032-04-01 is after the horizon"),
        ("rules/0/until", "2027-03-31", "rules[0].until: 2027-03-31 is before the horizon"),
        ("rules/+", {"kind": "max_live", "limit": 1, "from": "2029-04-01", "until": "2028-04-01"},
         "rules[1].until: 2028-04-01 is before `from` (2029-04-01)"),
        ("rules/+", {"kind": "must_use", "offer": "hub_desk", "scope": "whole_plan"},
         "rules[1].scope: an average says nothing about `must_use`; leave `scope` out"),
        ("rules/+", {"kind": "max_value", "amount": 1, "scope": "expected_each_period"},
         "rules[1].scope: `max_value` speaks of the plan as a whole"),
        ("outcomes/0/by", "2027-03-31", "outcomes[0].by: 2027-03-31 is before the case begins"),
    ],
)  # fmt: skip
def test_times(path: str, value: Any, fault: str) -> None:
    (only,) = found(put(path, value))
    assert fault in only


def test_a_spread_seen_late_gathers_more() -> None:
    data = put("drivers/0/at", ["2031-04-01"])
    data["drivers"][0]["sd"] = "0.25"  # four years: 1 - 2 × 0.25 × 2 = 0
    assert "gathers to 0.5 by 2031-04-01" in found(data)[0]
    data["drivers"][0]["sd"] = "0.249999"
    assert found(data) == []


def test_several_agreements_that_follow_each_other_are_sound() -> None:
    data = put("agreements/+", {"offer": "own_desk", "pending": "2028-04-01"})
    assert found(data) == []


def test_part_of_a_period_runs_on_to_its_end() -> None:
    # 23 months have run: one whole year, so the second runs on into the first period.
    assert found(put("agreements/0/started", "2025-04-02")) == []


def test_an_offer_that_is_live_today_need_not_be_available_again() -> None:
    assert found(put("offers/0/available", {"until": "2026-04-01"})) == []


def test_a_community_may_reduce_demand() -> None:
    data = document()
    data["offers"][1] |= {"supplier": "friends", "reduces": {"web": "0.1"}}
    data["rules"] = []
    assert found(data) == []


def test_all_faults_come_at_once() -> None:
    data = put("offers/1/supplier", "hubb")
    data["services"][0]["demand"] = [1]
    data["agreements"][0]["offer"] = "x"
    assert len(found(data)) == 3
