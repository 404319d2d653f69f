"""Random cases and events that fit together, for property tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from sourcemix.model.case import Case
from sourcemix.model.common import Frozen
from sourcemix.model.event import Event

NAMES = [
    "a", "B2", "007", "1e5", "no", "null", "2027-04-01", "x.y-z_0", "true", "12", "1_000", "0x1F",
]  # fmt: skip
"""Short names, among them those that other readers take for numbers, dates or truth values."""

texts = st.text(max_size=40)
lines = st.text(min_size=1, max_size=40)


def decimals(places: int, most: int = 10**6, least: int = 0) -> st.SearchStrategy[Decimal]:
    return st.decimals(least, most, places=places, allow_nan=False) | st.integers(least, most).map(
        Decimal
    )


money = decimals(2)
shares = decimals(6, most=1)
days = st.dates(date(2027, 1, 1), date(2040, 12, 31))


def ranges(figures: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Any]:
    three = st.lists(figures, min_size=3, max_size=3).map(sorted)
    return three.map(lambda v: {"low": v[0], "central": v[1], "high": v[2], "prior": "P001"})


def figures(values: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Any]:
    one = values | ranges(values)
    return one | st.lists(one, min_size=1, max_size=3)


def some(names: list[str], least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=least, max_size=3, unique=True)


def entries(names: list[str], values: st.SearchStrategy[Any], least: int = 0) -> Any:
    return st.dictionaries(st.sampled_from(names), values, min_size=least, max_size=3)


def fields(required: dict[str, Any], optional: dict[str, Any]) -> Any:
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case of a few services, suppliers, offers, drivers and rules."""
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
    services, suppliers, offers, outcomes = (draw(names) for _ in range(4))
    periods = draw(st.integers(3, 5))
    document: dict[str, Any] = {
        "title": draw(lines),
        "description": draw(texts),
        "authority": {"name": draw(lines)},
        "horizon": {"start": "2027-04-01", "periods": periods},
        "money": {"price_base": "2026-27", "deflator": "cpi", "irrecoverable_vat": draw(shares)},
        "indices": {"cpi": draw(shares | st.lists(shares, min_size=periods, max_size=periods))},
        "outcomes": [draw(_outcome(name)) for name in outcomes],
        "services": [draw(_service(name, periods)) for name in services],
        "links": [{"services": services, "interface": draw(money)}] if len(services) > 1 else [],
        "suppliers": [draw(_supplier(name)) for name in suppliers],
        "offers": [draw(_offer(name, services, suppliers, outcomes)) for name in offers],
        "drivers": draw(_drivers(services, suppliers, offers)),
        "rules": draw(st.lists(_rule(services, suppliers, offers), max_size=3)),
        "baselines": {"named": {"offers": offers}},
        "appraisal": draw(fields({}, {"swing_value": money})),
    }
    return Case.model_validate(document)


def _outcome(name: str) -> Any:
    worth = st.one_of(fields({}, {"value": money}), fields({"swing_weight": shares}, {}))
    told = fields(
        {
            "id": st.just(name),
            "statement": lines,
            "measure": lines,
            "unit": lines,
            "baseline": decimals(6, most=10),
            "target": decimals(6, least=11, most=20),
        },
        {"by": days.filter(lambda day: day >= date(2027, 4, 1))},
    )
    return st.tuples(told, worth).map(lambda parts: parts[0] | parts[1])


def _service(name: str, periods: int) -> Any:
    demand = decimals(3)
    return fields(
        {
            "id": st.just(name),
            "unit": lines,
            "demand": demand | st.lists(demand, min_size=periods, max_size=periods),
            "unmet": decimals(6) | ranges(decimals(6)),
        },
        {"name": lines, "max_providers": st.integers(1, 3)},
    )


def _supplier(name: str) -> Any:
    return fields(
        {"id": st.just(name), "kind": st.just("community"), "failure": shares},
        {"name": lines, "sme": st.booleans(), "members": st.lists(lines, max_size=3)},
    )


def _offer(name: str, services: list[str], suppliers: list[str], outcomes: list[str]) -> Any:
    terms = fields(
        {},
        {
            "price": figures(decimals(6)),
            "capacity": decimals(3) | st.lists(decimals(3), min_size=1, max_size=3),
            "commit": shares,
            "outcomes": entries(outcomes, decimals(6)),
        },
    )
    years = st.integers(1, 3).map(lambda number: number * 12)
    return fields(
        {
            "id": st.just(name),
            "supplier": st.sampled_from(suppliers),
            "form": st.just("contract"),
            "services": entries(services, terms, least=1),
            "term": fields({"initial": years}, {"extensions": st.lists(years, max_size=2)}),
        },
        {
            "available": st.just({"from": "2027-04-01"}),
            "fixed": figures(money),
            "setup": entries(["procurement", "mobilisation"], money | ranges(money)),
            "takeover": some(suppliers).map(lambda s: [{"from": n, "cost": 5} for n in s]),
            "parties": st.just({"supplier": {"margin": ["0.01", "0.02"]}}),
            "reduces": entries(services, shares),
            "classes": entries(["procurement", "exit_fee"], st.just("capital")),
            "irrecoverable_vat": shares,
            "note": texts,
        },
    )


def _drivers(services: list[str], suppliers: list[str], offers: list[str]) -> Any:
    half = [{"p": "0.5", "factor": "0.7"}, {"p": "0.5", "factor": 1}]
    seen = st.sampled_from(["2028-04-01", "2029-04-01"])
    demand = {"kind": "demand", "id": "d", "services": services, "at": "2028-04-01"}
    possible = [
        st.just({**demand, "outcomes": half}),
        fields(
            {
                "kind": st.just("price"),
                "id": st.just("p"),
                "offers": st.just(offers),
                "sd": decimals(6, most=1).map(lambda sd: sd / 10).map(lambda sd: round(sd, 6)),
            },
            {"at": st.just(["2028-04-01", "2029-04-01"]), "drift": decimals(6, most=1, least=-1)},
        ),
        seen.map(lambda at: {"kind": "budget", "at": at, "outcomes": half}),
        seen.map(lambda at: {"kind": "supplier_failure", "supplier": suppliers[0], "at": at}),
        fields(
            {
                "kind": st.just("reorganisation"),
                "at": seen,
                "p": st.just("0.8"),
                "successors": st.lists(lines, min_size=2, max_size=3, unique=True),
            },
            {
                "on_vesting": st.sampled_from(["novate", "split", "merge", "end"]),
                "by_offer": entries(offers, st.sampled_from(["split", "merge"])),
            },
        ),
    ]
    return st.tuples(*(st.none() | driver for driver in possible)).map(
        lambda found: [driver for driver in found if driver]
    )


def _rule(services: list[str], suppliers: list[str], offers: list[str]) -> Any:
    service, supplier = st.sampled_from(services), st.sampled_from(suppliers)
    return st.one_of(
        fields(
            {"kind": st.just("max_suppliers"), "limit": st.integers(0, 9)}, {"service": service}
        ),
        fields(
            {
                "kind": st.just("max_share"),
                "share": shares,
                "who": fields({}, {"sme": st.just("no")}),
            },
            {"from": st.just("2028-04-01"), "soft": money},
        ),
        fields({"kind": st.just("must_use"), "supplier": supplier}, {}),
        fields({"kind": st.just("budget"), "amount": money}, {"real": st.booleans()}),
    )


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event of a few lots, suppliers and bids."""
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)
    lots, suppliers, bids = (draw(names) for _ in range(3))
    document: dict[str, Any] = {
        "event": draw(lines),
        "lots": [
            draw(fields({"id": st.just(name)}, {"reserve": money, "region": texts}))
            for name in lots
        ],
        "suppliers": [
            draw(fields({"id": st.just(name)}, {"name": texts, "max_lots": st.integers(0, 5)}))
            for name in suppliers
        ],
        "bids": [draw(_bid(name, suppliers, lots)) for name in bids],
        "conditions": [{"at_most": 1, "of": bids}],
        "discounts": [
            {"supplier": name, "from_value": draw(money), "rate": draw(shares)}
            for name in draw(some(suppliers))
        ],
        "rules": [{"kind": "max_winners", "limit": 2}],
        "free_disposal": draw(st.booleans()),
    }
    return Event.model_validate(document)


def _bid(name: str, suppliers: list[str], lots: list[str]) -> Any:
    one = st.just(Decimal(1)) | st.just(Decimal("0.500"))
    return fields(
        {
            "id": st.just(name),
            "supplier": st.sampled_from(suppliers),
            "lots": entries(lots, one, least=1),
            "price": money,
        },
        {"xor": st.sampled_from(NAMES)},
    )


def shuffled(document: Frozen, draw: st.DrawFn) -> Any:
    """The same document with its rows and fields in another order."""
    data = document.model_dump(by_alias=True)
    for name, value in data.items():
        if isinstance(value, tuple):
            data[name] = draw(st.permutations([_turned(item) for item in value]))
    return type(document).model_validate(_turned(data))


def _turned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: value[key] for key in reversed(list(value))}
    return value
