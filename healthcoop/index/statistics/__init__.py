"""STATISTICS: each statistic declared once, and how it is counted.

To add one: a commented script ``<name>.sql`` in this folder, which returns the declared columns, an
entry of STATISTICS, and a section in docs/statistics.md. The command, its options, help and
formats, the method ``Dataset.statistic`` and data frames come from the entry; it may name another
layout for terminals (terminal/statistics.py) and a chart (export/charts/__init__.py).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Literal

from healthcoop.index.database import Index, retry_after_damage
from healthcoop.index.query import Query
from healthcoop.index.statistics import counting
from healthcoop.index.statistics.counting import Selection, selection
from healthcoop.index.statistics.cross import cross
from healthcoop.index.statistics.dyad_years import Row
from healthcoop.index.statistics.options import (
    BY,
    COLUMNS,
    DEFAULTS,
    FOLD,
    MINIMUM,
    ON,
    ON_DAY,
    PAIRING,
    ROWS,
    TOP,
    WITH,
    Option,
    Pairing,
    multilateral,
)
from healthcoop.index.values import check_choice

__all__ = ["STATISTICS", "Counts", "Kind", "Option", "Pairing", "Row", "Statistic"]

Kind = Literal["text", "edtf", "integer", "number", "flag", "day", "list", "in_force", "matrix"]
"""What a column has: the type of a cell that may be missing; a ``list`` is one of texts.

``edtf`` is the text of a date, or ``unknown`` or ``none``.

``in_force`` and ``matrix`` are mappings, which are several columns of integers where a cell has a
single value: ``in_force_certain`` and ``in_force_possible``, and one for each country of the rows.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One statistic.

    ``columns`` are the keys of its rows. Before its script runs, the ``tables`` of selection.sql
    that it reads are filled, ``wide_tables`` from all records that match without the filters by
    party. ``fixed`` are parameters that are not options. ``script`` is by default the statistic's
    name; ``count`` returns the rows where the script alone does not.
    ``of_instruments``: encounters are not counted. ``of_sides``: parties that are not sides are not
    counted. ``long``: there may be a million rows, so that a table for people is written line by
    line. ``layout`` and ``chart`` name functions of terminal.statistics and export.charts; without
    a chart it cannot be drawn.
    """

    help: str
    examples: tuple[str, ...]
    columns: Mapping[str, Kind]
    options: tuple[Option, ...] = ()
    script: str = ""
    tables: tuple[str, ...] = ()
    wide_tables: tuple[str, ...] = ()
    fixed: Mapping[str, Any] | None = None
    count: Callable[[Selection, Sequence[str]], Sequence[Row]] | None = None
    of_instruments: bool = False
    of_sides: bool = False
    long: bool = False
    layout: str = "plain"
    chart: str | None = None

    @property
    def of_pairs(self) -> bool:
        """Whether records count for pairs, so that some may count for none."""
        return any(option.name in PAIRING for option in self.options)

    @property
    def counts_in_force(self) -> bool:
        """Whether instruments in force are counted, which a filter by date makes fewer."""
        numbers = ("certain", "in_force_certain")
        return "in_force" in self.columns.values() or any(name in self.columns for name in numbers)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The columns of excluded.sql that say which records are not counted."""
        of_pairs = ("multilateral", "too_few", "too_many", "later") if self.of_pairs else ()
        of_table = ("too_many", "without") if ROWS in self.options else ()
        of_instruments = ("encounters",) if self.of_instruments else ()
        not_sides = ("not_sides",) if self.of_sides else ()
        return (*of_pairs, *of_table, *of_instruments, *not_sides)

    def columns_with(self, options: Mapping[str, Any]) -> Mapping[str, Kind]:
        """Return the columns of the rows for these options: ``by_year`` adds one."""
        return {"year": "integer", **self.columns} if options.get("by_year") else self.columns

    def arguments(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return every option with its checked value, those of pairs all together.

        Raises TypeError for a name that is not an option, and as ``Option.check``.
        """
        known = {option.name: option for option in self.options}
        if self.of_pairs:
            known = {**known, **PAIRING}
        if unknown := options.keys() - known.keys():
            raise TypeError(f"there is no {min(unknown)}, only {', '.join(known)}")
        return {name: one.check(options.get(name, one.default)) for name, one in known.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The rows of a statistic, their columns, and how many records were not counted, by reason.

    The reasons, for statistics of pairs: ``multilateral`` (too many sides), ``too_few`` (no two
    sides), ``too_many`` (more than MOST_SIDES), ``later`` (where years are counted, a date after
    the day, or none); of a table, ``without`` (no value in one of its dimensions); of instruments,
    ``encounters``. Where parties are counted, ``not_sides`` is the number of records with observers
    or depositaries, who are not.
    """

    rows: Sequence[Row]
    columns: Mapping[str, Kind]
    left_out: Mapping[str, int]


Open = Callable[[Mapping[str, Any]], AbstractContextManager[Selection]]
"""Opens an empty selection for the parameters of scripts."""


def run(index: Index, /, name: str, query: Query, *, day: date, **options: Any) -> Counts:
    """Count a statistic, a key of STATISTICS, over the records that match a query.

    ``day`` is the one on which instruments are in force, and up to which years are counted. Raises
    UnknownName for another name.
    """
    check_choice("statistic", name, [*STATISTICS])
    return _run(index, name, query, day=day, **options)


def summary(index: Index, query: Query, *, day: date) -> Row:
    """Return the totals of the records that match, and the numbers by type, year, country ..."""
    (row,) = _run(index, SUMMARY, query, day=day).rows
    return row


@retry_after_damage
def _run(index: Index, /, name: str, query: Query, *, day: date, **options: Any) -> Counts:
    return count(partial(selection, index), name, query, day=day, **options)


def count(open_: Open, /, name: str, query: Query, *, day: date, **options: Any) -> Counts:
    """Count a statistic, or SUMMARY, in a selection that is opened for it; else as ``run``."""
    statistic = _SUMMARY if name == SUMMARY else STATISTICS[name]
    parameters = {
        **DEFAULTS,
        **(statistic.fixed or {}),
        **statistic.arguments(options),
        "day": day.isoformat(),
        "by_pair_year": "pair_year" in statistic.tables,
        "collections": query.collections,
    }
    columns = statistic.columns_with(options)
    wide = query
    if statistic.wide_tables:
        wide = replace(query, countries=(), not_countries=(), pairs=(), regions=())
    script = statistic.script or name.replace("-", "_")
    with open_(parameters) as selected:
        selected.select(wide)
        selected.fill(*statistic.wide_tables)
        if wide != query:
            selected.select(query)
        filled = statistic.wide_tables if wide == query else ()
        selected.fill(*(table for table in statistic.tables if table not in filled))
        if statistic.count:
            rows = statistic.count(selected, [*columns])
        else:
            rows = selected.rows(script, [*columns])
        (excluded,) = selected.rows("excluded") if statistic.reasons else [{}]
    for column, kind in columns.items():
        if kind == "in_force":
            for row in rows:
                row[column] = json.loads(row[column])
    left_out = {reason: excluded[reason] for reason in statistic.reasons}
    return Counts(rows=rows, columns=columns, left_out=left_out)


SUMMARY = "summary"
"""The name of what ``summary`` counts, which is not one of STATISTICS."""

_COUNTED: Mapping[str, Kind] = dict.fromkeys(("records", "instruments", "encounters"), "integer")
_PARTY: Mapping[str, Kind] = {
    **_COUNTED,
    **{"partners": "integer", "in_force": "in_force", "first": "edtf", "last": "edtf"},
}
_SUMMARY = Statistic(
    help="Totals.",
    examples=(),
    columns={},
    tables=("pair_record",),
    count=counting.summary,
)

STATISTICS: Mapping[str, Statistic] = {
    "pairs": Statistic(
        help="""Count by pair of countries; by default records of exactly two countries.

        Affinity is observed over expected co-occurrence (association strength): above 1, the two
        meet more often than chance would predict from how often each meets others. It does not
        depend on --country, --not-country, --pair and --region.
        """,
        examples=(
            "healthcoop stats pairs --country AZ",
            "healthcoop stats pairs --multilateral fractional --min 2 -f csv",
        ),
        columns={
            **{"a": "text", "b": "text"},
            **_COUNTED,
            **{"weight": "number", "in_force": "in_force", "first": "edtf", "last": "edtf"},
            **{"topics": "list", "affinity": "number", "years_since_encounter": "number"},
        },
        options=(multilateral("none", "all", "fractional"), WITH, MINIMUM, FOLD),
        wide_tables=("pair_record", "pair_weight"),
        tables=("pair_record", "pair_in_force"),
        count=counting.pairs,
        layout="bars",
        chart="pairs",
        of_sides=True,
    ),
    "countries": Statistic(
        help="Count by country: records, partners, instruments in force.",
        examples=("healthcoop stats countries --region EUR --since 2020",),
        columns={"country": "text", **_PARTY},
        tables=("pair_record", "pair_weight"),
        layout="parties",
        chart="countries",
        of_sides=True,
    ),
    "organisations": Statistic(
        help="Count by organisation: records, partners, instruments in force.",
        examples=("healthcoop stats organisations --country AZ",),
        columns={"organisation": "text", **_PARTY},
        script="countries",
        tables=("pair_record", "pair_weight"),
        fixed={"organisations": True},
        layout="parties",
        chart="organisations",
        of_sides=True,
    ),
    "topics": Statistic(
        help="Count by topic: records and countries.",
        examples=("healthcoop stats topics --country AZ --since 2020",),
        columns={"topic": "text", **_COUNTED, "countries": "integer"},
        layout="bars",
        chart="topics",
        of_sides=True,
    ),
    "years": Statistic(
        help="Count by year, years without records too; partial dates count in their first year.",
        examples=("healthcoop stats years --country AZ",),
        columns={"year": "integer", **_COUNTED},
        layout="years",
        chart="years",
    ),
    "cross": Statistic(
        help="""Count by two dimensions: ROWS and COLUMNS.

        Each is country, organisation, topic, type, kind, year, decade, region (WHO's), m49
        (subregions of the United Nations), collection or lateral. A record counts once in each cell
        that it belongs to, so cells do not add up: totals are of different records.
        """,
        examples=(
            "healthcoop stats cross topic year --since 2015",
            'healthcoop stats cross topic decade --country CN --region "Central Asia" -f csv',
        ),
        columns={"row": "text", "column": "text", **_COUNTED},
        options=(ROWS, COLUMNS),
        tables=("crowded",),
        of_sides=True,
        count=cross,
        layout="cross",
        chart="cross",
    ),
    "matrix": Statistic(
        help="Count the records of each pair of the countries with most records.",
        examples=("healthcoop stats matrix --top 12", "healthcoop stats matrix -f csv"),
        columns={"country": "text", "total": "integer", "with": "matrix"},
        options=(TOP, multilateral("none", "all"), WITH, FOLD),
        tables=("pair_record",),
        count=counting.matrix,
        layout="matrix",
        chart="matrix",
        of_sides=True,
    ),
    "network": Statistic(
        help="""Measure each country's place in the network of pairs.

        Degree: number of pairs. Strength: their weight. Betweenness: share of the shortest paths
        between others that pass through the country, each pair being one step (needs networkx: pip
        install 'healthcoop[network]').
        """,
        examples=("healthcoop stats network --since 2010",),
        columns={
            **{"country": "text", "degree": "integer"},
            **{"strength": "number", "betweenness": "number"},
        },
        options=(multilateral("none", "all", "fractional"), WITH, FOLD),
        tables=("pair_record", "pair_weight"),
        count=counting.network,
        layout="bars",
        chart="network",
        of_sides=True,
    ),
    "status": Statistic(
        help="""Count the instruments in force at each year's end, and today.

        Possible includes certain; no: ended, or signed and not yet in force.
        """,
        examples=(
            "healthcoop stats status --country AZ",
            "healthcoop stats status --on 2020-01-01 --on 2025-01-01",
        ),
        columns={
            **{"day": "day", "certain": "integer", "possible": "integer", "no": "integer"},
            "instruments": "integer",
        },
        options=(ON,),
        of_instruments=True,
        layout="status",
        chart="status",
    ),
    "dyad-years": Statistic(
        help="""Count by pair of countries and year, to merge with other data.

        With ISO 3166 codes and Correlates of War numbers; from a pair's first record to today. In
        force: on 31 December. Searched: a complete collection covers the pair and year; elsewhere 0
        means that no source here reported any.
        """,
        examples=(
            "healthcoop stats dyad-years --since 2020 -f csv",
            "healthcoop stats dyad-years --multilateral all --type meeting -f csv",
        ),
        columns={
            **{"year": "integer", "a": "text", "b": "text", "a_alpha3": "text"},
            **{"b_alpha3": "text", "a_numeric": "text", "b_numeric": "text", "a_cow": "text"},
            **{"b_cow": "text", "encounters": "integer", "signed": "integer"},
            **{"in_force_certain": "integer", "in_force_possible": "integer"},
            **{"searched_instruments": "flag", "searched_encounters": "flag"},
        },
        options=(multilateral("none", "all"), FOLD),
        tables=("pair_record", "pair_in_force", "pair_year", "pair_span"),
        count=counting.dyad_years,
        long=True,
        layout="dyad_years",
        of_sides=True,
    ),
    "parties": Statistic(
        help="""List the sides of records, one row each, to merge with other data.

        With role, level, the side's own dates, and whether the instrument is in force for it.
        """,
        examples=(
            "healthcoop stats parties --kind instrument --on 2015-01-01 -f csv",
            "healthcoop stats parties --country AZ --sort -date --limit 10",
        ),
        columns={
            **{"id": "text", "date": "edtf", "country": "text", "organisation": "text"},
            **{"role": "text", "level": "text", "signed": "edtf", "ratified": "edtf"},
            **{"acceded": "edtf", "in_force": "edtf", "left": "edtf", "status": "text"},
        },
        options=(ON_DAY,),
        of_sides=True,
        fixed={"organisations": True},
        layout="sides",
    ),
    "completeness": Statistic(
        help="""Count the records that have each optional field, of those that could have it.

        It counts sources too (share: sources per record), and those archived (share: of sources).
        """,
        examples=(
            "healthcoop stats completeness",
            "healthcoop stats completeness --by year --collection uk-treaties-online-2026 -f csv",
        ),
        columns={"field": "text", "of": "integer", "records": "integer", "share": "number"},
        options=(BY,),
        count=counting.completeness,
        layout="completeness",
        chart="completeness",
    ),
}
