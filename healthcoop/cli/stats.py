"""``healthcoop stats``: a command for each entry of STATISTICS."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from inspect import cleandoc
from typing import Any

import click

from healthcoop.cli import options, pictures
from healthcoop.cli.session import Session
from healthcoop.index.query import FILTERS, parse_day
from healthcoop.index.statistics import STATISTICS, Option, Statistic


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
        **values: Any,
    ) -> None:
        dataset = session.dataset
        filters = {key: value for key, value in values.items() if key in FILTERS}
        own = {key: value for key, value in values.items() if key not in FILTERS}
        query = options.build_query(session, **filters)
        table = dataset.statistic(name, query, **own)
        notes = [*_left_out(table.left_out, own, f"{dataset.today:%Y}")]
        if statistic.of_instruments and query.kind != "instrument":
            encounters = len(dataset.records(replace(query, kind="encounter")))
            if encounters:
                notes.append(f"{encounters:,} encounter{_s(encounters)}, which have no status")
        for note in notes:
            session.note(f"not counted: {note}")
        drawn = bool(chart or chart_data)
        if drawn:
            edges = dataset.statistic("pairs", query, **own) if name == "network" else ()
            # Advice on other options is of no use to readers of the picture.
            left_out = [note.partition(" (--")[0] for note in notes]
            files = pictures.Files(chart=chart, data=chart_data)
            pictures.write(session, name, table, files, query=query, edges=edges, left_out=left_out)
        # A picture replaces the table for people.
        if not drawn or format_ != "table" or session.output:
            _write(session, name, table, statistic.columns_with(own), format_)
        ctx.exit(session.exit_code())

    function: Any = options.today(run)
    function = options.table_output()(pictures.options(function, drawn=bool(statistic.chart)))
    for option in reversed(statistic.options):
        function = _option(option)(function)
    made = click.command(
        name, help=cleandoc(statistic.help), epilog=options.examples(*statistic.examples)
    )
    return made(options.filters(function))


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
        "days": {
            "multiple": True,
            "metavar": "D",
            "callback": lambda _, __, values: [parse_day(value) for value in values],
        },
    }[option.kind]
    return click.option(option.flag, option.name, help=option.help, **settings)


for _name, _statistic in STATISTICS.items():
    command.add_command(_command(_name, _statistic))


def _left_out(numbers: Mapping[str, int], own: dict[str, Any], year: str) -> Iterator[str]:
    parties = "parties" if own.get("organisations") else "countries"
    if number := numbers.get("multilateral"):
        yield f"{_records(number)} of three {parties} or more (--multilateral all counts them)"
    if number := numbers.get("too_few"):
        more = " (--with organisations counts those of a country and one)"
        more = "" if own.get("organisations", True) else more
        yield f"{_records(number)} with no pair of {parties}{more}"
    if number := numbers.get("later"):
        yield f"{_records(number)} dated after {year}, or with no date"


def _write(
    session: Session,
    name: str,
    rows: Iterable[Mapping[str, Any]],
    columns: Mapping[str, Any],
    format_: str,
) -> None:
    if format_ == "table":
        from healthcoop.terminal import statistics

        layout = STATISTICS[name].layout
        if STATISTICS[name].long:
            session.write(statistics.lines(layout, rows))
        elif kept := [*rows]:
            names = session.dataset.index.vocabulary
            session.show(statistics.lay_out(layout, kept, names, width=session.width))
        return
    from healthcoop.export.tables import TABLE_FORMATS
    from healthcoop.index.statistics import expand

    if not TABLE_FORMATS[format_].nested:
        columns, rows = expand(columns, rows)
    session.write_table(format_, [*columns], rows)


def _records(number: int) -> str:
    return f"{number:,} record{_s(number)}"


def _s(number: int) -> str:
    return "" if number == 1 else "s"
