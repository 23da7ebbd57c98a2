"""Bars: topics, organisations, pairs, completeness; by year: records, instruments in force."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

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
    quantity,
    ramp,
    ticks,
    unique_labels,
    with_frame,
)
from healthcoop.files.visible import visible

STEP = 13
"""Pixels from one bar to the next."""

_MOST = 60  # bars that fit a page
_MOST_PAIRS = 30
_ORG = "organisation"
_LONG = 34  # letters of a name beside which the legend has a single column


def topics(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each topic has."""
    codes = [row["topic"] for row in rows]
    named = unique_labels({code: about.names.label_in("topics", code) for code in codes})
    more = ["A record counts in each of its topics"]
    return _by_kind(rows, [*named.values()], about, title="Topics", name="topic", extra=more)


def organisations(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each organisation has."""
    named = unique_labels({code: about.names.label(code) for code in (row[_ORG] for row in rows)})
    return _by_kind(rows, [*named.values()], about, title="Organisations", name=_ORG)


def pairs(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each of the first pairs has."""
    named = unique_labels(
        {
            f"{row['a']} {row['b']}": " – ".join(about.names.label(row[end]) for end in "ab")
            for row in rows
        }
    )
    return _by_kind(rows, [*named.values()], about, title="Pairs", name="pair", most=_MOST_PAIRS)


def _by_kind(
    rows: Sequence[Row],
    labels: Sequence[str],
    about: About,
    *,
    title: str,
    name: str,
    most: int = _MOST,
    extra: Sequence[str] = (),
) -> Chart:
    columns = (name, "kind", "records")
    if not rows:
        return no_records(about, title=title, columns=columns)
    order = labels[:most]
    drawn = _kinds(rows, order, name=name)
    if len(order) < len(rows):
        extra = [*extra, f"The first {len(order)} of {len(rows):,}"]
    axes = {
        "y": _names(name, order),
        "x": quantity("records", "Records", max(row["records"] for row in rows[:most])),
    }
    legend_columns = 2 if max(map(len, order)) < _LONG else 1
    body = _stacked(columns, drawn, axes, KIND_COLORS, legend_columns=legend_columns)
    spec = with_frame(body, about, title=title, size=(NARROW, STEP * len(order)), extra=extra)
    return Chart(spec, columns, drawn)


def _kinds(rows: Sequence[Row], labels: Sequence[Any], *, name: str) -> list[dict[str, Any]]:
    """Return two rows for each labelled row: its instruments and its encounters."""
    return [
        {name: label, "kind": kind, "records": row[kind.lower()]}
        for row, label in zip(rows, labels, strict=False)
        for kind in KIND_COLORS
    ]


def _stacked(
    columns: tuple[str, str, str],
    drawn: Sequence[Row],
    axes: Spec,
    colors: Mapping[str, str],
    *,
    legend_columns: int,
    width: float | None = None,
) -> Spec:
    """Return stacked bars: ``columns`` are the bar, its part (a key of ``colors``), the number."""
    bar, part, number = columns
    values = [
        {**described(row, row[bar], row[part], row[number]), "rank": [*colors].index(row[part])}
        for row in drawn
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "bar"} if width is None else {"type": "bar", "size": width},
        "encoding": {
            **axes,
            "color": {
                "field": part,
                "type": "nominal",
                "scale": {"domain": [*colors], "range": [*colors.values()]},
                "legend": {"orient": "top", "title": None, "columns": legend_columns},
            },
            "order": {"field": "rank", "type": "quantitative"},
            "description": {"field": DESCRIPTION},
        },
    }


def _names(field: str, order: Sequence[str]) -> Spec:
    """Return an axis of names, from top to bottom in this order."""
    return {
        "field": field,
        "type": "nominal",
        "sort": [*order],
        "title": None,
        "axis": {"ticks": False, "domain": False, "labelOverlap": False, "labelFontSize": 8.5},
        "scale": {"paddingInner": 0.25, "paddingOuter": 0.1},
    }


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
    rows = sorted(rows, key=lambda row: row["year"])
    drawn = _kinds(rows, [row["year"] for row in rows], name="year")
    first, last = rows[0]["year"], rows[-1]["year"]
    axes = {
        "x": _years(first, last),
        "y": quantity("records", "Records", max(row["records"] for row in rows)),
    }
    width = _bar_width(last - first + 1)
    body = _stacked(_YEARS, drawn, axes, KIND_COLORS, legend_columns=2, width=width)
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
    rows = sorted(rows, key=lambda row: row["day"])
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
    axes = {
        "x": _years(first, last, title="Year (31 December)") if yearly else _days(days),
        "y": quantity("instruments", "Instruments", max(r["possible"] + r["no"] for r in rows)),
    }
    body = _stacked(_STATUS, drawn, axes, _STATES, legend_columns=1, width=_bar_width(bars))
    for value in body["data"]["values"]:
        value["year"] = int(value["day"][:4])
    unfinished = [f"{last}: on {days[-1]}"] if yearly and not days[-1].endswith(_LAST_DAY) else []
    spec = with_frame(body, about, title=title, size=(NARROW, _HEIGHT), extra=unfinished)
    return Chart(spec, _STATUS, drawn)


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
    body: Spec = {**marks, "encoding": {"y": _names("field", fields), **marks["encoding"]}}
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
    first, last = (pick(row["year"] for row in drawn) for pick in (min, max))
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
