"""Recognising a column by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sourcemix.register import cells

__all__ = ["by_content", "is_data", "share_read"]

_TYPED = frozenset({"money", "date", "enddate", "months", "notice", "flag", "company", "vat", "cpv",
                    "count", "taken", "charity"})  # fmt: skip
_FIRM = re.compile(
    r"(?i)\b(?:ltd|limited|plc|llp|cic|inc|council|trust|university|school|services|group|college"
    r"|solutions|association|academy)\b"
)
_MOST = 200


def share_read(kind: str, sample: list[str]) -> float | None:
    """Share of the cells that can be read as a type; None for text and for blank columns."""
    told = [cell for cell in sample[:_MOST] if not cells.is_empty_word(cell)]
    if kind not in _TYPED or not told:
        return None
    read = 0
    for text in told:
        cell = cells.read_cell(kind, text)
        read += cell.value is not None or cell.mark == "rolling"
    return read / len(told)


def by_content(
    kind: str, found: AbstractSet[str], samples: list[list[str]], taken: AbstractSet[int]
) -> dict[int, str]:
    """Fields of columns whose header says nothing, for what a table cannot do without."""
    free = [i for i, sample in enumerate(samples) if i not in taken and len(sample) >= 3]
    extra: dict[int, str] = {}

    def take(name: str, positions: list[int]) -> None:
        if name not in found and positions:
            extra[positions[0]] = name
            free.remove(positions[0])

    dates = [i for i in free if _all(samples[i], "date", 0.9) and not _all_numbers(samples[i])]
    if kind == "payment":
        if "period_date" not in found:
            take("date", dates)
        take("amount", [i for i in free if i not in dates and _looks_money(samples[i])])
    else:
        take("start_date", dates)
        take("end_date", [i for i in dates if i in free])
        money = [i for i in free if i not in dates and _looks_money(samples[i])]
        if not found & {"annual_value", "total_value"}:
            take("total_value", money)
    firms = sorted(free, key=lambda i: (-_firm_share(samples[i]), i))
    take("supplier", [i for i in firms if _firm_share(samples[i]) >= 0.3])
    return extra


def is_data(row: Sequence[str]) -> bool:
    """Whether a row is data, no header: a date stands in it, and an amount."""
    told = [cell.strip() for cell in row if cell.strip()]
    days = [cell for cell in told if not cell.isdigit() and _all([cell], "date", 1.0)]
    return bool(days) and any(_looks_money([cell]) for cell in told if cell not in days)


def _all(sample: list[str], kind: str, least: float) -> bool:
    return (share_read(kind, sample) or 0.0) >= least


def _all_numbers(sample: list[str]) -> bool:
    return all(re.fullmatch(r"[\d.]+", cell) for cell in sample[:_MOST])


def _looks_money(sample: list[str]) -> bool:
    told = sample[:_MOST]
    pennies = sum(bool(re.search(r"\d\.\d{2}\)?-?$|£", cell)) for cell in told)
    return pennies >= 0.6 * len(told) and _all(sample, "money", 0.9)


def _firm_share(sample: list[str]) -> float:
    told = sample[:_MOST]
    return sum(bool(_FIRM.search(cell)) for cell in told) / len(told) if told else 0.0
