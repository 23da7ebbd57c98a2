"""The map of the world on pages, as shapes of SVG: the land, and countries by class.

Shapes and points are those of the pictures of ``stats`` (export/charts/world.py). Each country is
one path, whose coordinates are whole numbers of a grid WIDTH wide.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from healthcoop.export.charts.frame import ROUND, Scale, scale_of
from healthcoop.export.charts.world import is_small, read_world

WIDTH, HEIGHT = 1600, 710
CLASSES = 5

_ROTATION = 11.0  # degrees: the map is cut in the Bering Strait, so that Siberia stays whole
_NORTH = 84.0  # degrees of latitude at the upper edge
# The coefficients of the projection.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2

_FEWEST = 3  # edges of a ring that has an area

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A country on the map: its path, or for a small one its circle, and its class from 1."""

    code: str
    number: int
    place: int
    path: str
    circle: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A map: the land of all other countries, the countries, and what each class means."""

    land: str
    shapes: Sequence[Shape]
    labels: Sequence[str]
    absent: Sequence[str]
    width: int = WIDTH
    height: int = HEIGHT


def world_map(numbers: Mapping[str, int]) -> Map:
    """Return the map of the number of records by country; ``absent`` are codes that are not on it.

    Large countries come first, so that no circle lies below a shape.
    """
    paths, points = _paths(), _points()
    classes = _classes(numbers)
    shapes = []
    for code, number in sorted(numbers.items()):
        if code in points:
            place = classes.place(number)
            small = is_small(points[code], place, classes)
            shapes.append(
                Shape(
                    code=code,
                    number=number,
                    place=place + 1,
                    path=paths.get(code, ""),
                    circle=_circle(points[code]) if small else None,
                )
            )
    return Map(
        land="".join(path for code, path in paths.items() if code not in numbers),
        shapes=sorted(shapes, key=lambda shape: shape.circle is not None),
        labels=classes.labels,
        absent=[code for code in numbers if code not in points],
    )


def _classes(numbers: Mapping[str, int]) -> Scale:
    """Return classes with round bounds: the neighbours with the fewest countries are joined."""
    most = max(numbers.values(), default=1)
    bounds = [bound for bound in ROUND if bound <= most]
    while len(bounds) > CLASSES:
        uppers = [*bounds[2:], most + 1]
        joined = [
            sum(low <= number < high for number in numbers.values())
            for low, high in zip(bounds, uppers, strict=False)
        ]
        del bounds[joined.index(min(joined)) + 1]
    return scale_of(bounds, most)


def equal_earth(longitude: float, latitude: float) -> Point:
    """Project degrees to the plane, x from -2.7066 to 2.7066 and y from -1.3173 to 1.3174, upwards.

    Equal Earth, an equal-area projection: Šavrič, Patterson and Jenny 2018, The Equal Earth map
    projection, doi 10.1080/13658816.2018.1504949, equations 1 and 2.
    """
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    x = math.radians(longitude) * math.cos(theta) / (_M * slope)
    return x, theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


_EAST, _ = equal_earth(180, 0)
_, _TOP = equal_earth(0, _NORTH)
_SCALE = WIDTH / (2 * _EAST)


def _grid(longitude: float, latitude: float) -> tuple[int, int]:
    """Return the place of a point on the grid, from the upper left corner."""
    x, y = equal_earth(longitude - _ROTATION, latitude)
    return round((_EAST + x) * _SCALE), round((_TOP - y) * _SCALE)


@cache
def _points() -> Mapping[str, Any]:
    return {point["id"]: point for point in read_world()["points"]}


@cache
def _paths() -> Mapping[str, str]:
    """Return the path of each country that has a shape, by its code; by "" of all others."""
    topology = read_world()["topology"]
    arcs = [[*_positions(arc, topology["transform"])] for arc in topology["arcs"]]
    paths: defaultdict[str, str] = defaultdict(str)
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = geometry["arcs"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        rings = (_ring(ring, arcs) for polygon in polygons for ring in polygon)
        paths[geometry.get("id", "")] += "".join(map(_path, rings))
    return paths


def _positions(arc: Sequence[Sequence[int]], transform: Mapping[str, Any]) -> Iterator[Point]:
    """Yield the longitudes and latitudes of an arc of TopoJSON, whose positions are differences."""
    (across, up), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    for right, above in arc:
        x, y = x + right, y + above
        yield x * across + left, y * up + bottom


def _ring(numbers: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """Return the positions of a ring; the number of an arc that is reversed is negative."""
    ring: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _path(ring: Sequence[Point]) -> str:
    """Return a ring as a path; empty for one that is smaller than the grid."""
    ring = _unwrapped(ring)
    turn = _turn(sum(longitude for longitude, _ in ring) / len(ring))
    (left, top), *rest = (_grid(longitude + turn, latitude) for longitude, latitude in ring)
    steps, (x, y) = [], (left, top)
    for right, below in rest:
        if (right, below) != (x, y):
            steps.append(f"{right - x},{below - y}")
            x, y = right, below
    return f"M{left},{top}l{' '.join(steps).replace(',-', '-')}z" if len(steps) >= _FEWEST else ""


def _unwrapped(ring: Sequence[Point]) -> list[Point]:
    """Return a ring whose longitudes do not jump where it crosses the meridian of 180°."""
    found = [ring[0]]
    for longitude, latitude in ring[1:]:
        turns = round((found[-1][0] - longitude) / 360)
        found.append((longitude + 360 * turns, latitude))
    return found


def _circle(point: Mapping[str, Any]) -> tuple[int, int]:
    return _grid(point["lon"] + _turn(point["lon"]), point["lat"])


def _turn(longitude: float) -> int:
    """Return 360 for what lies west of where the map is cut, so that it is drawn in the east."""
    return 360 if longitude < _ROTATION - 180 else 0
