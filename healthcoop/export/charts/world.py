"""World maps in the Equal Earth projection: records by country, or one country's partners.

Shapes and points in world.json are from Natural Earth, which is in the public domain. Boundaries
are the de facto ones of that source and express no position.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from healthcoop.export.charts.frame import (
    DESCRIPTION,
    FOCUS,
    LAND,
    NARROW,
    About,
    Chart,
    Row,
    Scale,
    Spec,
    no_records,
    scale,
    with_frame,
)
from healthcoop.files.visible import visible

_COLUMNS = ("country", "name", "records", "class")
# Square kilometres below which a country has a circle: with few records where it is invisible at a
# column's width (one pixel), with the most where it could be overlooked (four).
_SMALL, _SMALL_WITH_MOST = 15_000, 60_000
_HEIGHT = 146
_NAMED = 5  # how many parties that are not on the map are named
# The description of a shape for screen readers.
_SENTENCE = (
    "!datum.name ? datum.id || '' : datum.name + (datum.records ? ': ' + datum.records : '')"
)
_NONE = "None"
_LEGEND_COLUMNS = 4
# Cut the map in the Bering Strait, so that eastern Siberia stays whole.
_PROJECTION = {"type": "equalEarth", "rotate": [-11, 0, 0]}


def countries(rows: Sequence[Row], about: About) -> Chart:
    """Draw the number of records of each country."""
    title = "Records by country"
    numbers = {row["country"]: row["records"] for row in rows}
    return _world(numbers, about, title=title)


def partners(rows: Sequence[Row], about: About) -> Chart:
    """Draw the number of records of each partner of ``about.focus``; rows are those of pairs."""
    focus = about.focus or ""
    numbers = {
        row["b"] if row["a"] == focus else row["a"]: row["records"]
        for row in rows
        if focus in (row["a"], row["b"])
    }
    return _world(numbers, about, title=f"Partners of {about.names.label(focus)}", focus=focus)


def points() -> dict[str, tuple[float, float]]:
    """Return the longitude and latitude of a point in each country of the map, by its code."""
    return {point["id"]: (point["lon"], point["lat"]) for point in read_world()["points"]}


def read_world() -> dict[str, Any]:
    """Return world.json: ``points`` of countries, and their shapes as a TopoJSON ``topology``."""
    world: dict[str, Any] = json.loads(
        (Path(__file__).parent / "world.json").read_text(encoding="utf-8")
    )
    return world


def _world(numbers: dict[str, int], about: About, *, title: str, focus: str = "") -> Chart:
    if not numbers:
        return no_records(about, title=title, columns=_COLUMNS)
    world = read_world()
    places = {point["id"]: point for point in world["points"]}
    classes = scale(numbers.values())
    drawn: list[dict[str, Any]] = [
        {
            "country": code,
            "name": visible(about.names.label(code)),
            "records": number,
            "class": classes.labels[classes.place(number)],
        }
        for code, number in numbers.items()
        if code in places
    ]
    circled = {
        code
        for code, number in numbers.items()
        if code in places and is_small(places[code], classes.place(number), classes)
    }
    if focus in places:
        if is_small(places[focus], 0, classes):
            circled.add(focus)
        label = visible(about.names.label(focus))
        drawn.append({"country": focus, "name": label, "records": None, "class": label})
        classes = Scale((label, *classes.labels), (0, *classes.least), (FOCUS, *classes.colors))
    dots = [
        {**row, "lon": places[row["country"]]["lon"], "lat": places[row["country"]]["lat"]}
        for row in drawn
        if row["country"] in circled
    ]
    extra = ["Circles: small countries"] if dots else []
    extra += _absent([code for code in numbers if code not in places], numbers, about)
    body: Spec = {
        "datasets": {"world": world["topology"], "drawn": drawn},
        "projection": _PROJECTION,
        "layer": [_shapes(classes, focus), _dots(dots, classes)],
    }
    spec = with_frame(body, about, title=title, size=(NARROW, _HEIGHT), extra=extra)
    return Chart(spec, _COLUMNS, drawn)


def _shapes(classes: Scale, focus: str) -> Spec:
    lookup = {"data": {"name": "drawn"}, "key": "country", "fields": ["class", "name", "records"]}
    legend = {
        "title": "Records together" if focus else "Records",
        "orient": "bottom",
        "direction": "horizontal",
        "columns": _LEGEND_COLUMNS,
    }
    return {
        "data": {"name": "world", "format": {"type": "topojson", "feature": "countries"}},
        "transform": [
            {"lookup": "id", "from": lookup},
            {"calculate": _SENTENCE, "as": DESCRIPTION},
            {"calculate": f"datum.class || '{_NONE}'", "as": "class"},
        ],
        "mark": {"type": "geoshape", "stroke": "#A0A0A0", "strokeWidth": 0.2},
        "encoding": {
            "description": {"field": DESCRIPTION},
            "color": {**_color(classes), "legend": legend},
        },
    }


def _dots(dots: list[dict[str, Any]], classes: Scale) -> Spec:
    return {
        "data": {"values": dots},
        "transform": [{"calculate": _SENTENCE, "as": DESCRIPTION}],
        "mark": {"type": "circle", "size": 13, "opacity": 1, "stroke": "black", "strokeWidth": 0.5},
        "encoding": {
            "longitude": {"field": "lon", "type": "quantitative"},
            "latitude": {"field": "lat", "type": "quantitative"},
            "description": {"field": DESCRIPTION},
            "color": {**_color(classes), "legend": None},
        },
    }


def _color(classes: Scale) -> Spec:
    return {
        "field": "class",
        "type": "ordinal",
        "scale": {"domain": [_NONE, *classes.labels], "range": [LAND, *classes.colors]},
    }


def is_small(point: dict[str, Any], place: int, classes: Scale) -> bool:
    """Return whether a country needs a circle; the more records, the larger it may be."""
    if not point["shape"] or point["km2"] is None:
        return True
    last = len(classes.labels) - 1
    share = place / last if last else 1
    limit: float = _SMALL + share * (_SMALL_WITH_MOST - _SMALL)
    return bool(point["km2"] < limit)


def _absent(codes: Sequence[str], numbers: dict[str, int], about: About) -> list[str]:
    """Return a sentence on parties that are not on the map: former states, organisations."""
    if not codes:
        return []
    named = [f"{about.names.label(code)} ({numbers[code]})" for code in codes[:_NAMED]]
    more = [f"{len(codes) - _NAMED} more"] if len(codes) > _NAMED else []
    return [f"Not on the map: {', '.join([*named, *more])}"]
