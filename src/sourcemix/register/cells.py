"""One cell at a time: what people write into registers, read as money, dates, months and flags.

Each reader takes a cell that is not already in plain form and gives a `Cell`. A reading that
changes what stands there says why in `why`; that is what is recorded as a repair.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sourcemix.register.dates import Order, read_date
from sourcemix.register.wordlists import words

__all__ = ["Cell", "is_empty_word", "read_cell", "tidy"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell means.

    Attributes:
        value: the value in plain form (a date as `2026-03-31`, money as `1234.50`); None where the
            cell says nothing that can be read.
        why: why it is not what stands there; empty where nothing was repaired.
        mark: a word that is worth keeping although it is no value: `rolling`, `unknown`.
    """

    value: str | None
    why: str = ""
    mark: str = ""


LARGEST = Decimal(10) ** 15
"""Amounts from here on are not money but mistakes."""

_ROLLING = re.compile(
    r"\b(?:on-?\s?going|rolling|ever-?\s?green|perpetual|in perpetuity|indefinite(?:ly)?"
    r"|no (?:fixed )?end(?: date)?|open[- ]?ended|until (?:terminated|further notice|notice)"
    r"|continuous|continuing|parhaus"
    r"|auto(?:matic(?:ally)?)?[- ]?(?:renew\w*|extend\w*)|annual(?:ly)? renew"
    r"\w*|renew(?:ed|s) (?:annual|year)ly|month to month|permanent|holding over)\b",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_MAY_BE_ODD = re.compile(r"[&\\]|  |^ | $|_x000D_")
_BRACKETS = re.compile(r"\[([^|\]\[]*)\|[^\]]*\]")
_GARBLED = re.compile(r"[ÃÂâ][\x80-\xbf€™œžŸ¡-¿‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜š›]")
_CUT = re.compile("(?<!\u00e2)\x80([\x90-\xa6])")
_HIDDEN = dict.fromkeys(
    [
        *(*range(0x09), *range(0x0B, 0x0D), *range(0x0E, 0x20), *range(0x7F, 0xA0)),
        *(0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0xFFFE, 0xFFFF),
    ]
)


def tidy(text: str) -> Cell:
    """A text without entities, doubly encoded letters, hidden signs and stray spaces."""
    if text.isascii() and text.isprintable() and not _MAY_BE_ODD.search(text):
        return Cell(text or None)
    whys: list[str] = []
    now = text
    for _ in range(3):
        if not _ENTITY.search(now):
            break
        now = html.unescape(now)
        whys.append("HTML entities")
    mended = _mend(now)
    if mended != now:
        now = mended
        whys.append("doubly encoded letters")
    shown = now.replace("\\r", " ").replace("\\n", " ").replace("_x000D_", " ")
    shown = re.sub(r"[\r\n\t\u2028\u2029]+", " ", shown).translate(_HIDDEN)
    if shown != now:
        whys.append("line breaks or hidden signs")
    tight = " ".join(shown.split())
    if tight != shown:
        whys.append("stray spaces")
    why = ", ".join(dict.fromkeys(whys))
    return Cell(tight or None, f"{why} put right" if why else "")


def _mend(text: str) -> str:
    # The first of three bytes is often lost on the way: what is left still tells the sign.
    text = _CUT.sub(lambda found: (b"\xe2\x80" + found[1].encode("latin-1")).decode(), text)
    if not _GARBLED.search(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def is_empty_word(text: str) -> bool:
    """Whether a cell only says that there is nothing to say: `-`, `N/A`, `TBC`."""
    return text.strip().casefold() in words("empty")


_CURRENCY = re.compile(r"(?i)^(?:gbp|£|\?|�|eur|usd|€|\$)|(?:gbp|£|eur|usd|€)$")
_SCALE = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "mil": 6, "million": 6, "bn": 9, "billion": 9}
_AMOUNT = re.compile(
    r"^(?P<number>\d[\d,.' ]*|\.\d+)(?:e(?P<exponent>[+-]?\d{1,2}))?\s*"
    r"(?P<scale>k|thousand|mn|mil|million|m|bn|billion)?$"
)
_TAIL = re.compile(
    r"\s*(?:\(?(?:per|p\.?\s?a\b|each|plus|excl?|incl?|ex|\+|approx|est|estimated|max|maximum|up to"
    r"|total|over|for \d|a year)\b.*|\+\s*vat.*|/\s*(?:year|yr|annum).*)$"
)
_YEARLY = re.compile(r"\bper (?:year|annum)\b|\bp\.?\s?a\b|/\s*(?:year|yr|annum)\b|\ba year\b")
_HEAD = re.compile(
    r"^(?:up to|approx(?:imately)?\.?|est(?:imated)?\.?|circa|c\.|c(?=\s?£)|max(?:imum)?\.?|about"
    r"|around|~|>|<|est value|total|value)\s*:?\s*"
)


def money(text: str, unit: str = "") -> Cell:
    """Money in pounds and pence: `£1,234.50`, `(1,234)`, `1234-`, `1.2m`, `£25k p.a.`.

    A plain number counts in the unit of its column, `thousand` or `million` pounds. An amount that
    says that it is for a year is marked `yearly`.
    """
    shown = unicodedata.normalize("NFKC", text).replace("\ufffd", "").strip()
    if is_empty_word(shown) or shown in {"£", "£-", "£ -", "-£", ""}:
        return Cell(None, "no amount", "unknown")
    plain = _HEAD.sub("", shown.casefold().replace("−", "-").replace("–", "-"))
    yearly = _YEARLY.search(plain) is not None
    plain = _TAIL.sub("", plain).strip()
    sign, plain = _signed(plain)
    plain = plain.replace("£", "").strip()
    match = _AMOUNT.match(plain)
    number = _number(match["number"]) if match else None
    if match is None or number is None:
        return Cell(None, "not an amount that can be read", "unread")
    number = number.scaleb(_SCALE.get(match["scale"] or unit, 0) + int(match["exponent"] or 0))
    if number >= LARGEST:
        return Cell(None, "too large to be an amount", "unread")
    value = f"{(sign * number).quantize(Decimal('0.01')):f}"
    same = re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text.strip().casefold()) is not None
    same = same and len(text.strip()) < 40 and unit not in _SCALE
    return Cell(value, "" if same else "read as an amount", "yearly" if yearly else "")


def _signed(text: str) -> tuple[int, str]:
    """Sign and the rest: brackets, a minus before, after or behind the pound sign, CR and DR."""
    sign = 1
    if (found := re.fullmatch(r"(?:£\s*)?\((.+)\)|\((.+)", text)) is not None:
        sign, text = -1, (found[1] or found[2] or "").strip("() ")
    if (found := re.fullmatch(r"(.+?)\s*(?:cr|-)", text)) is not None:
        sign, text = -1, found[1]
    text = re.sub(r"\s*dr$", "", text)
    text = _CURRENCY.sub("", text.strip()).strip()
    if text.startswith("-"):
        sign, text = -sign if sign > 0 else sign, text[1:].strip()
    text = _CURRENCY.sub("", text.removeprefix("+").strip()).strip()
    return sign, text


def _number(text: str) -> Decimal | None:
    """A number with separators of thousands and either decimal sign."""
    text = text.replace(" ", "").replace("'", "").rstrip(",.")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d{1,2}|\d+,\d{1,2}", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", text):
        text = text.replace(".", "")
    text = text.replace(",", "")
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "a": 1, "an": 1, "single": 1,
}  # fmt: skip
_UNITS = {"day": 1 / 30.4375, "week": 12 / 52.1775, "wk": 12 / 52.1775, "month": 1, "mth": 1,
          "year": 12, "yr": 12, "annum": 12, "m": 1, "y": 12,
          "w": 12 / 52.1775, "mo": 1}  # fmt: skip
_SPAN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|an?)\b)"
    r"\s*(?:\(\w+\)\s*)?(?:x\s*(?P<each>\d+(?:\.\d+)?)\s*-?\s*)?[- ]?"
    r"(?P<unit>days?|weeks?|wks?|months?|mths?|years?|yrs?|annum|mo|m|y|w)\b"
)


def months(text: str, unit: str = "month") -> Cell:
    """A length of time in months: `24`, `3 years`, `2+1+1`, `2 x 12 months`, `18m`.

    `2+1+1` has its first part as the value and the rest in `mark`, as `12+12`.
    """
    shown = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if is_empty_word(shown) or shown in {"no", "0", "0.0"}:
        return Cell("0" if shown in {"no", "0", "0.0"} else None, "", "unknown")
    if _ROLLING.search(shown):
        return Cell(None, "", "rolling")
    if re.fullmatch(r"\d+(?:\.\d+)?", shown):
        return _months_cell([float(shown) * _UNITS[unit]], shown if unit == "month" else "")
    if re.fullmatch(r"\d+(?:\.\d+)?(?:\s*\+\s*\d+(?:\.\d+)?)+", shown):
        parts = [float(part) for part in shown.split("+")]
        scale = 12 if max(parts) <= 12 and unit != "day" else 1
        return _months_cell([part * scale for part in parts], "")
    parts = [part for piece in _pieces(shown) for part in piece]
    if not parts:
        return Cell(None, "not a length of time that can be read", "unread")
    return _months_cell(parts, "")


def _pieces(shown: str) -> list[list[float]]:
    """The parts of a length of time that stand on their own: first term, then each option."""
    texts = re.split(r"\s*\+\s*|\bplus\b|,?\s*\(?(?:with )?(?:an? )?(?:option|extend)", shown)
    unit = next((found[1] for t in texts if (found := re.search(r"\d\W*([a-z]{1,6})", t))), "")
    pieces = []
    for text in texts:
        bare = re.fullmatch(r"\D{0,4}(\d+(?:\.\d+)?)\)?", text.strip())
        spans = [_span(found) for found in _SPAN.finditer(f"{bare[1]} {unit}" if bare else text)]
        if len(spans) > 1 and all(len(span) == 1 for span in spans):
            spans = [[sum(span[0] for span in spans)]]
        pieces.extend(spans)
    return pieces


def _span(found: re.Match[str]) -> list[float]:
    number = found["number"]
    count = float(_WORDS[number]) if number in _WORDS else float(number)
    unit = _UNITS[found["unit"].rstrip("s") or found["unit"]]
    if found["each"]:
        return [float(found["each"]) * unit] * min(int(count), 20)
    return [count * unit]


def _months_cell(parts: list[float], same: str) -> Cell:
    if not all(0 <= part <= 1200 for part in parts):
        return Cell(None, "longer than any contract", "unread")
    first, *rest = (f"{part:.1f}".removesuffix(".0") for part in parts)
    return Cell(first, "" if same else "read as months", "+".join(rest))


def flag(text: str) -> Cell:
    """Yes or no; anything else is unknown."""
    shown = text.strip().casefold()
    if shown in words("yes") or re.match(r"yes\b", shown):
        return Cell("true")
    if shown in words("no") or re.match(r"no\b", shown):
        return Cell("false")
    return Cell(None, "" if is_empty_word(shown) else "neither yes nor no", "unread")


def company(text: str) -> Cell:
    """A Companies House number in its eight signs; a charity or mistake is not one."""
    shown = re.sub(r"[\s.]|\.0$", "", text.upper()).removeprefix("GB-COH-").lstrip("#'")
    if re.fullmatch(r"(?:SC|NI|OC|SO|NC|RC|IP|RS|SP|NP|NL|FC|BR|CE|CS|GE|LP|SL|R0)\d{1,6}", shown):
        shown = shown[:2] + shown[2:].zfill(6)
    elif re.fullmatch(r"\d{4,8}", shown):
        shown = shown.zfill(8)
    else:
        return Cell(None, "" if is_empty_word(text) else "not a company number", "unread")
    if len(set(shown)) == 1 or shown in {"12345678", "01234567"}:
        return Cell(None, "a placeholder, not a company number", "unread")
    return Cell(shown, "" if shown == text.strip() else "company number in eight signs")


def charity(text: str) -> Cell:
    """A charity number: six or seven digits, or a Scottish `SC` number."""
    shown = re.sub(r"\s", "", text.upper()).removeprefix("GB-CHC-")
    if re.fullmatch(r"\d{6,7}(?:-\d+)?|SC\d{6}|NIC?\d{5,6}", shown):
        return Cell(shown)
    return Cell(None, "" if is_empty_word(text) else "not a charity number", "unread")


def vat(text: str) -> Cell:
    """A British VAT number: nine or twelve digits."""
    shown = re.sub(r"[^0-9A-Z]", "", text.upper()).removeprefix("GB")
    if re.fullmatch(r"\d{9}|\d{12}", shown) and len(set(shown)) > 1:
        return Cell(shown[:9])
    return Cell(None, "" if is_empty_word(text) else "not a VAT number", "unread")


def count(text: str) -> Cell:
    """A whole number; `2 x 12 months` counts two."""
    shown = text.strip().casefold()
    if found := re.match(r"(\d{1,3})(?:\.0+)?\s*(?:x\b|$|extension|option)", shown):
        return Cell(found[1], "" if found[1] == shown else "read as a number")
    for word, number in _WORDS.items():
        if len(word) > 2 and re.match(rf"{word}\b", shown):
            return Cell(str(number), "read as a number")
    return Cell(None, "" if is_empty_word(shown) else "not a number that can be read", "unread")


def cpv(text: str) -> Cell:
    """The first CPV code of a cell, eight digits without its check digit."""
    found = re.search(r"\b(\d{8})(?:-\d)?\b", text)
    if found is None and (short := re.fullmatch(r"\s*(\d{2,7})\s*", text)):
        return Cell(short[1].ljust(8, "0"), "code filled up with noughts")
    if found is None:
        return Cell(None, "" if is_empty_word(text) else "not a CPV code", "unread")
    return Cell(found[1], "" if found[0] == text.strip() else "the first of several codes")


def date_cell(text: str, order: Order, last_day: bool) -> Cell:
    """A date; a month alone is its first day, or its last where `last_day` is true."""
    shown = " ".join(unicodedata.normalize("NFKC", text).split())
    if _ROLLING.search(shown):
        return Cell(None, "no end", "rolling")
    if is_empty_word(shown):
        return Cell(None, "no date", "unknown")
    found = read_date(shown, order, last_day)
    if found is None:
        return Cell(None, "not a date that can be read", "unread")
    value, why = found
    return Cell(value.isoformat(), why)


_NO_TEXT = frozenset(["-", "--", "---", ".", "..", "n/a", "na", "#n/a", "null", "nan", "(blank)",
                      "[blank]", "not applicable"])  # fmt: skip
"""What stands in a cell of text for nothing; `Various` or `TBC` may be what a thing is called."""


def text_cell(text: str) -> Cell:
    """A text put right; one that only says that there is none is empty."""
    cell = tidy(text)
    if cell.value is not None and cell.value.casefold() in _NO_TEXT:
        return Cell(None, "says nothing", "unknown")
    return cell


def name_cell(text: str) -> Cell:
    """A supplier's name; of `[Name|Address|…]` the names alone."""
    cell = text_cell(text)
    if cell.value and (names := _BRACKETS.findall(cell.value)):
        listed = "; ".join(name.strip() for name in names if name.strip())
        return Cell(listed or None, "the name out of a list in brackets")
    return cell


def taken(text: str) -> Cell:
    """Whether an extension was taken: `Yes`, `1`; a date means yes."""
    cell = flag(text)
    return cell if cell.value or not re.search(r"\d{4}", text) else Cell("true", "a date means yes")


def read_cell(kind: str, text: str, order: Order = "dmy", unit: str = "month") -> Cell:
    """Read a cell of a type named in the data file of columns."""
    simple = {
        "flag": flag, "company": company, "charity": charity, "vat": vat,
        "count": count, "cpv": cpv, "text": text_cell, "name": name_cell, "taken": taken,
    }  # fmt: skip
    if kind == "money":
        return money(text, unit)
    if kind in ("date", "enddate"):
        return date_cell(text, order, kind == "enddate")
    if kind in ("months", "notice"):
        return months(text, unit)
    return simple[kind](text)
