"""Time from left to right: records by year and kind, and how much was in force."""

from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.bars import by_kind
from healthcoop.export.charts.frame import (
    KIND_COLORS,
    NARROW,
    SAID,
    About,
    Chart,
    Row,
    Spec,
    framed,
    quantity,
    said,
    sentence,
    ticks,
)

_YEARS = ("year", "kind", "records")
_STATUS = ("day", "status", "instruments")
_HEIGHT = 150
_FEW_DAYS = 4  # that can be written beside each other
_LAST_DAY = "-12-31"
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
    body: Spec = {
        "data": {"values": [said(row, row["year"], row["kind"], row["records"]) for row in drawn]},
        "mark": {"type": "bar", "size": _thick(last - first + 1)},
        "encoding": {
            "x": _years(first, last),
            "y": quantity("records", "Records", max(row["records"] for row in rows)),
            "color": by_kind(),
            "order": {"field": "kind", "sort": "descending"},
            "description": {"field": SAID},
        },
    }
    unfinished = [f"{last} up to {about.day.isoformat()}"] if last == about.day.year else []
    spec = framed(body, about, title=title, size=(NARROW, _HEIGHT), extra=unfinished)
    return Chart(spec, _YEARS, drawn)


def status(rows: Sequence[Row], about: About) -> Chart:
    """Draw of all instruments up to each day how many were certainly, and possibly, in force.

    Here, unlike in the rows, what is certain is not counted as possible too.
    """
    title = "Instruments in force"
    if not rows:
        return sentence(about, title=title, columns=_STATUS)
    drawn: list[dict[str, Any]] = []
    for row in rows:
        numbers = (row["certain"], row["possible"] - row["certain"], row["no"])
        drawn += [
            {"day": row["day"], "status": state, "instruments": number}
            for state, number in zip(_STATES, numbers, strict=True)
        ]
    days = [row["day"] for row in rows]
    yearly = all(day.endswith(_LAST_DAY) for day in days[:-1]) and len(days) > 1
    first, last = int(days[0][:4]), int(days[-1][:4])
    bars = last - first + 1 if yearly else len(days)
    colors = {"domain": [*_STATES], "range": [*_STATES.values()]}
    body: Spec = {
        "data": {"values": [_placed(n, row) for n, row in enumerate(drawn)]},
        "mark": {"type": "bar", "size": _thick(bars)},
        "encoding": {
            "x": _years(first, last, title="Year (31 December)") if yearly else _days(days),
            "y": quantity("instruments", "Instruments", max(r["possible"] + r["no"] for r in rows)),
            "color": {
                "field": "status",
                "type": "nominal",
                "scale": colors,
                "legend": {"orient": "top", "title": None, "columns": 1},
            },
            "order": {"field": "rank", "type": "quantitative"},
            "description": {"field": SAID},
        },
    }
    unfinished = [f"{last}: on {days[-1]}"] if yearly and not days[-1].endswith(_LAST_DAY) else []
    spec = framed(body, about, title=title, size=(NARROW, _HEIGHT), extra=unfinished)
    return Chart(spec, _STATUS, drawn)


def _placed(position: int, row: Row) -> Row:
    placed = {**row, "year": int(row["day"][:4]), "rank": position % len(_STATES)}
    return said(placed, row["day"], row["status"], row["instruments"])


def _thick(bars: int) -> float:
    """Give the width of one of so many bars beside each other."""
    return min(30, max(0.8, round((NARROW - 60) / bars * 0.8, 1)))


def _years(first: int, last: int, *, title: str = "Year") -> Spec:
    """Give an axis on which each year has its place, those without records too."""
    return {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": [first - 0.6, last + 0.6], "nice": False, "zero": False},
        "axis": {"format": "d", "values": ticks(first, last), "grid": False},
        "title": title,
    }


def _days(days: Sequence[str]) -> Spec:
    angle = 0 if len(days) <= _FEW_DAYS else -90
    return {
        "field": "day",
        "type": "ordinal",
        "axis": {"labelAngle": angle, "labelOverlap": True},
        "title": "Day",
    }
