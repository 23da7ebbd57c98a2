"""A chart for light backgrounds to one for dark ones, without drawing it again."""

import re
from collections.abc import Mapping

from healthcoop.export.charts.frame import FOCUS, INK, KIND_COLORS, LAND, MOST_CLASSES, ramp

_BACKGROUND = "#14171A"
_INK = "#E7E9EA"
_RAMP = ("#2F4A73", "#35688E", "#26828E", "#1F9E89", "#4FC46B", "#A5DB36", "#FDE725")
"""Viridis from blue to yellow: dark is low, and no class is as dark as land without records."""

_COLORS: Mapping[str, str] = {
    "white": _BACKGROUND,
    "black": _INK,
    INK: _INK,
    LAND: "#2A3036",
    FOCUS: "#F0803C",
    # What is written on a colour of the ramp, which is dark where it was light.
    "#FFFFFF": "#000000",
    "#000000": "#FFFFFF",
    "#555555": "#A3ABB2",
    "#888888": "#7A838B",
    "#999999": "#6A737B",
    "#A0A0A0": "#59626A",
    "#E4E4E4": "#2C3237",
    **dict(zip(KIND_COLORS.values(), ("#5AAEE3", "#F0A95C"), strict=True)),
    "#56B4E9": "#2C638C",
    "#D9D9D9": "#3A4047",
    **{
        light: dark
        for number in range(1, MOST_CLASSES + 1)
        for light, dark in zip(ramp(number), ramp(number, _RAMP), strict=True)
    },
}
"""The colour for a dark background, by that of a light one."""

_PAINTED = re.compile(r'(?<= fill=")[^"]*|(?<= stroke=")[^"]*')


def dark(svg: bytes) -> bytes:
    """Return an SVG chart with its colours for a dark background."""
    return _PAINTED.sub(lambda color: _COLORS.get(color[0], color[0]), svg.decode()).encode()
