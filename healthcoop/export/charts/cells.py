"""Cells of a table, darker for more records, with the number in each where it fits."""

from collections.abc import Mapping, Sequence
from typing import Any

from healthcoop.export.charts.frame import DESCRIPTION, Spec, ink_on, scale

_LETTERS = 8
_WIDTH_OF_A_DIGIT = 5
_MARGIN = 2


def heat_map(cells: Sequence[Mapping[str, Any]], *, size: tuple[float, float]) -> list[Spec]:
    """Return the layers of cells of a width and height in pixels.

    Each cell has the labels of its two axes, its ``records``, and its DESCRIPTION.
    """
    classes = scale(cell["records"] for cell in cells)
    values = [
        {
            **cell,
            "class": classes.labels[place := classes.place(cell["records"])],
            "ink": ink_on(classes.colors[place]),
        }
        for cell in cells
    ]
    color = {
        "field": "class",
        "type": "ordinal",
        "scale": {"domain": [*classes.labels], "range": [*classes.colors]},
        "legend": {"title": "Records", "orient": "bottom", "columns": 3},
    }
    layers: list[Spec] = [
        {
            "data": {"values": values},
            "mark": {"type": "rect"},
            "encoding": {"color": color, "description": {"field": DESCRIPTION}},
        }
    ]
    digits = max((len(str(cell["records"])) for cell in cells), default=1)
    width, height = size
    if height >= _LETTERS + 1 and width >= digits * _WIDTH_OF_A_DIGIT + _MARGIN:
        ink = {"field": "ink", "type": "nominal", "scale": None}
        layers.append(
            {
                "data": {"values": values},
                "mark": {"type": "text", "fontSize": _LETTERS, "aria": False},
                "encoding": {"text": {"field": "records"}, "color": ink},
            }
        )
    return layers


def axis(field: str, order: Sequence[str], **changes: Any) -> Spec:
    """Return the axis of a field whose values are in order."""
    return {
        "field": field,
        "type": "nominal",
        "sort": [*order],
        "scale": {"domain": [*order], "padding": 0.06},
        "title": None,
        "axis": {
            **{"ticks": False, "domain": False, "labelOverlap": False},
            **{"labelFontSize": _LETTERS, "labelPadding": 1, **changes},
        },
    }


def across(field: str, order: Sequence[str], **changes: Any) -> Spec:
    """Return ``axis`` above the cells, its labels on end."""
    return axis(field, order, orient="top", labelAngle=-90, **changes)
