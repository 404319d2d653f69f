"""Every rule, scope and soft row of the reference page, and how to take it out of a case."""

from __future__ import annotations

from typing import Any

from tests.differential.census import DRIVERS, MONEY, SERVING, TIME, Entry
from tests.differential.without import Without, rules

from sourcemix.model.rules import Who

KINDS: dict[str, str] = {
    "max_suppliers": "rule_max_suppliers",
    "min_suppliers": "rule_min_suppliers",
    "max_live": "rule_max_live",
    "must_use": "rule_must_use",
    "must_not_use": "rule_must_not_use",
    "max_share": "rule_max_share rule_max_share_each",
    "min_share": "rule_min_share",
    "keep_in_house": "rule_keep_in_house",
    "max_term": "rule_max_term time_max_term time_max_term_none time_max_term_too_short",
    "budget": "rule_budget rule_budget_driver",
    "excludes": "rule_excludes",
    "requires": "rule_requires",
    "same_supplier": "rule_same_supplier",
    "separate_suppliers": "rule_separate_suppliers",
    "outcome_floor": "rule_outcome_floor rule_outcome_floor_lower",
    "max_exit_exposure": "rule_max_exit_exposure",
    "max_value": "rule_max_value",
}
"""Each rule of a case with the golden model files that show it."""
SOFT: dict[str, tuple[str, ...]] = {
    "soft: a supplier too many or too few": ("max_suppliers", "min_suppliers", "same_supplier"),
    "soft: an agreement too many": ("max_live", "excludes"),
    "soft: a service beyond the first": ("separate_suppliers",),
    "soft: that it does not hold": ("must_use", "must_not_use", "requires"),
    "soft: a unit of an outcome": ("outcome_floor",),
    "soft: a pound of exposure": ("max_exit_exposure",),
    "soft: a pound too much or too little": ("budget", "max_value", "max_share", "min_share"),
    "soft: a unit of a service": ("keep_in_house", "max_share", "min_share"),
    "soft: a month beyond the term": ("max_term",),
}
"""The rows of the table of soft rules, as the page has them."""


def _kind(kind: str) -> Without:
    return rules(lambda rule: rule.kind == kind)


def _share(rule: Any) -> str | None:
    return rule.of if rule.kind in ("max_share", "min_share") else None


def _hard(name: str) -> Without:
    """Without a price; shares are of a service or of spend, as the row says."""
    skipped = {
        "soft: a pound too much or too little": "service",
        "soft: a unit of a service": "spend",
    }

    def wanted(rule: Any) -> bool:
        other = skipped.get(name)
        return rule.kind in SOFT[name] and (other is None or _share(rule) != other)

    return rules(wanted, soft=None)


def _scope(scope: str, kinds: tuple[str, ...] | None = None) -> Without:
    def wanted(rule: Any) -> bool:
        return rule.scope == scope and (kinds is None or rule.kind in kinds)

    return rules(wanted, scope="every_node")


def _who(**fields: Any) -> Without:
    """Of suppliers that are named by one thing: whatever they are."""
    (name,) = fields

    def wanted(rule: Any) -> bool:
        return getattr(getattr(rule, "who", None), name, None) is not None

    return rules(wanted, who=lambda rule: rule.who.model_copy(update=fields))


RULES: dict[str, Entry] = {
    **{f"rule: {k}": Entry(_kind(k), f"rule:{k}", golden) for k, golden in KINDS.items()},
    "scope: expected_each_period": Entry(
        _scope("expected_each_period"), "rule.scope", "rule_max_suppliers"
    ),
    "scope: whole_plan": Entry(_scope("whole_plan"), "rule.scope", "rule_max_suppliers"),
    **{name: Entry(_hard(name), "rule.soft cost:breach", "rule_max_suppliers") for name in SOFT},
    "rule, from": Entry(
        rules(lambda r: r.from_ is not None, from_=None), "rule.from", "rule_with_dates"
    ),
    "rule, until": Entry(
        rules(lambda r: r.until is not None, until=None), "rule.until", "rule_with_dates"
    ),
    "numbers of suppliers of one service": Entry(
        rules(lambda r: r.kind in ("max_suppliers", "min_suppliers"), service=None), ""
    ),
    "share of a service": Entry(
        rules(lambda r: _share(r) == "service", of="spend", service=None), ""
    ),
    "share of each supplier": Entry(
        rules(lambda r: r.kind == "max_share" and r.who == Who()), "", "rule_max_share_each"
    ),
    "who: one supplier": Entry(_who(supplier=None), ""),
    "who: a kind of supplier": Entry(_who(kind=None), "supplier.kind"),
    "who: SMEs or others": Entry(_who(sme=None), "supplier.sme"),
    "who: local suppliers or others": Entry(_who(local=None), "supplier.local"),
    "budget in cash": Entry(rules(lambda r: r.kind == "budget", real=True), ""),
    "budget, expected each period": Entry(_scope("expected_each_period", ("budget",)), ""),
    "budget, whole plan": Entry(_scope("whole_plan", ("budget",)), ""),
    "max_value of each supplier": Entry(
        rules(lambda r: r.kind == "max_value" and r.supplier is None), ""
    ),
    "max_value, whole plan": Entry(_scope("whole_plan", ("max_value",)), ""),
}
CENSUS: dict[str, Entry] = {**TIME, **MONEY, **SERVING, **DRIVERS, **RULES}
"""By name: every term and rule."""
