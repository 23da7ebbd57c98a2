"""Ways round in a graph: relations that lead back to where they began."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence


def circles(edges: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Give a shortest way round for each knot of a graph, from its first node back to it.

    A knot is a set of nodes each of which leads to each other (strongly connected, found as by
    Kosaraju and Sharir); the first is the first in the order of ``edges``. A node that leads to
    itself alone is no knot. The work grows with the number of edges.
    """
    order = {node: number for number, node in enumerate(edges)}
    found = []
    for knot in _knots(edges):
        if len(knot) > 1:
            start = min(knot, key=order.__getitem__)
            found.append(_way_round(start, edges, knot))
    return sorted(found, key=lambda way: order[way[0]])


def _knots(edges: Mapping[str, Sequence[str]]) -> Iterable[set[str]]:
    backward: dict[str, list[str]] = {node: [] for node in edges}
    for node, targets in edges.items():
        for target in targets:
            if target in backward:
                backward[target].append(node)
    seen: set[str] = set()
    for root in reversed(_finished(edges)):
        knot, waiting = set(), [root]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                knot.add(node)
                waiting += backward[node]
        yield knot


def _finished(edges: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the nodes in the order in which a walk in depth leaves them."""
    finished: list[str] = []
    seen: set[str] = set()
    for root in edges:
        if root in seen:
            continue
        seen.add(root)
        walk = [(root, iter(edges[root]))]
        while walk:
            node, targets = walk[-1]
            for target in targets:
                if target in edges and target not in seen:
                    seen.add(target)
                    walk.append((target, iter(edges[target])))
                    break
            else:
                finished.append(node)
                walk.pop()
    return finished


def _way_round(start: str, edges: Mapping[str, Sequence[str]], knot: set[str]) -> list[str]:
    came_from: dict[str, str] = {}
    waiting = deque([start])
    while start not in came_from:
        node = waiting.popleft()
        for target in edges[node]:
            if target in knot and target != node and target not in came_from:
                came_from[target] = node
                waiting.append(target)
    way = [start]
    while len(way) == 1 or way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
