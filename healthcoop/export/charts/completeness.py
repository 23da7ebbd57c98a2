"""How complete records are: the share of them that gives each field."""

from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.bars import STEP, names
from healthcoop.export.charts.frame import (
    KIND_COLORS,
    LAND,
    NARROW,
    WIDE,
    About,
    Chart,
    Row,
    Spec,
    framed,
    sentence,
)
from healthcoop.text.visible import visible

_COLUMNS = ("field", "of", "records", "share")
_MEAN = "sources"  # its share is a mean, sources of one record


def completeness(rows: Sequence[Row], about: About) -> Chart:
    """Draw the share of records, or of instruments, that give each field; of each year if told."""
    title = "Completeness: share that gives a field"
    drawn: list[dict[str, Any]] = [
        {**row, "field": visible(row["field"])}
        for row in rows
        if row["share"] is not None and row["field"] != _MEAN
    ]
    if not drawn:
        return sentence(about, title=title, columns=_COLUMNS)
    by_year = "year" in drawn[0]
    means = [row["share"] for row in rows if row["field"] == _MEAN and row["share"] is not None]
    extra = ["Titles, texts and terms: of instruments; archived: of sources"]
    extra += [f"{means[0]:.1f} sources a record"] if means and not by_year else []
    fields = list(dict.fromkeys(row["field"] for row in drawn))
    body: Spec = {
        "data": {"values": drawn},
        "encoding": {"y": names("field", fields), **(_by_year() if by_year else _SHARE)},
        "mark": {"type": "rect"} if by_year else {"type": "bar", "color": _BLUE},
    }
    size = (WIDE if by_year else NARROW, STEP * len(fields))
    spec = framed(body, about, title=title, size=size, extra=extra)
    return Chart(spec, ("year", *_COLUMNS) if by_year else _COLUMNS, drawn)


def _by_year() -> Spec:
    return {
        "x": {
            "field": "year",
            "type": "ordinal",
            "title": None,
            "axis": {"labelOverlap": True, "labelAngle": 0},
        },
        "color": {
            "condition": {
                "test": "datum.share > 0",
                "field": "share",
                "type": "quantitative",
                "scale": {"scheme": "viridis", "reverse": True, "domain": [0, 1]},
                "legend": {
                    "title": None,
                    "format": ".0%",
                    "orient": "top",
                    "gradientThickness": 8,
                    "offset": 2,
                },
            },
            "value": LAND,
        },
    }


_BLUE = KIND_COLORS["Instruments"]
_SHARE: Spec = {
    "x": {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"format": ".0%", "tickCount": 5},
        "title": None,
    }
}
