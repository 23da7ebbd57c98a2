"""Completeness: the share of records that have each field."""

import math
from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.bars import STEP, names
from healthcoop.export.charts.frame import (
    DESCRIPTION,
    KIND_COLORS,
    LAND,
    NARROW,
    About,
    Chart,
    Row,
    Spec,
    described,
    no_records,
    ramp,
    ticks,
    with_frame,
)
from healthcoop.files.visible import visible

_COLUMNS = ("field", "of", "records", "share")
_CLASSES = ("up to 25%", "up to 50%", "up to 75%", "up to 100%")
_MEAN = "sources"  # its share is the mean number of sources per record


def completeness(rows: Sequence[Row], about: About) -> Chart:
    """Draw the share of records, or of instruments, with each field; by year if the rows are."""
    title = "Completeness: share that has a field"
    by_year = bool(rows) and "year" in rows[0]
    columns = ("year", *_COLUMNS) if by_year else _COLUMNS
    drawn: list[dict[str, Any]] = [
        {**row, "field": visible(row["field"])}
        for row in rows
        if row["share"] is not None and row["field"] != _MEAN
    ]
    if not drawn:
        return no_records(about, title=title, columns=columns)
    means = [row["share"] for row in rows if row["field"] == _MEAN and row["share"] is not None]
    extra = ["Titles, texts and terms: of instruments; archived: of sources"]
    extra += ["White: no records that could have it"] if by_year else []
    extra += [f"{means[0]:.1f} sources a record"] if means and not by_year else []
    fields = list(dict.fromkeys(row["field"] for row in drawn))
    marks = _cells(drawn) if by_year else _bars(drawn)
    body: Spec = {**marks, "encoding": {"y": names("field", fields), **marks["encoding"]}}
    spec = with_frame(body, about, title=title, size=(NARROW, STEP * len(fields)), extra=extra)
    return Chart(spec, columns, drawn)


def _bars(drawn: list[dict[str, Any]]) -> Spec:
    share = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"format": ".0%", "tickCount": 5},
        "title": "Share",
    }
    values = [described(row, row["field"], f"{row['records']} of {row['of']}") for row in drawn]
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "color": KIND_COLORS["Instruments"]},
        "encoding": {"x": share, "description": {"field": DESCRIPTION}},
    }


def _cells(drawn: list[dict[str, Any]]) -> Spec:
    """Return a cell for each field and year; years without records keep their place."""
    first, last = drawn[0]["year"], drawn[-1]["year"]
    classes = ("0%", *_CLASSES)
    values = [
        {
            **described(row, row["field"], row["year"], f"{row['records']} of {row['of']}"),
            "class": classes[math.ceil(row["share"] * len(_CLASSES))],
        }
        for row in drawn
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rect"},
        "encoding": {
            "x": {
                "field": "year",
                "type": "ordinal",
                "scale": {"domain": [*range(first, last + 1)], "paddingInner": 0.05},
                "axis": {"values": ticks(first, last), "labelAngle": 0},
                "title": "Year",
            },
            "color": {
                "field": "class",
                "type": "ordinal",
                "scale": {"domain": [*classes], "range": [LAND, *ramp(len(_CLASSES))]},
                "legend": {"title": None, "orient": "top", "columns": 3},
            },
            "description": {"field": DESCRIPTION},
        },
    }
