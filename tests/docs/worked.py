"""Worked examples as data: the cases of a page, and the tables that state figures about each.

A page holds one or more fenced YAML blocks, each a whole case (or event). The tables between one
block and the next speak of the first. What a row may say is told by the tables' heads:

- `Figure | Working | Pounds`: a line of the plan, a pocket calculator's sum, and what it comes to;
- `Measure | Working | Result`: the same for figures that are not pounds;
- `Step | Working | Result`: a sum on the way, which the plan does not hold;
- `Decision | Offer`, `Live | Offers`, `Lot | Bid`: what is decided, runs, or wins.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

HEADS = {
    ("Figure", "Working", "Pounds"),
    ("Measure", "Working", "Result"),
    ("Step", "Working", "Result"),
    ("Decision", "Offer"),
    ("Live", "Offers"),
    ("Lot", "Bid"),
}
PARTS = re.compile(
    r"^```yaml\n(?P<yaml>.*?)^```$|(?P<table>(?:^\|[^\n]*\|$\n?)+)", re.DOTALL | re.MULTILINE
)
COVERS = re.compile(r"^% covers: (.+)$", re.MULTILINE)
SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "£": "", ",": ""})
STEPS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass
class Example:
    """One case of a page, and the rows of the tables that follow it, by head."""

    text: str
    rows: dict[tuple[str, ...], list[tuple[str, ...]]] = field(default_factory=dict)

    def of(self, *head: str) -> list[tuple[str, ...]]:
        """Rows of the tables with a head."""
        return self.rows.get(head, [])


def examples(page: str) -> list[Example]:
    """The cases of a page with their tables. Raises `ValueError` for a table it cannot read."""
    found: list[Example] = []
    for part in PARTS.finditer(page):
        if part["yaml"]:
            found.append(Example(part["yaml"]))
            continue
        head, line, *rows = [cells(row) for row in part["table"].splitlines()]
        if head not in HEADS or not found or set("".join(line)) - set("-:"):
            raise ValueError(f"no table of an example: {head}")
        if any(len(row) != len(head) or not all(row) for row in rows):
            raise ValueError(f"a row is not complete: {rows}")
        found[-1].rows.setdefault(head, []).extend(rows)
    return found


def cells(row: str) -> tuple[str, ...]:
    """What the cells of a table's row hold."""
    return tuple(cell.strip().strip("*`") for cell in row.strip("|").split("|"))


def covered(page: str) -> set[str]:
    """What a page says it covers."""
    return {name for line in COVERS.findall(page) for name in line.split()}


def stated(text: str) -> Decimal:
    """A figure as it is written: `12,000`, `−3.50`."""
    return Decimal(text.translate(SIGNS))


def worked_out(text: str, like: Decimal) -> Decimal:
    """What a sum comes to, rounded half-even to as many places as a figure has."""
    plain = re.sub(r"([\d.]+)%", r"(\1/100)", text.translate(SIGNS))
    value = _value(ast.parse(plain, mode="eval").body)
    places = -min(int(like.as_tuple().exponent), 0)
    scaled = round(value * 10**places)
    return Decimal(scaled).scaleb(-places)


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float()):
            return Fraction(str(node.value))
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand)
        case ast.BinOp():
            return STEPS[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError(f"no sum: {ast.unparse(node)}")


def pennies(amount: Decimal) -> Decimal:
    """To the penny."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
