"""Money, dates, durations and names as people in local government write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from sourcemix.model.case import Case
from sourcemix.model.offers import Offer
from sourcemix.model.suppliers import SupplierKind

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

KINDS: dict[SupplierKind, str] = {
    "in_house": "in-house",
    "partnership": "partnership",
    "public_body": "public body",
    "voluntary": "voluntary",
    "community": "community",
    "commercial": "commercial",
}
"""The six kinds of supplier, for people."""

_MILLION = Decimal(1_000_000)


def pounds(amount: Decimal) -> str:
    """An amount in full: `£75`, `£1,250.50`, `-£3,000`."""
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    whole = size == size.to_integral_value()
    return f"{sign}£{size:,.0f}" if whole else f"{sign}£{size:,.2f}"


def whole_pounds(amount: Decimal) -> str:
    """An amount to the nearest pound, for columns: `£1,251`."""
    return pounds(amount.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def rounded(amount: Decimal) -> str:
    """An amount for a headline: `£1.4 million`, `£845,000`, `£75`; three figures at most."""
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    if size >= Decimal("999500"):
        millions = size / _MILLION
        places = Decimal("0.01") if millions < 10 else Decimal("0.1")
        places = places if millions < 100 else Decimal(1)
        text = f"{millions.quantize(places, rounding=ROUND_HALF_EVEN):,f}"
        return f"{sign}£{_trimmed(text)} million"
    step = Decimal(1)
    while size / step >= 1000:
        step *= 10
    size = (size / step).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * step
    return f"{sign}£{size:,.0f}"


def span(low: Decimal, high: Decimal) -> str:
    """A range for a headline: `£1.4 million to £1.6 million`; one figure where they agree."""
    first, last = rounded(low), rounded(high)
    return first if first == last else f"{first} to {last}"


def percent(share: Decimal, places: int = 1) -> str:
    """A share as a percentage: 0.042 is `4.2%`."""
    quantum = Decimal(1).scaleb(-places)
    text = f"{(share * 100).quantize(quantum, rounding=ROUND_HALF_EVEN):f}"
    return f"{_trimmed(text)}%"


def day(value: date) -> str:
    """A date: `7 November 2026`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """A month for columns: `Nov 2026`."""
    return f"{MONTHS[value.month - 1][:3]} {value.year}"


def duration(months: int) -> str:
    """A duration: `18 months`, `5 years`; a year and less in months."""
    if months > 12 and months % 12 == 0:
        return f"{months // 12} years"
    return "1 month" if months == 1 else f"{months} months"


def lead_of(months: int) -> str:
    """A duration before a noun: `12 months'`, `5 years'`, `1 month's`."""
    text = duration(months)
    return f"{text}'" if text.endswith("s") else f"{text}'s"


def listed(items: Iterable[str], last: str = "and") -> str:
    """Items in a sentence: `a, b and c`."""
    texts = list(items)
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 service`, `3 services`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def with_article(noun: str) -> str:
    """A noun with `a` or `an`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def plain(name: str) -> str:
    """An id as words: `service_desk` is `service desk`."""
    return name.replace("_", " ")


def service_name(case: Case, service: str) -> str:
    """The name of a service for people."""
    return case.service(service).name or plain(service)


def supplier_name(case: Case, supplier: str) -> str:
    """The name of a supplier for people."""
    return case.supplier(supplier).name or plain(supplier)


def form_name(case: Case, form: str) -> str:
    """The name of a form of agreement inside a sentence."""
    title = case.forms[form].title if form in case.forms else ""
    if not title:
        return plain(form)
    # Sentence case for a title that is not an abbreviation or a name ("NHS section 75 …").
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def offer_services(case: Case, offer: Offer) -> str:
    """The services of an offer in a sentence, in the order of their ids."""
    return listed(service_name(case, service) for service in sorted(offer.services))


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
