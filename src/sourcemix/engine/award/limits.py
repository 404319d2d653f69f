"""Limits on what suppliers are paid, as exact inequalities over suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sourcemix.engine.who import fits
from sourcemix.model.event import Bidder
from sourcemix.model.rules import MaxShare, MaxValue, MinShare, Rule, Who


@dataclass(frozen=True, slots=True)
class PaidLimit:
    """The sum of `part` × paid over suppliers, plus `whole` × all that is paid, is at most `most`.

    Attributes:
        parts: factor by index of the supplier.
        whole: factor on all that is paid.
        most: pence.
    """

    parts: tuple[tuple[int, Fraction], ...]
    whole: Fraction
    most: int

    @property
    def alone(self) -> int | None:
        """The supplier, where the limit is just that it is paid at most `most`."""
        if self.whole or len(self.parts) != 1 or self.parts[0][1] != 1:
            return None
        return self.parts[0][0]

    def factor(self, supplier: int) -> Fraction:
        """What a penny paid to a supplier adds."""
        return dict(self.parts).get(supplier, Fraction(0)) + self.whole


def paid_limits(suppliers: tuple[Bidder, ...], rules: tuple[Rule, ...]) -> tuple[PaidLimit, ...]:
    """Every limit on what is paid: of the suppliers themselves, and of the rules.

    ============= =====================================================
    `max_value`   paid(s) ≤ amount
    `max_share`   Σ paid(s in who) − share × paid ≤ 0; each s if empty
    `min_share`   share × paid − Σ paid(s in who) ≤ 0
    ============= =====================================================
    """
    limits: list[PaidLimit] = []
    for s, supplier in enumerate(suppliers):
        if supplier.max_value is not None:
            limits.append(_at_most(s, int(supplier.max_value * 100)))
    for rule in rules:
        if isinstance(rule, MaxValue):
            most = int(rule.amount * 100)
            limits.extend(
                _at_most(s, most)
                for s, supplier in enumerate(suppliers)
                if rule.supplier is None or supplier.id == rule.supplier
            )
        elif isinstance(rule, MaxShare):
            chosen = [s for s, supplier in enumerate(suppliers) if fits(supplier, rule.who)]
            groups = [[s] for s in chosen] if rule.who == Who() else [chosen]
            limits.extend(_share(group, Fraction(rule.share), 1) for group in groups)
        elif isinstance(rule, MinShare):
            chosen = [s for s, supplier in enumerate(suppliers) if fits(supplier, rule.who)]
            limits.append(_share(chosen, Fraction(rule.share), -1))
    return tuple(limits)


def _at_most(supplier: int, most: int) -> PaidLimit:
    return PaidLimit(((supplier, Fraction(1)),), Fraction(0), most)


def _share(group: list[int], share: Fraction, sign: int) -> PaidLimit:
    return PaidLimit(tuple((s, Fraction(sign)) for s in group), -sign * share, 0)
