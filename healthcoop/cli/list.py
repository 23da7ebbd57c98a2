"""``healthcoop list``: the records that fit, by date."""

import sys
from typing import TYPE_CHECKING, Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session

if TYPE_CHECKING:
    from healthcoop.model.fields import Listed

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
    from healthcoop.index.query import SORTS, Query, count, select
    from healthcoop.model.fields import FIELDS, LISTED

    names = LISTED if columns is None else options.split_names("column", columns, tuple(FIELDS))
    keys = options.split_names("sort key", sort, tuple(SORTS), falling=True)
    query = options.build_query(session, **given)
    # More than SQLite can count is no limit.
    limit = None if limit is None or limit > sys.maxsize else limit
    day = query.in_force_on or session.dataset.today if "status" in names else None
    found = select(session.dataset.index, query, sort=keys, limit=limit, day=day)
    if format_ == "ids":
        session.write(f"{item.record.id}\n" for item in found)
    elif format_ == "table":
        listed = list(found)
        _show_table(session, listed, None if columns is None else names)
        if session.on_terminal:
            total = count(session.dataset.index, Query(withdrawn=query.withdrawn))
            session.note(f"{len(listed)} of {total} records")
    else:
        from healthcoop.export.rows import FORMATS as WRITERS

        rows = ({name: FIELDS[name].value(item) for name in names} for item in found)
        session.write(WRITERS[format_](names, rows))
    ctx.exit(session.close())


def _show_table(session: Session, listed: "list[Listed]", names: tuple[str, ...] | None) -> None:
    from healthcoop.model.fields import FIELDS
    from healthcoop.terminal import tables

    if names:
        rows = [{name: FIELDS[name].value(item) for name in names} for item in listed]
        headings = {name: FIELDS[name].label for name in names}
        session.show(tables.plain(headings, rows, width=session.width))
    elif listed:
        session.show(tables.records(listed, width=session.width))
