"""Who works with whom: a square of countries, a cell each pair."""

from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.frame import (
    WIDE,
    About,
    Chart,
    Row,
    Spec,
    distinct,
    framed,
    on_color,
    scale,
    sentence,
)

_COLUMNS = ("a", "b", "records")
_MOST = 45  # countries whose names can be read on a page
_ROOM_FOR_NAMES = 125
_LARGEST_CELL = 24
_SMALLEST_WITH_FIGURE = 14


def matrix(rows: Sequence[Row], about: About) -> Chart:
    """Draw the records of each two countries as a cell, darker for more, with its number."""
    title = "Records of each pair of countries"
    if not rows:
        return sentence(about, title=title, columns=_COLUMNS)
    shown = {row["country"] for row in rows[:_MOST]}
    drawn: list[dict[str, Any]] = [
        {"a": row["country"], "b": code, "records": number}
        for row in rows[:_MOST]
        for code, number in row["with"].items()
        if number and code in shown - {row["country"]}
    ]
    classes = scale(max((row["records"] for row in drawn), default=1))
    labels = distinct({row["country"]: about.names.label(row["country"]) for row in rows[:_MOST]})
    order = list(labels.values())
    cell = min(_LARGEST_CELL, (WIDE - _ROOM_FOR_NAMES - 60) // len(order))
    cells = [
        {
            "a": labels[row["a"]],
            "b": labels[row["b"]],
            "records": row["records"],
            "class": classes.labels[place := classes.place(row["records"])],
            "ink": on_color(classes.colors[place]),
        }
        for row in drawn
    ]
    diagonal = [{"a": label, "b": label} for label in order]
    layers: list[Spec] = [
        {"data": {"values": diagonal}, "mark": {"type": "rect", "color": "#D9D9D9"}},
        {
            "data": {"values": cells},
            "mark": {"type": "rect"},
            "encoding": {
                "color": {
                    "field": "class",
                    "type": "ordinal",
                    "scale": {"domain": [*classes.labels], "range": [*classes.colors]},
                    "legend": {"title": "Records", "orient": "right", "symbolType": "square"},
                }
            },
        },
    ]
    if cell >= _SMALLEST_WITH_FIGURE:
        ink = {"field": "ink", "type": "nominal", "scale": None}
        layers.append(
            {
                "data": {"values": cells},
                "mark": {"type": "text", "fontSize": 9},
                "encoding": {"text": {"field": "records"}, "color": ink},
            }
        )
    axis = {"ticks": False, "domain": False, "labelOverlap": False, "labelLimit": 120}
    shared = {"type": "nominal", "sort": order, "scale": {"domain": order, "padding": 0.06}}
    body: Spec = {
        "layer": layers,
        "encoding": {
            "y": {"field": "a", **shared, "title": None, "axis": axis},
            "x": {
                "field": "b",
                **shared,
                "title": None,
                "axis": {**axis, "orient": "top", "labelAngle": -90},
            },
        },
    }
    width = min(WIDE, max(WIDE // 2, cell * len(order) + _ROOM_FOR_NAMES + 60))
    extra = [f"The {len(order)} countries with most records"]
    spec = framed(body, about, title=title, size=(width, cell * len(order)), extra=extra)
    return Chart(spec, _COLUMNS, drawn)
