"""A table of records by two dimensions as a heat map."""

from collections.abc import Mapping, Sequence
from typing import Any

from healthcoop.export.charts.frame import (
    DESCRIPTION,
    NARROW,
    WIDE,
    About,
    Chart,
    Row,
    Spec,
    ink_on,
    no_records,
    scale,
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
_LETTERS = 8
_LONGEST = 30  # letters of a name
_STEP = 13
_WIDTH_OF_A_DIGIT = 5
_WIDTH_OF_A_LETTER = 4.2


def cross(rows: Sequence[Row], about: About) -> Chart:
    """Draw a cell for each two values that some record has, darker for more records."""
    cells = about.cells
    if not rows or cells is None:
        return no_records(about, title="Records by two dimensions", columns=_COLUMNS)
    title = f"Records by {noun(cells.rows.dimension)} and {noun(cells.columns.dimension)}"
    years = cells.columns.dimension == "year"
    down = _labels(cells.rows, about, most=_MOST_ROWS)
    across = _labels(cells.columns, about, most=_ALL_YEARS if years else _MOST_COLUMNS)
    drawn: list[dict[str, Any]] = [
        {"row": row["row"], "column": row["column"], "records": row["records"]}
        for row in rows
        if row["row"] in down and row["column"] in across
    ]
    wide = NARROW if len(across) <= _MOST_IN_COLUMN else WIDE
    room = wide - 20 - max(map(len, down.values())) * _WIDTH_OF_A_LETTER
    body = {
        "layer": _layers(drawn, down, across, room / len(across)),
        "encoding": {
            "y": _axis("row", [*down.values()]),
            "x": _axis("column", [*across.values()], orient="top", labelAngle=-90),
        },
    }
    extra = ["A record counts once in each cell it belongs to"]
    for margin, shown in ((cells.rows, down), (cells.columns, across)):
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


def _layers(
    drawn: list[dict[str, Any]], down: Mapping[str, str], across: Mapping[str, str], cell: float
) -> list[Spec]:
    most = max(row["records"] for row in drawn)
    classes = scale(row["records"] for row in drawn)
    values = [
        {
            "row": down[row["row"]],
            "column": across[row["column"]],
            "records": row["records"],
            "class": classes.labels[place := classes.place(row["records"])],
            "ink": ink_on(classes.colors[place]),
            DESCRIPTION: f"{down[row['row']]}, {across[row['column']]}: {row['records']}",
        }
        for row in drawn
    ]
    color = {
        "field": "class",
        "type": "ordinal",
        "scale": {"domain": [*classes.labels], "range": [*classes.colors]},
        "legend": {"title": "Records", "orient": "bottom", "columns": 3},
    }
    layers: list[Spec] = [
        {
            "data": {"values": values},
            "mark": {"type": "rect"},
            "encoding": {"color": color, "description": {"field": DESCRIPTION}},
        }
    ]
    if cell >= len(str(most)) * _WIDTH_OF_A_DIGIT + 2:
        ink = {"field": "ink", "type": "nominal", "scale": None}
        layers.append(
            {
                "data": {"values": values},
                "mark": {"type": "text", "fontSize": _LETTERS, "aria": False},
                "encoding": {"text": {"field": "records"}, "color": ink},
            }
        )
    return layers


def _axis(field: str, order: Sequence[str], **axis: Any) -> Spec:
    if len(order) > _MOST_ROWS:  # years: only those whose labels fit
        marked = ticks(int(order[0]), int(order[-1]), most=_MOST_COLUMNS)
        axis["values"] = [str(year) for year in marked]
    return {
        "field": field,
        "type": "nominal",
        "sort": [*order],
        "scale": {"domain": [*order], "padding": 0.06},
        "title": None,
        "axis": {
            **{"ticks": False, "domain": False, "labelOverlap": False},
            **{"labelFontSize": _LETTERS, "labelPadding": 1, **axis},
        },
    }
