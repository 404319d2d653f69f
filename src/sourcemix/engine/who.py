"""Which suppliers a rule speaks of, in cases and in events."""

from __future__ import annotations

from sourcemix.model.event import Bidder
from sourcemix.model.rules import Who
from sourcemix.model.suppliers import Supplier


def fits(supplier: Supplier | Bidder, who: Who) -> bool:
    """Whether a rule speaks of a supplier: every field given must fit."""
    return (
        (who.supplier is None or supplier.id == who.supplier)
        and (who.kind is None or supplier.kind == who.kind)
        and (who.sme is None or supplier.sme == who.sme)
        and (who.local is None or supplier.local == who.local)
    )
