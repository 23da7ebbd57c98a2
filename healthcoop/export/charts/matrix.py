"""A matrix of countries with a cell for each pair."""

from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.cells import across, axis, heat_map
from healthcoop.export.charts.frame import (
    DESCRIPTION,
    LAND,
    NARROW,
    WIDE,
    About,
    Chart,
    Row,
    no_records,
    parties,
    unique_labels,
    with_frame,
)

_COLUMNS = ("a", "b", "records")
_MOST = 45  # countries whose names are legible on a page
_MOST_IN_COLUMN = 30
_LARGEST_CELL = 24
_LETTERS = 8
_LONGEST = 20  # letters of a name


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
    diagonal = {
        "data": {"values": [{"a": label, "b": label} for label in labels.values()]},
        "mark": {"type": "rect", "color": LAND, "aria": False},
    }
    labelled = [
        {
            "a": (name := labels[row["a"]]),
            "b": (other := labels[row["b"]]),
            "records": row["records"],
            DESCRIPTION: f"{name} – {other}: {row['records']}",
        }
        for row in drawn
    ]
    order = [*labels.values()]
    spec = with_frame(
        {
            "layer": [diagonal, *heat_map(labelled, size=(cell, cell))],
            "encoding": {"y": axis("a", order), "x": across("b", order)},
        },
        about,
        title=title,
        size=(min(wide, max(NARROW, round(names_width) + side)), side),
        extra=[f"The {len(labels)} {parties(named, about)} with most records"],
    )
    return Chart(spec, _COLUMNS, drawn)
