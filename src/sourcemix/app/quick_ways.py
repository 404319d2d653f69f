"""The ways to have a service delivered that a first answer compares, and their default figures.

Even-handed by construction. Each way that would change who delivers has a claim of saving in its
low price, a risk in its high price, and today's cost in the middle, because no prior says that one
form is cheaper than another for any service. Each pays for its own start, for the move (P036) and
for being managed (P045). What a change would do to pensions is a figure of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sourcemix.app.quick_input import QuickService
from sourcemix.evidence import forms, prior
from sourcemix.model.common import Indicative, PositiveMoney, PriceValue, UnitPrice
from sourcemix.model.offers import Term
from sourcemix.model.suppliers import Form

MoneyRange = Indicative[PositiveMoney]
PriceRange = Indicative[UnitPrice]
End = Literal["low", "central", "high"]
ENDS: tuple[End, ...] = ("low", "central", "high")

OWN = "own_team"
FOREVER = 600
"""Months of an agreement that runs on until it is ended."""
MEDIUM = Decimal(400_000)
"""Pounds a year of the service that the library's set-up figures are stated for."""
VALUE_YEARS = 5
"""Years of charges that the value of a contract stands for, where a prior is a share of it."""
PAY: dict[End, Decimal] = {"low": Decimal("0.3"), "central": Decimal("0.5"), "high": Decimal("0.7")}
"""Share of pay in the cost of a service: an assumption."""
LEAST_PENSION = Decimal(3)
"""Per cent of pay that every employer must pay in; stated in the note of P122."""
ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True)
class WayTo:
    """One way to have a service delivered, compared for every service.

    Attributes:
        name: end of the offer's id.
        title: for people.
        supplier: who would deliver.
        form: form of the library.
        term: how long it runs and how it is left.
        lead: months from decision to start: the library's, rounded up to half a year.
        source: priors of term and lead.
        fee: whether leaving early costs a fee.
    """

    name: str
    title: str
    supplier: str
    form: str
    term: Term
    lead: int
    source: str
    fee: bool = False


LONG = "contract_5"
SHORT = "contract_2_1_1"
PUBLIC = ("partners", "public_body")
"""Suppliers, other than the own team, whose staff are in the LGPS."""

WAYS: tuple[WayTo, ...] = (
    WayTo(
        OWN, "In-house", OWN, "in_house", Term(initial=FOREVER, break_from=0, notice=12), 12,
        "lead P034",
    ),
    WayTo(
        "shared", "Shared service 5+2+2", "partners", "inter_authority",
        Term(initial=60, extensions=(24, 24), break_from=24, notice=12), 6,
        "lead P033; term an assumption",
    ),
    WayTo(
        "public_body", "Another public body 3+1+1", "public_body", "formal_sla",
        Term(initial=36, extensions=(12, 12), notice=6), 6, "lead P033; term P088",
    ),
    WayTo(
        LONG, "Contract, five years", "company", "contract", Term(initial=60, notice=6), 12,
        "lead P006 and P034; term P087", fee=True,
    ),
    WayTo(
        SHORT, "Contract 2+1+1", "company", "contract",
        Term(initial=24, extensions=(12, 12), notice=6), 12, "lead P006 and P034; term P088",
        fee=True,
    ),
    WayTo(
        "call_off", "Framework call-off 2+1+1", "company", "framework_call_off",
        Term(initial=24, extensions=(12, 12), notice=6), 6, "lead P020 and P033; term P088",
        fee=True,
    ),
)  # fmt: skip
"""What is compared. Companies and voluntary organisations share the forms of contract: no prior
tells their prices apart."""


def share(name: str, end: End) -> Decimal:
    """A figure of a prior that is in per cent, as a share."""
    row = prior(name)
    figure = {"low": row.low, "central": row.central, "high": row.high}[end]
    assert figure is not None, f"prior {name} has no {end} figure"
    return figure / 100


def of_prior(figure: Decimal, name: str) -> MoneyRange:
    """The percentages of a prior, of a figure, in whole pounds."""
    return amounts(*(figure * share(name, end) for end in ENDS), source=name)


def amounts(low: Decimal, central: Decimal, high: Decimal, *, source: str) -> MoneyRange:
    """An indicative amount in whole pounds."""
    one = Decimal(1)
    return MoneyRange(
        low=low.quantize(one), central=central.quantize(one), high=high.quantize(one), prior=source
    )


def price_of(service: QuickService, way: WayTo) -> PriceValue:
    """What a way charges for a year of service.

    Central: today's cost. Low, the claim of saving: P105 where own staff deliver today and a
    company would (0 to 20%, central 0); P010, advertising openly, where a company follows a
    company; P074, the margin no longer paid, where own staff would follow a company; P055, scale,
    for other public bodies. High, the risk: P054 for other public bodies, where a partner leaves
    and its volume goes; P047, value that leaks away, for the others.
    """
    cost = service.annual_cost
    if way.supplier == OWN and service.in_house:
        return cost
    if way.supplier in PUBLIC:
        low, high, source = share("P055", "central"), share("P054", "central"), "P055, P054"
    else:
        claim = "P074" if way.supplier == OWN else "P105" if service.in_house else "P010"
        low, high, source = -share(claim, "high"), share("P047", "central"), f"{claim}, P047"
    penny = Decimal("0.01")
    return PriceRange(
        low=(cost * (1 + low)).quantize(penny),
        central=cost.quantize(penny),
        high=(cost * (1 + high)).quantize(penny),
        prior=source,
    )


def pension_of(service: QuickService, way: WayTo) -> MoneyRange | None:
    """Pounds a year for staff of a company who would join the LGPS with a way; None: nobody would.

    Low: all of them are in it already. Central: P122, of the pay. High: the highest rate of P121
    less the minimum. Where own staff go to a company they keep their scheme when they move, so
    that no saving is counted beyond that of P105.
    """
    if service.in_house or way.supplier not in (OWN, *PUBLIC):
        return None
    return amounts(
        Decimal(0),
        service.annual_cost * PAY["central"] * share("P122", "central"),
        service.annual_cost * PAY["high"] * (share("P121", "high") - LEAST_PENSION / 100),
        source="P122, P121, assumption on the share of pay",
    )


def form_of(service: QuickService, way: WayTo) -> Form:
    """The library's form, with what depends on the size of the service put right for it."""
    base = forms()[way.form]
    cost = service.annual_cost
    setup = dict(base.setup)
    for line, figure in base.setup.items():
        if isinstance(figure, Indicative) and figure.prior == ASSUMPTION:
            setup[line] = _sized(figure, cost)
    if way.supplier == OWN:
        # Recruiting, systems, equipment: as much as the agreement that a shared service needs.
        legal = forms()["inter_authority"].setup["legal"]
        assert isinstance(legal, Indicative)
        setup["own_set_up"] = _sized(legal, cost)
    if "procurement" in setup:
        setup["procurement"] = _procurement(cost, light=way.form != "contract")
    setup["mobilisation"] = of_prior(cost, "P036")
    manage = of_prior(cost, "P045")
    return base.model_copy(update={"manage": manage, "setup": setup, "lead": way.lead})


def _sized(figure: MoneyRange, cost: Decimal) -> MoneyRange:
    """A figure of the library in proportion to the service: a tenth at least, tenfold at most."""
    size = min(max(cost / MEDIUM, Decimal("0.1")), Decimal(10))
    return amounts(figure.low * size, figure.central * size, figure.high * size, source=ASSUMPTION)


def _procurement(cost: Decimal, *, light: bool) -> MoneyRange:
    """What a competition costs the authority.

    P007 bounds the cost for authority and bidders together. High: all of it. Low: the authority's
    part, 5,500 of 28,000 (note of P007). Central: half of the high figure, an assumption. No less
    than P003 says for one bid, and P002 at the high end. A call-off is taken at half.
    """
    bid, usual = prior("P003"), prior("P002")
    assert bid.low is not None and bid.central is not None and usual.central is not None
    most = cost * VALUE_YEARS * share("P007", "high")
    part = Decimal("0.5") if light else Decimal(1)
    return amounts(
        max(most * 5_500 / 28_000 * part, bid.low),
        max(most / 2 * part, bid.central),
        max(most * part, usual.central),
        source="P007, P003, P002, assumption",
    )
