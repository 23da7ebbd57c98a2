"""Charts over time: records by year, and instruments in force."""

from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.bars import by_kind
from healthcoop.export.charts.frame import (
    DESCRIPTION,
    KIND_COLORS,
    NARROW,
    About,
    Chart,
    Row,
    Spec,
    described,
    no_records,
    quantity,
    ticks,
    with_frame,
)

_YEARS = ("year", "kind", "records")
_STATUS = ("day", "status", "instruments")
_HEIGHT = 150
_FEW_DAYS = 4  # days whose labels fit side by side
_LAST_DAY = "-12-31"
_STATES = {
    "Certainly in force": "#0072B2",
    "Possibly in force": "#56B4E9",
    "Not in force any more, or not yet": "#D9D9D9",
}
"""Blue, sky blue (Okabe and Ito) and grey."""


def years(rows: Sequence[Row], about: About) -> Chart:
    """Draw the instruments and encounters of each year as stacked bars."""
    title = "Records by year"
    if not rows:
        return no_records(about, title=title, columns=_YEARS)
    drawn: list[dict[str, Any]] = [
        {"year": row["year"], "kind": kind, "records": row[kind.lower()]}
        for row in rows
        for kind in KIND_COLORS
    ]
    first, last = rows[0]["year"], rows[-1]["year"]
    values = [described(row, row["year"], row["kind"], row["records"]) for row in drawn]
    body: Spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "size": _bar_width(last - first + 1)},
        "encoding": {
            "x": _years(first, last),
            "y": quantity("records", "Records", max(row["records"] for row in rows)),
            "color": by_kind(),
            "order": {"field": "kind", "sort": "descending"},
            "description": {"field": DESCRIPTION},
        },
    }
    unfinished = [f"{last} up to {about.day.isoformat()}"] if last == about.day.year else []
    spec = with_frame(body, about, title=title, size=(NARROW, _HEIGHT), extra=unfinished)
    return Chart(spec, _YEARS, drawn)


def status(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many of the instruments up to each day were in force.

    Unlike in the rows, possible does not include certain.
    """
    title = "Instruments in force"
    if not rows:
        return no_records(about, title=title, columns=_STATUS)
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
        "mark": {"type": "bar", "size": _bar_width(bars)},
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
            "description": {"field": DESCRIPTION},
        },
    }
    unfinished = [f"{last}: on {days[-1]}"] if yearly and not days[-1].endswith(_LAST_DAY) else []
    spec = with_frame(body, about, title=title, size=(NARROW, _HEIGHT), extra=unfinished)
    return Chart(spec, _STATUS, drawn)


def _placed(position: int, row: Row) -> Row:
    placed = {**row, "year": int(row["day"][:4]), "rank": position % len(_STATES)}
    return described(placed, row["day"], row["status"], row["instruments"])


def _bar_width(bars: int) -> float:
    """Return the width of a bar for a number of bars."""
    return min(30, max(0.8, round((NARROW - 60) / bars * 0.8, 1)))


def _years(first: int, last: int, *, title: str = "Year") -> Spec:
    """Return an axis on which years without records keep their place."""
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
