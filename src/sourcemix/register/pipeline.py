"""The budget round: what ends in four years, what must start when, and what that costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sourcemix.evidence import prior
from sourcemix.register.assumptions import assumed
from sourcemix.register.exposure import Span, procurement
from sourcemix.register.held import Held, held, prepare
from sourcemix.register.store import look
from sourcemix.register.timing import act_by, before
from sourcemix.register.wording import pounds

__all__ = ["Pipeline", "Project", "Year", "pipeline"]

YEARS = 4


@dataclass(frozen=True, slots=True)
class Project:
    """One contract that ends within the years, and what it asks for.

    Attributes:
        contract: the contract.
        start_by: when to start on what comes next.
        overdue: whether that is past, unless the whole term is shorter than its successor needs.
        year: financial year in which it ends, as `2026-27`; empty where it has no end.
        cost: pounds that the next procurement costs.
        days: person-days that it takes, low and high.
        uk1: whether it belongs on a pipeline notice.
    """

    contract: Held
    start_by: date
    overdue: bool
    year: str
    cost: Span
    days: tuple[int, int]
    uk1: bool


@dataclass(frozen=True, slots=True)
class Year:
    """One financial year.

    Attributes:
        name: as `2026-27`.
        ending: how many contracts end.
        value: their pounds a year together.
        cost: pounds for procurements that must start in it.
        starts: how many must start in it.
        days: person-days for those, low and high.
        busiest: most procurements under way in any month.
    """

    name: str
    ending: int
    value: Decimal
    cost: Span
    starts: int
    days: tuple[int, int]
    busiest: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Four years of a register."""

    on: date
    years: tuple[Year, ...]
    categories: tuple[tuple[str, tuple[Project, ...]], ...]

    @property
    def projects(self) -> tuple[Project, ...]:
        """All projects, the soonest first."""
        every = [project for _, projects in self.categories for project in projects]
        return tuple(sorted(every, key=lambda p: (p.start_by, p.contract.id)))

    def as_data(self) -> dict[str, Any]:
        """The answer as the documented JSON."""
        return {
            "on": self.on,
            "years": [
                {
                    "year": year.name, "ending": year.ending, "value_ending": year.value,
                    "starts": year.starts, "cost_low": year.cost.low, "cost_high": year.cost.high,
                    "days_low": year.days[0], "days_high": year.days[1],
                    "busiest_month": year.busiest,
                }
                for year in self.years
            ],
            "categories": [
                {"category": name, "projects": [_project_data(p) for p in projects]}
                for name, projects in self.categories
            ],
            "uk1": [uk1_line(project) for project in self.projects if project.uk1],
        }  # fmt: skip


def _project_data(project: Project) -> dict[str, Any]:
    contract = project.contract
    return {
        "contract": contract.id, "title": contract.title, "supplier": contract.supplier,
        "yearly": contract.yearly, "ends": contract.end, "start_by": project.start_by,
        "overdue": project.overdue, "cost_low": project.cost.low, "cost_high": project.cost.high,
        "source": {"file": contract.file, "row": contract.row},
    }  # fmt: skip


def uk1_line(project: Project) -> dict[str, Any]:
    """One line of a draft pipeline notice (UK1); a person must complete it."""
    contract = project.contract
    value = contract.total or Decimal(0)
    return {
        "contract_title": contract.title,
        "description": f"Successor to {contract.id}, {contract.title}",
        "category": contract.category,
        "estimated_value_with_vat": _with_vat(value).quantize(Decimal(1)),
        "estimated_value_basis": f"{pounds(value)} of the present contract, with VAT at "
        f"{assumed('vat').value}%",
        "tender_notice_by": project.start_by.isoformat(),
        "contract_start": contract.end.isoformat() if contract.end else None,
        "present_supplier": contract.supplier,
        "to_complete": "contact, procedure, lots, suitability for small firms and the voluntary "
        "sector, reserved or not",
    }


def financial_year(when: date) -> int:
    """The calendar year in which the financial year of a day begins, on 1 April."""
    return when.year if (when.month, when.day) >= (4, 1) else when.year - 1


def year_name(year: int) -> str:
    """A financial year as `2026-27`."""
    return f"{year}-{(year + 1) % 100:02d}"


def pipeline(store: Path, on: date) -> Pipeline:
    """Four financial years of a register, from the one of a day on.

    Raises:
        FileError: the store cannot be opened.
    """
    with look(store) as con:
        prepare(con)
        projects = [project for c in held(con) if (project := _project(c, on)) is not None]
    by_category: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        by_category[project.contract.category or "No category"].append(project)
    ordered = sorted(by_category.items(), key=lambda item: (-_worth(item[1]), item[0]))
    first = financial_year(on)
    return Pipeline(
        on,
        tuple(_year(projects, first + n, on) for n in range(YEARS)),
        tuple(
            (name, tuple(sorted(found, key=lambda p: (p.start_by, p.contract.id))))
            for name, found in ordered
        ),
    )


def _worth(projects: Iterable[Project]) -> Decimal:
    return sum((p.contract.yearly or Decimal(0) for p in projects), Decimal(0))


def _project(contract: Held, on: date) -> Project | None:
    due = act_by(contract)
    if due is None or contract.end is None or contract.end < on:
        return None
    if financial_year(contract.end) >= financial_year(on) + YEARS:
        return None
    total = contract.total or contract.yearly or Decimal(0)
    days = prior("P008")
    least, most = int(days.low or 11), int(days.high or 68)
    small = total < 200_000
    return Project(
        contract,
        max(due.day, on),
        due.day < on and not due.short,
        year_name(financial_year(contract.end)),
        procurement(total),
        (least // 2, least) if small else (least, most),
        _on_notice(total, due.day, on),
    )


def _with_vat(value: Decimal) -> Decimal:
    return value * (1 + assumed("vat").value / 100)


def _on_notice(total: Decimal, start_by: date, on: date) -> bool:
    """Whether a pipeline notice of an authority that is large enough lists it."""
    ahead = int(assumed("uk1_months").value)
    return _with_vat(total) > assumed("uk1_contract").value and before(start_by, ahead) <= on


def _year(projects: list[Project], year: int, on: date) -> Year:
    ending = [p for p in projects if p.year == year_name(year)]
    starting = [p for p in projects if financial_year(p.start_by) == year]
    zero = Span(Decimal(0), Decimal(0), Decimal(0))
    cost = sum((p.cost for p in starting), zero)
    months = [date(year + (m > 9), (m + 2) % 12 + 1, 1) for m in range(1, 13)]
    under_way = [
        sum(1 for p in projects if p.contract.end and p.start_by <= month <= p.contract.end)
        for month in months
    ]
    return Year(
        year_name(year), len(ending), _worth(ending), cost, len(starting),
        (sum(p.days[0] for p in starting), sum(p.days[1] for p in starting)), max(under_way),
    )  # fmt: skip
