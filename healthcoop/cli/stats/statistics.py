"""The statistics that ``healthcoop stats`` knows: what each is, and how it is asked for.

To add one: a documented ``index/<name>.sql``, a function of the same name in ``index/stats.py``
whose keyword arguments are its options, an entry of STATISTICS, a layout for terminals in
``terminal/statistics.py`` and a section in ``docs/statistics.md``.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

Option = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One statistic: a command, and the function of index/stats.py with its name.

    ``columns`` are the keys of its rows; one that holds a mapping is several columns in a file of
    cells (SPREAD). ``options`` are named as the function's arguments; ``dated`` functions take the
    current ``day`` too; those ``of_instruments`` count no encounters; those ``drawn`` have
    a picture; a ``long`` one is written line by line, whatever the format.
    """

    columns: tuple[str, ...]
    help: str
    examples: tuple[str, ...]
    options: tuple[Option, ...] = ()
    dated: bool = False
    of_instruments: bool = False
    drawn: bool = True
    long: bool = False


SPREAD = {"in_force": "in_force_{}", "with": "{}"}
"""Columns that hold a mapping, and what the column of one of its keys is called."""

_IN_FORCE = ("certain", "possible")


def multilateral(*choices: str) -> Option:
    """Make the option that says what becomes of records with more than two countries."""
    share = "; or 1/(n-1) in weight" if "fractional" in choices else ""
    return click.option(
        "--multilateral",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help=f"Records of three countries and more: left out; one for each pair{share}.",
    )


def _days(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> list[Any]:
    from healthcoop.dataset import parse_today

    return [parse_today(value) for value in values]


def _is_given(_: click.Context, __: click.Parameter, value: str | None) -> bool:
    return value is not None


def _countable(_: click.Context, __: click.Parameter, value: int) -> int:
    # Beyond what SQLite can count is beyond what there is.
    return min(value, sys.maxsize)


_WITH = click.option(
    "--with",
    "organisations",
    type=click.Choice(["organisations"]),
    callback=_is_given,
    help="Pairs with organisations too.",
)
_FOLD = click.option(
    "--fold-former", is_flag=True, help="Count former states as who they fold into."
)
_MINIMUM = click.option(
    "--min",
    "minimum",
    type=click.IntRange(min=0),
    default=1,
    metavar="N",
    callback=_countable,
    help="Pairs of N records or more.",
)
_TOP = click.option(
    "--top",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    metavar="N",
    callback=_countable,
    help="The N countries with most records.",
)
_ON = click.option(
    "--on",
    "days",
    multiple=True,
    metavar="D",
    callback=_days,
    help="This day instead of every year's end.",
)
_BY = click.option(
    "--by", "by_year", type=click.Choice(["year"]), callback=_is_given, help="For each year."
)
_COUNTED = ("records", "instruments", "encounters")

STATISTICS: Mapping[str, Statistic] = {
    "pairs": Statistic(
        columns=(
            *("a", "b", *_COUNTED, "weight", "in_force", "first", "last", "topics", "affinity"),
            "years_since_encounter",
        ),
        help="""Count by pair of countries; two countries exactly, unless told otherwise.

        Affinity is observed over expected co-occurrence (association strength): over 1, the two
        meet more often than how often each meets others would suggest. It is that among all records
        which the other filters leave: --country, --pair and --region do not change it.
        """,
        examples=(
            "healthcoop stats pairs --country AZ",
            "healthcoop stats pairs --multilateral fractional --min 2 -f csv",
        ),
        options=(multilateral("none", "all", "fractional"), _WITH, _MINIMUM, _FOLD),
        dated=True,
    ),
    "countries": Statistic(
        columns=("country", *_COUNTED, "partners", "in_force", "first", "last"),
        help="Count by country: records, partners, instruments in force.",
        examples=("healthcoop stats countries --region EUR --since 2020",),
        dated=True,
    ),
    "organisations": Statistic(
        columns=("organisation", *_COUNTED, "partners", "in_force", "first", "last"),
        help="Count by organisation: records, partners, instruments in force.",
        examples=("healthcoop stats organisations --country AZ",),
        dated=True,
    ),
    "topics": Statistic(
        columns=("topic", *_COUNTED, "countries"),
        help="Count by topic: records, and the countries they are of.",
        examples=("healthcoop stats topics --country AZ --since 2020",),
    ),
    "years": Statistic(
        columns=("year", *_COUNTED),
        help="Count by year, empty years too; partial dates count in their earliest year.",
        examples=("healthcoop stats years --country AZ",),
    ),
    "matrix": Statistic(
        columns=("country", "total", "with"),
        help="Count the records that the countries with most of them share, each with each.",
        examples=("healthcoop stats matrix --top 12", "healthcoop stats matrix -f csv"),
        options=(_TOP, multilateral("none", "all"), _WITH, _FOLD),
    ),
    "network": Statistic(
        columns=("country", "degree", "strength", "betweenness"),
        help="""Measure each country's place in the network of pairs.

        Degree: its pairs. Strength: their weight. Betweenness: how many of the shortest paths
        between others lead through it, 0 to 1, every pair being one step (needs networkx: pip
        install 'healthcoop[network]').
        """,
        examples=("healthcoop stats network --since 2010",),
        options=(multilateral("none", "all", "fractional"), _WITH, _FOLD),
    ),
    "status": Statistic(
        columns=("day", "certain", "possible", "no", "instruments"),
        help="""Count the instruments in force at each year's end, and today.

        Possible includes certain; no: dated or begun, but not in force, or not any more.
        """,
        examples=(
            "healthcoop stats status --country AZ",
            "healthcoop stats status --on 2020-01-01 --on 2025-01-01",
        ),
        options=(_ON,),
        dated=True,
        of_instruments=True,
    ),
    "dyad-years": Statistic(
        columns=(
            *("year", "a", "b", "a_alpha3", "b_alpha3", "a_numeric", "b_numeric", "a_cow"),
            *("b_cow", "encounters", "signed", "in_force_certain", "in_force_possible"),
        ),
        help="""Give a row for each pair of countries and year, to merge with other data.

        With ISO 3166 codes and Correlates of War numbers; from a pair's first record to today, in
        force on 31 December.
        """,
        examples=(
            "healthcoop stats dyad-years --since 2020 -f csv",
            "healthcoop stats dyad-years --multilateral all --country AZ -f csv",
        ),
        options=(multilateral("none", "all"), _FOLD),
        dated=True,
        drawn=False,
        long=True,
    ),
    "completeness": Statistic(
        columns=("field", "of", "records", "share"),
        help="""Count the records that have each field, of those that could.

        And the sources (share: of one record), and those with an archived copy (of all sources).
        """,
        examples=(
            "healthcoop stats completeness",
            "healthcoop stats completeness --by year --collection uk-treaties-online-2026 -f csv",
        ),
        options=(_BY,),
    ),
}


def columns_of(name: str, options: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the keys of a statistic's rows, with those that options add."""
    year = ("year",) if options.get("by_year") else ()
    return (*year, *STATISTICS[name].columns)


def in_cells(
    columns: tuple[str, ...], rows: list[dict[str, Any]]
) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Give each part of a mapping a column of its own: a cell holds one value."""
    flat: tuple[str, ...] = ()
    for column in columns:
        if column not in SPREAD:
            flat += (column,)
            continue
        keys = _IN_FORCE if column == "in_force" else tuple(row["country"] for row in rows)
        flat += tuple(SPREAD[column].format(key) for key in keys)
        rows = [
            row | {SPREAD[column].format(key): row[column].get(key) for key in keys} for row in rows
        ]
    return flat, rows
