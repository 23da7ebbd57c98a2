"""The network of the sides of records: who they are, and the records of every two of them.

The numbers are those of ``stats countries``, ``stats organisations`` and ``stats pairs --with
organisations --multilateral all``, without what these count for a day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from healthcoop.index.database import Index
from healthcoop.index.query import Query
from healthcoop.index.statistics.counting import selection
from healthcoop.index.statistics.options import DEFAULTS


class Node(NamedTuple):
    """A country or organisation that is a side of records, and their numbers."""

    code: str
    is_organisation: bool
    records: int
    instruments: int
    encounters: int


class Edge(NamedTuple):
    """Two sides, ``a`` before ``b`` by code, and their records; dates are EDTF, or None."""

    a: str
    b: str
    records: int
    instruments: int
    encounters: int
    weight: float
    first: str | None
    last: str | None


@dataclass(frozen=True)
class Network:
    """Nodes and edges in the order of their codes, and how many records are in no edge, by why."""

    nodes: Iterator[Node]
    edges: Iterator[Edge]
    left_out: dict[str, int]


_UNCOUNTED = {"day": "9999-12-31", "by_pair_year": 0}
_COUNTS = """
  count(*) AS records,
  sum(kind = 'instrument') AS instruments,
  sum(kind = 'encounter') AS encounters
"""
_NODES = f"""
SELECT code, organisation, {_COUNTS}
FROM (
  SELECT DISTINCT party.code, party.organisation, selection.position, selection.kind
  FROM selection JOIN party ON party.record = selection.id AND party.side
)
GROUP BY organisation, code ORDER BY organisation, code
"""
# The least and the greatest of these end with the first and the last date.
_DATED = "first_key || printf(' %09d ', pair_record.position) || first"
_EDGES = f"""
SELECT a, b, {_COUNTS}, sum(weight) AS weight, min({_DATED}), max({_DATED})
FROM pair_record JOIN selection ON selection.position = pair_record.position
GROUP BY a, b ORDER BY a, b
"""


@contextmanager
def open_network(index: Index, query: Query) -> Iterator[Network]:
    """Open the network of the records that match, all of one state of the index.

    Raises as ``where``.
    """
    options = {"fold_former": 0, "organisations": 1, "multilateral": "all"}
    with selection(index, {**DEFAULTS, **options, **_UNCOUNTED}) as selected:
        selected.select(query)
        selected.fill("pair_record")
        (excluded,) = selected.rows("excluded")
        left_out = {reason: excluded[reason] for reason in ("too_few", "too_many")}
        nodes = selected.engine.run(_NODES).rows
        edges = selected.engine.run(_EDGES).rows
        yield Network(map(Node._make, nodes), map(_edge, edges), left_out)


def _edge(row: tuple[Any, ...]) -> Edge:
    *values, first, last = row
    return Edge(*values, *(dated and dated.rpartition(" ")[2] for dated in (first, last)))
