"""Terms entered from a contract itself; they go before every default."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from sourcemix.register.choices import find
from sourcemix.register.held import Held, held, prepare
from sourcemix.register.store import change, one

__all__ = ["Clause", "enter"]


@dataclass(frozen=True, slots=True)
class Clause:
    """What a contract says about leaving it.

    Attributes:
        exit_fee: pounds to be paid for leaving today.
        transition: pounds for moving to someone else.
        notice: months of notice.
        break_date: next day on which it may be broken.
        note: where that stands.
    """

    exit_fee: Decimal | None = None
    transition: Decimal | None = None
    notice: float | None = None
    break_date: date | None = None
    note: str = ""


def enter(store: Path, wanted: str, clause: Clause, on: date) -> Held:
    """Enter the terms of one contract in place of any entered before.

    Raises:
        InputError: no contract, or several, are called that.
        FileError: the store cannot be written.
    """
    with (
        tempfile.TemporaryDirectory(prefix="sourcemix-") as scratch,
        change(store, Path(scratch)) as (con, changed),
    ):
        prepare(con)
        contract = find(list(held(con)), wanted, on)
        mark = one(con, "SELECT mark FROM held WHERE id = ?", [contract.id])[0]
        con.execute("DELETE FROM clause WHERE contract = ?", [mark])
        con.execute(
            "INSERT INTO clause VALUES (?, ?, ?, ?, ?, ?)",
            [mark, clause.exit_fee, clause.transition, clause.notice, clause.break_date,
             clause.note],
        )  # fmt: skip
        changed.append(True)
    return contract
