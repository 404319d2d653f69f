"""Small random cases, the same for the same seed, with every term of the reference page.

Forms are stated in full, so filling a case changes nothing. Figures are of one size (`SPEND`, a
year's spend on a service), so that no term is beside the point: fees, set-up and set-backs weigh
about as much as what they are weighed against.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from tests.differential.cases_money import add_money

from sourcemix.errors import TreeTooLarge
from sourcemix.evidence import fill
from sourcemix.futures import grow
from sourcemix.model.canonical import canonical
from sourcemix.model.case import MONTHS, Case
from sourcemix.model.checks import case_faults
from sourcemix.model.tree import Tree

SPEND = 20_000
"""Pounds a year that a service costs, about: 1,000 units at £20."""
NODES = 11
"""Most nodes of a tree."""
RULES = (
    *("max_suppliers", "min_suppliers", "max_term", "excludes") * 2,
    *("max_term", "max_live", "must_use", "must_not_use", "requires"),
)
SHARES = ("keep_in_house", "max_share", "min_share")
DRIVERS = (
    *("demand", "supplier_failure", "policy", "reorganisation") * 2,
    *("requirement", "requirement", "requirement", "price", "withdrawal"),
)
Parts = dict[str, Any]


def pounds(rng: Random, low: float, high: float) -> Decimal:
    """An amount, as shares of `SPEND`."""
    return decimal(rng, low * SPEND, high * SPEND)


def decimal(rng: Random, low: float, high: float, places: int = 2) -> Decimal:
    """A figure to some places."""
    return Decimal(round(rng.uniform(low, high) * 10**places)).scaleb(-places)


class Draft:
    """A case as it comes about."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.period = self.rng.choice(["year", "year", "year", "half_year"])
        self.months = MONTHS[self.period]
        self.periods = self.rng.choice([2, 3, 3, 4, 4, 5])
        self.start = date(2027, self.rng.choice([4, 4, 1]), 1)
        self.services = ["desk", "host"][: self.rng.choice([1, 1, 2])]
        self.outcomes = self._outcomes()
        self.suppliers = self._suppliers()
        self.forms = {"firm": self._form(True), "loose": self._form(False)}
        self.indices: Parts = {}
        if self.some(0.3):
            self.indices = {"pay": decimal(self.rng, 0.01, 0.12), "prices": self._rates()}
        self.offers = [self._offer(i) for i in range(self.rng.choice([2, 3, 3, 4]))]
        self.agreements = self._agreements()
        self.drivers = self._drivers()
        self.rules = self._rules()

    def some(self, chance: float) -> bool:
        """True with a probability."""
        return self.rng.random() < chance

    def day(self, period: int) -> date:
        """First day of a period."""
        month = self.start.year * 12 + self.start.month - 1 + period * self.months
        return date(month // 12, month % 12 + 1, 1)

    def document(self) -> Parts:
        """The whole case."""
        return {
            "title": "A small case",
            "authority": {"name": "Exampleshire"},
            "horizon": {"start": self.start, "periods": self.periods, "period": self.period},
            "money": {
                "price_base": "2026-27",
                "discounting": self.rng.choice(["green-book-2026", "none"]),
                "deflator": "prices" if self.indices and self.some(0.5) else None,
            },
            "indices": self.indices,
            "outcomes": self.outcomes,
            "services": [self._service(name) for name in self.services],
            "links": self._links(),
            "suppliers": self.suppliers,
            "forms": {offer["form"]: self.forms[offer["form"]] for offer in self.offers},
            "offers": self.offers,
            "agreements": self.agreements,
            "drivers": self.drivers,
            "rules": self.rules,
            "appraisal": {"emergency_periods": self.rng.choice([1, 1, 2, 0])},
        }

    def _rates(self) -> Any:
        years = -(-self.periods * self.months // 12)
        if self.some(0.5):
            return decimal(self.rng, 0, 0.06)
        return [decimal(self.rng, 0, 0.06) for _ in range(years)]

    def _outcomes(self) -> list[Parts]:
        if not self.some(0.3):
            return []
        rng = self.rng
        higher = self.some(0.7)
        found = {
            "id": "first_time",
            "statement": "Residents finish at the first attempt.",
            "measure": "share",
            "unit": "percent",
            "better": "higher" if higher else "lower",
            "baseline": 60,
            "target": rng.choice([72, 80, 80]) if higher else rng.choice([40, 40, 50]),
            "value": pounds(rng, 0.005, 0.04),
        }
        return [found]

    def _suppliers(self) -> list[Parts]:
        kinds = ["commercial", "in_house", "in_house", "community", "voluntary", "public_body"]
        count = self.rng.choice([2, 2, 3])
        return [
            {
                "id": f"s{i}",
                "kind": self.rng.choice(kinds),
                "sme": self.some(0.5),
                "local": self.some(0.5),
                "failure": decimal(self.rng, 0.05, 0.5),
            }
            for i in range(count)
        ]

    def _form(self, binding: bool) -> Parts:
        rng = self.rng
        setup = {"procurement": pounds(rng, 0, 0.25)} if self.some(0.7) else {}
        if self.some(0.5):
            setup["mobilisation"] = pounds(rng, 0, 0.2)
        return {
            "title": "Firm" if binding else "Loose",
            "setup": setup,
            "lead": self._duration([0, 0, 1]),
            "manage": pounds(rng, 0, 0.06),
            "binding": binding,
            "withdrawal": decimal(rng, 0.05, 0.5),
        }

    def _duration(self, periods: list[int]) -> int:
        return self.rng.choice(periods) * self.months

    def _offer(self, position: int) -> Parts:
        rng = self.rng
        supplier = rng.choice(self.suppliers)
        kept = [s for s in self.services if self.some(0.7)] or [rng.choice(self.services)]
        offer: Parts = {
            "id": f"o{position}",
            "supplier": supplier["id"],
            "form": "firm" if self.some(0.75) else "loose",
            "services": {name: self._terms() for name in kept},
            "fixed": self._listed(lambda: pounds(rng, 0, 0.3)),
            "term": self._term(),
            "exit": {
                "fee_per_missing_year": pounds(rng, 0, 0.5) if self.some(0.8) else 0,
                "transition": pounds(rng, 0, 0.25) if self.some(0.6) else 0,
            },
            "change_rate": decimal(rng, 0, 1),
        }
        if self.some(0.4):
            offer["lead"] = self._duration([0, 1, 1, 2])
        if self.some(0.5):
            offer["setup"] = {
                rng.choice(["mobilisation", "systems", "procurement"]): pounds(rng, 0, 0.4)
            }
        if self.some(0.25):
            others = [s["id"] for s in self.suppliers if s["id"] != supplier["id"]]
            entries = rng.sample(others, rng.randint(1, len(others)))
            offer["takeover"] = [{"from": s, "cost": pounds(rng, 0, 0.4)} for s in entries]
        if self.indices and self.some(0.6):
            offer["index"] = rng.choice(["pay", "prices"])
        if self.some(0.2):
            offer["income"] = pounds(rng, 0, 0.3)
        if supplier["kind"] == "community":
            offer["reduces"] = {rng.choice(self.services): decimal(rng, 0.1, 0.6, 4)}
        if position and self.some(0.2):
            first = rng.randrange(self.periods)
            last = rng.randrange(first, self.periods)
            offer["available"] = {
                "from": self.day(first) if self.some(0.6) else None,
                "until": self.day(last) if self.some(0.6) else None,
            }
        return offer

    def _listed(self, figure: Any) -> Any:
        if self.some(0.25):
            return [figure() for _ in range(self.rng.randint(2, 3))]
        return figure()

    def _terms(self) -> Parts:
        rng = self.rng
        terms: Parts = {"price": self._listed(lambda: decimal(rng, 8, 26))}
        if self.some(0.5):
            terms["capacity"] = self._listed(lambda: decimal(rng, 300, 1300, 1))
        if self.some(0.4):
            terms["commit"] = decimal(rng, 0.2, 1)
        if self.outcomes and self.some(0.7):
            terms["outcomes"] = {"first_time": rng.choice([45, 52, 66, 70, 75])}
        return terms

    def _term(self) -> Parts:
        rng = self.rng
        initial = self._duration([1, 1, 2, 2, 3, 4])
        extensions = [self._duration([1, 1, 2]) for _ in range(rng.choice([0, 0, 1, 1, 2]))]
        term: Parts = {"initial": initial, "extensions": extensions}
        term["notice"] = self._duration([0, 0, 1, 1, 2])
        if self.some(0.35):
            blocks = (initial + sum(extensions)) // self.months
            term["break_from"] = rng.randint(0, blocks) * self.months
        return term

    def _agreements(self) -> list[Parts]:
        rng = self.rng
        found = []
        for offer in self.offers:
            if not self.some(0.35):
                continue
            agreed = offer["term"]["initial"] // self.months
            used = rng.randint(0, len(offer["term"]["extensions"]))
            agreed += sum(offer["term"]["extensions"][:used]) // self.months
            if self.some(0.25):
                day = self.day(rng.randint(0, self.periods - 1))
                found.append({"offer": offer["id"], "pending": day})
                continue
            # A part of a period is rounded down: some start one month sooner than a whole one.
            age = rng.randrange(agreed)
            started = self.day(-age)
            if self.some(0.3):
                month = started.year * 12 + started.month - 1 - rng.randint(1, self.months - 1)
                started = date(month // 12, month % 12 + 1, rng.choice([1, 15]))
            agreement: Parts = {"offer": offer["id"], "started": started, "extensions_used": used}
            if self.some(0.25):
                agreement["in_notice"] = self.day(rng.randint(1, self.periods))
            found.append(agreement)
        return found

    def _service(self, name: str) -> Parts:
        rng = self.rng
        service: Parts = {"id": name, "unit": "unit", "unmet": decimal(rng, 15, 60)}
        if self.some(0.15):
            service["unmet"] = "never"
        service["demand"] = decimal(rng, 700, 1300, 1)
        if self.some(0.25):
            service["demand"] = [decimal(rng, 300, 1500, 1) for _ in range(self.periods)]
        if self.some(0.4):
            service["emergency"] = decimal(rng, 20, 80)
        if self.some(0.3):
            service["max_providers"] = 1
        if self.some(0.5):
            service["overhead"] = {
                "avoidable": pounds(rng, 0, 0.2),
                "remaining": pounds(rng, 0, 0.1),
            }
        return service

    def _links(self) -> list[Parts]:
        if len(self.services) < 2 or not self.some(0.7):
            return []
        return [{"services": self.services, "interface": pounds(self.rng, 0, 0.3)}]

    def _drivers(self) -> list[Parts]:
        count = self.rng.choice([0, 1, 1, 2, 2, 3])
        self.failing = sorted({offer["supplier"] for offer in self.offers})
        self.rng.shuffle(self.failing)
        return [
            self._driver(kind, i)
            for i, kind in enumerate(self.rng.sample(DRIVERS, count))
            if kind != "supplier_failure" or self.failing
        ]

    def _driver(self, kind: str, position: int) -> Parts:
        rng = self.rng
        at = self.day(rng.randint(1, self.periods - 1))
        driver: Parts = {"kind": kind, "at": at}
        if kind not in ("supplier_failure", "withdrawal"):
            driver["id"] = f"{kind}{position}"
        names = [offer["id"] for offer in self.offers]
        p = decimal(rng, 0.2, 0.8)
        if kind == "demand":
            driver["services"] = [rng.choice(self.services)]
            driver["outcomes"] = self._steps(p, 0.4, 1.8)
        elif kind == "price":
            driver["offers"] = rng.sample(names, rng.randint(1, 2))
            driver["items"] = rng.choice([["price"], ["fixed"], ["price", "fixed"]])
            driver["outcomes"] = self._steps(p, 0.5, 2)
        elif kind == "requirement":
            driver |= {"services": [rng.choice(self.services)], "p": p}
            driver["size"] = decimal(rng, 0.3, 1)
            fitting = [o["id"] for o in self.offers if driver["services"][0] in o["services"]]
            adapting = [name for name in fitting if self.some(0.6)]
            driver["adapts"] = {name: pounds(rng, 0, 0.3) for name in adapting}
        elif kind == "supplier_failure":
            driver["supplier"] = self.failing.pop()
            if self.periods <= 3 and self.some(0.3):
                del driver["at"]  # it may fail in every period
        elif kind == "withdrawal":
            loose = [o["id"] for o in self.offers if o["form"] == "loose"]
            driver["offer"] = rng.choice(loose or names)
        elif kind == "policy":
            driver |= {"p": p, "rule": self._rule()}
        else:
            driver |= {"p": p, "on_vesting": rng.choice(["end", "end", "novate"])}
            driver["by_offer"] = {name: rng.choice(["end", "novate"]) for name in names[:1]}
        return driver

    def _steps(self, p: Decimal, low: float, high: float) -> list[Parts]:
        return [
            {"p": p, "factor": decimal(self.rng, low, high)},
            {"p": 1 - p, "factor": decimal(self.rng, low, high)},
        ]

    def _rules(self) -> list[Parts]:
        rules = [self._rule() for _ in range(self.rng.choice([0, 1, 1, 2]))]
        # A node may have one thing that ties volumes together: see `dispatch`.
        tied = not self.outcomes and self.some(0.25)
        return [*rules, self._share_rule()] if tied else rules

    def _share_rule(self) -> Parts:
        rng = self.rng
        kind = rng.choice(SHARES)
        rule: Parts = {"kind": kind, "share": decimal(rng, 0.1, 0.9)}
        if kind == "keep_in_house":
            return rule | {"service": rng.choice(self.services)}
        supplier = rng.choice(self.offers)["supplier"]
        rule["who"] = rng.choice([{"supplier": supplier}, {"sme": True}, {"local": False}])
        if self.some(0.5):
            rule |= {"of": "service", "service": rng.choice(self.services)}
        return rule

    def _rule(self) -> Parts:
        rng = self.rng
        names = [offer["id"] for offer in self.offers]
        kind = rng.choice(RULES)
        rule: Parts = {"kind": kind}
        if kind in ("max_suppliers", "min_suppliers"):
            rule["limit"] = rng.choice([0, 1, 1] if kind == "max_suppliers" else [1, 2])
            rule["service"] = rng.choice([*self.services, None])
        elif kind == "max_live":
            rule["limit"] = rng.choice([0, 1, 1, 2])
        elif kind in ("must_use", "must_not_use"):
            which = rng.choice(["offer", "supplier"])
            rule[which] = rng.choice(self.offers)["id" if which == "offer" else "supplier"]
        elif kind == "max_term":
            rule["months"] = self._duration([0, 1, 1, 2, 2, 3])
            rule["who"] = rng.choice([{}, {}, {"sme": True}, {"local": False}])
        elif kind == "excludes":
            rule["offers"] = rng.sample(names, rng.randint(2, len(names)))
        else:
            first, *rest = rng.sample(names, rng.randint(2, len(names)))
            rule |= {"offer": first, "needs": rest[:2]}
        if self.some(0.4):
            first, last = sorted(rng.choices(range(self.periods), k=2))
            rule["from"] = self.day(first) if self.some(0.7) else None
            rule["until"] = self.day(last) if self.some(0.7) else None
        return rule


def falls_between(case: Case) -> bool:
    """Whether the best volumes may fall between thousandths of a unit.

    They may where an offer goes beyond the target of an outcome, at which the credit stops, and
    where a rule speaks of shares.
    """
    reached = any(
        level != outcome.target and (level > outcome.target) == (outcome.better == "higher")
        for outcome in case.outcomes
        for offer in case.offers
        for terms in offer.services.values()
        for name, level in terms.outcomes.items()
        if name == outcome.id
    )
    return reached or any(rule.kind in SHARES for rule in case.rules)


def small_case(seed: int) -> tuple[Case, Tree]:
    """The case of a seed, in canonical order, with its tree."""
    for attempt in range(1000):
        draft = Draft(seed * 1000 + attempt)
        found = filled_case(add_money(draft.document(), f"{seed} {attempt}"))
        if found is not None:
            return found
    raise AssertionError(f"no small case for seed {seed}")


def filled_case(document: Parts) -> tuple[Case, Tree] | None:
    """A case in canonical order, with its tree; None where it is faulty or its tree too large."""
    case = canonical(Case.model_validate(document))
    if list(case_faults(case, {})):
        return None  # such as a service that must be served and that nobody offers
    try:
        tree = grow(case, budget=NODES)
    except TreeTooLarge:
        return None
    assert fill(case) == case, "a case of these tests leaves nothing to be filled in"
    return case, tree
