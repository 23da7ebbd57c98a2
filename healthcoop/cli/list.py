"""``healthcoop list``: the records that fit, by date."""

import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthcoop.model.columns import IndexedRecord

_AT_ONCE = 1_000
"""Records in a table: one of 100,000 would take minutes, and gigabytes, before it begins."""

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "markdown", "yaml", "ids")


@click.command(
    "list",
    epilog=options.examples(
        "healthcoop list --country AZ --since 2020", "healthcoop list --pair AZ WHO -f json"
    ),
)
@options.filters
@click.option("--columns", metavar="A,B", help="Columns, in this order.")
@click.option(
    "--sort", metavar="KEY,-KEY", default="date", help="Columns to sort by; - for falling."
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N records.")
@options.output(FORMATS)
@options.today
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    columns: str | None,
    sort: str,
    limit: int | None,
    format_: str,
    **given: Any,
) -> None:
    """List the records that fit, by date.

    Filters of different kinds must all hold; of one given twice, either will do.
    """
    from healthcoop.index.query import Query
    from healthcoop.index.records import SORTS, count, select
    from healthcoop.model.columns import LISTED
    from healthcoop.model.columns import columns as all_columns
    from healthcoop.model.columns import select as select_columns

    names = LISTED
    if columns is not None:
        names = options.split_names("column", columns, tuple(all_columns()))
    keys = options.split_names("sort key", sort, tuple(SORTS), falling=True)
    query = options.build_query(session, **given)
    # More than SQLite can count is no limit.
    limit = None if limit is None or limit > sys.maxsize else limit
    day = query.in_force_on or session.dataset.today if "status" in names else None
    found = select(session.dataset.index, query, sort=keys, limit=limit, day=day)
    if format_ == "ids":
        session.write(f"{item.record.id}\n" for item in found)
    elif format_ == "table":
        session.show_each(_tables(found, None if columns is None else names, session.width))
        if session.on_terminal:
            fitting = count(session.dataset.index, query)
            total = count(session.dataset.index, Query(withdrawn=query.withdrawn))
            shown = fitting if limit is None else min(limit, fitting)
            session.note(f"{shown} of {total} records")
    else:
        from healthcoop.export.tables import FORMATS as WRITERS

        chosen = select_columns(names)
        rows = ({name: column.value(item) for name, column in chosen.items()} for item in found)
        session.write(WRITERS[format_](names, rows))
    ctx.exit(session.close())


def _tables(
    found: "Iterator[IndexedRecord]", names: tuple[str, ...] | None, width: int | None
) -> "Iterator[Any]":
    """Lay out some records at a time, each lot for itself; a heading stands where it changes."""
    from healthcoop.model.columns import select
    from healthcoop.terminal import tables

    columns = select(names or ())

    before = None
    while listed := [*islice(found, _AT_ONCE)]:
        if names:
            rows = [{key: each.value(item) for key, each in columns.items()} for item in listed]
            headings = {key: each.label for key, each in columns.items()}
            table = tables.plain(headings, rows, width=width)
        else:
            table = tables.records(listed, width=width)
        headed = [str(column.header) for column in table.columns]
        table.show_header = table.show_header and headed != before
        before = headed
        yield table
