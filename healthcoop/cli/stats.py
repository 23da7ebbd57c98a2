"""``healthcoop stats``: a command for each entry of STATISTICS."""

from collections.abc import Iterable, Mapping
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click

from healthcoop.cli import options, values
from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError
from healthcoop.index.engines import OTHERS
from healthcoop.index.query import FILTERS
from healthcoop.index.selection_notes import filters_by_date
from healthcoop.index.statistics import STATISTICS, Option, Statistic, left_out
from healthcoop.index.values import parse_day

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from healthcoop.index.query import Query
    from healthcoop.index.results import Table


@click.group(
    "stats", epilog=options.examples("healthcoop stats pairs", "healthcoop stats years -f csv")
)
def command() -> None:
    """Count by pair, country, organisation, topic, year ...; measure networks and completeness.

    "In force" has two numbers, "certain of possible"; possible includes certain.
    """


def _command(name: str, statistic: Statistic) -> click.Command:
    """Build the command of one statistic."""

    @click.pass_obj
    @click.pass_context
    def run(
        ctx: click.Context,
        session: Session,
        /,
        *,
        format_: str,
        chart: str | None,
        chart_data: str | None,
        sort: str | None,
        limit: int | None,
        engine: str,
        parquet: str | None,
        master: str | None,
        **values: Any,
    ) -> None:
        _choose(session, engine, parquet, master)
        dataset = session.statistics
        filters = {key: values.pop(key) for key in ("words", *FILTERS)}
        own = values
        query = options.build_query(session, **filters)
        every = dataset.statistic(name, query, **own)
        keys = [key.strip() for key in sort.split(",")] if sort else []
        table = every.ordered(*keys, limit=limit) if sort or limit is not None else every
        notes = [*left_out.notes(table.left_out, own, dataset.today)]
        for note in notes:
            session.note(f"not counted: {note}")
        times = filters_by_date(query)
        if statistic.counts_in_force and times:
            session.note(f"in force: only of the instruments that match {times}")
        on = query.in_force_on
        if on and on != dataset.today and "in_force" in statistic.columns.values():
            session.note(f"in force: on {dataset.today}, not on {on} (--today {on} counts on it)")
        if _has_other_pairs(query, table):
            session.note("pairs other than those of --pair are counted in these records only")
        limited = f"showing {len(table):,} of {len(every):,}" if len(table) < len(every) else ""
        if limited:
            session.note(limited)
        if not session.tables:
            options.note_selection(session, query)
        elif not table:
            session.note("no record matches")
        drawn = bool(chart or chart_data)
        if drawn:
            edges = dataset.statistic("pairs", query, **own) if name == "network" else ()
            about = {"notes": notes, "edges": edges, "limited": limited.capitalize()}
            _draw(session, name, table, (chart, chart_data), query=query, **about)
        # A picture replaces the table for people.
        if not drawn or format_ != "table" or session.output:
            _write(session, name, table, statistic.columns_with(own), format_)
        ctx.exit(session.exit_code())

    function: Any = options.today(_row_options(run, statistic))
    function = _chart_options(function, drawn=bool(statistic.chart))
    picture = "--chart FILE.svg draws a picture." if statistic.chart else ""
    function = options.table_output(hint=picture)(function)
    positions = [option for option in statistic.options if option.kind == "position"]
    for option in reversed(statistic.options):
        if option not in positions:
            function = _option(option)(function)
    function = options.filters(_engine_options(function))
    for option in reversed(positions):
        choices = click.Choice(option.choices)
        function = click.argument(option.name, type=choices, metavar=option.flag)(function)
    made = click.command(
        name, help=cleandoc(statistic.help), epilog=options.examples(*statistic.examples)
    )
    return made(function)


def _choose(session: Session, engine: str, parquet: str | None, master: str | None) -> None:
    """Have the session count with an engine; raises click.UsageError for what does not fit it."""
    if master and engine != "spark":
        raise click.UsageError("--master goes with --engine spark")
    if engine == "sqlite":
        if parquet is not None:
            raise click.UsageError("--parquet goes with --engine duckdb or spark")
    elif not parquet:
        raise click.UsageError(
            f"--engine {engine} needs --parquet DIR, which healthcoop export parquet -o DIR writes"
        )
    else:
        session.use_tables(parquet, engine=engine, master=master)


def _engine_options(function: Any) -> Any:
    """Add ``--engine``, and what other engines than the index count."""
    engine_options: Mapping[str, Mapping[str, Any]] = {
        "--master": {"metavar": "URL", "help": "The Spark cluster (default: this machine)."},
        "--parquet": {"metavar": "DIR", "help": "Parquet tables for DuckDB or Spark to count."},
        "--engine": {
            "type": click.Choice(["sqlite", *OTHERS]),
            "default": "sqlite",
            "show_default": True,
            "help": "What counts: the index, or DuckDB or Spark (see docs/engines.md).",
        },
    }
    for option, settings in engine_options.items():
        function = click.option(option, **settings)(function)
    return function


def _has_other_pairs(query: "Query", table: "Table") -> bool:
    """Return whether a statistic by pair has rows of pairs that ``--pair`` does not name."""
    named = [{*pair} for pair in query.pairs]
    return bool(named) and any("a" in row and {row["a"], row["b"]} not in named for row in table)


def _row_options(function: Any, statistic: Statistic) -> Any:
    """Add ``--sort`` and ``--limit``, which choose among the rows of a statistic."""

    def complete(
        ctx: click.Context, parameter: click.Parameter, text: str
    ) -> list["CompletionItem"]:
        from healthcoop.index.results import expand

        columns = expand(statistic.columns_with(ctx.params), ())[0]
        return values.names(lambda: columns)(ctx, parameter, text)

    function = click.option(
        "--limit", type=click.IntRange(min=0), metavar="N", help="At most N rows."
    )(function)
    return click.option(
        "--sort",
        metavar="KEY,-KEY",
        shell_complete=complete,
        help="Columns to sort by; - before a column for descending.",
    )(function)


def _option(option: Option) -> Any:
    """Return an option of a statistic as one of click."""
    settings: dict[str, Any] = {
        "choice": {
            "type": click.Choice(option.choices),
            "default": option.default,
            "show_default": True,
        },
        "switch": {
            "type": click.Choice(option.choices),
            "callback": lambda _, __, value: value is not None,
        },
        "flag": {"is_flag": True},
        "count": {
            "type": click.IntRange(min=0),
            "metavar": "N",
            "default": option.default,
            "show_default": True,
        },
        "day": {
            "metavar": "D",
            "callback": lambda _, __, value: value and parse_day(value),
        },
        "days": {
            "multiple": True,
            "metavar": "D",
            "callback": lambda _, __, values: [parse_day(value) for value in values],
        },
    }[option.kind]
    return click.option(option.flag, option.name, help=option.help, **settings)


def _write(
    session: Session,
    name: str,
    table: "Table",
    columns: Mapping[str, Any],
    format_: str,
) -> None:
    if format_ == "table":
        from healthcoop.terminal import statistics

        layout = STATISTICS[name].layout
        if STATISTICS[name].long:
            session.write(statistics.LINES[layout](table))
        else:
            names = session.vocabulary
            width = session.width
            session.show_each(statistics.format_batches(layout, table, names, width=width))
        return
    from healthcoop.export.tables import TABLE_FORMATS
    from healthcoop.index.results import expand

    rows: Iterable[Mapping[str, Any]] = table
    if not TABLE_FORMATS[format_].nested:
        columns, rows = expand(columns, rows)
    session.write_table(format_, [*columns], rows)


def _chart_options(function: Any, *, drawn: bool) -> Any:
    """Add ``--chart`` and ``--chart-data``, whose values are file names or None.

    For a statistic that is not ``drawn`` they are hidden, and an error when used.
    """
    shown: dict[str, Any] = {"hidden": not drawn}
    function = click.option(
        "--chart-data",
        metavar="FILE.csv",
        callback=_table if drawn else _nothing,
        help="Write the data of the chart to a CSV file.",
        **shown,
    )(function)
    return click.option(
        "--chart",
        metavar="FILE.svg|png|html",
        callback=_picture if drawn else _nothing,
        help="Write a chart to a file instead of printing the table.",
        **shown,
    )(function)


def _picture(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Check the file name before anything is counted."""
    if value is not None:
        from healthcoop.export.charts.rendering import renderer

        renderer(value)
    return value


def _table(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value in ("", "-"):
        raise HealthcoopError(
            "--chart-data needs the name of a file", hint="-f csv writes what is counted."
        )
    return value


def _nothing(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        raise HealthcoopError(
            f"stats {ctx.info_name} has no picture", hint="-f csv writes what is counted."
        )


def _draw(
    session: Session,
    name: str,
    table: "Table",
    files: tuple[str | None, str | None],
    *,
    query: "Query",
    **about: Any,
) -> None:
    """Write a chart of a statistic and the table that it draws to two files, each if named.

    ``about`` are further arguments of ``charts.draw``. Raises HealthcoopError for an unknown file
    ending, for a file that cannot be written, and where the library that draws is not installed.
    """
    from healthcoop.export import charts
    from healthcoop.export.charts.rendering import renderer
    from healthcoop.export.tables import as_csv
    from healthcoop.files.atomic import write_bytes, write_text

    chart, data = files
    render = renderer(chart) if chart else None
    dataset = session.statistics
    totals = dataset.summary(query)
    drawn = charts.draw(
        name,
        table,
        query=query,
        totals=totals,
        names=session.vocabulary,
        day=dataset.today,
        **about,
    )
    if chart and render:
        write_bytes(chart, [render(drawn.spec)])
    if data:
        write_text(data, as_csv(drawn.columns, drawn.rows))


for _name, _statistic in STATISTICS.items():
    command.add_command(_command(_name, _statistic))
