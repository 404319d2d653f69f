"""The cheapest award by SCIP, in a model of its own: plain rows, nothing shared with the engine.

Only for events of whole bids with onboarding, capacity and free disposal.
"""

from __future__ import annotations

from decimal import Decimal

import pyscipopt

from sourcemix.model.event import Event


def cheapest(event: Event) -> Decimal:
    """Pounds of the cheapest award, proven by SCIP."""
    assert (event.conditions, event.discounts, event.rules) == ((), (), ())
    model = pyscipopt.Model()
    model.hideOutput()
    model.setParam("limits/gap", 0.0)
    wins = {bid.id: model.addVar(vtype="B", obj=float(bid.price or 0)) for bid in event.bids}
    there = {
        supplier.id: model.addVar(vtype="B", obj=float(supplier.onboarding))
        for supplier in event.suppliers
    }
    for lot in event.lots:
        amount = pyscipopt.quicksum(
            float(bid.lots[lot.id]) * wins[bid.id] for bid in event.bids if lot.id in bid.lots
        )
        need = float(lot.quantity)
        model.addCons(amount >= need if event.free_disposal else amount == need)
    for bid in event.bids:
        model.addCons(wins[bid.id] <= there[bid.supplier])
    for supplier in event.suppliers:
        if supplier.capacity is not None:
            load = pyscipopt.quicksum(
                float(sum(bid.lots.values())) * wins[bid.id]
                for bid in event.bids
                if bid.supplier == supplier.id
            )
            model.addCons(load <= float(supplier.capacity) * there[supplier.id])
    model.optimize()
    assert model.getStatus() == "optimal"
    return Decimal(repr(round(model.getObjVal(), 2)))
