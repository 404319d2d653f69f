"""The commands together, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sourcemix.cli import (
    award,
    check,
    demo,
    files,
    new,
    plan,
    quick,
    register,
    verify,
)
from sourcemix.cli.exits import Exit
from sourcemix.cli.failure import show
from sourcemix.cli.output import Output


class Commands(TyperGroup):
    """The group of all commands; turns what they raise into messages and exit codes."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Remember how errors are to be shown, whatever else is wrong with the options."""
        options = args[: args.index("--")] if "--" in args else args
        ctx.obj = Output(
            json="--json" in options,
            verbose=sum(option in ("-v", "-vv", "--verbose") for option in options),
        )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; nothing that it raises reaches the user as a traceback."""
        out: Output = ctx.obj
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except BrokenPipeError:
            _silence()
            raise typer.Exit(Exit.BROKEN_PIPE) from None
        except (Exception, KeyboardInterrupt) as error:
            # Mistakes in the options know how to show themselves, except to a machine.
            usage = getattr(error, "format_message", None)
            if usage is None:
                raise typer.Exit(show(error, out)) from None
            if not out.json:
                raise
            message = {"code": int(Exit.USAGE), "message": usage(), "faults": []}
            out.data({"error": message})
            raise typer.Exit(Exit.USAGE) from None


app = typer.Typer(
    name="sourcemix",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes and the JSON are described in the reference. Try: sourcemix demo",
)


def _version(wanted: bool) -> None:
    if wanted:
        import sourcemix

        typer.echo(f"sourcemix {sourcemix.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Find the best mix of suppliers and agreements for a public body's services, and prove it."""


app.command("demo")(demo.demo)
app.command("new")(new.new)
app.command("check")(check.check)
app.command("plan")(plan.plan)
app.command("award")(award.award)
app.command("verify")(verify.verify)
app.command("quick")(quick.quick)
app.add_typer(register.app, name="register")
app.command("schema")(files.schema)
app.command("migrate")(files.migrate)


def run() -> None:
    """Run the command line as a program."""
    if sys.stdout is None:
        print("Error: standard output is closed.", file=sys.stderr)  # noqa: T201
        sys.exit(int(Exit.NOT_WRITTEN))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show "£" gets "?", not an error.
            stream.reconfigure(errors="replace")
    try:
        app()
    except SystemExit as end:
        sys.exit(_flushed(end.code))
    except OSError as error:
        # The help, or the error itself, could not be written.
        sys.exit(_cut_off(error))


def _flushed(code: Any) -> Any:
    """Write what is still held back; what cannot be written any more counts as cut off."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return _cut_off(error)
    return code


def _cut_off(error: OSError) -> int:
    """Give up standard output and say so, unless the reader has simply gone."""
    _silence()
    if isinstance(error, BrokenPipeError):
        return int(Exit.BROKEN_PIPE)
    print(f"Error: standard output: {error.strerror}.", file=sys.stderr)  # noqa: T201
    return int(Exit.NOT_WRITTEN)


def _silence() -> None:
    """Send the rest of standard output nowhere, so that Python does not complain at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
