"""The network of countries: a circle each, a line for the records of two."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from healthcoop.export.charts.frame import (
    INK,
    WIDE,
    About,
    Chart,
    Row,
    Spec,
    framed,
    sentence,
)
from healthcoop.export.charts.layout import Point, labels, springs
from healthcoop.text.visible import visible

_COLUMNS = ("a", "b", "weight")
_MOST = 45  # nodes whose names can be read on a page
_HEIGHT = 470
_MARGIN = (50, 14)
_LETTERS = 9
_BLUE = "#0072B2"


def network(rows: Sequence[Row], about: About, *, edges: Sequence[Row]) -> Chart:
    """Draw the countries of most strength; ``edges`` are rows as of pairs.

    A circle's area is the country's strength, a line's width the records of two.
    """
    title = "Who works with whom"
    strengths = {row["country"]: row["strength"] for row in rows[:_MOST] if row["strength"]}
    drawn = [
        {"a": row["a"], "b": row["b"], "weight": row["weight"]}
        for row in edges
        if row["a"] in strengths and row["b"] in strengths
    ]
    if not drawn:
        return sentence(about, title=title, columns=_COLUMNS)
    between = {(row["a"], row["b"]): float(row["weight"]) for row in drawn}
    places = {code: _in_frame(point) for code, point in springs([*strengths], between).items()}
    heaviest = max(between.values())
    lines: list[dict[str, Any]] = [
        {
            **row,
            **dict(zip(("x", "y"), places[row["a"]], strict=True)),
            **dict(zip(("x2", "y2"), places[row["b"]], strict=True)),
            "width": round(0.4 + 3.6 * row["weight"] / heaviest, 2),
        }
        for row in drawn
    ]
    spec = framed(
        {"layer": [_lines(lines), *_nodes(strengths, places, between, about=about)]},
        about,
        title=title,
        size=(WIDE, _HEIGHT),
        extra=[
            f"{_shown(len(strengths), len(rows))}; circles: records with partners; "
            f"lines: records of two, up to {heaviest:g}"
        ],
    )
    return Chart(spec, _COLUMNS, drawn)


def _shown(number: int, of: int) -> str:
    return f"{of} countries" if number == of else f"{number} of {of} countries, with most records"


def _in_frame(point: Point) -> Point:
    (left, top), width = _MARGIN, WIDE - 12
    return (
        round(left + point[0] * (width - 2 * left), 1),
        round(top + point[1] * (_HEIGHT - 2 * top), 1),
    )


def _lines(lines: list[dict[str, Any]]) -> Spec:
    return {
        "data": {"values": lines},
        "mark": {"type": "rule", "color": "#999999", "opacity": 0.7, "strokeCap": "round"},
        "encoding": {
            **_position("x", "y"),
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
        },
    }


def _nodes(
    strengths: dict[str, float],
    places: dict[str, Point],
    edges: Iterable[tuple[str, str]],
    *,
    about: About,
) -> list[Spec]:
    most = max(strengths.values())
    radii = {code: 2.5 + 8.5 * math.sqrt(number / most) for code, number in strengths.items()}
    names = {code: visible(about.names.label(code)) for code in strengths}
    beside = labels(names, places, radii, edges=edges, size=_LETTERS)
    circles = [
        {
            "country": code,
            "x": x,
            "y": y,
            "area": round(math.pi * radii[code] ** 2, 1),
            "label": names[code],
            "label_x": round(beside[code][0][0], 1),
            "label_y": round(beside[code][0][1], 1),
            "align": beside[code][1],
        }
        for code, (x, y) in places.items()
    ]
    circle: Spec = {
        "mark": {"type": "circle", "color": _BLUE, "opacity": 1, "stroke": "white"},
        "encoding": {
            **_position("x", "y"),
            "size": {"field": "area", "type": "quantitative", "scale": None, "legend": None},
        },
    }
    # A halo under each name, so that it can be read where it lies on a line.
    halo = {"stroke": "white", "strokeWidth": 2.5, "opacity": 0.85}
    return [
        {"data": {"values": circles}, "layer": [*_names(**halo), circle, *_names()]},
    ]


def _names(**mark: Any) -> list[Spec]:
    return [
        {
            "transform": [{"filter": f"datum.align === '{align}'"}],
            "mark": {
                "type": "text",
                "fontSize": _LETTERS,
                "color": INK,
                "align": align,
                "baseline": "middle",
                **mark,
            },
            "encoding": {**_position("label_x", "label_y"), "text": {"field": "label"}},
        }
        for align in ("left", "right", "center")
    ]


def _position(x: str, y: str) -> Spec:
    return {
        "x": {
            "field": x,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, WIDE - 12], "nice": False},
        },
        "y": {
            "field": y,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [_HEIGHT, 0], "nice": False},
        },
    }
