"""`sourcemix register`: what an authority has, read from its own files."""

from __future__ import annotations

import datetime
from decimal import Decimal, InvalidOperation
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sourcemix.cli import options
from sourcemix.cli.output import start
from sourcemix.cli.saving import check_folder, save_text
from sourcemix.errors import InputError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

NEEDED = ("duckdb", "ijson", "ocdsmerge", "orjson", "python_calamine", "rapidfuzz", "xlsxwriter")
"""What the extra `register` installs."""

Store = Annotated[
    Path, typer.Argument(metavar="REGISTER", help="A register that `register read` has made.")
]
On = Annotated[
    datetime.datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="The day to look from; today by default."),
]
Most = Annotated[int, typer.Option("--most", min=1, help="Most lines to show.")]


def _day(on: datetime.datetime | None) -> datetime.date:
    return on.date() if on else datetime.date.today()


@app.callback()
def register() -> None:
    """Read contracts registers, notices and payments, and say what to act on."""
    if any(find_spec(name) is None for name in NEEDED):
        raise InputError("this needs the extra `register`: pip install 'sourcemix[register]'")


@app.command()
def read(  # noqa: PLR0913 - each is an option that a user may give
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="CSV, Excel, OpenDocument, JSON; also .gz, .zip."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The register to make or add to.")],
    authority: Annotated[
        str, typer.Option("--authority", help="Whose files they are, where they do not say.")
    ] = "",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="Corrections of columns, as YAML.")
    ] = None,
    save_mapping: Annotated[
        Path | None,
        typer.Option("--save-mapping", help="Write how columns were recognised, to be corrected."),
    ] = None,
    schema: Annotated[
        Path | None,
        typer.Option("--schema", help="A release schema with extensions, for merging releases."),
    ] = None,
    json: options.Json = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """Read files into a register: all of them, or none.

    A file that was read before changes nothing; a file with the name of an older one replaces it.
    """
    from sourcemix.app.register import read_register, register_mapping
    from sourcemix.report.register_page import show_read
    from sourcemix.report.terminal import Page

    output = start(json=json, verbose=verbose, quiet=quiet)
    check_folder(out)
    results = read_register(paths, out, authority=authority, mapping=mapping, schema=schema)
    if save_mapping is not None:
        save_text(register_mapping(out), save_mapping)
    if output.json:
        output.data({"files": [result.as_data() for result in results]})
    else:
        show_read(Page(output.console), results, mapping=not quiet)


@app.command()
def scan(
    store: Store,
    on: On = None,
    code: Annotated[
        list[str] | None, typer.Option("--code", help="Only findings of this code; repeatable.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write all to .csv, .xlsx or .json.")
    ] = None,
    most: Most = 20,
    json: options.Json = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """Say what to act on: overdue ends, rolling contracts, lock-in, spend with no contract."""
    from sourcemix.app.register import scan_register
    from sourcemix.report.register_files import finding_rows
    from sourcemix.report.register_page import show_findings
    from sourcemix.report.terminal import Page

    output = start(json=json, verbose=verbose, quiet=quiet)
    _check_out(out)
    _check_codes(code)
    whole = scan_register(store, _day(on))
    found = [f for f in whole.findings if not code or f.code in code]
    data: dict[str, object] = {
        "findings": [finding.as_data() for finding in found],
        "counts": whole.counts,
        "left_out": whole.left_out,
    }
    _save(out, data, {"Findings": finding_rows(found)})
    if whole.left_out:
        output.note(f"{whole.left_out:,} lighter findings are counted but not listed.")
    if output.json:
        output.data(data)
    else:
        show_findings(Page(output.console), found, most)


def _check_codes(codes: list[str] | None) -> None:
    from sourcemix.register.finding import CODES

    wrong = [code for code in codes or [] if code not in CODES]
    if wrong:
        raise InputError(f"there is no code `{wrong[0]}`; there are {', '.join(CODES)}")


@app.command(name="options")
def options_of(
    contract: Annotated[
        str, typer.Argument(help="Its name on the register, or words of its title or supplier.")
    ],
    store: Store,
    on: On = None,
    json: options.Json = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """One contract on a page: extend, vary, re-procure, bring in, end."""
    from sourcemix.app.register import contract_choices
    from sourcemix.report.register_page import show_choices
    from sourcemix.report.terminal import Page

    output = start(json=json, verbose=verbose, quiet=quiet)
    found = contract_choices(store, contract, _day(on))
    if output.json:
        output.data(found.as_data())
    else:
        show_choices(Page(output.console), found)


@app.command()
def pipeline(
    store: Store,
    on: On = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write the draft pipeline notice to .csv or .xlsx."),
    ] = None,
    most: Most = 8,
    json: options.Json = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """Four years ahead: what ends, what must start when, cost and load by financial year."""
    from sourcemix.app.register import budget_round
    from sourcemix.report.register_files import pipeline_rows
    from sourcemix.report.register_page import show_pipeline
    from sourcemix.report.terminal import Page

    output = start(json=json, verbose=verbose, quiet=quiet)
    _check_out(out)
    found = budget_round(store, _day(on))
    _save(out, found.as_data(), {"UK1 draft": pipeline_rows(found)})
    if output.json:
        output.data(found.as_data())
    else:
        show_pipeline(Page(output.console), found, most)


@app.command(name="list")
def list_of(
    what: Annotated[
        str, typer.Argument(help="parts, columns, repairs, aside, spend or suppliers.")
    ],
    store: Store,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write all to .csv, .xlsx or .json.")
    ] = None,
    most: Most = 20,
    json: options.Json = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """List tables, columns, repairs, rows set aside, contracts against spend, or suppliers."""
    from sourcemix.app.register import list_register
    from sourcemix.report.register_files import listing_rows
    from sourcemix.report.register_page import show_listing
    from sourcemix.report.terminal import Page

    output = start(json=json, verbose=verbose, quiet=quiet)
    _check_out(out)
    found = list_register(store, what, None if json or out else most)
    _save(out, found.as_data(), {what.capitalize(): listing_rows(found)})
    if output.json:
        output.data(found.as_data())
    else:
        show_listing(Page(output.console), found, most)


@app.command()
def enter(  # noqa: PLR0913 - each is a term of a contract
    contract: Annotated[
        str, typer.Argument(help="Its name on the register, or words of its title or supplier.")
    ],
    store: Store,
    exit_fee: Annotated[
        str | None, typer.Option("--exit-fee", help="Pounds for leaving today, by its clause.")
    ] = None,
    transition: Annotated[
        str | None, typer.Option("--transition", help="Pounds for moving to someone else.")
    ] = None,
    notice: Annotated[
        float | None, typer.Option("--notice", min=0, max=120, help="Months of notice.")
    ] = None,
    break_date: Annotated[
        datetime.datetime | None,
        typer.Option("--break", formats=["%Y-%m-%d"], help="Next day on which it may be broken."),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="Where that stands.")] = "",
    on: On = None,
    json: options.Json = False,
) -> None:
    """Enter what the contract itself says about leaving it, in place of the default."""
    from sourcemix.app.register import Clause, enter_clause

    output = start(json=json)
    clause = Clause(
        _pounds(exit_fee), _pounds(transition), notice, break_date.date() if break_date else None,
        note,
    )  # fmt: skip
    found = enter_clause(store, contract, clause, _day(on))
    if output.json:
        output.data({"contract": found.id, "title": found.title})
    else:
        output.console.print(f"{found.id}: {found.title}: entered.")


def _pounds(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        amount = Decimal(text.replace("£", "").replace(",", "").strip())
    except InvalidOperation:
        raise InputError(f"`{text}` is no amount; write pounds, such as 125000") from None
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 15:
        raise InputError(f"`{text}` is no sensible amount of pounds")
    return amount


@app.command()
def share(
    store: Store,
    folder: Annotated[Path, typer.Argument(help="Folder for the Parquet files.")],
    json: options.Json = False,
) -> None:
    """Write a register as Parquet files, for the same questions on another engine."""
    from sourcemix.app.register import share_register

    output = start(json=json)
    written = share_register(store, folder)
    if output.json:
        output.data({"written": [str(path) for path in written]})
    else:
        output.console.print(f"{folder}: {len(written)} tables written.")


def _check_out(out: Path | None) -> None:
    if out is None:
        return
    if out.suffix.lower() not in (".csv", ".xlsx", ".json"):
        raise InputError(f"`{out}` should end in .csv, .xlsx or .json")
    check_folder(out)


def _save(out: Path | None, data: dict[str, object], sheets: dict[str, object]) -> None:
    if out is None:
        return
    from typing import cast

    import simplejson

    from sourcemix.report.register_files import Rows, csv_text, write_workbook

    tables = cast("dict[str, Rows]", sheets)
    if out.suffix.lower() == ".csv":
        save_text(csv_text(next(iter(tables.values()))), out)
    elif out.suffix.lower() == ".json":
        text = simplejson.dumps(
            data, indent=2, ensure_ascii=False, use_decimal=True, default=datetime.date.isoformat
        )
        save_text(text + "\n", out)
    else:
        draft = out.with_name(f".{out.name}.part")
        write_workbook(draft, tables)
        draft.replace(out)
