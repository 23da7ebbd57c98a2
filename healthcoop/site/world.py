"""Maps of the world on pages, as shapes of SVG: countries by the class of their number of records.

Shapes and points are those of the pictures of ``stats`` (export/charts/world.py). Coordinates are
whole numbers, on a fine grid for a map as wide as a page, on a coarse one for a small map.
"""

import math
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from healthcoop.export.charts.frame import ROUND, Scale, scale_of
from healthcoop.export.charts.world import is_small, read_world

_SHADES = 5

_ROTATION = 11.0  # degrees: the map is cut in the Bering Strait, so that Siberia stays whole
_NORTH, _SOUTH = 84.0, -57.5  # degrees of latitude at the edges
# The coefficients of the projection.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2
_FEWEST = 3  # edges of a ring that has an area

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A country on the map: its path, its circle if it is small, and its shade from 1 to 5."""

    code: str
    number: int
    shade: int
    path: str
    circle: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A map: the land of all other countries, the countries, and the numbers of each shade.

    ``absent`` are the codes that are not on it.
    """

    grid: "Grid"
    land: str
    shapes: Sequence[Shape]
    shades: Mapping[int, str]
    absent: Sequence[str]


def world_map(numbers: Mapping[str, int], grid: "Grid | None" = None) -> Map:
    """Return the map of the number of records by country; fewer classes have the darkest shades.

    Large countries come first, so that no circle lies below a shape.
    """
    grid = grid or FINE
    points = _points()
    classes = _classes(numbers, grid.classes)
    lightest = _SHADES - len(classes.labels) + 1
    shapes = []
    for code, number in sorted(numbers.items()):
        if code in points:
            place = classes.place(number)
            circle = grid.circle(code) if is_small(points[code], place, classes) else None
            path = grid.paths.get(code, "")
            shade = lightest + place
            shapes.append(Shape(code=code, number=number, shade=shade, path=path, circle=circle))
    return Map(
        grid=grid,
        land=grid.land(numbers),
        shapes=sorted(shapes, key=lambda shape: shape.circle is not None),
        shades=dict(enumerate(classes.labels, start=lightest)),
        absent=[code for code in numbers if code not in points],
    )


def _classes(numbers: Mapping[str, int], at_most: int) -> Scale:
    """Return classes with round bounds: the neighbours with the fewest countries are joined."""
    most = max(numbers.values(), default=1)
    bounds = [bound for bound in ROUND if bound <= most]
    while len(bounds) > at_most:
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
_, _BOTTOM = equal_earth(0, _SOUTH)


@dataclass(frozen=True)
class Grid:
    """A grid of whole numbers on which the world is drawn, and how many classes are seen on it."""

    width: int
    classes: int

    @property
    def height(self) -> int:
        """The height for the latitudes that are drawn."""
        return math.ceil((_TOP - _BOTTOM) * self._scale)

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The path of each country that has a shape, by its code; by "" of all others."""
        return {code: "".join(map(self._path, rings)) for code, rings in _rings().items()}

    def land(self, without: Container[str] = ()) -> str:
        """Return the path of all countries but some."""
        return "".join(path for code, path in self.paths.items() if code not in without)

    def focus(self, code: str) -> Shape | None:
        """Return a country as the one that a map is about; None where it is not on maps."""
        point = _points().get(code)
        if not point:
            return None
        small = is_small(point, 0, scale_of([1], 1))
        circle = self.circle(code) if small else None
        return Shape(code=code, number=0, shade=0, path=self.paths.get(code, ""), circle=circle)

    def circle(self, code: str) -> tuple[int, int]:
        """Return the centre of a small country."""
        point = _points()[code]
        return self._place(point["lon"] + _turn(point["lon"]), point["lat"])

    @property
    def _scale(self) -> float:
        return self.width / (2 * _EAST)

    def _place(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Return a place on the grid, from the upper left corner."""
        x, y = equal_earth(longitude - _ROTATION, latitude)
        return round((_EAST + x) * self._scale), round((_TOP - y) * self._scale)

    def _path(self, ring: Sequence[Point]) -> str:
        """Return a ring as a path; empty for one that is smaller than the grid."""
        (left, top), *rest = (self._place(*position) for position in ring)
        steps, (x, y) = [], (left, top)
        for right, below in rest:
            if (right, below) != (x, y):
                steps.append(f"{right - x},{below - y}")
                x, y = right, below
        if len(steps) < _FEWEST:
            return ""
        return f"M{left},{top}l{' '.join(steps).replace(',-', '-')}z"


FINE, COARSE = Grid(1600, _SHADES), Grid(400, _SHADES - 1)


@cache
def _points() -> Mapping[str, Any]:
    return {point["id"]: point for point in read_world()["points"]}


@cache
def _rings() -> Mapping[str, Sequence[Sequence[Point]]]:
    """Return the rings of each country, in degrees, where they are drawn."""
    topology = read_world()["topology"]
    arcs = [[*_positions(arc, topology["transform"])] for arc in topology["arcs"]]
    found: defaultdict[str, list[Sequence[Point]]] = defaultdict(list)
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = geometry["arcs"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        found[geometry.get("id", "")] += [
            _drawn(_ring(ring, arcs)) for polygon in polygons for ring in polygon
        ]
    return found


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


def _drawn(ring: Sequence[Point]) -> list[Point]:
    """Return a ring that is whole where it crosses the meridian of 180°, on its side of the map."""
    whole = [ring[0]]
    for longitude, latitude in ring[1:]:
        turns = round((whole[-1][0] - longitude) / 360)
        whole.append((longitude + 360 * turns, latitude))
    turn = _turn(sum(longitude for longitude, _ in whole) / len(whole))
    return [(longitude + turn, latitude) for longitude, latitude in whole]


def _turn(longitude: float) -> int:
    """Return 360 for what lies west of where the map is cut, so that it is drawn in the east."""
    return 360 if longitude < _ROTATION - 180 else 0
