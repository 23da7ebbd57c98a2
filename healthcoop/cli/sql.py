"""``healthcoop sql``: ask the index in SQL."""

import math
from collections.abc import Sequence
from typing import Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command(
    "sql",
    epilog=options.examples(
        "healthcoop sql --schema",
        'healthcoop sql "SELECT type, count(*) AS n FROM records GROUP BY type"',
    ),
)
@click.argument("statement", required=False)
@click.option(
    "--schema", is_flag=True, help="Print the views that can be asked, with their columns."
)
@options.output(("table", "json", "jsonl", "csv", "tsv", "markdown", "yaml"))
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, session: Session, /, *, statement: str | None, schema: bool, format_: str
) -> None:
    """Ask the index in SQL, read-only.

    One SELECT over the documented views; nothing can be written.
    """
    from healthcoop.index.sql import describe_views, run_sql

    if schema == bool(statement):
        raise click.UsageError("give a statement, or --schema to see what can be asked")
    if schema:
        session.write([describe_views()])
        return
    # What is no text stands in no record; SQLite cannot even be asked for it.
    sound = (statement or "").encode("utf-8", "replace").decode("utf-8")
    names, found = run_sql(session.dataset.index, sound)
    columns = _told_apart(names)
    rows = (dict(zip(columns, map(_printable, row), strict=True)) for row in found)
    if format_ == "table":
        from healthcoop.terminal import tables

        session.show(tables.plain({name: name for name in columns}, list(rows)))
    else:
        from healthcoop.export.rows import FORMATS

        session.write(FORMATS[format_](columns, rows))
    ctx.exit(session.close())


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
