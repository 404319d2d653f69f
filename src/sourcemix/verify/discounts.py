"""Suppliers' rebates on an award."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sourcemix.model.event import Discount
from sourcemix.verify.arithmetic import ZERO, pence


def rebate(discounts: tuple[Discount, ...], price: Fraction, lots: int) -> Decimal:
    """Pounds off a supplier's award, rounded half-even to the penny.

    Args:
        discounts: the supplier's discounts, all of one kind.
        price: pounds of its award before discount.
        lots: number of lots that it wins.
    """
    steps = sorted((_threshold(discount), Fraction(discount.rate)) for discount in discounts)
    amount = ZERO
    for position, (threshold, rate) in enumerate(steps):
        if discounts[0].from_lots is not None:
            if lots >= threshold:
                amount = rate * price
        elif discounts[0].kind == "all_units":
            if price >= threshold:
                amount = rate * price
        elif price > threshold:
            following = steps[position + 1][0] if position + 1 < len(steps) else price
            amount += rate * (min(price, following) - threshold)
    return pence(amount)


def one_kind(discounts: tuple[Discount, ...]) -> bool:
    """Whether a supplier's discounts are all of one kind, all by value or all by lots."""
    return len({(discount.kind, discount.from_lots is None) for discount in discounts}) == 1


def _threshold(discount: Discount) -> Fraction:
    if discount.from_lots is not None:
        return Fraction(discount.from_lots)
    return Fraction(discount.from_value or 0)
