"""``healthcoop sql``: ask the index in SQL."""

import math
import os
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError

_LARGEST_TABLE = 2_000_000
"""Characters: more than anyone looks through, little enough to lay out."""


@click.command(
    "sql",
    epilog=options.examples(
        "healthcoop sql --schema",
        'healthcoop sql "SELECT type, count(*) AS n FROM records GROUP BY type"',
        'healthcoop sql "SELECT id FROM records WHERE year = :year" -p year 2022 -f csv',
    ),
)
@click.argument("statement", required=False)
@click.option(
    "--schema", is_flag=True, help="Print the views that can be asked, with their columns."
)
@click.option(
    "--param",
    "-p",
    "parameters",
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    help="What :NAME stands for in the statement: a number if it is written as one.",
)
@click.option(
    "--timeout",
    type=click.IntRange(1, 86_400),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Give up when the answer takes longer.",
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
    schema: bool,
    parameters: tuple[tuple[str, str], ...],
    timeout: int,
    format_: str,
) -> None:
    """Ask the index in SQL, read-only.

    One SELECT over the documented views, in SQLite's dialect; nothing can be written.
    """
    from healthcoop.index.sql import bound_memory, run_sql

    if schema == bool(statement):
        raise click.UsageError("give a statement, or --schema to see what can be asked")
    if schema:
        session.write(_documentation(format_, session.width))
        return

    def give_up() -> NoReturn:
        # SQLite is in the middle of something it cannot be called back from.
        session.note(f"the statement took more than {timeout} s")
        os._exit(2)

    index = session.dataset.index
    bound_memory(index)
    values = {_sound(name).removeprefix(":"): _number_or_text(value) for name, value in parameters}
    names, found = run_sql(
        index, _sound(statement or ""), values, limit_seconds=timeout, overrun=give_up
    )
    columns = _told_apart(names)
    rows = (dict(zip(columns, map(_printable, row), strict=True)) for row in found)
    if format_ == "table":
        from healthcoop.terminal import tables

        headings = {name: name for name in columns}
        session.show(tables.plain(headings, _held(rows), width=session.width))
    else:
        session.write_table(format_, columns, rows)
    ctx.exit(session.exit_code())


def _documentation(format_: str, width: int | None) -> Iterable[str]:
    """Give the views as text for people, or as rows."""
    from healthcoop.export.tables import TABLE_FORMATS
    from healthcoop.index.sql import describe_views, views

    if format_ == "table":
        return [describe_views(width)]
    keys = ("view", "column", "meaning")
    rows = ((view.name, *column) for view in views() for column in view.columns)
    return TABLE_FORMATS[format_].write(keys, (dict(zip(keys, row, strict=True)) for row in rows))


def _number_or_text(value: str) -> str | float:
    """Read a number; ``count(*) > '8'`` is never true. Codes such as 008 stay text."""
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", value, re.ASCII):
        return int(value)
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})\.\d+", value, re.ASCII):
        return float(value)
    return _sound(value)


def _sound(text: str) -> str:
    """Give a text as SQLite takes it; what is no text stands in no record."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _held(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hold all rows, as a table must to be laid out, unless they are too many for that."""
    held = []
    size = 0
    for row in rows:
        size += sum(len(str(value)) for value in row.values())
        if size > _LARGEST_TABLE:
            raise HealthcoopError(
                "the result is too large for a table", hint="Add LIMIT, or write it with -f csv."
            )
        held.append(row)
    return held


def _told_apart(names: Sequence[str]) -> list[str]:
    """Give columns of one name a number each: ``code``, ``code_2``."""
    columns: list[str] = []
    for name in names:
        number, column = 1, name
        while column in columns:
            number += 1
            column = f"{name}_{number}"
        columns.append(column)
    return columns


def _printable(value: Any) -> Any:
    """Give bytes as hexadecimal digits, and as text the numbers that JSON has not."""
    if isinstance(value, bytes):
        return value.hex()
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)
