"""``healthcoop sql``: query the index in SQL."""

import math
import os
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NoReturn

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError

_LONGEST_STATEMENT = 1_000_000  # bytes, as SQLite's own limit
_LARGEST_TABLE = 2_000_000  # characters that a table for people may have


@click.command(
    "sql",
    epilog=options.examples(
        "healthcoop sql --schema",
        'healthcoop sql "SELECT type, count(*) AS n FROM records GROUP BY type"',
        'healthcoop sql "SELECT id FROM records WHERE year = :year" -p year 2022 -f csv',
    ),
)
@click.argument("statement", required=False)
@click.option("--file", metavar="F", help="Read the statement from a file; - is standard input.")
@click.option("--schema", is_flag=True, help="Print the views and what their columns mean.")
@click.option(
    "--param",
    "-p",
    "parameters",
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    help="Value of :NAME in the statement; a number if it is written as one.",
)
@click.option(
    "--timeout",
    type=click.IntRange(1, 86_400),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Stop the statement after this time.",
)
@options.table_output()
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    statement: str | None,
    file: str | None,
    schema: bool,
    parameters: tuple[tuple[str, str], ...],
    timeout: int,
    format_: str,
) -> None:
    """Query the index in SQL, read-only.

    One SELECT over the documented views, in SQLite's dialect. Without STATEMENT, or with - in its
    place, it is read from standard input.
    """
    if statement and file:
        raise click.UsageError("write a statement or --file F, not both")
    if schema and (statement or file):
        raise click.UsageError("--schema prints the views; write no statement beside it")
    is_typed = sys.stdin is None or sys.stdin.isatty()
    if statement == "" or (is_typed and not (schema or statement or file)):
        raise click.UsageError("write a statement, or --file F, or --schema to print the views")
    if statement and Path(statement).suffix == ".sql" and len(statement.split()) == 1:
        raise click.UsageError(f"{statement} is no statement; to read a file: --file {statement}")
    if schema:
        session.write(_documentation(format_, session.width))
        return

    def stop() -> NoReturn:
        # SQLite is inside an instruction that cannot be interrupted.
        session.note(f"the statement took more than {timeout} s")
        os._exit(2)

    values = {_encodable(name).removeprefix(":"): _number(value) for name, value in parameters}
    names, result = session.dataset.sql(
        _statement(statement, file),
        values,
        limit_seconds=timeout,
        limit_memory=True,
        overrun=stop,
    )
    columns = _unique(names)
    rows = (dict(zip(columns, map(_printable, row), strict=True)) for row in result)
    if format_ == "table":
        from healthcoop.terminal import tables

        headings = {name: name for name in columns}
        session.show(tables.plain(headings, _buffered(rows), width=session.width))
    else:
        session.write_table(format_, columns, rows)
    ctx.exit(session.exit_code())


def _statement(written: str | None, file: str | None) -> str:
    """Return the statement that was written, or that a file or standard input contains."""
    name = file or ("-" if written in (None, "-") else None)
    if name is None:
        return _encodable(written or "")
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
            content = stream.read(_LONGEST_STATEMENT + 1)
        if len(content) > _LONGEST_STATEMENT:
            raise HealthcoopError(f"the statement has more than {_LONGEST_STATEMENT:,} bytes")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise HealthcoopError(f"cannot read {name}: {error.strerror}") from None
    except UnicodeDecodeError:
        what = "standard input" if name == "-" else name
        raise HealthcoopError(f"{what} is not UTF-8") from None


def _documentation(format_: str, width: int | None) -> Iterable[str]:
    """Return the documentation of the views as text, or as rows."""
    from healthcoop.export.tables import TABLE_FORMATS
    from healthcoop.index.sql import describe_views, views

    if format_ == "table":
        return [describe_views(width)]
    keys = ("view", "column", "meaning")
    rows = ((view.name, *column) for view in views() for column in view.columns)
    return TABLE_FORMATS[format_].write(keys, (dict(zip(keys, row, strict=True)) for row in rows))


def _number(value: str) -> str | float:
    """Return a number if the text is one, for comparisons; codes such as 008 stay text."""
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", value, re.ASCII):
        return int(value)
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})\.\d+", value, re.ASCII):
        return float(value)
    return _encodable(value)


def _encodable(text: str) -> str:
    """Replace what UTF-8 cannot encode, which no record contains."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _buffered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Buffer all rows for table layout, up to a limit."""
    buffered = []
    size = 0
    for row in rows:
        size += sum(len(str(value)) for value in row.values())
        if size > _LARGEST_TABLE:
            raise HealthcoopError(
                "the result is too large for a table", hint="Add LIMIT, or use -f csv."
            )
        buffered.append(row)
    return buffered


def _unique(names: Sequence[str]) -> list[str]:
    """Return the names with a number where one is repeated: ``code``, ``code_2``."""
    columns: list[str] = []
    for name in names:
        number, column = 1, name
        while column in columns:
            number += 1
            column = f"{name}_{number}"
        columns.append(column)
    return columns


def _printable(value: Any) -> Any:
    """Return bytes as hexadecimal digits, and numbers that JSON lacks as text."""
    if isinstance(value, bytes):
        return value.hex()
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)
