"""Lines of cost: which there are, who bears them, how they fall."""

from __future__ import annotations

from typing import Literal

from sourcemix.model.case import BiasClass

Component = Literal[
    "procurement",
    "setup",
    "takeover",
    "fixed",
    "volume",
    "manage",
    "interface",
    "overhead",
    "change",
    "exit_fee",
    "transition",
    "income",
    "vat",
    "optimism_bias",
    "unmet",
    "outcomes",
    "breach",
]
"""Lines of cost. `income` and `outcomes` are negative. `vat` is what cannot be recovered. `unmet`
(penalties for demand nobody serves), `outcomes` (value of outcomes) and `breach` (prices of rules
that are broken) are part of the objective but not of the cost to the authority."""

AUTHORITY_COMPONENTS: tuple[Component, ...] = (
    "procurement",
    "setup",
    "takeover",
    "fixed",
    "volume",
    "manage",
    "interface",
    "overhead",
    "change",
    "exit_fee",
    "transition",
    "income",
    "vat",
    "optimism_bias",
)
"""The lines that the authority pays or receives. `optimism_bias` is what is added to the others."""

ONE_OFF: frozenset[Component] = frozenset(
    {"procurement", "setup", "takeover", "exit_fee", "transition"}
)
"""Lines that fall once; the rest recur. `change` recurs, save where an offer adapts once. What
optimism bias adds to a line falls as the line does."""

BIAS_CLASS: dict[Component, BiasClass] = {
    "procurement": "setup",
    "setup": "setup",
    "takeover": "setup",
    "transition": "setup",
    "fixed": "operating",
    "volume": "operating",
    "manage": "operating",
    "interface": "operating",
    "overhead": "operating",
    "change": "operating",
}
"""Whose uplift for optimism bias a line gets; one-off lines classed capital get that of `capital`.
Fees and income are agreed sums and get none; nor does VAT that cannot be recovered."""


__all__ = ["AUTHORITY_COMPONENTS", "BIAS_CLASS", "Component", "ONE_OFF"]
