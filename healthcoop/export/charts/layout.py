"""Positions of a network's nodes and labels, deterministic for the same rows."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

Point = tuple[float, float]
Edges = Mapping[tuple[str, str], float]

_ROUNDS = 240
_START = 0.12  # of the frame: how far a node may move in the first round
_GRAVITY = 3.0  # keeps unconnected nodes from drifting away
_ATTRACTION = 0.3
_GOLDEN = math.pi * (3 - math.sqrt(5))


def springs(nodes: Sequence[str], edges: Edges) -> dict[str, Point]:
    """Place nodes by force (Fruchterman and Reingold 1991, doi 10.1002/spe.4380211102).

    Nodes repel each other, edges attract by the root of their weight. Nothing is random: nodes
    start on a spiral, the first at its centre. Returns x and y from 0 to 1.
    """
    count = len(nodes)
    places = {
        node: (
            0.5 + 0.45 * math.sqrt((n + 0.5) / count) * math.cos(n * _GOLDEN),
            0.5 + 0.45 * math.sqrt((n + 0.5) / count) * math.sin(n * _GOLDEN),
        )
        for n, node in enumerate(nodes)
    }
    rest = 1 / math.sqrt(count or 1)
    for round_ in range(_ROUNDS):
        reach = _START * (1 - round_ / _ROUNDS)
        places = _moved(places, edges, rest=rest, reach=reach)
    return _spread(places)


def _moved(
    places: dict[str, Point], edges: Edges, *, rest: float, reach: float
) -> dict[str, Point]:
    force = {
        node: [(0.5 - x) * _GRAVITY * rest, (0.5 - y) * _GRAVITY * rest]
        for node, (x, y) in places.items()
    }
    nodes = list(places)
    for n, one in enumerate(nodes):
        for other in nodes[n + 1 :]:
            dx, dy, distance = _between(places[one], places[other])
            push = rest * rest / (distance * distance)
            _pull(force, one, other, -push * dx, -push * dy)
    for (one, other), weight in edges.items():
        dx, dy, distance = _between(places[one], places[other])
        pull = distance / rest * math.sqrt(weight) * _ATTRACTION
        _pull(force, one, other, pull * dx, pull * dy)
    moved = {}
    for node, (x, y) in places.items():
        fx, fy = force[node]
        strength = math.hypot(fx, fy) or 1.0
        step = min(strength, reach) / strength
        moved[node] = (x + fx * step, y + fy * step)
    return moved


def _between(one: Point, other: Point) -> tuple[float, float, float]:
    dx, dy = other[0] - one[0], other[1] - one[1]
    return dx, dy, max(math.hypot(dx, dy), 1e-3)


def _pull(force: dict[str, list[float]], one: str, other: str, fx: float, fy: float) -> None:
    force[one][0] += fx
    force[one][1] += fy
    force[other][0] -= fx
    force[other][1] -= fy


def _spread(places: dict[str, Point]) -> dict[str, Point]:
    """Stretch a layout to fill its frame.

    Half of a position is its rank, so that an outlier leaves room for the others. Rounded, so that
    all machines return the same digits.
    """
    spread: list[list[float]] = []
    for axis in zip(*places.values(), strict=True):
        low, room = min(axis), max(axis) - min(axis)
        ordered = sorted(axis)
        last = max(1, len(ordered) - 1)
        spread.append(
            [
                round(((value - low) / room + ordered.index(value) / last) / 2, 4) if room else 0.5
                for value in axis
            ]
        )
    return dict(zip(places, zip(*spread, strict=True), strict=True))


Box = tuple[float, float, float, float]


def labels(
    names: Mapping[str, str],
    places: Mapping[str, Point],
    radii: Mapping[str, float],
    *,
    edges: Iterable[tuple[str, str]],
    size: float,
) -> dict[str, tuple[Point, str]]:
    """Return the anchor and alignment of each label, placed where it covers least.

    ``places`` and ``radii`` are in pixels, ``size`` is that of the letters. Labels are
    placed in this order. Covering a line is preferred to covering a circle or a label.
    """
    taken = [_around(places[node], radii[node]) for node in names]
    dots = [_around(dot, 1.5) for edge in edges for dot in _along(*(places[end] for end in edge))]
    placed: dict[str, tuple[Point, str]] = {}
    for node, name in names.items():
        choices = _sides(places[node], radii[node] + 2, wide=len(name) * size * 0.54, size=size)
        near = _around(places[node], len(name) * size)
        close = [box for box in dots if _covered(box, [near])]
        anchor, align, box = min(
            choices, key=lambda side: 20 * _covered(side[2], taken) + _covered(side[2], close)
        )
        taken.append(box)
        placed[node] = (anchor, align)
    return placed


def _sides(
    place: Point, off: float, *, wide: float, size: float
) -> Iterator[tuple[Point, str, Box]]:
    """Yield possible positions of a label: its anchor, alignment and bounding box."""
    x, y = place
    half = size * 0.55
    for dy in (0, 0.7 * (off + half), -0.7 * (off + half)):
        yield (x + off, y + dy), "left", (x + off, y + dy - half, x + off + wide, y + dy + half)
        yield (x - off, y + dy), "right", (x - off - wide, y + dy - half, x - off, y + dy + half)
    for dy in (off + half, -off - half):
        box = (x - wide / 2, y + dy - half, x + wide / 2, y + dy + half)
        yield (x, y + dy), "center", box


def _along(one: Point, other: Point) -> Iterator[Point]:
    """Yield points of a line, about eight pixels apart."""
    dx, dy, distance = _between(one, other)
    steps = max(1, round(distance / 8))
    return ((one[0] + dx * n / steps, one[1] + dy * n / steps) for n in range(steps + 1))


def _around(place: Point, radius: float) -> Box:
    return place[0] - radius, place[1] - radius, place[0] + radius, place[1] + radius


def _covered(box: Box, others: Iterable[Box]) -> float:
    area = 0.0
    for other in others:
        wide = min(box[2], other[2]) - max(box[0], other[0])
        high = min(box[3], other[3]) - max(box[1], other[1])
        if wide > 0 and high > 0:
            area += wide * high
    return area
