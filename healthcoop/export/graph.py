"""The network of countries and organisations: GraphML.

Attributes are named as the columns of ``stats pairs``; ``label`` and ``weight`` are the names that
Gephi and others use.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from healthcoop.export.extract import Extract
from healthcoop.export.markup import xml
from healthcoop.index.network import open_network
from healthcoop.model.regions import memberships

_NO_EDGE = {"too_few": "in no edge: fewer than two sides", "too_many": "in no edge: too many sides"}


class _Key(NamedTuple):
    """A declared attribute: of what, its name, and its type in GraphML."""

    of: str
    name: str
    type: str


_GRAPH = ("citation", "format", "title", "version", "revision", "date", "licence", "software")
_KEYS = (
    *(_Key("graph", name, "string") for name in _GRAPH),
    *(_Key("node", name, "string") for name in ("label", "kind", "region")),
    *(_Key("node", name, "int") for name in ("records", "instruments", "encounters")),
    *(_Key("edge", name, "int") for name in ("records", "instruments", "encounters")),
    _Key("edge", "weight", "double"),
    *(_Key("edge", name, "string") for name in ("first", "last")),
)
_NAMES = {of: [key.name for key in _KEYS if key.of == of] for of in ("graph", "node", "edge")}


def write_graphml(extract: Extract) -> Iterator[str]:
    """Write an undirected graph: a node for each side, an edge for every two with a record.

    The ``region`` of a country is WHO's of today.
    """
    names = extract.vocabulary
    regions = {
        one.country: one.region
        for one in memberships(names)
        if not (names.regions[one.region].kind.startswith("m49-") or one.ends)
    }
    yield from _head(extract)
    with open_network(extract.index, extract.query) as network:
        for node in network.nodes:
            values = {
                "label": names.label(node.code),
                "kind": "organisation" if node.is_organisation else "country",
                "region": None if node.is_organisation else regions.get(node.code),
                **node._asdict(),
            }
            yield f'<node id="{xml(node.code)}">{_data("node", values)}</node>\n'
        for edge in network.edges:
            a, b = xml(edge.a), xml(edge.b)
            yield f'<edge source="{a}" target="{b}">{_data("edge", edge._asdict())}</edge>\n'
        for reason, number in network.left_out.items():
            if number:
                extract.note(_NO_EDGE[reason], number)
    yield "</graph>\n</graphml>\n"


def _head(extract: Extract) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for key in _KEYS:
        declared = f'attr.name="{key.name}" attr.type="{key.type}"'
        yield f'<key id="{key.of}-{key.name}" for="{key.of}" {declared}/>\n'
    yield '<graph id="healthcoop" edgedefault="undirected">\n'
    yield _data("graph", extract.provenance.as_data()) + "\n"


def _data(of: str, values: Mapping[str, Any]) -> str:
    """Return the attributes that have a value."""
    return "".join(
        _attribute(of, name, str(value))
        for name in _NAMES[of]
        if (value := values.get(name)) not in (None, "")
    )


@lru_cache(maxsize=10_000)  # small numbers and years recur in most edges
def _attribute(of: str, name: str, text: str) -> str:
    return f'<data key="{of}-{name}">{xml(text)}</data>'
