"""Every term of a case, and how to take it out. Rules are in `census_rules`.

`covers` names what an entry is about as the worked examples do (`offer.lead`, `driver:demand`,
`cost:change`): from these names a test finds a term that no entry is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.differential.without import (
    ZERO,
    Without,
    driver,
    drivers,
    dropped,
    each,
    first,
    forms,
    inner,
    part,
    set_up,
    some,
    terms,
)

from sourcemix.model.case import Case, Risk


@dataclass(frozen=True)
class Entry:
    """A term: how to take it out, what it is about, golden model files with it."""

    without: Without
    covers: str
    golden: str = ""


def _allowed(service: Any) -> Any:
    return Decimal(60) if service.unmet == "never" else service.unmet


def _cheap(service: Any) -> Any:
    return service.unmet if service.unmet == "never" else ZERO


def _bias(name: str) -> Without:
    def without(case: Case) -> Case:
        bias = {k: v for k, v in case.appraisal.optimism_bias.items() if k != name}
        return part("appraisal", optimism_bias=bias)(case)

    return without


def _tiers(kind: str) -> Without:
    return terms(tiers=lambda t: () if t.tier_kind == kind else t.tiers)


def _novated(way: str) -> Without:
    """Agreements novate that would be treated otherwise."""

    def by_offer(d: Any) -> dict[str, str]:
        return {name: "novate" if w == way else w for name, w in d.by_offer.items()}

    return drivers(
        "reorganisation",
        on_vesting=lambda d: "novate" if d.on_vesting == way else d.on_vesting,
        by_offer=by_offer,
    )


def _far(outcome: Any) -> Decimal:
    return Decimal(1000 if outcome.better == "higher" else -1000)


def _trend(d: Any) -> bool:
    return not d.outcomes


def _steps(d: Any) -> bool:
    return bool(d.outcomes)


TIME: dict[str, Entry] = {
    "lead time of the form": Entry(forms(lead=0), "form.lead", "time_lead"),
    "lead time of the offer": Entry(each("offers", lead=None), "offer.lead", "time_lead"),
    "available from": Entry(
        inner("offers", "available", from_=None), "offer.available window.from", "time_start"
    ),
    "available until": Entry(
        inner("offers", "available", until=None), "window.until", "time_start"
    ),
    "extensions": Entry(
        inner("offers", "term", extensions=(), break_from=None),
        "offer.term term.initial term.extensions",
        "time_leave_at_once",
    ),
    "break": Entry(inner("offers", "term", break_from=None), "term.break_from", "cost_fee"),
    "notice": Entry(inner("offers", "term", notice=0), "term.notice", "time_notice"),
    "fee for missing years": Entry(
        inner("offers", "exit", fee_per_missing_year=ZERO),
        "offer.exit exitterms.fee_per_missing_year cost:exit_fee",
        "cost_fee cost_fee_today",
    ),
    "transition": Entry(
        inner("offers", "exit", transition=ZERO),
        "exitterms.transition cost:transition",
        "cost_transition",
    ),
    "not binding": Entry(forms(binding=True), "form.binding", "time_leave_at_once"),
    "live today": Entry(
        dropped("agreements", lambda a: a.started is not None),
        "agreement.started agreement.extensions_used",
        "time_today",
    ),
    "in notice": Entry(
        each("agreements", in_notice=None), "agreement.in_notice", "time_today_in_notice"
    ),
    "pending": Entry(
        dropped("agreements", lambda a: a.pending is not None), "agreement.pending", "time_pending"
    ),
    "max_providers": Entry(
        each("services", max_providers=None), "service.max_providers", "link_providers"
    ),
    "framework, expires": Entry(
        each("frameworks", expires=None), "framework.expires", "cost_framework_late"
    ),
    "framework, ceiling": Entry(
        each("frameworks", ceiling=None),
        "offer.framework framework.ceiling",
        "cost_framework_ceiling",
    ),
    "framework, procurement": Entry(
        each("frameworks", procurement=ZERO), "framework.procurement", "cost_framework"
    ),
}
MONEY: dict[str, Entry] = {
    "procurement": Entry(set_up(True), "cost:procurement", "time_start"),
    "other set-up": Entry(set_up(False), "form.setup cost:setup", "time_start"),
    "set-up lines of the offer": Entry(each("offers", setup={}), "offer.setup", "time_start"),
    "takeover": Entry(
        each("offers", takeover=()),
        "offer.takeover takeover.from takeover.cost cost:takeover",
        "cost_takeover",
    ),
    "fixed": Entry(each("offers", fixed=ZERO), "offer.fixed cost:fixed", "cost_running"),
    "fixed, by agreement year": Entry(each("offers", fixed=first("fixed")), "", "cost_running"),
    "price": Entry(
        terms(price=ZERO), "offer.services serviceterms.price cost:volume", "serve_price"
    ),
    "price, by agreement year": Entry(terms(price=first("price")), "", "serve_price_by_year"),
    "commit": Entry(terms(commit=ZERO), "serviceterms.commit", "serve_committed cost_committed"),
    "tiers, incremental": Entry(
        _tiers("incremental"),
        "serviceterms.tiers serviceterms.tier_kind tier.from tier.price",
        "serve_incremental serve_tier_committed",
    ),
    "tiers, all units": Entry(_tiers("all_units"), "", "serve_all_units"),
    "manage": Entry(forms(manage=ZERO), "form.manage cost:manage", "cost_running"),
    "interface": Entry(
        dropped("links", lambda _: True),
        "link.services link.interface cost:interface",
        "link_interface",
    ),
    "overhead, avoidable": Entry(
        inner("services", "overhead", avoidable=ZERO),
        "service.overhead overhead.avoidable cost:overhead",
        "link_overhead",
    ),
    "overhead, remaining": Entry(
        inner("services", "overhead", remaining=ZERO), "overhead.remaining", "link_overhead"
    ),
    "change rate": Entry(
        each("offers", change_rate=ZERO), "offer.change_rate cost:change", "cost_change"
    ),
    "adapts": Entry(drivers("requirement", adapts={}), "requirementdriver.adapts", "cost_change"),
    "income": Entry(each("offers", income=ZERO), "offer.income cost:income", "cost_running"),
    "index": Entry(each("offers", index=None), "offer.index", "cost_running"),
    "deflator": Entry(part("money", deflator=None), "moneybasis.deflator", "cost_running"),
    "discounting": Entry(part("money", discounting="none"), "moneybasis.discounting", "risk"),
    "VAT of the case": Entry(
        part("money", irrecoverable_vat=ZERO),
        "moneybasis.irrecoverable_vat cost:vat",
        "cost_vat",
    ),
    "VAT of the offer": Entry(
        each("offers", irrecoverable_vat=None), "offer.irrecoverable_vat", "cost_vat"
    ),
    "optimism bias, operating": Entry(
        _bias("operating"), "appraisal.optimism_bias cost:optimism_bias", "cost_bias"
    ),
    "optimism bias, setup": Entry(_bias("setup"), "", "cost_bias"),
    "optimism bias, capital": Entry(_bias("capital"), "", "cost_bias"),
    "classes": Entry(each("offers", classes={}), "offer.classes", "cost_bias"),
}
SERVING: dict[str, Entry] = {
    "demand, by period": Entry(
        each("services", demand=first("demand")), "service.demand", "serve_price"
    ),
    "capacity": Entry(terms(capacity=None), "serviceterms.capacity", "serve_price"),
    "capacity, by agreement year": Entry(terms(capacity=first("capacity")), "", "serve_price"),
    "avoided demand": Entry(
        each("offers", reduces={}), "offer.reduces", "serve_avoided serve_avoided_all"
    ),
    "unmet at a price": Entry(each("services", unmet=_cheap), "cost:unmet", "serve_price"),
    "unmet: never": Entry(each("services", unmet=_allowed), "service.unmet", "serve_never_unmet"),
    "emergency": Entry(
        each("services", emergency=None), "service.emergency", "serve_emergency serve_waived"
    ),
    "emergency periods": Entry(
        part("appraisal", emergency_periods=0), "appraisal.emergency_periods", "serve_emergency"
    ),
    "outcome, value": Entry(
        each("outcomes", value=lambda o: None if o.value is None else ZERO),
        "outcome.value outcome.baseline cost:outcomes serviceterms.outcomes",
        "outcome",
    ),
    "outcome, lower is better": Entry(
        some(
            "outcomes",
            lambda o: o.better == "lower",
            value=lambda o: None if o.value is None else ZERO,
            swing_weight=lambda o: None if o.swing_weight is None else ZERO,
        ),
        "outcome.better",
        "outcome_lower_is_better",
    ),
    "outcome, target": Entry(
        some("outcomes", lambda o: o.value is not None, target=_far), "outcome.target", "outcome"
    ),
    "outcome, swing weight": Entry(
        each("outcomes", swing_weight=lambda o: None if o.swing_weight is None else ZERO),
        "outcome.swing_weight",
        "outcome_swing",
    ),
    "swing value": Entry(
        part("appraisal", swing_value=None), "appraisal.swing_value", "outcome_swing"
    ),
    "risk, weight": Entry(
        part("appraisal", risk=lambda a: a.risk.model_copy(update={"weight": ZERO})),
        "appraisal.risk risk.weight risk.measure",
        "risk",
    ),
    "risk, level": Entry(
        part(
            "appraisal",
            risk=lambda a: Risk(level="0.2", weight=a.risk.weight) if a.risk.weight else a.risk,
        ),
        "risk.level",
        "risk risk_worst",
    ),
}
DRIVERS: dict[str, Entry] = {
    "demand, steps": Entry(
        driver("demand", _steps),
        "driver:demand demanddriver.services demanddriver.outcomes chance.p chance.factor",
        "cost_committed",
    ),
    "demand, trend": Entry(driver("demand", _trend), "", "cost_committed"),
    "demand, drift": Entry(drivers("demand", _trend, drift=ZERO), "demanddriver.drift"),
    "demand, spread": Entry(drivers("demand", _trend, sd=ZERO), "demanddriver.sd demanddriver.at"),
    "price, steps": Entry(
        driver("price", _steps), "driver:price pricedriver.offers pricedriver.outcomes"
    ),
    "price, items": Entry(drivers("price", _steps, items=("price", "fixed")), "pricedriver.items"),
    "price, trend": Entry(driver("price", _trend), ""),
    "price, drift": Entry(drivers("price", _trend, drift=ZERO), "pricedriver.drift"),
    "price, spread": Entry(drivers("price", _trend, sd=ZERO), "pricedriver.sd pricedriver.at"),
    "trends that move together": Entry(
        some("drivers", lambda d: getattr(d, "factor", None) is not None, factor=None),
        "demanddriver.factor pricedriver.factor",
    ),
    "requirement": Entry(
        driver("requirement"),
        "driver:requirement requirementdriver.services requirementdriver.at requirementdriver.p "
        "requirementdriver.size",
        "cost_change",
    ),
    "supplier failure": Entry(
        driver("supplier_failure"),
        "driver:supplier_failure supplierfailuredriver.supplier supplier.failure",
        "time_failure",
    ),
    "supplier failure, at one date": Entry(
        drivers("supplier_failure", at=None), "supplierfailuredriver.at", "time_failure"
    ),
    "withdrawal": Entry(
        driver("withdrawal"),
        "driver:withdrawal withdrawaldriver.offer form.withdrawal",
        "time_failure",
    ),
    "withdrawal, at one date": Entry(drivers("withdrawal", at=None), "withdrawaldriver.at"),
    "budget that changes": Entry(
        driver("budget"),
        "driver:budget budgetdriver.at budgetdriver.outcomes",
        "rule_budget_driver",
    ),
    "policy": Entry(
        driver("policy"),
        "driver:policy policydriver.at policydriver.p policydriver.rule",
        "rule_by_policy",
    ),
    "reorganisation": Entry(
        driver("reorganisation"),
        "driver:reorganisation reorganisationdriver.at reorganisationdriver.p",
        "time_reorganisation",
    ),
    "reorganisation, end": Entry(
        _novated("end"), "reorganisationdriver.on_vesting", "time_reorganisation"
    ),
    "reorganisation, split": Entry(
        _novated("split"), "reorganisationdriver.successors", "cost_manage_split"
    ),
    "reorganisation, merge": Entry(
        _novated("merge"), "", "cost_manage_merge cost_manage_merge_one"
    ),
    "reorganisation, by offer": Entry(
        drivers("reorganisation", by_offer={}), "reorganisationdriver.by_offer"
    ),
}
