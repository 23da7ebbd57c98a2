"""Charts of the statistics: rows to a Vega-Lite specification, and that to a file."""

from collections.abc import Callable, Mapping, Sequence

from healthcoop.export.charts import bars, world
from healthcoop.export.charts.cross import cross
from healthcoop.export.charts.frame import About, Chart, Row
from healthcoop.export.charts.matrix import matrix
from healthcoop.export.charts.network import network

__all__ = ["CHARTS", "About", "Chart"]


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
