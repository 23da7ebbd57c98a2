"""``healthcoop stats``: country pairs, countries and years, counted."""

import sys
from typing import Any, Literal

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "markdown", "yaml")

COLUMNS = {
    "pairs": (
        *("a", "b", "records", "instruments", "encounters", "weight", "in_force"),
        *("first", "last", "topics", "affinity"),
    ),
    "countries": (
        *("country", "records", "instruments", "encounters", "partners", "in_force"),
        *("first", "last"),
    ),
    "years": ("year", "records", "instruments", "encounters"),
}
"""The keys of each statistic's rows, in the order of files."""


@click.group(
    "stats", epilog=options.examples("healthcoop stats pairs", "healthcoop stats years -f csv")
)
def command() -> None:
    """Count by pair of countries, country or year.

    "In force" reads "certainly, of possibly": possible includes certain.
    """


@command.command(
    "pairs",
    epilog=options.examples(
        "healthcoop stats pairs --country AZ",
        "healthcoop stats pairs --multilateral fractional --min 2 -f csv",
    ),
)
@options.filters
@click.option(
    "--multilateral",
    type=click.Choice(["none", "all", "fractional"]),
    default="none",
    show_default=True,
    help="Records of three countries and more: left out; one for each pair; or 1/(n-1) in weight.",
)
@click.option(
    "--with", "with_", type=click.Choice(["organisations"]), help="Pairs with organisations too."
)
@click.option(
    "--min",
    "minimum",
    type=int,
    default=1,
    metavar="N",
    help="Pairs of N records or more.",
)
@click.option("--fold-former", is_flag=True, help="Count former states as who they fold into.")
@options.output(FORMATS)
@options.today
@click.pass_obj
@click.pass_context
def pairs(
    ctx: click.Context,
    session: Session,
    /,
    *,
    multilateral: Literal["none", "all", "fractional"],
    with_: str | None,
    minimum: int,
    fold_former: bool,
    format_: str,
    **given: Any,
) -> None:
    """Count by pair of countries; two countries exactly, unless told otherwise.

    Affinity is observed over expected co-occurrence (association strength): over 1, the two meet
    more often than how often each meets others would suggest. It is that among all records which
    the other filters leave: --country, --pair and --region do not change it.
    """
    from healthcoop.index import stats

    dataset = session.dataset
    found = stats.pairs(
        dataset.index,
        options.build_query(session, **given),
        day=dataset.today,
        multilateral=multilateral,
        organisations=with_ is not None,
        # Beyond what SQLite can count is beyond what there is.
        minimum=max(0, min(minimum, sys.maxsize)),
        fold_former=fold_former,
    )
    who = "parties" if with_ else "countries"
    if found.multilateral:
        session.note(
            f"not counted: {_records(found.multilateral)} of three {who} or more "
            "(--multilateral all or fractional counts them)"
        )
    if found.too_few:
        more = "" if with_ else " (--with organisations counts those of a country and one)"
        session.note(f"not counted: {_records(found.too_few)} with no pair of {who}{more}")
    _write(session, "pairs", found.rows, format_)
    ctx.exit(session.close())


@command.command(
    "countries", epilog=options.examples("healthcoop stats countries --region EUR --since 2020")
)
@options.filters
@options.output(FORMATS)
@options.today
@click.pass_obj
@click.pass_context
def countries(ctx: click.Context, session: Session, /, *, format_: str, **given: Any) -> None:
    """Count by country: records, partners, instruments in force."""
    from healthcoop.index import stats

    dataset = session.dataset
    query = options.build_query(session, **given)
    _write(session, "countries", stats.countries(dataset.index, query, day=dataset.today), format_)
    ctx.exit(session.close())


@command.command("years", epilog=options.examples("healthcoop stats years --country AZ"))
@options.filters
@options.output(FORMATS)
@options.today
@click.pass_obj
@click.pass_context
def years(ctx: click.Context, session: Session, /, *, format_: str, **given: Any) -> None:
    """Count by year, years without a record too; partial dates count in their earliest year."""
    from healthcoop.index import stats

    query = options.build_query(session, **given)
    _write(session, "years", stats.years(session.dataset.index, query), format_)
    ctx.exit(session.close())


def _write(session: Session, what: str, rows: list[dict[str, Any]], format_: str) -> None:
    if format_ != "table":
        from healthcoop.export.rows import FORMATS as WRITERS

        columns = COLUMNS[what]
        if format_ in ("csv", "tsv", "markdown"):
            columns, rows = _flattened(columns, rows)
        session.write(WRITERS[format_](columns, rows))
        return
    from healthcoop.terminal import tables

    if not rows:
        return
    names = session.dataset.index.vocabulary
    if what == "pairs":
        session.show(tables.pairs(rows, names, width=session.width))
    elif what == "countries":
        session.show(tables.countries(rows, names, width=session.width))
    else:
        session.show(tables.years(rows, width=session.width))


def _records(number: int) -> str:
    return f"{number:,} record{'' if number == 1 else 's'}"


def _flattened(
    columns: tuple[str, ...], rows: list[dict[str, Any]]
) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Give ``in_force`` a column for each of its two numbers: a cell holds one value."""
    parts = ("certain", "possible")
    flat: tuple[str, ...] = ()
    for name in columns:
        flat += tuple(f"{name}_{part}" for part in parts) if name == "in_force" else (name,)
    return flat, [
        row | {f"in_force_{part}": row.get("in_force", {}).get(part) for part in parts}
        for row in rows
    ]
