"""Measures of a network that SQL does not give."""

from collections.abc import Sequence

from healthcoop.errors import HealthcoopError


def betweenness(ties: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Give the betweenness of each node of an undirected network, 0 to 1, 6 digits.

    It is the mean over all pairs of other nodes of the share of their shortest paths that lead
    through the node, each edge being one step whatever its weight (Freeman 1977, doi
    10.2307/3033543; the algorithm is that of Brandes 2001). Raises HealthcoopError where networkx
    is not installed.
    """
    try:
        import networkx
    except ImportError:
        raise HealthcoopError(
            "betweenness needs networkx", hint="pip install 'healthcoop[network]'"
        ) from None
    graph = networkx.Graph()
    graph.add_edges_from(ties)
    values = networkx.betweenness_centrality(graph, normalized=True)
    return {code: round(value, 6) for code, value in values.items()}
