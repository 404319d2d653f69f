"""Red flags of the Open Contracting Partnership's guide, computed as Cardinal computes them.

Source: Open Contracting Partnership, Red flags in public procurement (2024), and the documentation
of Cardinal. Each release is looked at once and added to running figures; flags that compare
processes or bidders with one another are settled at the end. Figures are floating point, as there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sourcemix.register.flag_settings import FlagSettings
from sourcemix.register.statistics import fence_above, fence_below, percentile

__all__ = ["Results", "red_flags"]

Release = Mapping[str, Any]
Results = dict[str, dict[str, dict[str, float]]]
"""Figure of each flag by group (`OCID`, `Buyer`, `ProcuringEntity`, `Tenderer`) and its id."""


def red_flags(releases: Iterable[Release], settings: FlagSettings | None = None) -> Results:
    """Red flags of compiled releases; cancelled processes are left out."""
    run = _Run(settings or FlagSettings())
    for release in releases:
        ocid = release.get("ocid") if isinstance(release, dict) else None
        if isinstance(ocid, str) and not run.left_out(release):
            run.look_at(release, ocid)
    return run.settled()


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _amount(holder: Mapping[str, Any]) -> tuple[float, str] | None:
    value = _dict(holder.get("value"))
    amount, currency = value.get("amount"), value.get("currency")
    if (
        isinstance(amount, int | float)
        and not isinstance(amount, bool)
        and isinstance(currency, str)
    ):
        return float(amount), currency
    return None


def _id(holder: Any) -> str | None:
    found = holder.get("id") if isinstance(holder, dict) else None
    return found if isinstance(found, str) else None


def _ids(holders: Any) -> list[str]:
    return [found for holder in _list(holders) if (found := _id(holder)) is not None]


def _submitted(release: Release) -> list[dict[str, Any]]:
    """Bids that were submitted: neither invited nor withdrawn."""
    bids = _list(_dict(release.get("bids")).get("details"))
    return [
        bid
        for bid in bids
        if isinstance(bid.get("status"), str) and bid["status"] not in ("invited", "withdrawn")
    ]


def _final(release: Release) -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    """Active awards and all bids, if every award is final; else the picture may still change."""
    awards, bids = release.get("awards"), _dict(release.get("bids")).get("details")
    if not isinstance(awards, list) or not isinstance(bids, list):
        return None
    active = []
    for award in _list(awards):
        status = award.get("status")
        if status == "active":
            active.append(award)
        elif isinstance(status, str) and status not in ("cancelled", "unsuccessful"):
            return None
    return active, _list(bids)


def _winner(active: list[dict[str, Any]]) -> str | None:
    """The one supplier of the one active award."""
    suppliers = active[0].get("suppliers") if len(active) == 1 else None
    if not isinstance(suppliers, list) or len(suppliers) != 1:
        return None
    return _id(suppliers[0])


class _Run:
    """Running figures over all releases."""

    def __init__(self, settings: FlagSettings) -> None:
        self.settings = settings
        self.currency = settings.currency
        self.results: Results = {"OCID": {}, "Buyer": {}, "ProcuringEntity": {}, "Tenderer": {}}
        self.ratios: dict[str, float] = {}
        self.rivals: dict[str, tuple[str, str]] = {}
        self.wins: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.disqualified: dict[str, dict[str, list[int]]] = {
            group: defaultdict(lambda: [0, 0]) for group in ("Buyer", "ProcuringEntity", "Tenderer")
        }
        self.goods: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))

    def left_out(self, release: Release) -> bool:
        tender = _dict(release.get("tender"))
        return (
            tender.get("status") == "cancelled"
            or tender.get("procurementMethodDetails") in self.settings.excluded
        )

    def look_at(self, release: Release, ocid: str) -> None:
        asked = self.settings.flags
        prices = self._compares_prices(release)
        for flag, look in (
            ("R003", self._r003), ("R018", self._r018), ("R025", self._r025), ("R030", self._r030),
            ("R035", self._r035), ("R038", self._r038), ("R044", self._r044), ("R048", self._r048),
        ):  # fmt: skip
            if flag in asked:
                look(release, ocid)
        if prices and "R028" in asked:
            self._r028(release, ocid)
        if prices and "R036" in asked:
            self._r036(release, ocid)
        if prices and ("R024" in asked or "R058" in asked):
            self._second_lowest(release, ocid)

    def _set(self, group: str, id: str, flag: str, figure: float) -> None:
        self.results[group].setdefault(id, {})[flag] = figure

    def _compares_prices(self, release: Release) -> bool:
        details = _dict(release.get("tender")).get("procurementMethodDetails")
        only, never = self.settings.price_methods, self.settings.no_price_methods
        if not isinstance(details, str):
            return not only
        return details in only if only else details not in never

    def _same_currency(self, currency: str) -> bool:
        self.currency = self.currency or currency
        return currency == self.currency

    def _r003(self, release: Release, ocid: str) -> None:
        tender = _dict(release.get("tender"))
        methods = self.settings.several("R003", "procurement_methods")
        if methods and tender.get("procurementMethod") not in methods:
            return
        period = _dict(tender.get("tenderPeriod"))
        start, end = _moment(period.get("startDate")), _moment(period.get("endDate"))
        if start is None or end is None:
            return
        least = self.settings.number("R003", "threshold", 15)
        details = tender.get("procurementMethodDetails")
        if isinstance(details, str):
            least = self.settings.methods.get(details, least)
        seconds = (end - start).total_seconds()
        # Whole days towards nought, as a duration in days is counted there.
        if int(seconds / 86_400) < (least or 0):
            self._set("OCID", ocid, "R003", 1.0)

    def _r018(self, release: Release, ocid: str) -> None:
        tender = _dict(release.get("tender"))
        methods = self.settings.several("R018", "procurement_methods", "open|selective")
        fits = not methods or tender.get("procurementMethod") in methods
        number = tender.get("numberOfTenderers")
        if fits and isinstance(number, int) and not isinstance(number, bool) and number == 1:
            self._set("OCID", ocid, "R018", 1.0)

    def _r025(self, release: Release, ocid: str) -> None:
        final = _final(release)
        winner = _winner(final[0]) if final else None
        if final is None or winner is None:
            return
        bidders = {
            ids[0]
            for bid in final[1]
            if bid.get("status") == "valid" and len(ids := _tenderers(bid)) == 1
        }
        for bidder in bidders:
            self.wins[bidder][0] += bidder == winner
            self.wins[bidder][1] += 1

    def _r028(self, release: Release, ocid: str) -> None:
        prices: dict[tuple[float, str], frozenset[str]] = {}
        for bid in _submitted(release):
            price, ids = _amount(bid), frozenset(_ids(bid.get("tenderers")))
            if price is None or not ids:
                continue
            if price in prices and prices[price] != ids:
                self._set("OCID", ocid, "R028", 1.0)
                for bidder in sorted(ids | prices[price]):
                    self._set("Tenderer", bidder, "R028", 1.0)
            prices[price] = ids

    def _r030(self, release: Release, ocid: str) -> None:
        end = _dict(_dict(release.get("tender")).get("tenderPeriod")).get("endDate")
        if not isinstance(end, str):
            return
        winners = {
            supplier
            for award in _list(release.get("awards"))
            if award.get("status") == "active"
            for supplier in _ids(award.get("suppliers"))
        }
        for bid in _list(_dict(release.get("bids")).get("details")):
            date = bid.get("date")
            if bid.get("status") != "valid" or not isinstance(date, str) or date <= end:
                continue
            for bidder in _ids(bid.get("tenderers")):
                if bidder in winners:
                    self._set("OCID", ocid, "R030", 1.0)
                    self._set("Tenderer", bidder, "R030", 1.0)

    def _r035(self, release: Release, ocid: str) -> None:
        final = _final(release)
        if final is None:
            return
        winners = {id for award in final[0] for id in _ids(award.get("suppliers"))}
        by_status: dict[str, set[str]] = {"valid": set(), "disqualified": set()}
        for bid in final[1]:
            if bid.get("status") in by_status:
                by_status[bid["status"]].update(_ids(bid.get("tenderers")))
        valid = by_status["valid"]
        others = len(by_status["disqualified"] - valid)
        least = max(self.settings.number("R035", "threshold", 1) or 1, 1)
        if len(valid) == 1 and valid == winners and others >= least:
            self._set("OCID", ocid, "R035", float(others))
            self._set("Tenderer", next(iter(valid)), "R035", 0.0)

    def _r036(self, release: Release, ocid: str) -> None:
        if not any(award.get("status") == "active" for award in _list(release.get("awards"))):
            return
        lowest: tuple[float, str] | None = None
        valid = False
        for bid in _submitted(release):
            price = _amount(bid)
            if price is None or not self._same_currency(price[1]):
                continue
            if lowest is None or price[0] < lowest[0]:
                lowest = price[0], bid["status"]
            valid = valid or bid["status"] == "valid"
        if valid and lowest is not None and lowest[1] == "disqualified":
            self._set("OCID", ocid, "R036", 1.0)

    def _r038(self, release: Release, ocid: str) -> None:
        bids = _submitted(release)
        if not bids:
            return
        out = 0
        for bid in bids:
            fails = bid["status"] == "disqualified"
            out += fails
            for bidder in _ids(bid.get("tenderers")):
                self.disqualified["Tenderer"][bidder][0] += fails
                self.disqualified["Tenderer"][bidder][1] += 1
        buyer = _id(release.get("buyer"))
        entity = _id(_dict(release.get("tender")).get("procuringEntity"))
        for group, id in (("Buyer", buyer), ("ProcuringEntity", entity)):
            if id is not None:
                self.disqualified[group][id][0] += out
                self.disqualified[group][id][1] += len(bids)

    def _r044(self, release: Release, ocid: str) -> None:
        bidders = {
            id: party
            for party in _list(release.get("parties"))
            if "tenderer" in (party.get("roles") or []) and (id := _id(party)) is not None
        }
        for id, party in bidders.items():
            for other, rival in bidders.items():
                if id != other and (_same_address(party, rival) or _same_contact(party, rival)):
                    self._set("OCID", ocid, "R044", 1.0)
                    self._set("Tenderer", id, "R044", 1.0)

    def _r048(self, release: Release, ocid: str) -> None:
        digits = int(self.settings.number("R048", "digits", 2) or 2)
        for award in _list(release.get("awards")):
            supplier = _winner([award]) if award.get("status") == "active" else None
            if supplier is None:
                continue
            for item in _list(award.get("items")):
                code = _id(item.get("classification"))
                if code is not None:
                    self.goods[supplier][0].add(ocid)
                    self.goods[supplier][1].add(code[:digits])

    def _second_lowest(self, release: Release, ocid: str) -> None:
        """How much dearer than the winner the lowest other bid is, for R024 and R058."""
        final = _final(release)
        winner = _winner(final[0]) if final else None
        if final is None or winner is None:
            return
        won: float | None = None
        lost: tuple[float, str] | None = None
        for bid in final[1]:
            price, ids = _amount(bid), _tenderers(bid)
            if bid.get("status") != "valid" or price is None or len(ids) != 1:
                continue
            if not self._same_currency(price[1]):
                continue
            if ids[0] == winner:
                won = price[0] if won is None else min(won, price[0])
            elif lost is None or price[0] < lost[0]:
                lost = price[0], ids[0]
        if won and lost is not None and lost[0] >= won:
            self.ratios[ocid] = (lost[0] - won) / won
            self.rivals[ocid] = winner, lost[1]

    def settled(self) -> Results:
        """All results, once every release has been looked at; empty groups are left out."""
        asked = self.settings.flags
        for flag, settle in (
            ("R024", self._settle_r024), ("R025", self._settle_r025), ("R038", self._settle_r038),
            ("R048", self._settle_r048), ("R058", self._settle_r058),
        ):  # fmt: skip
            if flag in asked:
                settle()
        return {group: found for group, found in self.results.items() if found}

    def _settle_r024(self) -> None:
        fence, first = fence_below(self.ratios.values(), self.settings.number("R024", "threshold"))
        if first > 0 and fence > 0:
            for ocid, ratio in self.ratios.items():
                if ratio <= fence:
                    self._set("OCID", ocid, "R024", ratio)
                    for bidder in self.rivals[ocid]:
                        self._set("Tenderer", bidder, "R024", 0.0)

    def _settle_r025(self) -> None:
        share = self.settings.number("R025", "percentile", 75) or 75
        often = percentile([float(bids) for _, bids in self.wins.values()], share / 100)
        ratios = {bidder: won / bids for bidder, (won, bids) in self.wins.items()}
        fence, first = fence_below(ratios.values(), self.settings.number("R025", "threshold"))
        if first > 0 and fence > 0:
            for bidder, ratio in ratios.items():
                if self.wins[bidder][1] >= often and ratio <= fence:
                    self._set("Tenderer", bidder, "R025", ratio)

    def _settle_r038(self) -> None:
        for group, found in self.disqualified.items():
            name = "submitted_bids" if group == "Tenderer" else "contracting_processes"
            least = self.settings.number("R038", f"minimum_{name}", 2) or 2
            ratios = {id: out / bids for id, (out, bids) in found.items() if bids >= least}
            if not ratios:
                continue
            fence = fence_above(ratios.values(), self.settings.number("R038", "threshold"))
            for id, ratio in ratios.items():
                if fence > 0 and ratio >= fence:
                    self._set(group, id, "R038", ratio)

    def _settle_r048(self) -> None:
        least = self.settings.number("R048", "minimum_contracting_processes", 20) or 1
        counts = {
            id: float(len(codes))
            for id, (ocids, codes) in self.goods.items()
            if len(ocids) >= least
        }
        if not counts:
            return
        fence = fence_above(counts.values(), self.settings.number("R048", "threshold"))
        for id, count in counts.items():
            if count >= fence:
                self._set("Tenderer", id, "R048", count)

    def _settle_r058(self) -> None:
        fence = fence_above(self.ratios.values(), self.settings.number("R058", "threshold"))
        for ocid, ratio in self.ratios.items():
            if fence > 0 and ratio >= fence:
                self._set("OCID", ocid, "R058", ratio)
                self._set("Tenderer", self.rivals[ocid][0], "R058", 0.0)


def _tenderers(bid: Mapping[str, Any]) -> list[str]:
    """Ids of bidders, where each bidder has one."""
    tenderers = bid.get("tenderers")
    ids = _ids(tenderers)
    return ids if isinstance(tenderers, list) and len(ids) == len(tenderers) else []


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str) or "T" not in text.upper():
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _same_address(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    first, second = _address(one), _address(two)
    return first is not None and first == second


def _address(party: Mapping[str, Any]) -> str | None:
    address = _dict(party.get("address"))
    if address.get("streetAddress") is None:
        return None
    names = ("streetAddress", "locality", "region", "postalCode", "countryName")
    return " ".join(str(address.get(name) or "").strip().lower() for name in names)


def _same_contact(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    first, second = _dict(one.get("contactPoint")), _dict(two.get("contactPoint"))
    for name in ("name", "email", "telephone", "faxNumber", "url"):
        if isinstance(first.get(name), str) and isinstance(second.get(name), str):
            return bool(first[name] == second[name])
    return False
