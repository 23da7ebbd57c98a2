"""Time from left to right: records by year and kind, and how much was in force."""

from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.bars import by_kind
from healthcoop.export.charts.frame import (
    KIND_COLORS,
    NARROW,
    WIDE,
    About,
    Chart,
    Row,
    Spec,
    framed,
    sentence,
)

_YEARS = ("year", "kind", "records")
_STATUS = ("day", "status", "instruments")
_HEIGHT = 150
_FEW_DAYS = 5  # of which each is worth a bar of its own
_MANY_YEARS = 45  # from which a bar in a column would be thinner than one can see
_COUNTS = {"type": "quantitative", "axis": {"tickMinStep": 1, "tickCount": 5}}
_STATES = {
    "Certainly in force": "#0072B2",
    "Possibly in force": "#56B4E9",
    "Not in force any more, or not yet": "#D9D9D9",
}
"""Blue, sky blue (Okabe and Ito) and grey."""


def years(rows: Sequence[Row], about: About) -> Chart:
    """Draw the instruments and encounters of each year, one on the other."""
    title = "Records by year"
    if not rows:
        return sentence(about, title=title, columns=_YEARS)
    drawn: list[dict[str, Any]] = [
        {"year": row["year"], "kind": kind, "records": row[kind.lower()]}
        for row in rows
        for kind in KIND_COLORS
    ]
    first, last = rows[0]["year"], rows[-1]["year"]
    width = WIDE if last - first > _MANY_YEARS else NARROW
    bar = max(1.0, round((width - 60) / (last - first + 1) * 0.8, 1))
    body: Spec = {
        "data": {"values": drawn},
        "mark": {"type": "bar", "size": min(bar, 30)},
        "encoding": {
            "x": {
                "field": "year",
                "type": "quantitative",
                "scale": {"domain": [first - 0.6, last + 0.6], "nice": False, "zero": False},
                "axis": {"format": "d", "tickMinStep": 1, "grid": False, "tickCount": 8},
                "title": None,
            },
            "y": {"field": "records", **_COUNTS, "title": "Records"},
            "color": by_kind(),
            "order": {"field": "kind", "sort": "descending"},
        },
    }
    unfinished = [f"{last} up to {about.day.isoformat()}"] if last == about.day.year else []
    spec = framed(body, about, title=title, size=(width, _HEIGHT), extra=unfinished)
    return Chart(spec, _YEARS, drawn)


def status(rows: Sequence[Row], about: About) -> Chart:
    """Draw of all instruments up to each day how many were certainly, and possibly, in force.

    Here, unlike in the rows, what is certain is not counted as possible too.
    """
    title = "Instruments in force"
    if not rows:
        return sentence(about, title=title, columns=_STATUS)
    few = len(rows) < _FEW_DAYS
    drawn: list[dict[str, Any]] = []
    for row in rows:
        numbers = (row["certain"], row["possible"] - row["certain"], row["no"])
        drawn += [
            {"day": row["day"], "status": state, "instruments": number}
            for state, number in zip(_STATES, numbers, strict=True)
        ]
    colors = {"domain": [*_STATES], "range": [*_STATES.values()]}
    body: Spec = {
        "data": {"values": [{**row, "rank": n % 3} for n, row in enumerate(drawn)]},
        "mark": {"type": "bar", "size": 30} if few else {"type": "area"},
        "encoding": {
            "x": _DAYS if few else _YEARS_OF_DAYS,
            "y": {"field": "instruments", **_COUNTS, "title": "Instruments"},
            "color": {
                "field": "status",
                "type": "nominal",
                "scale": colors,
                "legend": {"orient": "top", "title": None, "columns": 1, "offset": 2},
            },
            "order": {"field": "rank", "type": "quantitative"},
        },
    }
    width = WIDE if len(rows) > _MANY_YEARS else NARROW
    spec = framed(body, about, title=title, size=(width, _HEIGHT))
    return Chart(spec, _STATUS, drawn)


_DAYS: Spec = {"field": "day", "type": "ordinal", "axis": {"labelAngle": 0}, "title": None}
_YEARS_OF_DAYS: Spec = {
    "field": "day",
    "type": "temporal",
    "scale": {"type": "utc"},
    "axis": {"format": "%Y", "grid": False, "tickCount": 6},
    "title": None,
}
