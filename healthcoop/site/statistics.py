"""The page of statistics: charts, the rows behind each, and both as files."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from healthcoop.export.charts import Chart, draw
from healthcoop.export.charts.dark import dark
from healthcoop.export.charts.rendering import renderer
from healthcoop.export.tables import TABLE_FORMATS
from healthcoop.files.visible import counted
from healthcoop.index.query import Query
from healthcoop.index.results import Table, expand
from healthcoop.index.statistics import STATISTICS, left_out, run
from healthcoop.site import addresses, rendering
from healthcoop.site.words import fact_name, share

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source

_FORMATS = ("csv", "json")
_MOST_ROWS = 12
_MOST_NAMED = 5
_SIZE = re.compile(r'<svg [^>]*?width="([0-9.]+)"[^>]*? height="([0-9.]+)"')
_COUNTED = {"Records": "records", "Instruments": "instruments", "Encounters": "encounters"}
_OF_PARTIES = {**_COUNTED, "Partners": "partners", "In force": "in_force"}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A statistic on the page, and the columns of its table, each with its heading.

    ``options`` are those of the statistic, in the order of its command. ``drawn`` is what its chart
    is. ``latest``: the table has the last rows, not the first ones. ``dense``: the chart has names
    that are small; on a narrow screen it is scrolled, not made narrower.
    """

    heading: str
    text: str
    columns: Mapping[str, str]
    options: Mapping[str, str] = field(default_factory=dict)
    drawn: str = "Bars"
    latest: bool = False
    dense: bool = False


FIGURES: Mapping[str, Figure] = {
    "years": Figure(
        heading="By year",
        text="A record counts in the first year that its date allows.",
        columns={"Year": "year", **_COUNTED},
        latest=True,
    ),
    "status": Figure(
        heading="Instruments in force",
        text="At each year’s end, and today. Possible includes certain: for most instruments, "
        "sources do not say whether they are still in force. Certain needs a source that says so "
        "for that day, so it falls after the days on which registers were last read.",
        columns={"Day": "day", "Certain": "certain", "Possible": "possible", "No": "no"},
        drawn="Areas",
        latest=True,
    ),
    "countries": Figure(
        heading="Countries",
        text="How many records each country is a party of, and how many of its instruments are "
        "certainly in force, of those that possibly are.",
        columns={"Country": "country", **_OF_PARTIES},
        drawn="A map of the world",
    ),
    "pairs": Figure(
        heading="Pairs of countries",
        text="How many records two countries have with each other alone, and how many of their "
        "instruments are certainly in force, of those that possibly are.",
        columns={"Country": "a", "and": "b", **_COUNTED, "In force": "in_force"},
    ),
    "matrix": Figure(
        heading="Who with whom",
        text="The countries with most records, and how many records each two have with each other "
        "alone.",
        columns={"Country": "country", "Records": "total"},
        drawn="A table of coloured cells",
        dense=True,
    ),
    "network": Figure(
        heading="The network of countries",
        text="The records that two countries have with each other alone, as lines. Betweenness is "
        "how often a country lies on the shortest way between two others: the mean share of these "
        "ways that lead through it.",
        columns={
            "Country": "country",
            "Partners": "degree",
            "Records": "strength",
            "Betweenness": "betweenness",
        },
        drawn="Circles joined by lines",
        dense=True,
    ),
    "organisations": Figure(
        heading="Organisations",
        text="How many records each organisation is a party of, and how many of its instruments "
        "are certainly in force, of those that possibly are.",
        columns={"Organisation": "organisation", **_OF_PARTIES},
    ),
    "topics": Figure(
        heading="Topics",
        text="A record counts in each of its topics.",
        columns={"Topic": "topic", **_COUNTED, "Countries": "countries"},
    ),
    "cross": Figure(
        heading="Decades and regions",
        text="By WHO’s regions of the countries that are parties, on the day of the record. A "
        "record counts once in each region.",
        columns={"Decade": "row", "WHO region": "column", **_COUNTED},
        options={"rows": "decade", "columns": "region"},
        latest=True,
        drawn="A table of coloured cells",
    ),
    "completeness": Figure(
        heading="Completeness",
        text="How many of the records that could have a field have it; of sources, how many there "
        "are per record.",
        columns={"Field": "field", "Records": "records", "of": "of", "Share": "share"},
    ),
}
"""The statistics that the page shows, in its order; each has a chart."""


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the page, and a chart in light and in dark colours and two tables for each figure."""
    results: dict[str, _Result] = {}
    for name in FIGURES:
        results[name] = _Result(source=source, name=name, others=results)
    yield addresses.STATISTICS, partial(_page, source, results)
    yield "statistics/index.json", partial(_data, results)
    for name, result in results.items():
        yield f"statistics/{name}.svg", partial(getattr, result, "svg")
        yield f"statistics/{name}-dark.svg", partial(_dark, result)
        for format_ in _FORMATS:
            yield f"statistics/{name}.{format_}", partial(result.written, format_)


@dataclass(frozen=True, kw_only=True)
class _Result:
    """The rows of a statistic over all records, counted when they are first needed.

    ``others`` are the results of all figures, by name.
    """

    source: "Source"
    name: str
    others: "Mapping[str, _Result]"

    @property
    def figure(self) -> Figure:
        """How the page shows it."""
        return FIGURES[self.name]

    @property
    def command(self) -> str:
        """The command that writes the rows."""
        return " ".join(("healthcoop", "stats", self.name, *self.figure.options.values()))

    @cached_property
    def table(self) -> Table:
        """The rows."""
        options = self.figure.options
        counts = run(self.source.index, self.name, Query(), day=self.source.today, **options)
        return Table(counts.rows, counts.columns, left_out=counts.left_out)

    @cached_property
    def notes(self) -> Sequence[str]:
        """What is not counted."""
        defaults = {option.name: option.default for option in STATISTICS[self.name].options}
        options = {**defaults, **self.figure.options}
        return [*left_out.notes(self.table.left_out, options, self.source.today)]

    @cached_property
    def chart(self) -> Chart:
        """The chart, with its caption as the page has it: collections are described elsewhere."""
        source = self.source
        totals = {**source.totals, "by_collection": {}}
        return draw(
            self.name,
            self.table,
            query=Query(),
            totals=totals,
            names=source.vocabulary,
            day=source.today,
            notes=self.notes,
            edges=self.others["pairs"].table if self.name == "network" else (),
        )

    @property
    def caption(self) -> str:
        """What the chart shows, and what it leaves out."""
        return " ".join(self.chart.spec["title"]["subtitle"])

    @cached_property
    def svg(self) -> bytes:
        """The chart, for a light background, without the title and caption that the page has."""
        return renderer("chart.svg")(self.chart.spec | {"title": None})

    @cached_property
    def size(self) -> tuple[int, int]:
        """The width and height of the chart in pixels."""
        found = _SIZE.search(self.svg.decode())
        if not found:
            raise ValueError(f"the chart of {self.name} has no size")
        return round(float(found[1])), round(float(found[2]))

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The rows that the page shows; those in order of time from the last one."""
        if self.figure.latest:
            return self.table[: -_MOST_ROWS - 1 : -1]
        return self.table[:_MOST_ROWS]

    @property
    def alternative(self) -> str:
        """The chart in words: what it shows, and its greatest numbers."""
        return f"{self.figure.drawn}: {self.figure.heading.lower()}. {self._summary()}"

    def _summary(self) -> str:
        rows = self.table
        if not rows:
            return "No records."
        if self.name == "status":
            last = rows[-1]
            return f"On {last['day']}: {last['certain']} certain, {last['possible']} possible."
        if self.name == "completeness":
            parts = [f"{fact_name(row['field'])} {share(row['share'])}" for row in rows]
            return f"{'; '.join(parts)}."
        first = {"matrix": "total", "network": "strength"}.get(self.name, "records")
        most = sorted(rows, key=lambda row: -row[first])[:_MOST_NAMED]
        parts = [f"{self._label(row)}: {row[first]:,}" for row in most]
        return f"{counted(len(rows), 'row')}, the greatest: {'; '.join(parts)}."

    def _label(self, row: Mapping[str, Any]) -> str:
        """Return whose numbers a row has: a year, a topic, a party, or two of them."""
        names = self.source.vocabulary
        if "topic" in row:
            return names.label_in("topics", row["topic"])
        if "column" in row:
            return f"{self.label('row', row['row'])}, {self.label('column', row['column'])}"
        keys = ("year", "country", "a", "b", "organisation")
        return " – ".join(names.label(f"{row[key]}") for key in keys if key in row)

    def label(self, side: str, value: str) -> str:
        """Return the name of a value of ``row`` or ``column``, of a table by two dimensions."""
        cells = self.table.cells
        if cells is None:
            raise ValueError(f"{self.name} is not by two dimensions")
        margin = cells.rows if side == "row" else cells.columns
        return margin.label(self.source.vocabulary, value)

    def written(self, format_: str) -> bytes:
        """Return the rows in a table format, as the command writes them."""
        rows: Any = self.table
        columns = STATISTICS[self.name].columns
        if not TABLE_FORMATS[format_].nested:
            columns, rows = expand(columns, rows)
        return "".join(TABLE_FORMATS[format_].write([*columns], rows)).encode()


def _dark(result: _Result) -> bytes:
    return dark(result.svg)


def _page(source: "Source", results: Mapping[str, _Result]) -> bytes:
    return rendering.page(
        source,
        addresses.STATISTICS,
        "statistics.html",
        title="Statistics",
        description="Counts of the records by year, country, pair, organisation and topic.",
        data="statistics/index.json",
        results=results,
        formats=_FORMATS,
    )


def _data(results: Mapping[str, _Result]) -> bytes:
    return rendering.data_file(
        {
            name: {
                "heading": result.figure.heading,
                "command": result.command,
                "rows": len(result.table),
                "not_counted": result.notes,
                **{format_: f"{name}.{format_}" for format_ in _FORMATS},
            }
            for name, result in results.items()
        }
    )
