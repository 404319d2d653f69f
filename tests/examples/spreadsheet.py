"""A plan's costs as a finance officer would work them out in a spreadsheet.

Plain arithmetic from the YAML of a case and of the library of forms. Nothing of the product is
used but what a plan says: who is live at a node, since when, and how much they serve. It knows
the terms that the examples use, and refuses a case with any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal, getcontext
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

Row = dict[str, Any]

KNOWN_IN_OFFER = {
    *("id", "supplier", "form", "services", "fixed", "setup", "term", "exit", "available"),
    *("takeover", "index", "change_rate", "people", "income", "reduces"),
}
KNOWN_IN_SERVICE = {"price", "capacity", "commit", "outcomes"}
MARK_UP = Decimal("0.21")
"""Row P051 of the priors: the mark-up on changed work where an offer states none."""
DISCOUNT = Decimal("1.035")
"""The Green Book's rate up to year 30."""

getcontext().prec = 50


def sheet(path: Path) -> Row:
    """A YAML file as plain rows, every number exact."""
    rows: Row = exact(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))
    return rows


def exact(value: Any) -> Any:
    match value:
        case dict():
            return {name: exact(inner) for name, inner in value.items()}
        case list():
            return [exact(inner) for inner in value]
        case bool():
            return value
        case int() | float():
            return Decimal(str(value))
    return value


def middle(value: Any) -> Decimal:
    """The figure, or the central one of a range."""
    figure: Decimal = value["central"] if isinstance(value, dict) else value
    return figure


def listed(value: Any, year: int) -> Decimal:
    """The entry of an agreement year; the last holds from then on."""
    return middle(value[min(year, len(value) - 1)] if isinstance(value, list) else value)


def thousandths(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.001"), rounding=ROUND_HALF_EVEN)


class Book:
    """A case beside what its plan does at each node. One period is one year."""

    def __init__(self, case: Row, library: Row, plan: Row) -> None:
        self.case = case
        self.library = library["forms"]
        self.tree: list[Row] = plan["result"]["tree"]["nodes"]
        self.done: list[Row] = plan["result"]["nodes"]
        self.offers = {offer["id"]: offer for offer in case["offers"]}
        self.suppliers = {supplier["id"]: supplier for supplier in case["suppliers"]}
        self.services = {service["id"]: service for service in case["services"]}
        self.today = {row["offer"]: row for row in case.get("agreements", [])}
        assert case["horizon"]["period"] == "year"
        for offer in case["offers"]:
            assert offer.keys() <= KNOWN_IN_OFFER, offer["id"]
            for terms in offer["services"].values():
                assert terms.keys() <= KNOWN_IN_SERVICE, offer["id"]

    # What is the case at a node

    def path(self, node: int) -> Iterator[int]:
        at: int | None = node
        while at is not None:
            yield at
            at = self.tree[at]["parent"]

    def seen(self, node: int) -> dict[str, str]:
        """All that has been seen on the way to a node."""
        path = reversed(list(self.path(node)))
        return {k: v for at in path for k, v in self.tree[at]["seen"].items()}

    def live(self, node: int | None) -> dict[str, Row]:
        """Who is live; before the first node, the agreements of today."""
        if node is None:
            start = int(str(self.case["horizon"]["start"])[:4])
            return {
                name: {
                    "offer": name,
                    "since": None,
                    "age": start - int(str(row["started"])[:4]) - 1,
                }
                for name, row in self.today.items()
            }
        return {row["offer"]: row for row in self.done[node]["positions"]}

    def form(self, offer: Row, term: str) -> Any:
        """A term of an offer's form: the case's own, or the library's."""
        own = self.case.get("forms", {}).get(offer["form"], {})
        base = self.library.get(offer["form"], {})
        if term == "setup":
            return {**base.get("setup", {}), **own.get("setup", {}), **offer.get("setup", {})}
        return own.get(term, base.get(term))

    def lead(self, offer: Row) -> int:
        """Years from decision to start: months, rounded up."""
        return -(-int(offer.get("lead", self.form(offer, "lead"))) // 12)

    def demand(self, service: str, node: int) -> Decimal:
        """Units in the year of a node."""
        amount: Decimal = self.services[service]["demand"]
        for driver in self.case.get("drivers", []):
            if driver["kind"] != "demand" or service not in driver["services"]:
                continue
            if "drift" in driver:
                amount *= (1 + driver["drift"]) ** self.tree[node]["period"]
            elif driver["id"] in self.seen(node):
                amount *= driver["outcomes"][int(self.seen(node)[driver["id"]])]["factor"]
        return thousandths(amount)

    def in_house(self, name: str) -> bool:
        return bool(self.suppliers[self.offers[name]["supplier"]]["kind"] == "in_house")

    # The lines

    def lines(self, node: int) -> dict[str, Decimal]:
        """Every line of cost of a node, in pounds."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for decision in self.done[node]["decisions"]:
            if decision["action"] == "procure":
                setup = self.form(self.offers[decision["offer"]], "setup")
                found["procurement"] += middle(setup.get("procurement", Decimal(0)))
        for name, row in self.live(node).items():
            self.running(found, node, self.offers[name], row)
            if row["since"] == node:
                self.starting(found, node, self.offers[name])
        self.leaving(found, node)
        self.own(found, node)
        for service, units in self.done[node]["unmet"].items():
            found["unmet"] += Decimal(units) * self.unmet_price(service, node)
        for outcome in self.case.get("outcomes", []):
            found["outcomes"] -= self.credit(outcome, node)
        return found

    def running(self, found: dict[str, Decimal], node: int, offer: Row, row: Row) -> None:
        """Fixed charge, volume, managing, income, and changed work."""
        growth = self.growth(offer, self.tree[node]["period"])
        fixed = listed(offer.get("fixed", Decimal(0)), row["age"]) * growth
        volume = {}
        for service, terms in offer["services"].items():
            served = Decimal(row["volumes"].get(service, 0))
            commit = terms.get("commit", Decimal(0))
            if self.form(offer, "binding") is False:
                commit = Decimal(0)
            committed = thousandths(commit * self.services[service]["demand"])
            price = listed(terms.get("price", Decimal(0)), row["age"]) * growth
            volume[service] = max(served, committed) * price
        found["fixed"] += fixed
        found["volume"] += sum(volume.values())
        found["manage"] += middle(self.form(offer, "manage"))
        found["income"] -= offer.get("income", Decimal(0))
        for need in self.case.get("drivers", []):
            hit = set(need.get("services", ())) & set(volume)
            if need["kind"] == "requirement" and hit and self.unforeseen(need, node, offer, row):
                if offer["id"] in need.get("adapts", {}):
                    if node in (row["since"], self.arises(need, node)):
                        found["change"] += need["adapts"][offer["id"]]
                    continue
                rate = offer.get(
                    "change_rate", Decimal(0) if self.in_house(offer["id"]) else MARK_UP
                )
                share = fixed * len(hit) / len(volume)
                found["change"] += rate * need["size"] * (share + sum(volume[s] for s in hit))

    def growth(self, offer: Row, year: int) -> Decimal:
        """Growth of the offer's index against that of prices in general."""
        if "index" not in offer:
            return Decimal(1)
        indices = self.case["indices"]
        own: Decimal = 1 + indices[offer["index"]]
        general: Decimal = 1 + indices[self.case["money"]["deflator"]]
        return (own / general) ** year

    def arises(self, need: Row, node: int) -> int | None:
        """The node on the path at which a need is first seen, if it has arisen."""
        for at in self.path(node):
            if self.tree[at]["seen"].get(need["id"]) == "yes":
                return at
        return None

    def unforeseen(self, need: Row, node: int, offer: Row, row: Row) -> bool:
        """Whether a need has arisen that the agreement was procured without knowing of."""
        if self.arises(need, node) is None:
            return False
        if row["since"] is None:
            return True
        up = list(self.path(row["since"]))
        return self.arises(need, up[self.lead(offer)]) is None

    def starting(self, found: dict[str, Decimal], node: int, offer: Row) -> None:
        """Set-up other than procurement, and takeover."""
        for line, amount in self.form(offer, "setup").items():
            if line != "procurement":
                found["setup"] += middle(amount)
        before = self.live(self.tree[node]["parent"])
        if offer["id"] in before:
            return
        rivals = {
            self.offers[name]["supplier"]
            for name in before
            if set(self.offers[name]["services"]) & set(offer["services"])
        }
        for entry in offer.get("takeover", []):
            if entry["from"] in rivals:
                found["takeover"] += middle(entry["cost"])

    def leaving(self, found: dict[str, Decimal], node: int) -> None:
        """Transition of what has ended here, and fees of all that has ended on the way."""
        for name in self.live(self.tree[node]["parent"]):
            if name not in self.live(node):
                found["transition"] += self.exit(name, "transition")
        here = self.tree[node]["period"]
        last = int(self.case["horizon"]["periods"]) - 1
        for at in self.path(node):
            for name, row in self.live(self.tree[at]["parent"]).items():
                now = self.live(at).get(name)
                if now is not None and now["since"] != at:
                    continue
                missing = self.missing(name, row["age"] + 1, at)
                due = [min(self.tree[at]["period"] + year, last) for year in range(missing)]
                found["exit_fee"] += due.count(here) * self.exit(name, "fee_per_missing_year")

    def exit(self, name: str, what: str) -> Decimal:
        return middle(self.offers[name].get("exit", {}).get(what, Decimal(0)))

    def missing(self, name: str, age: int, node: int) -> int:
        """Years that are paid for although an agreement has ended at that age."""
        offer, seen = self.offers[name], self.tree[node]["seen"]
        ended = any(
            driver["kind"] == "reorganisation"
            and seen.get(driver["id"]) == "yes"
            and driver.get("by_offer", {}).get(name, driver["on_vesting"]) == "end"
            for driver in self.case.get("drivers", [])
        )
        failed = seen.get(f"failure:{offer['supplier']}") == "yes"
        noticed = "in_notice" in self.today.get(name, {})
        if ended or failed or noticed or self.form(offer, "binding") is False:
            return 0
        term = offer["term"]
        if "break_from" in term:
            return max(int(term["break_from"]) // 12 - age, 0)
        end = int(term["initial"]) // 12
        for block in term.get("extensions", []):
            if age > end:
                end += int(block) // 12
        return max(end - age, 0)

    def own(self, found: dict[str, Decimal], node: int) -> None:
        """The authority's interfaces and overheads."""
        live = [self.offers[name] for name in self.live(node)]
        for link in self.case.get("links", []):
            linked = {o["supplier"] for o in live if set(o["services"]) & set(link["services"])}
            if len(linked) > 1:
                found["interface"] += middle(link["interface"])
        for name, service in self.services.items():
            overhead = service.get("overhead", {})
            found["overhead"] += overhead.get("remaining", Decimal(0))
            if any(self.in_house(o["id"]) and name in o["services"] for o in live):
                found["overhead"] += overhead.get("avoidable", Decimal(0))

    def unmet_price(self, service: str, node: int) -> Decimal:
        """The price of a unit that nobody serves; dearer in the year of a failure."""
        stated = self.services[service]
        for offer in self.offers.values():
            failed = self.tree[node]["seen"].get(f"failure:{offer['supplier']}") == "yes"
            if failed and service in offer["services"] and "emergency" in stated:
                return middle(stated["emergency"])
        return middle(stated["unmet"])

    def credit(self, outcome: Row, node: int) -> Decimal:
        """What the improvement of an outcome is worth."""
        name, base = outcome["id"], outcome["baseline"]
        assert outcome.get("better", "higher") == "higher"
        levels = []
        for service in self.services:
            stated = {
                offer["id"]: offer["services"][service]["outcomes"][name]
                for offer in self.offers.values()
                if name in offer["services"].get(service, {}).get("outcomes", {})
            }
            if not stated:
                continue
            gain = sum(
                Decimal(row["volumes"].get(service, 0)) * (stated.get(held, base) - base)
                for held, row in self.live(node).items()
            )
            levels.append(base + gain / self.demand(service, node))
        level = min(sum(levels) / len(levels), outcome["target"])
        worth: Decimal = (level - base) * outcome["value"]
        return worth

    # The plan as a whole

    def chance(self, node: int) -> Decimal:
        """Probability of a node."""
        product = Decimal(1)
        for at in self.path(node):
            product *= Decimal(self.tree[at]["p"])
        return product

    def present_value(self) -> dict[str, Decimal]:
        """Expected present value of each line."""
        total: dict[str, Decimal] = defaultdict(Decimal)
        for node, row in enumerate(self.tree):
            for line, amount in self.lines(node).items():
                total[line] += self.chance(node) * amount / DISCOUNT ** row["period"]
        return total
