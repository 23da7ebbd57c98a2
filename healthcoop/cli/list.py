"""``healthcoop list``: the matching records, by date."""

from typing import Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command(
    "list",
    epilog=options.examples(
        "healthcoop list --country AZ --since 2020", "healthcoop list --pair AZ WHO -f json"
    ),
)
@options.filters
@click.option("--columns", metavar="A,B", help="Columns, in this order.")
@click.option(
    "--sort", metavar="KEY,-KEY", default="date", help="Sort keys; - before a key for descending."
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N records.")
@options.table_output("ids")
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
    **filters: Any,
) -> None:
    """List the matching records, by date.

    A record matches if every filter matches; of a repeated filter, one value is enough.
    """
    from healthcoop.index.query import Query
    from healthcoop.index.records import SORTS
    from healthcoop.model import columns as known

    names = known.LISTED
    if columns is not None:
        names = options.split_names("column", columns, tuple(known.columns()))
    keys = options.split_names("sort key", sort, tuple(SORTS), descending=True)
    query = options.build_query(session, **filters)
    records = session.dataset.records(query, sort=keys, limit=limit)
    indexed = records.indexed(status="status" in names)
    if format_ == "ids":
        session.write(f"{item.record.id}\n" for item in indexed)
    elif format_ == "table":
        from healthcoop.terminal.tables import record_tables

        shown = None if columns is None else names
        session.show_each(record_tables(indexed, shown, width=session.width))
        if session.on_terminal:
            total = len(session.dataset.records(Query(withdrawn=query.withdrawn)))
            session.note(f"{len(records)} of {total} records")
    else:
        selected = known.select(names)
        rows = ({name: each.value(item) for name, each in selected.items()} for item in indexed)
        session.write_table(format_, names, rows)
    ctx.exit(session.exit_code())
