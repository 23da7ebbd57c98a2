"""Cycles in a graph of records."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

_MAX_CYCLES = 100  # each is found by a walk of its own


def find_cycles(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield cycles that have no node in common, a hundred at most.

    ``graph`` maps nodes to those they lead to. A cycle starts and ends with the node that is first
    in ``graph``. A node that leads to itself is not a cycle.
    """
    order = {node: number for number, node in enumerate(graph)}
    remaining = {
        node: [target for target in targets if target in graph and target != node]
        for node, targets in graph.items()
    }
    for _ in range(_MAX_CYCLES):
        try:
            TopologicalSorter(remaining).prepare()
        except CycleError as error:
            backward: list[str] = error.args[1]  # the first node again at the end
            cycle = backward[:0:-1]
            first = cycle.index(min(cycle, key=order.__getitem__))
            yield [*cycle[first:], *cycle[: first + 1]]
            for node in cycle:
                del remaining[node]
        else:
            return
