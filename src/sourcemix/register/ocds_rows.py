"""Contracts of one compiled release, as rows of the register."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sourcemix.register import cells
from sourcemix.register.dates import read_date

__all__ = ["contract_rows"]

Row = dict[str, Any]
_OVER = frozenset({"cancelled", "unsuccessful", "invalid"})


def contract_rows(release: Mapping[str, Any]) -> Iterator[Row]:
    """Rows of a release: a contract each, else an award each, else a notice for the tender.

    Values are text in plain form, as the store's columns are read from them. Whatever a publisher
    put in the place of an object or a list counts as absent.
    """
    tender = _object(release.get("tender"))
    parties = {
        str(party.get("id")): party for party in _objects(release.get("parties")) if party.get("id")
    }
    base = _shared(release, tender, parties)
    awards = _objects(release.get("awards"))
    contracts = _objects(release.get("contracts"))
    by_id = {str(award.get("id")): award for award in awards if award.get("id") is not None}
    used: set[str] = set()
    count = 0
    for contract in contracts:
        link = str(contract.get("awardID"))
        award = by_id.get(link) or (awards[0] if len(awards) == len(contracts) == 1 else {})
        used.add(str(award.get("id")))
        yield base | _deal(contract, award, tender, parties)
        count += 1
    for award in awards:
        if str(award.get("id")) not in used:
            yield base | _deal({}, award, tender, parties)
            count += 1
    if count == 0:
        yield base | _notice(release, tender)


def _shared(
    release: Mapping[str, Any], tender: Mapping[str, Any], parties: Mapping[str, Mapping[str, Any]]
) -> Row:
    buyer = _object(release.get("buyer")) or _object(tender.get("procuringEntity"))
    if not buyer:
        with_role = [p for p in parties.values() if "buyer" in _list(p.get("roles"))]
        buyer = dict(with_role[0]) if with_role else {}
    party = parties.get(str(buyer.get("id")), {})
    code, label = _classified(release, tender)
    lots = _objects(tender.get("lots"))
    method = " - ".join(
        filter(
            None, (_text(tender, "procurementMethod"), _text(tender, "procurementMethodDetails"))
        )
    )
    return {
        "ocid": _string(release.get("ocid")),
        "authority": _text(buyer, "name") or _text(party, "name"),
        "reference": _string(tender.get("id")) or _string(release.get("ocid")),
        "title": _text(tender, "title") or _text(release, "title"),
        "description": _text(tender, "description"),
        "procedure": method or None,
        "contract_type": _string(tender.get("mainProcurementCategory")),
        "category": label,
        "category_code": code,
        "cpv": cells.cpv(code).value if code else None,
        "published_date": _day(release.get("date")),
        "deadline_date": _day(_object(tender.get("tenderPeriod")).get("endDate")),
        "extension_count": _renewals(tender, lots),
    }


def _deal(
    contract: Mapping[str, Any], award: Mapping[str, Any], tender: Mapping[str, Any],
    parties: Mapping[str, Mapping[str, Any]],
) -> Row:  # fmt: skip
    value = _first_value(contract.get("value"), award.get("value"))
    first = _first_value(award.get("value")) if contract.get("value") and award.get("value") else {}
    period = _period(
        contract.get("period"), award.get("contractPeriod"), tender.get("contractPeriod")
    )
    suppliers = _objects(award.get("suppliers") or contract.get("suppliers"))
    status = _string(contract.get("status")) or _string(award.get("status"))
    row: Row = {
        "stage": "ended" if (status or "").lower() in _OVER else "contract",
        "status": status,
        "total_value": value.get("amount"),
        "currency": value.get("currency"),
        "first_value": first.get("amount"),
        "awarded_date": _day(award.get("date")) or _day(contract.get("dateSigned")),
        **period,
        **_suppliers(suppliers, parties),
    }
    for name in ("title", "description"):
        text = _text(contract, name) or _text(award, name)
        if text and not cells.is_empty_word(text):
            row[name] = text
    if contract.get("id") is not None:
        row["reference"] = _string(contract.get("id"))
    return row


def _notice(release: Mapping[str, Any], tender: Mapping[str, Any]) -> Row:
    low, high = _first_value(tender.get("minValue")), _first_value(tender.get("value"))
    lots = [lot.get("contractPeriod") for lot in _objects(tender.get("lots"))]
    return {
        "stage": "notice",
        "status": _string(tender.get("status")) or ", ".join(map(str, _list(release.get("tag")))),
        "total_value": high.get("amount"),
        "value_low": low.get("amount"),
        "currency": high.get("currency") or low.get("currency"),
        **_period(tender.get("contractPeriod"), *lots),
    }


def _suppliers(suppliers: list[dict[str, Any]], parties: Mapping[str, Mapping[str, Any]]) -> Row:
    names, sme, vcse = [], [], []
    row: Row = {}
    for supplier in suppliers:
        party = parties.get(str(supplier.get("id")), {})
        name = _text(supplier, "name") or _text(party, "name")
        if name:
            names.append(" ".join(name.split()))
        details = _object(party.get("details")) or _object(supplier.get("details"))
        scale = str(details.get("scale") or "").lower()
        sme.append(scale in {"sme", "micro", "small", "medium"} if scale else None)
        vcse.append(details.get("vcse") if isinstance(details.get("vcse"), bool) else None)
        if len(suppliers) == 1:
            row |= _identified([supplier, party])
            row["supplier_ref"] = _string(supplier.get("id"))
            row["postcode"] = _string(_object(party.get("address")).get("postalCode"))
    row["supplier"] = "; ".join(dict.fromkeys(names)) or None
    row["sme"] = None if None in sme or not sme else all(sme)
    row["vcse"] = None if None in vcse or not vcse else all(vcse)
    return row


def _identified(holders: list[Mapping[str, Any]]) -> Row:
    """Numbers of a supplier, from its identifiers and from an id that is made of one."""
    row: Row = {}
    for holder in holders:
        found = [_object(holder.get("identifier")), *_objects(holder.get("additionalIdentifiers"))]
        own = re.match(r"(GB-[A-Z]{2,5})-(.+)", str(holder.get("id") or ""))
        if own:
            found.append({"scheme": own[1], "id": own[2]})
        for identifier in found:
            scheme, text = str(identifier.get("scheme") or ""), str(identifier.get("id") or "")
            if scheme in ("GB-COH", "COH") and (number := cells.company(text).value):
                row.setdefault("supplier_number", number)
            elif scheme in ("GB-CHC", "GB-SC", "GB-NIC") and (number := cells.charity(text).value):
                row.setdefault("charity_number", number)
            elif "VAT" in scheme and (number := cells.vat(text).value):
                row.setdefault("vat_number", number)
    return row


def _period(*periods: Any) -> Row:
    start = end = days = None
    for period in map(_object, periods):
        start = start or _day(period.get("startDate"))
        end = end or _day(period.get("endDate"), last=True)
        if days is None and isinstance(period.get("durationInDays"), int | float):
            days = float(period["durationInDays"])
    months = round(days / 30.4375, 1) if days is not None and 0 < days < 36_525 else None
    return {"start_date": start, "end_date": end, "duration_months": months}


def _renewals(tender: Mapping[str, Any], lots: list[dict[str, Any]]) -> str | None:
    told = any(
        lot.get("hasRenewal") is True or lot.get("hasOptions") is True for lot in [tender, *lots]
    )
    return "1" if told else None


def _classified(
    release: Mapping[str, Any], tender: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    awards = _objects(release.get("awards"))
    contracts = _objects(release.get("contracts"))
    holders = [tender, *_objects(tender.get("items"))]
    for deal in (*awards, *contracts):
        holders.extend(_objects(deal.get("items")))
    for holder in holders:
        several = [_object(holder.get("classification"))]
        several += _objects(holder.get("additionalClassifications"))
        for one in several:
            if one.get("id") is not None and str(one["id"]).strip():
                return str(one["id"]).strip(), _text(one, "description") or None
    return None, None


def _first_value(*values: Any) -> Row:
    for value in map(_object, values):
        amount = value.get("amount")
        if isinstance(amount, str):
            amount = cells.money(amount).value
        if isinstance(amount, bool) or not isinstance(amount, int | float | str):
            continue
        if isinstance(amount, str) or abs(amount) < 1e15:
            shown = amount if isinstance(amount, str) else cells.money(repr(amount)).value
            return {"amount": shown, "currency": _string(value.get("currency"))}
    return {}


def _day(value: Any, *, last: bool = False) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    found = read_date(value, "dmy", last)
    return found[0].isoformat() if found else None


def _text(holder: Mapping[str, Any], name: str) -> str:
    """A text, in English where it comes in several languages."""
    for key in (name, f"{name}_en", f"{name}_es", f"{name}_fr"):
        value = holder.get(key)
        if isinstance(value, str) and value.strip():
            return cells.tidy(value).value or ""
    return ""


def _string(value: Any) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int | float) else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else ([] if value is None else [value])


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in _list(value) if isinstance(item, dict)]
