"""Small random cases with every term of the reference page; `drawn` draws them.

Forms are stated in full, so filling a case changes nothing. Figures are of one size (`SPEND`, a
year's spend on a service), so that no term is beside the point: fees, set-up and set-backs weigh
about as much as what they are weighed against.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sourcemix.model.case import MONTHS

SPEND = 20_000
"""Pounds a year that a service costs, about: 1,000 units at £20."""
RULES = (
    *("max_suppliers", "min_suppliers", "max_term", "excludes") * 2,
    *("max_term", "max_live", "must_use", "must_not_use", "requires"),
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

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.period = rng.choice(["year", "year", "year", "half_year", "half_year", "quarter"])
        self.months = MONTHS[self.period]
        self.periods = rng.choice([2, 3, 3, 4, 4, 5] if self.months > 3 else [2, 3, 4, 5, 6])
        self.start = date(2027, rng.choice([4, 4, 1, 10]), 1)
        self.services = ["desk", "host", "lend"][: rng.choice([1, 1, 1, 1, 2, 2, 2, 3])]
        self.outcomes = self._outcomes()
        self.suppliers = self._suppliers()
        self.forms = {"firm": self._form(True), "loose": self._form(False)}
        self.indices: Parts = {}
        if self.some(0.3):
            self.indices = {"pay": decimal(self.rng, 0.01, 0.12), "prices": self._rates()}
        self.offers = [self._offer(i) for i in range(rng.choice([2, 2, 3, 3, 3, 4, 4, 5, 5]))]
        self.agreements = self._agreements()
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
            "drivers": [],
            "rules": self.rules,
            "appraisal": self._appraisal(),
        }

    def _appraisal(self) -> Parts:
        found: Parts = {"emergency_periods": self.rng.choice([1, 1, 2, 0])}
        if self.some(0.8):
            found["swing_value"] = pounds(self.rng, 0.05, 0.8)
        if self.some(0.15):
            found["risk"] = {
                "level": self.rng.choice(["0.5", "0.8", "0.9", "1"]),
                "weight": self.rng.choice(["0.3", "0.8", "1"]),
            }
        return found

    def _rates(self) -> Any:
        years = -(-self.periods * self.months // 12)
        if self.some(0.5):
            return decimal(self.rng, 0, 0.06)
        return [decimal(self.rng, 0, 0.06) for _ in range(years)]

    def _outcomes(self) -> list[Parts]:
        if not self.some(0.4):
            return []
        names = ["first_time", "in_work"][: self.rng.choice([1, 1, 2])]
        return [self._outcome(name) for name in names]

    def _outcome(self, name: str) -> Parts:
        rng = self.rng
        higher = self.some(0.7)
        found = {
            "id": name,
            "statement": "Residents get there at the first attempt.",
            "measure": "share",
            "unit": "percent",
            "better": "higher" if higher else "lower",
            "baseline": 60,
            "target": rng.choice([66, 72, 80, 80]) if higher else rng.choice([40, 40, 50, 56]),
        }
        if self.some(0.3):
            return found | {"swing_weight": decimal(rng, 0.1, 1)}
        return found | {"value": pounds(rng, 0.005, 0.04)}

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
            "manage": pounds(rng, 0, 0.12),
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
        if position and self.some(0.3):
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
            terms["outcomes"] = {
                outcome["id"]: rng.choice([45, 52, 66, 70, 75])
                for outcome in self.outcomes
                if self.some(0.8)
            }
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
                if self.some(0.5):
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
                if self.some(0.3):
                    agreement["in_notice"] += timedelta(days=rng.choice([1, -10]))
            found.append(agreement)
        return found

    def _service(self, name: str) -> Parts:
        rng = self.rng
        service: Parts = {"id": name, "unit": "unit", "unmet": decimal(rng, 15, 60)}
        if self.some(0.12):
            service["unmet"] = "never"
        service["demand"] = decimal(rng, 700, 1300, 1)
        if self.some(0.25):
            service["demand"] = [decimal(rng, 300, 1500, 1) for _ in range(self.periods)]
        if self.some(0.6):
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

    def _rules(self) -> list[Parts]:
        return [self.rule() for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2]))]

    def rule(self) -> Parts:
        """A rule on who is live, for some time; most cannot be broken at a price."""
        rule = self._plain_rule()
        if self.some(0.3):
            rule["soft"] = pounds(self.rng, 0.005, 0.1 if rule["kind"] == "max_term" else 0.5)
        return rule

    def _plain_rule(self) -> Parts:
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
