"""``healthcoop list``: the matching records, by date."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from healthcoop.cli import options, values
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted, visible

if TYPE_CHECKING:
    from healthcoop.index.query import Query


def _columns() -> Iterable[str]:
    from healthcoop.model.columns import columns

    return columns()


def _sort_keys() -> Iterable[str]:
    from healthcoop.index.records import SORTS

    return SORTS


@click.command(
    "list",
    epilog=options.examples(
        "healthcoop list --country AZ --since 2020", "healthcoop list --pair AZ WHO -f json"
    ),
)
@options.filters
@click.option(
    "--columns",
    metavar="A,B",
    shell_complete=values.names(_columns),
    help="Columns, in this order; help lists them.",
)
@click.option(
    "--sort",
    metavar="KEY,-KEY",
    default="date",
    shell_complete=values.names(_sort_keys),
    help="Sort keys; - before a key for descending; help lists them. By date, in either direction,"
    " records without a first day are last.",
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

    A record matches if every filter matches; of a repeated filter, one value is enough. WORDS are
    searched for as by --text.
    """
    from healthcoop.index.records import SORTS
    from healthcoop.model import columns as known

    if columns == "help":
        _show_names(session, "column", known.columns(), format_)
        return
    if sort == "help":
        _show_names(session, "key", SORTS, format_)
        return
    names = known.LISTED
    if columns is not None:
        names = options.split_names("column", columns, tuple(known.columns()))
    keys = options.split_names("sort key", sort, tuple(SORTS), descending=True)
    query = options.build_query(session, **filters)
    matching = options.note_selection(session, query)
    records = session.dataset.records(query, sort=keys, limit=limit)
    if number := records.without_side():
        observed = "only an observer or a depositary matches, which statistics do not count"
        session.note(f"in {counted(number, 'record')} {observed}")
    with_status = columns is None and query.in_force_on is not None
    indexed = records.indexed(status=with_status or "status" in names)
    if format_ == "ids":
        session.write(f"{visible(item.record.id)}\n" for item in indexed)
    elif format_ == "table":
        from healthcoop.terminal.tables import record_tables

        shown = None if columns is None else names
        vocabulary = session.dataset.index.vocabulary
        tables = record_tables(indexed, shown, vocabulary, status=with_status, width=session.width)
        if session.on_terminal and matching:
            session.note(_count(session, query, matching, limit, keys[0]))
        session.show_each(tables)
    else:
        selected = known.select(names)
        rows = ({name: each.value(item) for name, each in selected.items()} for item in indexed)
        session.write_table(format_, names, rows)
    ctx.exit(session.exit_code())


def _count(session: Session, query: "Query", matching: int, limit: int | None, key: str) -> str:
    """Return how many records are listed, of how many, and in which order if not all of them."""
    from healthcoop.index.query import Query

    total = len(session.dataset.records(Query(withdrawn=query.withdrawn)))
    if limit is None or limit >= matching:
        return f"{matching} of {total} records"
    orders = {"date": "oldest first", "-date": "newest first"}
    bare = key.removeprefix("-")
    order = orders.get(key, f"by {bare}" if bare == key else f"by {bare}, the last first")
    fit = "" if matching == total else f"{matching} that fit ("
    return f"{limit} of {fit}{total} records{')' if fit else ''}, {order}"


def _show_names(session: Session, what: str, names: Iterable[str], format_: str) -> None:
    """Write names of columns and their meanings, as a table or in another format."""
    from healthcoop.model.columns import columns

    rows = [{what: name, "meaning": columns()[name].doc} for name in names]
    if format_ in ("table", "ids"):
        from healthcoop.terminal.tables import plain

        headings = {what: what.capitalize(), "meaning": "Meaning"}
        session.show(plain(headings, rows, width=session.width))
    else:
        session.write_table(format_, (what, "meaning"), rows)
