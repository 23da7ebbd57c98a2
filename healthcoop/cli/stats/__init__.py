"""``healthcoop stats``: what records add up to; the statistics are declared in statistics.py."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click

from healthcoop.cli import options, pictures
from healthcoop.cli.session import Session
from healthcoop.cli.stats.statistics import (
    SPREAD,
    STATISTICS,
    Statistic,
    columns_of,
    in_cells,
)

if TYPE_CHECKING:
    from healthcoop.index.query import Query
    from healthcoop.index.stats import Pairs


@click.group(
    "stats", epilog=options.examples("healthcoop stats pairs", "healthcoop stats years -f csv")
)
def command() -> None:
    """Count by pair, country, organisation, topic, year ...; measure networks and completeness.

    "In force" reads "certainly, of possibly": possible includes certain.
    """


def _made(name: str, statistic: Statistic) -> click.Command:
    """Make the command of one statistic."""

    @click.pass_obj
    @click.pass_context
    def run(ctx: click.Context, session: Session, /, *, format_: str, **given: Any) -> None:
        files = {name: given.pop(name, None) for name in ("chart", "chart_data")}
        own = {option.name or "": given.pop(option.name) for option in ours if option.name in given}
        query = options.build_query(session, **given)
        rows, left_out = _counted(session, name, query, own)
        for what in left_out:
            session.note(f"not counted: {what}")
        if any(files.values()):
            rows = [*rows]
            edges = _counted(session, "pairs", query, own)[0] if name == "network" else ()
            # What another option would do is no matter of the picture's readers.
            told = [what.partition(" (--")[0] for what in left_out]
            pictures.write(session, name, rows, query=query, edges=[*edges], left_out=told, **files)
        # A picture takes the place of what is only to be looked at.
        if not any(files.values()) or format_ != "table" or session.output:
            _write(session, name, rows, columns_of(name, own), format_)
        ctx.exit(session.exit_code())

    function: Any = options.today(run)
    function = options.table_output()(pictures.options(function, drawn=statistic.drawn))
    for option in reversed(statistic.options):
        function = option(function)
    made = click.command(
        name, help=cleandoc(statistic.help), epilog=options.examples(*statistic.examples)
    )(options.filters(function))
    shared = {
        option.name for option in click.command("filters")(options.filters(lambda: None)).params
    }
    ours = [option for option in made.params if option.name not in shared]
    return made


for _name, _statistic in STATISTICS.items():
    command.add_command(_made(_name, _statistic))


def _counted(
    session: Session, name: str, query: "Query", own: dict[str, Any]
) -> tuple[Iterable[dict[str, Any]], list[str]]:
    """Give the rows of a statistic, and in words what is not counted in them."""
    from healthcoop.index import stats
    from healthcoop.index.records import count

    dataset = session.dataset
    statistic = STATISTICS[name]
    arguments = own | ({"day": dataset.today} if statistic.dated else {})
    found = getattr(stats, name.replace("-", "_"))(dataset.index, query, **arguments)
    if isinstance(found, stats.Pairs):
        return found.rows, [*_left_out(found, own, f"{dataset.today:%Y}")]
    if not statistic.of_instruments or query.kind == "instrument":
        return found, []
    left_out = count(dataset.index, replace(query, kind="encounter"))
    told = f"{left_out:,} encounter{_s(left_out)}, which have no status"
    return found, [told] if left_out else []


def _left_out(found: "Pairs", own: dict[str, Any], year: str) -> Iterator[str]:
    who = "parties" if own.get("organisations") else "countries"
    if found.multilateral:
        yield (
            f"{_records(found.multilateral)} of three {who} or more "
            "(--multilateral all counts them)"
        )
    if found.too_few:
        more = " (--with organisations counts those of a country and one)"
        more = "" if own.get("organisations", True) else more
        yield f"{_records(found.too_few)} with no pair of {who}{more}"
    if found.later:
        yield f"{_records(found.later)} dated after {year}, or with no date"


def _write(
    session: Session,
    name: str,
    rows: Iterable[dict[str, Any]],
    columns: tuple[str, ...],
    format_: str,
) -> None:
    if format_ == "table":
        from healthcoop.terminal.statistics import lay_out, panel

        if STATISTICS[name].long:
            session.write(panel(rows))
            return
        kept = [*rows]
        if kept:
            names = session.dataset.index.vocabulary
            session.show(lay_out(name, kept, names, width=session.width))
        return
    from healthcoop.export.tables import TABLE_FORMATS

    if not TABLE_FORMATS[format_].nested and SPREAD.keys() & set(columns):
        columns, rows = in_cells(columns, [*rows])
    session.write_table(format_, columns, rows)


def _records(number: int) -> str:
    return f"{number:,} record{_s(number)}"


def _s(number: int) -> str:
    return "" if number == 1 else "s"
