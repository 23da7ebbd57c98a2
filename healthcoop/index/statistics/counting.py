"""The selection that statistics count, and the rows of those that need Python beside SQL."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthcoop.errors import HealthcoopError
from healthcoop.index.database import Index
from healthcoop.index.engines import Engine
from healthcoop.index.engines.sqlite_engine import SqliteEngine
from healthcoop.index.query import Query, where
from healthcoop.index.statistics.dyad_years import DyadYears, Row

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary


_HERE = Path(__file__).parent
_SHARED = {"pair_record": ("paired",), "dyads": ("paired",)}
"""The scripts of common table expressions that others begin with."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected records in one state of an engine, and the parameters that scripts may use."""

    engine: Engine
    vocabulary: "Vocabulary"
    parameters: Mapping[str, Any]

    def select(self, query: Query) -> None:
        """Fill ``selection`` with the records that match; raises as ``where``."""
        condition, values = where(query)
        # Two files may have the same id. Of what differs between them only the date is visible in a
        # statistic, so it decides their order, and the path need not be read.
        order = "record.sort_day, coalesce(record.latest, '9999-12-31'), record.ident, record.date"
        self.engine.fill(
            "selection",
            "INSERT INTO selection (id, kind, sort_day, countries, parties)"
            " SELECT record.id, record.kind, record.sort_day,"
            " coalesce(recount.countries, record.countries),"
            " coalesce(recount.parties, record.parties)"
            " FROM record LEFT JOIN recount ON recount.record = record.id"
            f" WHERE {condition} ORDER BY {order}",
            values,
        )

    def fill(self, *tables: str) -> None:
        """Fill tables of selection.sql, each with the script of its name."""
        for table in tables:
            self.engine.fill(table, script(table), self.parameters)

    def tuples(self, name: str) -> Iterable[tuple[Any, ...]]:
        """Run a script and return its rows, to be read once."""
        return self.engine.run(script(name), self.parameters).rows

    def rows(self, name: str, columns: Sequence[str] = ()) -> list[Row]:
        """Run a script; return its rows with these columns, or those of the script."""
        found, rows = self.engine.run(script(name), self.parameters)
        columns = columns or found
        return [dict(zip(columns, row, strict=True)) for row in rows]


@contextmanager
def selection(index: Index, parameters: Mapping[str, Any]) -> Iterator[Selection]:
    """Open a snapshot of the index with the empty tables of selection.sql; they last as long."""
    with index.snapshot() as connection:
        engine = SqliteEngine(connection)
        engine.create(script("selection"))
        yield prepared(Selection(engine, index.vocabulary, parameters))


def prepared(selected: Selection) -> Selection:
    """Fill the tables that say which parties are counted as another one."""
    selected.fill("successor", "recount")
    return selected


def script(name: str) -> str:
    """Return the text of a script, after the common table expressions that it shares."""
    names = (*_SHARED.get(name, ()), name)
    return "".join((_HERE / f"{one}.sql").read_text(encoding="utf-8") for one in names)


def pairs(selected: Selection, columns: Sequence[str]) -> list[Row]:
    """Return the rows of pairs.sql, each with its topics by number of records, then code."""
    rows = selected.rows("pairs", columns)
    of_text = {text: _by_number(json.loads(text)) for text in {row["topics"] for row in rows}}
    for row in rows:
        row["topics"] = [*of_text[row["topics"]]]
    return rows


def _by_number(codes: Sequence[str]) -> list[str]:
    numbers = Counter(codes)
    return sorted(numbers, key=lambda code: (-numbers[code], code))


def matrix(selected: Selection, columns: Sequence[str]) -> list[Row]:
    """Return a row for each country of matrix.sql, with the numbers it shares by code."""
    rows: dict[str, Row] = {}
    for code, total, other, records in selected.tuples("matrix"):
        row = rows.setdefault(code, dict(zip(columns, (code, total, {}), strict=True)))
        if other:
            row["with"][other] = records
    return [*rows.values()]


def network(selected: Selection, columns: Sequence[str]) -> list[Row]:
    """Return the rows of network.sql with the betweenness of each node."""
    edges = [*selected.engine.run("SELECT a, b FROM pair_weight ORDER BY a, b").rows]
    between = betweenness(edges)
    rows = selected.tuples("network")
    return [dict(zip(columns, (*row, between[row[0]]), strict=True)) for row in rows]


def betweenness(edges: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return the betweenness of each node of an undirected network, 0 to 1, 6 digits.

    It is the mean over all pairs of other nodes of the share of their shortest paths that lead
    through the node, each edge being one step regardless of its weight (Freeman 1977, doi
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
    graph.add_edges_from(edges)
    values = networkx.betweenness_centrality(graph, normalized=True)
    return {code: round(value, 6) for code, value in values.items()}


def dyad_years(selected: Selection, _: Sequence[str]) -> DyadYears:
    """Return the rows of dyad_years.sql, one a year; there may be a million."""
    unique: dict[Any, Any] = {}
    runs = [
        tuple(unique.setdefault(value, value) for value in row)
        for row in selected.tuples("dyad_years")
    ]
    return DyadYears(
        runs,
        selected.vocabulary,
        folded=selected.parameters["fold_former"],
        day=date.fromisoformat(selected.parameters["day"]),
        collections=selected.parameters["collections"],
    )


def completeness(selected: Selection, _: Sequence[str]) -> list[Row]:
    """Return how many records have each optional field, their sources, and archived sources.

    ``of`` is the number that could have it, ``share`` has 4 digits, None where none could. For
    ``sources`` the share is the mean number, and ``sources.archived`` is of sources.
    """
    by_year = selected.parameters["by_year"]
    filled = selected.rows("completeness")
    rows: list[Row] = []
    for row in selected.rows("completeness_sources"):
        year = {"year": row["year"]} if by_year else {}
        fields = _fields([each for each in filled if each["year"] == row["year"]])
        fields.append(_share("sources", row["records"], row["sources"]))
        fields.append(_share("sources.archived", row["sources"], row["archived"]))
        rows += [year | field for field in fields]
    return rows


def summary(selected: Selection, _: Sequence[str]) -> list[Row]:
    """Return one row: totals, the numbers by type, year, country ..., and completeness.

    ``completeness`` has the share of records with each optional field, or of instruments where only
    these can have it; 4 digits, None where nothing can. ``unknown`` counts as having it.
    """
    (totals,) = selected.rows("summary_totals")
    by: dict[str, dict[str, int]] = {
        name: {} for name in ("type", "year", "country", "organisation", "topic", "collection")
    }
    for group, name, records in selected.tuples("summary"):
        by[group][name] = records
    row = {
        "records": totals["records"],
        "instruments": totals["instruments"],
        "encounters": totals["encounters"],
        "countries": len(by["country"]),
        "organisations": len(by["organisation"]),
        "pairs": totals["pairs"],
        "first": totals["first"],
        "last": totals["last"],
        **{f"by_{name}": numbers for name, numbers in by.items()},
    }
    fields = _fields(selected.rows("completeness"))
    return [row | {"completeness": {field["field"]: field["share"] for field in fields}}]


def _fields(filled: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return a row for each field of FILLED, from the numbers of records with the same fields."""
    from healthcoop.model.spec import FILLED, of_instruments  # the table of fields: 20 ms

    having: Counter[str] = Counter()
    totals: Counter[bool] = Counter()
    for row in filled:
        is_instrument = row["kind"] == "instrument"
        totals[False] += row["records"]
        totals[True] += row["records"] if is_instrument else 0
        for bit, name in enumerate(FILLED):
            if row["filled"] >> bit & 1 and (is_instrument or not of_instruments(name)):
                having[name] += row["records"]
    return [_share(name, totals[of_instruments(name)], having[name]) for name in FILLED]


def _share(field: str, of: int, number: int) -> Row:
    share = round(number / of, 4) if of else None
    return {"field": field, "of": of, "records": number, "share": share}
