"""Small filled cases for tests of the engine."""

from __future__ import annotations

from typing import Any

from sourcemix.model.case import Case

FORMS: dict[str, Any] = {
    "contract": {"lead": 0, "manage": 0, "binding": True},
    "in_house": {"lead": 0, "manage": 0, "binding": True},
    "informal_sla": {"lead": 0, "manage": 0, "binding": False},
}


def offer(name: str, supplier: str, price: str, **more: Any) -> dict[str, Any]:
    """An offer for the service `desk` at a unit price, without set-up, for ten years."""
    service = {"price": price, **more.pop("desk", {})}
    return {
        "id": name,
        "supplier": supplier,
        "form": "contract",
        "services": {"desk": service},
        "term": {"initial": 120},
        **more,
    }


def case(offers: list[dict[str, Any]], periods: int = 3, **more: Any) -> Case:
    """A case with one service of 100 units a year and undiscounted costs."""
    suppliers = [
        {"id": "own", "kind": "in_house"},
        {"id": "vale", "kind": "commercial", "sme": True},
        {"id": "moor", "kind": "commercial"},
        {"id": "hub", "kind": "partnership"},
    ]
    return Case.model_validate(
        {
            "title": "Small",
            "authority": {"name": "Exampleshire"},
            "horizon": {"start": "2027-04-01", "periods": periods},
            "money": {"price_base": "2026-27", "discounting": "none"},
            "services": [{"id": "desk", "unit": "ticket", "demand": 100, "unmet": 50}],
            "suppliers": suppliers,
            "forms": FORMS,
            "offers": offers,
            **more,
        }
    )
