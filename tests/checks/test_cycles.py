"""Cycles: every graph with a cycle is reported, without recursion and in linear time."""

from itertools import islice, pairwise
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from healthcoop.checks.rules.files import find_cycles

NODES = "abcdef"
GRAPHS = st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from(NODES + "x"), max_size=4))


def reachable(graph: dict[str, list[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [target for target in graph.get(start, ()) if target != start]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph.get(node, ())
    return found


@given(GRAPHS)
def test_no_cycle_remains_without_the_reported_nodes(graph: dict[str, list[str]]) -> None:
    """Each cycle follows the edges, and none shares a node with another."""
    cycles = list(find_cycles(graph))
    nodes = [node for cycle in cycles for node in cycle[1:]]
    assert len(set(nodes)) == len(nodes)
    for cycle in cycles:
        assert cycle[0] == cycle[-1] == min(cycle, key=list(graph).index)
        assert len(cycle) > 2
        assert all(later in graph[earlier] for earlier, later in pairwise(cycle))
    rest = {
        node: [target for target in targets if target not in {*nodes, node}]
        for node, targets in graph.items()
        if node not in nodes
    }
    assert not any(node in reachable(rest, node) for node in rest)


def test_two_cycles_with_a_common_node_are_reported_once() -> None:
    (cycle,) = find_cycles({"b": ["c"], "c": ["d", "b"], "d": ["b"]})
    assert cycle in (["b", "c", "b"], ["b", "c", "d", "b"])


def test_long_chains_and_many_cycles_are_fast() -> None:
    chain = {str(number): [str(number + 1)] for number in range(10_000)}
    start = process_time()
    assert list(find_cycles(chain)) == []
    (cycle,) = find_cycles(chain | {"10000": ["0"]})
    assert len(cycle) == 10_002
    pairs = {str(number): [str(number ^ 1)] for number in range(1_000)}
    assert len(list(islice(find_cycles(pairs), 200))) == 100
    assert process_time() - start < 5
