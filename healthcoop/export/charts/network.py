"""The network of countries: a circle for each, a line for each pair."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from healthcoop.export.charts.frame import (
    DESCRIPTION,
    INK,
    NARROW,
    About,
    Chart,
    Row,
    Spec,
    no_records,
    parties,
    unique_labels,
    with_frame,
)
from healthcoop.export.charts.layout import Point, labels, springs

_COLUMNS = ("a", "b", "weight")
_MOST = 30  # nodes whose names are legible in a column
_HEIGHT = 300
_LEAST_HEIGHT = 70
_HEIGHT_OF_A_NODE = 18
_MARGIN = (24, 8)
_MOST_LINES = 100  # more cannot be distinguished
_LETTERS = 8
_BLUE = "#0072B2"
_GREY = "#999999"
_SMALLEST, _LARGEST = 14, 240  # square pixels of a circle's square
_THINNEST, _THICKEST = 0.4, 4


def network(rows: Sequence[Row], about: About) -> Chart:
    """Draw the countries of most strength as circles, and the pairs in ``about.edges`` as lines.

    Countries without a line to another of these are left out, and counted in the caption. The area
    of a circle is the strength, the thickness of a line the weight of the pair.
    """
    title = "Who works with whom"
    strengths = {row["country"]: row["strength"] for row in rows[:_MOST] if row["strength"]}
    all_drawn = [
        {"a": row["a"], "b": row["b"], "weight": row["weight"]}
        for row in about.edges
        if row["a"] in strengths and row["b"] in strengths
    ]
    # Pairs are sorted by weight, heaviest first.
    drawn = all_drawn[:_MOST_LINES]
    connected = {code for row in drawn for code in (row["a"], row["b"])}
    alone = len(strengths) - len(connected)
    strengths = {code: number for code, number in strengths.items() if code in connected}
    named = unique_labels({code: about.names.label(code) for code in strengths})
    if not drawn:
        return no_records(about, title=title, columns=_COLUMNS)
    between = {(row["a"], row["b"]): float(row["weight"]) for row in drawn}
    height = min(_HEIGHT, _LEAST_HEIGHT + _HEIGHT_OF_A_NODE * len(strengths))
    places = {
        code: _in_frame(point, height) for code, point in springs([*strengths], between).items()
    }
    lines: list[dict[str, Any]] = [
        {
            **row,
            **dict(zip(("x", "y"), places[row["a"]], strict=True)),
            **dict(zip(("x2", "y2"), places[row["b"]], strict=True)),
            DESCRIPTION: f"{named[row['a']]} – {named[row['b']]}: {row['weight']:g}",
        }
        for row in drawn
    ]
    who = parties(named, about)
    shown = f"{len(strengths)} of {len(rows):,} {who}, with most records"
    left_out = f"The {len(drawn)} thickest of {len(all_drawn)} lines"
    unconnected = f"{alone} more, without a line to these, {'is' if alone == 1 else 'are'} left out"
    spec = with_frame(
        {
            "layer": [_lines(lines), *_nodes(strengths, named, places, edges=between)],
            "resolve": {"legend": {"size": "independent", "strokeWidth": "independent"}},
        },
        about,
        title=title,
        size=(NARROW, height),
        extra=[
            shown if len(strengths) < len(rows) else f"{len(rows)} {who}",
            *([unconnected] if alone else []),
            *([left_out] if len(drawn) < len(all_drawn) else []),
        ],
    )
    circles = [{"a": code, "b": None, "weight": number} for code, number in strengths.items()]
    return Chart(spec, _COLUMNS, circles + drawn)


def _in_frame(point: Point, height: float) -> Point:
    (left, top), width = _MARGIN, NARROW - 12
    return (
        round(left + point[0] * (width - 2 * left), 1),
        round(top + point[1] * (height - 2 * top), 1),
    )


def _lines(lines: list[dict[str, Any]]) -> Spec:
    weights = [line["weight"] for line in lines]
    return {
        "data": {"values": lines},
        "mark": {"type": "rule", "color": _GREY, "opacity": 0.7, "strokeCap": "round"},
        "encoding": {
            **_position("x", "y"),
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "strokeWidth": {
                "field": "weight",
                "type": "quantitative",
                "scale": {"domain": [0, max(weights)], "range": [_THINNEST, _THICKEST]},
                "legend": {
                    **_legend("Records of the two", weights),
                    "symbolType": "stroke",
                    "symbolStrokeColor": _GREY,
                },
            },
            "description": {"field": DESCRIPTION},
        },
    }


def _nodes(
    strengths: Mapping[str, float],
    named: Mapping[str, str],
    places: Mapping[str, Point],
    *,
    edges: Iterable[tuple[str, str]],
) -> list[Spec]:
    most = max(strengths.values())
    radii = {
        code: math.sqrt(_SMALLEST + (_LARGEST - _SMALLEST) * number / most) / 2
        for code, number in strengths.items()
    }
    anchors = labels(named, places, radii, edges=edges, size=_LETTERS)
    circles = [
        {
            "country": code,
            "x": x,
            "y": y,
            "strength": strengths[code],
            "label": named[code],
            "label_x": round(anchors[code][0][0], 1),
            "label_y": round(anchors[code][0][1], 1),
            "align": anchors[code][1],
            DESCRIPTION: f"{named[code]}: {strengths[code]:g}",
        }
        for code, (x, y) in places.items()
    ]
    circle: Spec = {
        "mark": {"type": "circle", "color": _BLUE, "opacity": 1, "stroke": "white"},
        "encoding": {
            **_position("x", "y"),
            "size": {
                "field": "strength",
                "type": "quantitative",
                "scale": {"domain": [0, most], "range": [_SMALLEST, _LARGEST]},
                "legend": {
                    **_legend("Records with all", [*strengths.values()]),
                    "symbolType": "circle",
                    "symbolFillColor": _BLUE,
                },
            },
            "description": {"field": DESCRIPTION},
        },
    }
    # A halo under each name keeps it legible on a line.
    halo = {"stroke": "white", "strokeWidth": 2.5, "opacity": 0.85}
    return [
        {"data": {"values": circles}, "layer": [*_names(**halo), circle, *_names()]},
    ]


def _legend(title: str, numbers: Sequence[float]) -> Spec:
    """Return a legend with the least and the greatest number."""
    return {
        "title": title,
        "orient": "bottom",
        "direction": "horizontal",
        "values": sorted({min(numbers), max(numbers)}),
        "labelExpr": "format(datum.value, ',.2~f')",
    }


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
                "aria": False,
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
            "scale": {"domain": [0, NARROW - 12], "nice": False},
        },
        # In pixels, unscaled; the width may shrink for a name beside the last circle.
        "y": {"field": y, "type": "quantitative", "axis": None, "scale": None},
    }
