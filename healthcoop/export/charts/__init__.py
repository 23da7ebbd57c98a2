"""Pictures of the statistics: rows to a Vega-Lite specification, and that to a file."""

from collections.abc import Sequence

from healthcoop.export.charts import bars, timeline, world
from healthcoop.export.charts.completeness import completeness
from healthcoop.export.charts.frame import About, Chart, Row
from healthcoop.export.charts.matrix import matrix
from healthcoop.export.charts.network import network

__all__ = ["DRAWN", "About", "Chart", "draw"]

_DRAWERS = {
    "countries": world.countries,
    "organisations": bars.organisations,
    "topics": bars.topics,
    "years": timeline.years,
    "matrix": matrix,
    "status": timeline.status,
    "completeness": completeness,
}
DRAWN = (*_DRAWERS, "pairs", "network")
"""The statistics that have a picture."""


def draw(statistic: str, rows: Sequence[Row], about: About, *, edges: Sequence[Row] = ()) -> Chart:
    """Draw the rows of a statistic, a member of DRAWN.

    Pairs of one country (``about.focus``) are a map of its partners, others bars. ``edges`` are
    rows of pairs, for a network.
    """
    if statistic == "network":
        return network(rows, about, edges=edges)
    if statistic == "pairs":
        focus = about.focus if about.focus in about.names.countries else None
        return world.partners(rows, about) if focus else bars.pairs(rows, about)
    return _DRAWERS[statistic](rows, about)
