"""Preparing compiled releases for red flags, with Cardinal's settings and to its results.

Missing values are filled, placeholders removed, local codes replaced, and what some publishers put
elsewhere is moved. What stays missing or invalid is listed as an issue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sourcemix.register.flag_settings import FlagSettings

__all__ = ["Issue", "prepared"]

_BIDS = frozenset({"invited", "pending", "valid", "disqualified", "withdrawn"})
_AWARDS = frozenset({"pending", "active", "cancelled", "unsuccessful"})


@dataclass(frozen=True, slots=True)
class Issue:
    """Something missing or invalid that the settings do not put right.

    Attributes:
        path: where in a release.
        place: which bid, award or item, from 0.
        value: what stands there.
        what: what is wrong with it.
    """

    path: str
    place: str
    value: str
    what: str


def prepared(release: dict[str, Any], settings: FlagSettings) -> list[Issue]:
    """Prepare a release in place; returns what is left wrong."""
    work = _Work(release, settings.prepare)
    work.organisations()
    work.auctions()
    work.bids()
    work.awards()
    work.roles_back()
    return work.issues


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


class _Work:
    def __init__(self, release: dict[str, Any], sections: Mapping[str, Mapping[str, str]]) -> None:
        self.release = release
        self.defaults = sections.get("defaults", {})
        redactions = sections.get("redactions", {})
        self.amounts = set(map(float, filter(_is_number, redactions.get("amount", "").split("|"))))
        self.redacted = set(redactions.get("organization_id", "").split("|")) - {""}
        corrections = sections.get("corrections", {})
        self.by_contract = corrections.get("award_status_by_contract_status") == "true"
        self.changes = sections.get("modifications", {})
        self.bid_codes = sections.get("codelists.bid_status", {})
        self.award_codes = sections.get("codelists.award_status", {})
        self.roles: dict[str, set[str]] = {}
        self.issues: list[Issue] = []

    def organisations(self) -> None:
        release = self.release
        for party in self._array(release, "parties"):
            self._organisation(party, "", "")
            if self.defaults.get("party_roles") == "true" and isinstance(party.get("id"), str):
                listed = party.get("roles") if isinstance(party.get("roles"), list) else []
                self.roles[party["id"]] = {role for role in listed or [] if isinstance(role, str)}
        prefix = self.changes.get("prefix_buyer_or_procuring_entity_id", "")
        self._organisation(release.get("buyer"), prefix, "buyer")
        tender = release.get("tender")
        if isinstance(tender, dict):
            self._organisation(tender.get("procuringEntity"), prefix, "procuringEntity")
            cut, details = (
                self.changes.get("split_procurement_method_details"),
                "procurementMethodDetails",
            )
            if cut and isinstance(tender.get(details), str):
                tender[details] = tender[details].split(cut)[0].rstrip()

    def auctions(self) -> None:
        release = self.release
        if self.changes.get("move_auctions") != "true" or "bids" in release:
            return
        if not isinstance(release.get("auctions"), list):
            return
        moved: list[Any] = []
        for auction in _objects(release["auctions"]):
            for stage in _objects(auction.get("stages")):
                if isinstance(stage.get("bids"), list):
                    moved.extend(stage.pop("bids"))
        release["bids"] = {"details": moved}

    def bids(self) -> None:
        bids = self.release.get("bids")
        for place, bid in enumerate(
            _objects(bids.get("details")) if isinstance(bids, dict) else []
        ):
            value = bid.get("value")
            if isinstance(value, dict):
                self._amount(value, place)
            self._schemes(bid, "/bids/details[]", place)
            self._status(bid, "bid_status", self.bid_codes, _BIDS, "/bids/details[]/status", place)
            prefix = self.changes.get("prefix_tenderer_or_supplier_id", "")
            for tenderer in self._array(bid, "tenderers"):
                self._organisation(tenderer, prefix, "tenderer")

    def awards(self) -> None:
        cancelled = self._cancelled()
        for place, award in enumerate(_objects(self.release.get("awards"))):
            _text_id(award, "id")
            for item in _objects(award.get("items")):
                if isinstance(item.get("classification"), dict):
                    _text_id(item["classification"], "id")
            self._schemes(award, "/awards[]", place)
            self._status(
                award, "award_status", self.award_codes, _AWARDS, "/awards[]/status", place
            )
            if cancelled.get(award.get("id")):
                award["status"] = "cancelled"
            prefix = self.changes.get("prefix_tenderer_or_supplier_id", "")
            for supplier in self._array(award, "suppliers"):
                self._organisation(supplier, prefix, "supplier")

    def roles_back(self) -> None:
        for party in _objects(self.release.get("parties")):
            roles = self.roles.get(party.get("id") or "")
            if roles:
                party["roles"] = sorted(roles)

    def _cancelled(self) -> dict[Any, bool]:
        """Awards all of whose contracts are cancelled."""
        found: dict[Any, bool] = {}
        if self.by_contract:
            for contract in _objects(self.release.get("contracts")):
                _text_id(contract, "awardID")
                award = contract.get("awardID")
                if isinstance(award, str):
                    found[award] = found.get(award, True) and contract.get("status") == "cancelled"
        return found

    def _array(self, holder: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
        if isinstance(holder.get(name), dict):
            holder[name] = [holder[name]]
        yield from _objects(holder.get(name))

    def _organisation(self, holder: Any, prefix: str, role: str) -> None:
        if not isinstance(holder, dict):
            return
        _text_id(holder, "id")
        id = holder.get("id")
        if not isinstance(id, str):
            return
        if id in self.redacted:
            del holder["id"]
            return
        if not id.startswith(prefix):
            holder["id"] = id = prefix + id
        if role and id in self.roles:
            self.roles[id].add(role)

    def _amount(self, value: dict[str, Any], place: int) -> None:
        amount = value.get("amount")
        if isinstance(amount, int | float) and not isinstance(amount, bool):
            if float(amount) in self.amounts:
                del value["amount"]
            elif amount == 0:
                self._issue("/bids/details[]/value/amount", place, "", "is zero")
        if "currency" not in value:
            if "currency" in self.defaults:
                value["currency"] = self.defaults["currency"]
            else:
                self._issue("/bids/details[]/value/currency", place, "", "not set")

    def _schemes(self, holder: dict[str, Any], path: str, place: int) -> None:
        for number, item in enumerate(_objects(holder.get("items"))):
            code = item.get("classification")
            if not isinstance(code, dict) or "scheme" in code:
                continue
            if "item_classification_scheme" in self.defaults:
                code["scheme"] = self.defaults["item_classification_scheme"]
            else:
                where = f"{path}/items[]/classification/scheme"
                self.issues.append(Issue(where, f"{place}.{number}", "", "not set"))

    def _status(
        self, holder: dict[str, Any], name: str, codes: Mapping[str, str],
        valid: frozenset[str], path: str, place: int,
    ) -> None:  # fmt: skip
        if "status" not in holder:
            if name in self.defaults:
                holder["status"] = self.defaults[name]
            else:
                self._issue(path, place, "", "not set")
        status = holder.get("status")
        if isinstance(status, str):
            holder["status"] = status = codes.get(status, status)
            if status not in valid:
                self._issue(path, place, status, "invalid")

    def _issue(self, path: str, place: int, value: str, what: str) -> None:
        self.issues.append(Issue(path, str(place), value, what))


def _text_id(holder: dict[str, Any], name: str) -> None:
    if isinstance(holder.get(name), int | float) and not isinstance(holder[name], bool):
        holder[name] = str(holder[name])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
