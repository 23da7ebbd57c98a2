"""The records that match a query as tables of one row a fact: records, parties, people, sources ...

The tables are the documented views (views.sql), without the columns that only repeat something, and
``dyads``, which pairs the sides of each record as the statistics do.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from healthcoop.index.database import Index
from healthcoop.index.query import Query
from healthcoop.index.sql import View, views
from healthcoop.index.statistics.counting import Selection, selection
from healthcoop.index.statistics.options import DEFAULTS

Kind = Literal["text", "edtf", "day", "integer", "number", "flag"]
"""What a column has: text, the text of a partial date, an ISO day, a number, true or false."""

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LongColumn:
    """One column: its name, what it has and means, and the ``table.column`` that it refers to."""

    name: str
    kind: Kind
    doc: str
    references: str = ""


@dataclass(frozen=True, slots=True)
class LongTable:
    """One table; ``key`` names the columns that no two rows have alike, if there are such.

    ``of_records`` is whether its rows belong to records, and not to a vocabulary.
    """

    name: str
    doc: str
    columns: tuple[LongColumn, ...]
    key: tuple[str, ...] = ()
    of_records: bool = True


_LEFT_OUT = {"problems": {"*"}, "people": {"folded"}}
_REPEATED = "withdrawn"  # of the record, in every table of its parts
_KEYS = {
    "records": ("id",),
    **dict.fromkeys(
        ("parties", "people", "outcomes", "sources", "funding"), ("record", "position")
    ),
    **dict.fromkeys(("countries", "organisations", "types", "topic_codes"), ("code",)),
    "collections": ("code",),
    "terms": ("record",),
    "topics": ("record", "code"),
    "former_ids": ("former_id",),
}
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("year", "position", "countries", "sides"), "integer"),
    **dict.fromkeys(("side", "withdrawn", "people.signed"), "flag"),
    **dict.fromkeys(("earliest", "latest", "possible_from", "certain_from"), "day"),
    **dict.fromkeys(("certain_until", "possible_until"), "day"),
    **dict.fromkeys(("date", "signed", "ratified", "acceded", "in_force", "left"), "edtf"),
    **dict.fromkeys(("provisional", "period", "ended", "checked"), "edtf"),
    **dict.fromkeys(("published", "accessed", "starts", "ends", "first"), "edtf"),
    "weight": "number",
}
"""What columns have that are not text, by name, or by table and name."""
_REFERENCES = {
    **{"record": "records.id", "records.type": "types.code", "topics.code": "topic_codes.code"},
    "records.collection": "collections.code",
    **dict.fromkeys(("places.country", "regions.country"), "countries.code"),
}

_DYADS = LongTable(
    "dyads",
    "One row a record and two of its sides, a before b by code; none for more than 250 sides.",
    (
        LongColumn("record", "text", "the record's id", "records.id"),
        LongColumn("a", "text", "the code of one side, a country or an organisation"),
        LongColumn("b", "text", "the code of the other"),
        LongColumn("sides", "integer", "the number of different sides of the record"),
        LongColumn("weight", "number", "1/(sides - 1), so that each side's rows add up to 1"),
        LongColumn("first", "edtf", "the later of the two sides' first days; empty if not known"),
        LongColumn("year", "integer", "its year, if both states existed then"),
    ),
    ("record", "a", "b"),
)
_BY_DATE = (
    "earliest NULLS LAST,"
    " coalesce(latest, CASE WHEN earliest NOT NULL THEN '9999-12-31' END) NULLS LAST, id, path"
)


@cache
def long_tables() -> Mapping[str, LongTable]:
    """Return every table by its name: those of records, then the vocabularies."""
    tables = [_table(view) for view in views() if "*" not in _LEFT_OUT.get(view.name, ())]
    tables.insert(2, _DYADS)
    tables.sort(key=lambda table: not table.of_records)
    return {table.name: table for table in tables}


@contextmanager
def open_long_tables(index: Index, query: Query) -> Iterator[Callable[[str], Iterator[Values]]]:
    """Open the tables of the records that match; the function given yields the rows of one.

    All are of the same state of the index. Rows are in a stable order: records by date and id, the
    others by id and place in the file. Raises as ``where``.
    """
    options = {"fold_former": 0, "organisations": 1, "multilateral": "fractional"}
    with selection(index, {**DEFAULTS, **options, "day": "9999-12-31"}) as selected:
        selected.select(query)
        yield lambda name: _rows(selected, long_tables()[name])


STATUS_DAYS = ("possible_from", "certain_from", "certain_until", "possible_until")
"""The columns of ``records`` that decide whether an instrument is in force on a day."""


def status_days(index: Index) -> dict[str, tuple[str | None, ...]]:
    """Return STATUS_DAYS of every instrument, by the path of its file."""
    columns = ", ".join(("path", *STATUS_DAYS))
    rows = index.connection.execute(f"SELECT {columns} FROM records WHERE kind = 'instrument'")
    return {path: tuple(days) for path, *days in rows}


def _table(view: View) -> LongTable:
    left_out = _LEFT_OUT.get(view.name, set())
    names = dict(view.columns)
    of_records = "record" in names or view.name == "records"
    if "record" in names:
        left_out = {*left_out, _REPEATED}
    return LongTable(
        view.name,
        view.doc,
        tuple(
            LongColumn(
                name,
                _KINDS.get(f"{view.name}.{name}") or _KINDS.get(name, "text"),
                doc,
                _REFERENCES.get(f"{view.name}.{name}") or _REFERENCES.get(name, ""),
            )
            for name, doc in names.items()
            if name not in left_out
        ),
        _KEYS.get(view.name, ()),
        of_records,
    )


def _rows(selected: Selection, table: LongTable) -> Iterator[Values]:
    if table is _DYADS:
        rows = selected.tuples("dyads")
    else:
        rows = selected.engine.run(_statement(table)).rows
    flags = [place for place, column in enumerate(table.columns) if column.kind == "flag"]
    if not flags:
        yield from rows
        return
    for row in rows:
        values = [*row]
        for place in flags:
            values[place] = bool(values[place])
        yield tuple(values)


def _statement(table: LongTable) -> str:
    names = [f'"{column.name}"' for column in table.columns]
    own = "id" if table.name == "records" else "record"
    chosen = "SELECT record.ident FROM selection JOIN record ON record.id = selection.id"
    condition = f' WHERE "{own}" IN ({chosen})' if table.of_records else ""
    order = _BY_DATE if table.name == "records" else ", ".join(names)
    return f"SELECT {', '.join(names)} FROM {table.name}{condition} ORDER BY {order}"
