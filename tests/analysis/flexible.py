"""Small cases in which the worth of each freedom follows by arithmetic."""

from __future__ import annotations

from typing import Any

from tests.engine import small
from tests.engine.small import offer

from sourcemix.model.case import Case

FREE = {"procurement": 0, "mobilisation": 0}
FORMS = {name: {**form, "setup": FREE} for name, form in small.FORMS.items()}
"""Forms that cost nothing to set up, whatever the library says."""
VANISHES = {
    "kind": "demand",
    "id": "closure",
    "services": ["desk"],
    "at": "2028-04-01",
    "outcomes": [{"p": 0.5, "factor": 0}, {"p": 0.5, "factor": 1}],
}
FALLS = VANISHES | {"outcomes": [{"p": 0.5, "factor": 0.6}, {"p": 0.5, "factor": 1}]}
LONG = {"fixed": 1000, "term": {"initial": 36}, "exit": {"fee_per_missing_year": 1000}}
SHORT = {"fixed": 1300, "term": {"initial": 12}}
ONCE = {"available": {"until": "2027-04-01"}}


def case(offers: list[dict[str, Any]], **more: Any) -> Case:
    """A small case of three years that the library adds nothing to."""
    return small.case(offers, forms=FORMS, **more)


def waiting_pays(**more: Any) -> Case:
    """Three years; from the second on there may be nothing to do.

    The long deal costs 3 × 1,000 whatever happens. A year of the short one, and then the long one
    where it is still needed: 1,300 + 0.5 × 2 × 1,000 = 2,300. By one timetable that is 3,300.
    """
    offers = [offer("long", "vale", "0", **LONG), offer("short", "moor", "0", **SHORT)]
    return case(offers, drivers=[VANISHES], **more)


def long_deal_wins() -> Case:
    """As before, but there is always something to do: 3 × 1,000 is the least in every future."""
    offers = [offer("long", "vale", "0", **LONG), offer("short", "moor", "0", **SHORT)]
    return case(offers, drivers=[FALLS])


def leaving_pays() -> Case:
    """A first year at 500 with a free break: 500 + 2 × 1,000, and 3 × 1,000 for who keeps it.

    Kept, the bait costs 500 + 2 × 2,000 = 4,500.
    """
    term = {"initial": 36, "break_from": 12}
    bait = offer("bait", "vale", "0", fixed=[500, 2000], term=term, **ONCE)
    return case([bait, offer("steady", "moor", "0", fixed=1000)])


def partnership() -> Case:
    """The hub asks for 1,500 a year, others for 1,000."""
    offers = [offer("hub_desk", "hub", "0", fixed=1500), offer("steady", "moor", "0", fixed=1000)]
    return case(offers, baselines={"single_partnership": {"offers": ["hub_desk"]}})


def no_timetable() -> Case:
    """A supplier that may fail, one that may only stand in, and room for one of them at a time.

    Vale cannot be left before the third year. Moor may start in the second year; by one timetable
    it would do so in every future, as it has itself no other fate, and be one provider too many.
    """
    first = offer("first", "vale", "0", fixed=1000, term={"initial": 36, "notice": 24})
    second = offer("second", "moor", "0", fixed=3000, available={"from": "2028-04-01"})
    return case(
        [first, second],
        services=[
            {"id": "desk", "unit": "ticket", "demand": 100, "unmet": "never", "max_providers": 1}
        ],
        suppliers=[
            {"id": "vale", "kind": "commercial", "failure": 0.1},
            {"id": "moor", "kind": "commercial"},
        ],
        drivers=[{"kind": "supplier_failure", "supplier": "vale", "at": "2028-04-01"}],
    )


def today_runs_out(**more: Any) -> Case:
    """Today's agreement has a year to run and cannot be had again; the other costs 2,000 a year."""
    gone = {"until": "2026-04-01"}
    old = offer("old", "vale", "0", fixed=1000, term={"initial": 24}, available=gone)
    today = [{"offer": "old", "started": "2026-04-01"}]
    new = offer("new", "own", "0", fixed=2000, form="in_house")
    return case([old, new], agreements=today, **more)
