"""``healthcoop sql``: ask the index in SQL."""

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command(
    "sql",
    epilog="Examples: healthcoop sql --schema; "
    'healthcoop sql "SELECT type, count(*) AS n FROM records GROUP BY type"',
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
    from healthcoop.index import query

    if schema == bool(statement):
        raise click.UsageError("give a statement, or --schema to see what can be asked")
    index = session.dataset.index
    if schema:
        session.write([query.describe_views(index)])
        return
    columns, found = query.run_sql(index, statement or "")
    rows = (dict(zip(columns, row, strict=True)) for row in found)
    if format_ == "table":
        from healthcoop.terminal import tables

        session.show(tables.plain({name: name for name in columns}, list(rows)))
    else:
        from healthcoop.export.rows import FORMATS

        session.write(FORMATS[format_](columns, rows))
    ctx.exit(session.close())
