"""Charts of the statistics: rows to a Vega-Lite specification, and that to a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from healthcoop.export.charts import bars, world
from healthcoop.export.charts.cross import cross
from healthcoop.export.charts.frame import About, Chart, Row
from healthcoop.export.charts.matrix import matrix
from healthcoop.export.charts.network import network
from healthcoop.index.query import Query, describe
from healthcoop.index.statistics import STATISTICS
from healthcoop.index.statistics.left_out import without_options

if TYPE_CHECKING:
    from healthcoop.index.results import Table
    from healthcoop.model.vocabulary import Vocabulary

__all__ = ["CHARTS", "About", "Chart", "draw"]


def _pairs(rows: Sequence[Row], about: About) -> Chart:
    """Draw the pairs of one country as a map of its partners, others as bars."""
    is_country = about.focus in about.names.countries
    return world.partners(rows, about) if is_country else bars.pairs(rows, about)


CHARTS: Mapping[str, Callable[[Sequence[Row], About], Chart]] = {
    "pairs": _pairs,
    "countries": world.countries,
    "organisations": bars.organisations,
    "topics": bars.topics,
    "years": bars.years,
    "cross": cross,
    "matrix": matrix,
    "network": network,
    "status": bars.status,
    "completeness": bars.completeness,
}
"""The charts that an entry of STATISTICS may name."""


def draw(
    name: str,
    table: "Table",
    *,
    query: Query,
    totals: Mapping[str, Any],
    names: "Vocabulary",
    day: date,
    notes: Iterable[str] = (),
    edges: Sequence[Row] = (),
    limited: str = "",
) -> Chart:
    """Return the chart of a statistic, a key of STATISTICS that has one, with its caption.

    ``totals`` are those of ``summary`` for the query, ``notes`` those of ``left_out``, ``day`` is
    today; ``edges`` and ``limited`` are as in About.
    """
    uncounted = sum(number for reason, number in table.left_out.items() if reason != "not_sides")
    of_one_country = len(query.countries) == 1 and not query.pairs
    about = About(
        names=names,
        records=totals["records"] - uncounted,
        day=day,
        filters=describe(query, names),
        collections=tuple(totals["by_collection"]),
        left_out=tuple(map(without_options, notes)),
        focus=query.countries[0] if of_one_country else None,
        edges=edges,
        cells=table.cells,
        limited=limited,
    )
    return CHARTS[STATISTICS[name].chart or ""](table, about)
