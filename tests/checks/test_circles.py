"""Ways round in a graph: found where there are any, once for each knot, and in little time."""

from itertools import pairwise
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from healthcoop.checks.circles import circles

NODES = "abcdef"
GRAPHS = st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from(NODES + "x"), max_size=4))


def reached(edges: dict[str, list[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [*edges.get(start, ())]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += edges.get(node, ())
    return found


@given(GRAPHS)
def test_every_knot_has_one_way_round_that_follows_the_edges(edges: dict[str, list[str]]) -> None:
    """A knot is what reaches itself by way of others, said here by walking from every node."""
    knots = {
        frozenset(other for other in reached(edges, node) if node in reached(edges, other))
        for node in edges
    }
    ways = circles(edges)
    assert len(ways) == sum(len(knot) > 1 for knot in knots)
    for way in ways:
        assert way[0] == way[-1]
        assert len(way) > 2
        assert all(later in edges[earlier] for earlier, later in pairwise(way))
        assert len(set(way)) == len(way) - 1


def test_the_way_is_the_shortest_from_the_first_node() -> None:
    edges = {"b": ["c"], "c": ["d", "b"], "d": ["b"]}
    assert circles(edges) == [["b", "c", "b"]]


def test_a_long_chain_and_a_large_knot_take_no_recursion_and_little_time() -> None:
    """Nobody's record makes a run slow."""
    chain = {str(number): [str(number + 1)] for number in range(50_000)}
    begun = process_time()
    assert circles(chain) == []
    (way,) = circles(chain | {"50000": ["0"]})
    assert len(way) == 50_002
    assert process_time() - begun < 10
