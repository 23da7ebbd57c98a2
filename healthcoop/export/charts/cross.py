"""A table of records by two dimensions as a heat map."""

from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.cells import across, axis, heat_map
from healthcoop.export.charts.frame import (
    DESCRIPTION,
    NARROW,
    WIDE,
    About,
    Chart,
    Row,
    no_records,
    ticks,
    unique_labels,
    with_frame,
)
from healthcoop.index.statistics.cross import Margin, noun

_COLUMNS = ("row", "column", "records")
_MOST_ROWS = 60
_ALL_YEARS = 9999
_MOST_COLUMNS = 45  # whose names are legible on a page
_MOST_IN_COLUMN = 20
_LONGEST = 30  # letters of a name
_STEP = 13
_WIDTH_OF_A_LETTER = 4.2


def cross(rows: Sequence[Row], about: About) -> Chart:
    """Draw a cell for each two values that some record has, darker for more records."""
    cells = about.cells
    if not rows or cells is None:
        return no_records(about, title="Records by two dimensions", columns=_COLUMNS)
    title = f"Records by {noun(cells.rows.dimension)} and {noun(cells.columns.dimension)}"
    years = cells.columns.dimension == "year"
    down = _labels(cells.rows, about, most=_MOST_ROWS)
    columns = _labels(cells.columns, about, most=_ALL_YEARS if years else _MOST_COLUMNS)
    drawn: list[dict[str, Any]] = [
        {"row": row["row"], "column": row["column"], "records": row["records"]}
        for row in rows
        if row["row"] in down and row["column"] in columns
    ]
    wide = NARROW if len(columns) <= _MOST_IN_COLUMN else WIDE
    room = wide - 20 - max(map(len, down.values())) * _WIDTH_OF_A_LETTER
    labelled = [
        {
            "row": (name := down[row["row"]]),
            "column": (other := columns[row["column"]]),
            "records": row["records"],
            DESCRIPTION: f"{name}, {other}: {row['records']}",
        }
        for row in drawn
    ]
    names, others = [*down.values()], [*columns.values()]
    body = {
        "layer": heat_map(labelled, size=(room / len(columns), _STEP)),
        "encoding": {
            "y": axis("row", names, **_ticks(names)),
            "x": across("column", others, **_ticks(others)),
        },
    }
    extra = ["A record counts once in each cell it belongs to"]
    for margin, shown in ((cells.rows, down), (cells.columns, columns)):
        values = margin.values()
        if len(shown) < len(values):
            which = "last" if margin.in_time else "first"
            extra.append(f"{noun(margin.dimension)}: the {which} {len(shown)} of {len(values)}")
    spec = with_frame(body, about, title=title, size=(wide, _STEP * len(down)), extra=extra)
    return Chart(spec, _COLUMNS, drawn)


def _labels(margin: Margin, about: About, *, most: int) -> dict[str, str]:
    """Return the names of the values that fit: of time the last, of others the first."""
    values = margin.values()
    values = values[-most:] if margin.in_time else values[:most]
    labels = {value: margin.label(about.names, value) for value in values}
    return unique_labels(labels, longest=_LONGEST)


def _ticks(order: Sequence[str]) -> dict[str, list[str]]:
    """Return the labels to show: all, but of many years only those that fit."""
    if len(order) <= _MOST_ROWS:
        return {}
    marked = ticks(int(order[0]), int(order[-1]), most=_MOST_COLUMNS)
    return {"values": [str(year) for year in marked]}
