"""Where the nodes of a network stand and where their names go: the same for the same rows."""

import math
from collections.abc import Mapping, Sequence

Point = tuple[float, float]
Edges = Mapping[tuple[str, str], float]

_ROUNDS = 240
_START = 0.12  # of the frame: how far a node may move in the first round
_GRAVITY = 0.9  # keeps what no edge holds from drifting off
_GOLDEN = math.pi * (3 - math.sqrt(5))


def springs(nodes: Sequence[str], edges: Edges) -> dict[str, Point]:
    """Place nodes by force (Fruchterman and Reingold 1991, doi 10.1002/spe.4380211102).

    Nodes repel, edges draw together by the root of their weight. Nothing is random: they start on
    a spiral, the first in its middle. Gives x and y from 0 to 1.
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
        pull = distance / rest * math.sqrt(weight) * 0.35
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
    """Stretch a layout to fill its frame; rounded, so that no machine's last digit shows."""
    spread: list[list[float]] = []
    for axis in zip(*places.values(), strict=True):
        low, high = min(axis), max(axis)
        room = high - low
        spread.append([round((value - low) / room, 4) if room else 0.5 for value in axis])
    return dict(zip(places, zip(*spread, strict=True), strict=True))  # type: ignore[arg-type]


Box = tuple[float, float, float, float]


def labels(
    names: Mapping[str, str],
    places: Mapping[str, Point],
    radii: Mapping[str, float],
    *,
    size: float,
) -> dict[str, tuple[Point, str]]:
    """Place a name beside each node where it covers nothing: its anchor and text alignment.

    ``places`` and ``radii`` are in pixels, ``size`` is that of the letters. Names come in order of
    weight: the first choose first. Where no side is free, the least crowded one is taken.
    """
    circles: list[Box] = [
        (x - radii[node], y - radii[node], x + radii[node], y + radii[node])
        for node, (x, y) in places.items()
    ]
    taken: list[Box] = []
    found: dict[str, tuple[Point, str]] = {}
    for node, name in names.items():
        x, y = places[node]
        wide, off = len(name) * size * 0.54, radii[node] + 2
        choices: list[tuple[Point, str, Box]] = []
        for tilt in (0, 0.6, -0.6, 1):
            dy = tilt * (radii[node] + size * 0.6)
            high = (y + dy - size * 0.55, y + dy + size * 0.55)
            choices += [
                ((x + off, y + dy), "left", (x + off, high[0], x + off + wide, high[1])),
                ((x - off, y + dy), "right", (x - off - wide, high[0], x - off, high[1])),
            ]
        for dy in (off + size * 0.55, -off - size * 0.55):
            box = (x - wide / 2, y + dy - size * 0.55, x + wide / 2, y + dy + size * 0.55)
            choices.append(((x, y + dy), "center", box))
        best = min(choices, key=lambda choice: _covered(choice[2], [*circles, *taken]))
        taken.append(best[2])
        found[node] = (best[0], best[1])
    return found


def _covered(box: Box, others: Sequence[Box]) -> float:
    area = 0.0
    for other in others:
        wide = min(box[2], other[2]) - max(box[0], other[0])
        high = min(box[3], other[3]) - max(box[1], other[1])
        area += max(0.0, wide) * max(0.0, high)
    return area
