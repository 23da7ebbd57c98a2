"""A matrix of countries with a cell for each pair."""

from collections.abc import Mapping, Sequence
from typing import Any

from healthcoop.export.charts.frame import (
    DESCRIPTION,
    LAND,
    NARROW,
    WIDE,
    About,
    Chart,
    Row,
    Spec,
    ink_on,
    no_records,
    parties,
    scale,
    unique_labels,
    with_frame,
)

_COLUMNS = ("a", "b", "records")
_MOST = 45  # countries whose names are legible on a page
_MOST_IN_COLUMN = 30
_LARGEST_CELL = 24
_LETTERS = 8
_LONGEST = 20  # letters of a name
_WIDTH_OF_A_DIGIT = 5


def matrix(rows: Sequence[Row], about: About) -> Chart:
    """Draw the number of records of each pair as a cell, darker for more."""
    named = {row["country"]: about.names.label(row["country"]) for row in rows[:_MOST]}
    title = f"Records of each pair of {parties(named, about)}"
    if not rows:
        return no_records(about, title=title, columns=_COLUMNS)
    drawn: list[dict[str, Any]] = [
        {"a": row["country"], "b": code, "records": number}
        for row in rows[:_MOST]
        for code, number in row["with"].items()
        if number and code in named.keys() - {row["country"]}
    ]
    labels = unique_labels(named, longest=_LONGEST)
    wide = NARROW if len(labels) <= _MOST_IN_COLUMN else WIDE
    names_width = 20 + max(map(len, labels.values())) * _LETTERS * 0.5
    cell = min(_LARGEST_CELL, (wide - names_width) / len(labels))
    side = round(cell * len(labels))
    spec = with_frame(
        {"layer": _layers(drawn, labels, cell), "encoding": _axes([*labels.values()])},
        about,
        title=title,
        size=(min(wide, max(NARROW, round(names_width) + side)), side),
        extra=[f"The {len(labels)} {parties(named, about)} with most records"],
    )
    return Chart(spec, _COLUMNS, drawn)


def _layers(drawn: list[dict[str, Any]], labels: Mapping[str, str], cell: float) -> list[Spec]:
    most = max((row["records"] for row in drawn), default=1)
    classes = scale(row["records"] for row in drawn)
    cells = [
        {
            "a": labels[row["a"]],
            "b": labels[row["b"]],
            "records": row["records"],
            "class": classes.labels[place := classes.place(row["records"])],
            "ink": ink_on(classes.colors[place]),
            DESCRIPTION: f"{labels[row['a']]} – {labels[row['b']]}: {row['records']}",
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
            "data": {"values": [{"a": label, "b": label} for label in labels.values()]},
            "mark": {"type": "rect", "color": LAND, "aria": False},
        },
        {
            "data": {"values": cells},
            "mark": {"type": "rect"},
            "encoding": {"color": color, "description": {"field": DESCRIPTION}},
        },
    ]
    if cell >= max(_LETTERS + 1, len(str(most)) * _WIDTH_OF_A_DIGIT + 2):
        ink = {"field": "ink", "type": "nominal", "scale": None}
        layers.append(
            {
                "data": {"values": cells},
                "mark": {"type": "text", "fontSize": _LETTERS, "aria": False},
                "encoding": {"text": {"field": "records"}, "color": ink},
            }
        )
    return layers


def _axes(order: list[str]) -> Spec:
    shared = {
        "type": "nominal",
        "sort": order,
        "scale": {"domain": order, "padding": 0.06},
        "title": None,
    }
    axis = {
        **{"ticks": False, "domain": False, "labelOverlap": False},
        **{"labelFontSize": _LETTERS, "labelPadding": 1},
    }
    return {
        "y": {"field": "a", **shared, "axis": axis},
        "x": {"field": "b", **shared, "axis": {**axis, "orient": "top", "labelAngle": -90}},
    }
