"""Every term and rule, and how to take it out of a case: to see that it occurs, and that it counts.

Taking a term out either gives another case, or the same one where the term does not occur.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sourcemix.model.case import Case
from sourcemix.model.drivers import PolicyDriver, RequirementDriver
from sourcemix.model.offers import ExitTerms, Window

Without = Callable[[Case], Case]
ZERO = Decimal(0)


def _each(rows: str, **fields: Any) -> Without:
    """Set fields of every row of a list; a callable gets the row."""

    def without(case: Case) -> Case:
        changed = tuple(
            row.model_copy(
                update={
                    name: value(row) if callable(value) else value for name, value in fields.items()
                }
            )
            for row in getattr(case, rows)
        )
        return case.model_copy(update={rows: changed})

    return without


def _forms(**fields: Any) -> Without:
    def without(case: Case) -> Case:
        forms = {name: form.model_copy(update=fields) for name, form in case.forms.items()}
        return case.model_copy(update={"forms": forms})

    return without


def _both(one: Without, two: Without) -> Without:
    return lambda case: two(one(case))


def _terms(**fields: Any) -> Without:
    """Set fields of what every offer says about every service."""

    def services(offer: Any) -> dict[str, Any]:
        return {
            name: terms.model_copy(
                update={k: v(terms) if callable(v) else v for k, v in fields.items()}
            )
            for name, terms in offer.services.items()
        }

    return _each("offers", services=services)


def _set_up(procurement: bool) -> Without:
    """Without the line `procurement`, or without all others."""

    def kept(row: Any) -> dict[str, Any]:
        return {k: v for k, v in row.setup.items() if (k == "procurement") != procurement}

    def without(case: Case) -> Case:
        forms = {n: f.model_copy(update={"setup": kept(f)}) for n, f in case.forms.items()}
        return _each("offers", setup=kept)(case.model_copy(update={"forms": forms}))

    return without


def _exit(field: str) -> Without:
    def changed(offer: Any) -> ExitTerms:
        found: ExitTerms = offer.exit.model_copy(update={field: ZERO})
        return found

    return _each("offers", exit=changed)


def _overhead(field: str) -> Without:
    return _each("services", overhead=lambda s: s.overhead.model_copy(update={field: ZERO}))


def _dropped(rows: str, wanted: Callable[[Any], bool]) -> Without:
    """Leave out the rows that are wanted."""

    def without(case: Case) -> Case:
        kept = tuple(row for row in getattr(case, rows) if not wanted(row))
        return case.model_copy(update={rows: kept})

    return without


def _first(field: str) -> Callable[[Any], Any]:
    def first(row: Any) -> Any:
        value = getattr(row, field)
        return value[0] if isinstance(value, tuple) else value

    return first


def _driver(kind: str) -> Without:
    return _dropped("drivers", lambda driver: driver.kind == kind)


def _rule(kind: str) -> Without:
    return _both(
        _dropped("rules", lambda rule: rule.kind == kind),
        _dropped("drivers", lambda d: isinstance(d, PolicyDriver) and d.rule.kind == kind),
    )


def _emergency_periods(case: Case) -> Case:
    appraisal = case.appraisal.model_copy(update={"emergency_periods": 0})
    return case.model_copy(update={"appraisal": appraisal})


def _adapts(case: Case) -> Case:
    drivers = tuple(
        d.model_copy(update={"adapts": {}}) if isinstance(d, RequirementDriver) else d
        for d in case.drivers
    )
    return case.model_copy(update={"drivers": drivers})


def _money(**fields: Any) -> Without:
    return lambda case: case.model_copy(update={"money": case.money.model_copy(update=fields)})


def _allowed(service: Any) -> Any:
    return Decimal(60) if service.unmet == "never" else service.unmet


def _tiers(kind: str) -> Without:
    return _terms(tiers=lambda terms: () if terms.tier_kind == kind else terms.tiers)


def _bias(name: str) -> Without:
    def without(case: Case) -> Case:
        bias = {k: v for k, v in case.appraisal.optimism_bias.items() if k != name}
        appraisal = case.appraisal.model_copy(update={"optimism_bias": bias})
        return case.model_copy(update={"appraisal": appraisal})

    return without


def without_framework(field: str) -> Without:
    """Without a term of frameworks; nothing is paid for them, or they have no limit."""
    return _each("frameworks", **{field: ZERO if field == "procurement" else None})


TERMS: dict[str, Without] = {
    "lead": _both(_forms(lead=0), _each("offers", lead=None)),
    "extensions": _each(
        "offers", term=lambda o: o.term.model_copy(update={"extensions": (), "break_from": None})
    ),
    "break_from": _each("offers", term=lambda o: o.term.model_copy(update={"break_from": None})),
    "notice": _each("offers", term=lambda o: o.term.model_copy(update={"notice": 0})),
    "fee": _exit("fee_per_missing_year"),
    "transition": _exit("transition"),
    "procurement": _set_up(True),
    "other set-up": _set_up(False),
    "takeover": _each("offers", takeover=()),
    "commit": _terms(commit=ZERO),
    "capacity": _terms(capacity=None),
    "tiers, incremental": _tiers("incremental"),
    "tiers, all units": _tiers("all_units"),
    "framework, expires": without_framework("expires"),
    "bias, operating": _bias("operating"),
    "bias, setup": _bias("setup"),
    "bias, capital": _bias("capital"),
    "classes": _each("offers", classes={}),
    "capacity by year": _terms(capacity=_first("capacity")),
    "price by year": _terms(price=_first("price")),
    "fixed by year": _each("offers", fixed=_first("fixed")),
    "fixed": _each("offers", fixed=ZERO),
    "manage": _forms(manage=ZERO),
    "income": _each("offers", income=ZERO),
    "reduces": _each("offers", reduces={}),
    "index": _each("offers", index=None),
    "deflator": _money(deflator=None),
    "discounting": _money(discounting="none"),
    "not binding": _forms(binding=True),
    "available": _each("offers", available=Window()),
    "change_rate": _each("offers", change_rate=ZERO),
    "unmet: never": _each("services", unmet=_allowed),
    "emergency": _each("services", emergency=None),
    "emergency_periods": _emergency_periods,
    "max_providers": _each("services", max_providers=None),
    "demand by period": _each("services", demand=_first("demand")),
    "overhead, avoidable": _overhead("avoidable"),
    "overhead, remaining": _overhead("remaining"),
    "links": _dropped("links", lambda _: True),
    "outcomes": _dropped("outcomes", lambda _: True),
    "live today": _dropped("agreements", lambda a: a.started is not None),
    "pending": _dropped("agreements", lambda a: a.pending is not None),
    "in_notice": _each("agreements", in_notice=None),
    "driver: demand": _driver("demand"),
    "driver: price": _driver("price"),
    "driver: requirement": _driver("requirement"),
    "adapts": _adapts,
    "driver: supplier_failure": _driver("supplier_failure"),
    "driver: withdrawal": _driver("withdrawal"),
    "driver: policy": _driver("policy"),
    "driver: reorganisation": _driver("reorganisation"),
    "rule: max_suppliers": _rule("max_suppliers"),
    "rule: min_suppliers": _rule("min_suppliers"),
    "rule: max_live": _rule("max_live"),
    "rule: must_use": _rule("must_use"),
    "rule: must_not_use": _rule("must_not_use"),
    "rule: max_term": _rule("max_term"),
    "rule: excludes": _rule("excludes"),
    "rule: requires": _rule("requires"),
    "rule: keep_in_house": _rule("keep_in_house"),
    "rule: max_share": _rule("max_share"),
    "rule: min_share": _rule("min_share"),
    "spans of rules": _each("rules", from_=None, until=None),
}
"""By name: the case without it."""
